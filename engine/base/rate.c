#include "base/rate.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/memory.h"

enum { COUNT_BITS = 24 };

static uint64_t window_of(uint64_t began, uint64_t count)
{
	return began << COUNT_BITS | count;
}

/* Clocks of two workers may differ a little: what is before its window is in it. */
static bool is_over(uint64_t window, uint64_t per, uint64_t now)
{
	const uint64_t began = window >> COUNT_BITS;

	return !window || (now > began && now - began >= per);
}

bool rate_take(struct rate *r, uint64_t most, uint64_t per, uint64_t now, uint64_t *wait)
{
	uint64_t window = atomic_load_explicit(&r->window, memory_order_relaxed), next;

	do {
		const uint64_t count = window & RATE_MOST;

		if (is_over(window, per, now)) {
			next = window_of(now, 1);
		} else if (count < most) {
			next = window + 1;
		} else {
			*wait = (window >> COUNT_BITS) + per - now;
			return false;
		}
	} while (!atomic_compare_exchange_weak(&r->window, &window, next));
	return true;
}

struct rates {
	pthread_mutex_t lock;
	struct arena arena;
	struct map names;
};

struct rates *rates_new(void)
{
	struct rates *all = memory_new(sizeof(*all));

	pthread_mutex_init(&all->lock, NULL);
	map_init(&all->names, &all->arena);
	return all;
}

void rates_free(struct rates *all)
{
	pthread_mutex_destroy(&all->lock);
	arena_release(&all->arena);
	free(all);
}

struct rate *rate_named(struct rates *all, struct str name)
{
	struct rate *r;

	pthread_mutex_lock(&all->lock);
	r = map_get(&all->names, name);
	if (!r) {
		r = arena_new(&all->arena, struct rate);
		map_add(&all->names, arena_copy(&all->arena, name), r);
	}
	pthread_mutex_unlock(&all->lock);
	return r;
}
