#include "daemon/stats.h"

#include <pthread.h>

const unsigned latency_ends[LATENCY_BUCKETS - 1] = { 1,    5,     10,   25,   50,
						     100,  250,   500,  1000, 2500,
						     5000, 10000, 60000 };

void stats_init(struct stats *s)
{
	*s = (struct stats){ 0 };
	map_init(&s->by_name, &s->arena);
}

void stats_release(struct stats *s)
{
	arena_release(&s->arena);
}

struct service_stats *stats_service(struct stats *s, struct str name, const char *type)
{
	struct service_stats *found = map_get(&s->by_name, name);

	if (found)
		return found;
	found = arena_new(&s->arena, struct service_stats);
	found->name = arena_copy(&s->arena, name);
	found->type = type;
	found->next = atomic_load(&s->all);
	map_add(&s->by_name, found->name, found);
	atomic_store(&s->all, found);
	return found;
}

bool stats_warns(struct service_stats *s)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct arena arena;
	static struct map warned = { .arena = &arena };
	bool first;

	if (s->warned)
		return false;
	s->warned = true;
	pthread_mutex_lock(&lock);
	first = !map_get(&warned, s->name) &&
		map_add(&warned, arena_copy(&arena, s->name), &arena);
	pthread_mutex_unlock(&lock);
	return first;
}

/* Nobody else writes: no need for a locked instruction. */
static void add(atomic_ullong *to, unsigned long long n)
{
	const unsigned long long old = atomic_load_explicit(to, memory_order_relaxed);

	atomic_store_explicit(to, old + n, memory_order_relaxed);
}

void stats_count(struct service_stats *s, bool failed, uint64_t milliseconds)
{
	unsigned i = 0;

	while (i < LATENCY_BUCKETS - 1 && milliseconds > latency_ends[i])
		i++;
	add(&s->buckets[i], 1);
	add(&s->requests, 1);
	add(&s->milliseconds, milliseconds);
	if (failed)
		add(&s->errors, 1);
}
