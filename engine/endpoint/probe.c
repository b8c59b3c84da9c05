#include "endpoint/probe.h"

#include "base/memory.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct shared_probe {
	struct probe probe; /* first: a probe's pointer is its shared_probe's */
	struct shared_probe *next;
	unsigned users;
	size_t len;
	char identity[];
};

struct probes {
	pthread_mutex_t lock;
	struct shared_probe *first;
};

static enum probe_state state_of(const struct probe *p)
{
	return (enum probe_state)atomic_load_explicit(&p->state, memory_order_relaxed);
}

bool probe_is_usable(const struct probe *p)
{
	return state_of(p) != PROBE_DOWN;
}

static void count_latency(struct probe *p, uint64_t latency)
{
	uint64_t sum = 0;
	unsigned count;

	p->latencies[p->samples++ % PROBE_LATENCIES] = latency;
	count = p->samples < PROBE_LATENCIES ? p->samples : PROBE_LATENCIES;
	for (unsigned i = 0; i < count; i++)
		sum += p->latencies[i];
	p->latency = latency;
	p->average = sum / count;
}

/* How many results in a row it takes to get to the state a result speaks for. */
static unsigned needed(const struct probe *p, const struct probe_policy *policy,
		       bool good)
{
	const unsigned least = good ? policy->rise : policy->fall;

	if (state_of(p) == PROBE_UNKNOWN && (good || !policy->first_is_patient))
		return 1;
	return least ? least : 1;
}

bool probe_result(struct probe *p, const struct probe_policy *policy, bool good,
		  uint64_t wall_ms, uint64_t latency_ms)
{
	const enum probe_state to = good ? PROBE_UP : PROBE_DOWN;

	p->checked_at = wall_ms;
	if (good)
		count_latency(p, latency_ms);
	if (state_of(p) == to) {
		p->row = 0;
		return false;
	}
	if (++p->row < needed(p, policy, good))
		return false;
	p->row = 0;
	p->state = to;
	return true;
}

void probe_mark_down(struct probe *p)
{
	p->state = PROBE_DOWN;
}

uint64_t probe_pause(const struct probe *p, const struct probe_policy *policy,
		     uint64_t random)
{
	uint64_t pause = policy->interval;

	if (p->row && policy->doubt_interval && policy->doubt_interval < pause)
		pause = policy->doubt_interval;
	if (policy->jitter_percent)
		pause += random % (pause * policy->jitter_percent / 100 + 1);
	return pause;
}

struct probe_look probe_look(const struct probe *p)
{
	return (struct probe_look){
		.state = state_of(p),
		.checked_at = p->checked_at,
		.latency = p->latency,
		.average = p->average,
	};
}

struct probes *probes_new(void)
{
	struct probes *ps = memory_new(sizeof(*ps));

	pthread_mutex_init(&ps->lock, NULL);
	return ps;
}

void probes_free(struct probes *ps)
{
	while (ps->first) {
		struct shared_probe *next = ps->first->next;

		free(ps->first);
		ps->first = next;
	}
	pthread_mutex_destroy(&ps->lock);
	free(ps);
}

static struct shared_probe *find(const struct probes *ps, struct str identity)
{
	for (struct shared_probe *s = ps->first; s; s = s->next)
		if (str_eq((struct str){ s->identity, s->len }, identity))
			return s;
	return NULL;
}

static struct shared_probe *add(struct probes *ps, struct str identity)
{
	struct shared_probe *s = memory_new(sizeof(*s) + identity.len + 1);

	memcpy(s->identity, identity.at, identity.len);
	s->len = identity.len;
	s->next = ps->first;
	ps->first = s;
	return s;
}

struct probe *probe_ref(struct probes *ps, struct str identity)
{
	struct shared_probe *s;

	pthread_mutex_lock(&ps->lock);
	s = find(ps, identity);
	if (!s)
		s = add(ps, identity);
	s->users++;
	pthread_mutex_unlock(&ps->lock);
	return &s->probe;
}

void probe_unref(struct probes *ps, struct probe *p)
{
	struct shared_probe *s = (struct shared_probe *)(void *)p;

	pthread_mutex_lock(&ps->lock);
	if (--s->users == 0) {
		struct shared_probe **link = &ps->first;

		while (*link != s)
			link = &(*link)->next;
		*link = s->next;
		free(s);
	}
	pthread_mutex_unlock(&ps->lock);
}
