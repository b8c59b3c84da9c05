/*
 * What is remembered of things that are run by name, as long as the process lives:
 * their last runs, as texts, and how often each of their parts went well or failed.
 *
 * Thread-safe; texts are copied in and out. Bounded: of each name the last
 * RECORD_RUNS runs, and of errors the first bytes.
 */
#ifndef BASE_RECORD_H
#define BASE_RECORD_H

#include "base/arena.h"

enum { RECORD_RUNS = 100, RECORD_ERROR = 512 };

struct records;
struct record;

struct tally {
	uint64_t successes, failures;
	uint64_t used_at;      /* wall clock, ms; 0: never */
	bool last_good;        /* how it went then */
	struct str last_error; /* the latest failure's; empty: none yet */
};

struct records *records_new(void);
void records_free(struct records *all);

/* The one of this name, made if there is none; it lives as long as all of them. */
struct record *record_named(struct records *all, struct str name);

/* A part was used. error: of a failure. */
void record_count(struct record *r, struct str part, bool good, struct str error,
		  uint64_t wall_ms);
/* All zero if it was never used; last_error is the arena's. */
struct tally record_tally(struct record *r, struct str part, struct arena *a);

/* A run is over. */
void record_keep(struct record *r, struct str run);
/* The newest first, at most so many; under the lock: be quick. */
void record_each(struct record *r, size_t most, void (*fn)(void *ctx, struct str run),
		 void *ctx);

#endif
