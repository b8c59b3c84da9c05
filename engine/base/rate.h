/*
 * How often something happened within a while, counted for the whole process: so many
 * in each window of `per` ms, which begins with the first that falls into none.
 *
 * Thread-safe; to take one is one atomic exchange.
 */
#ifndef BASE_RATE_H
#define BASE_RATE_H

#include <stdatomic.h>

#include "base/arena.h"

enum { RATE_MOST = (1 << 24) - 1 };

struct rate {
	_Atomic uint64_t window; /* when it began, 40 bits; how many, 24 */
};

/* False: `most` (up to RATE_MOST) of this window are taken; *wait is what is left of it,
 * in ms.
 */
bool rate_take(struct rate *r, uint64_t most, uint64_t per, uint64_t now, uint64_t *wait);

/* Those of a process, by name. */
struct rates;

struct rates *rates_new(void);
void rates_free(struct rates *all);

/* Made if there is none; it lives as long as all of them. */
struct rate *rate_named(struct rates *all, struct str name);

#endif
