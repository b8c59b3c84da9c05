/*
 * Timers, and the time they go by.
 *
 * Time is not read here but given: the event loop pushes the clock of the
 * machine in, a test whatever it likes. Nothing else in the engine knows what
 * time it is. Setting costs a few nanoseconds, clearing O(log n) at worst.
 */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct timer {
	struct timer *child, *next, **link; /* a pairing heap; link: who points here */
	uint64_t due, order;                /* equal times fire in the order set */
	void (*fire)(void *ctx);
	void *ctx; /* borrowed */
};

struct timers {
	uint64_t now;        /* milliseconds since some moment; never goes back */
	int64_t wall;        /* now + wall is the time of day, in ms since 1970 */
	uint64_t order;      /* of the next one set */
	struct timer *first; /* soonest */
};

void timers_init(struct timers *ts);
void timer_init(struct timer *t, void (*fire)(void *ctx), void *ctx);

/* Setting a timer that is set moves it. Clearing one that is not is fine. */
void timer_set(struct timers *ts, struct timer *t, uint64_t due);
void timer_clear(struct timers *ts, struct timer *t);
bool timer_is_set(const struct timer *t);

/* The next one due by then, cleared, with the time put to when it was due. */
struct timer *timers_next(struct timers *ts, uint64_t then);

/* When the soonest is due; UINT64_MAX if none is set. */
uint64_t timers_due(const struct timers *ts);

#endif
