/*
 * Texts under names, kept by the process until they expire: caches, object stores.
 *
 * Thread-safe; values are copied in and out. Bounded: when it is full, what expires
 * soonest goes first. A name is a partition ("payment-cache") and a key in it.
 */
#ifndef BASE_STORE_H
#define BASE_STORE_H

#include "base/arena.h"

enum { STORE_NEVER = 0 }; /* as expires_at: stays until it is removed */

struct store;

struct store *store_new(size_t most_bytes);
void store_free(struct store *s);

/* expires_at and now: ms of one clock. Replaces what was there. False: it is too large.
 */
bool store_put(struct store *s, struct str partition, struct str key, struct str value,
	       uint64_t expires_at, uint64_t now);
/* The arena's; `at` NULL: there is none. *expires_at may be NULL. */
struct str store_get(struct store *s, struct str partition, struct str key, uint64_t now,
		     struct arena *a, uint64_t *expires_at);
bool store_remove(struct store *s, struct str partition, struct str key);
/* All of a partition. Returns how many there were. */
size_t store_clear(struct store *s, struct str partition);

/* Calls fn for each that has not expired, in no order, under the lock: be quick. */
void store_each(struct store *s, struct str partition, uint64_t now,
		void (*fn)(void *ctx, struct str key, struct str value,
			   uint64_t expires_at),
		void *ctx);

#endif
