/*
 * Texts under names, kept by the process until they expire: caches, object stores.
 *
 * Thread-safe; values are copied in and out. Bounded: when it is full, what expires
 * soonest goes first. A name is a partition ("payment-cache") and a key in it. A
 * partition may be bounded by itself, and be kept: then whoever keeps it is told of
 * changes, and fills it when it is used for the first time.
 */
#ifndef BASE_STORE_H
#define BASE_STORE_H

#include "base/arena.h"

enum { STORE_NEVER = 0 }; /* as expires_at: stays until it is removed */

/* What became of an entry. */
enum stored { STORED, STORED_NOT_THERE_IS_ONE, STORED_NOT_TOO_LARGE };

struct store;

struct store *store_new(size_t most_bytes);
void store_free(struct store *s);

/* expires_at and now: ms of one clock. Replaces what was there. False: it is too large.
 */
bool store_put(struct store *s, struct str partition, struct str key, struct str value,
	       uint64_t expires_at, uint64_t now);
/* Only if there is none of this key. */
enum stored store_add(struct store *s, struct str partition, struct str key,
		      struct str value, uint64_t expires_at, uint64_t now);
/* The arena's; `at` NULL: there is none. *expires_at may be NULL. */
struct str store_get(struct store *s, struct str partition, struct str key, uint64_t now,
		     struct arena *a, uint64_t *expires_at);
bool store_remove(struct store *s, struct str partition, struct str key);
/* All of a partition. Returns how many there were. */
size_t store_clear(struct store *s, struct str partition);
/* Frees what has expired, of all partitions. */
void store_sweep(struct store *s, uint64_t now);

/* Calls fn for each that has not expired, the oldest first, under the lock: be quick. */
void store_each(struct store *s, struct str partition, uint64_t now,
		void (*fn)(void *ctx, struct str key, struct str value,
			   uint64_t expires_at),
		void *ctx);

/* At most so many entries in it; the oldest goes first. 0: no bound. */
void store_bound(struct store *s, struct str partition, size_t most);

/* Who keeps partitions over a restart. Both are called on the thread of the caller. */
struct store_keeper {
	/* Puts what is kept of it; called once, before anything else is done with it. */
	void (*fill)(void *ctx, struct store *s, struct str partition);
	/* Something is not as it was taken last; under the lock: be quick. */
	void (*changed)(void *ctx);
	void *ctx;
};

void store_kept_by(struct store *s, const struct store_keeper *keeper); /* copied */
/* This partition is to be kept. */
void store_keep(struct store *s, struct str partition);
/* A kept partition that changed since it was last given, the arena's; empty: none. */
struct str store_next_changed(struct store *s, struct arena *a);

#endif
