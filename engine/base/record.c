#include "base/record.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct part {
	struct part *next;
	struct tally tally; /* last_error points to error */
	char error[RECORD_ERROR];
	size_t len;
	char name[];
};

struct record {
	struct record *next;
	pthread_mutex_t lock;
	struct part *parts;
	struct str runs[RECORD_RUNS]; /* a ring */
	size_t count;                 /* of all runs ever */
	size_t len;
	char name[];
};

struct records {
	pthread_mutex_t lock;
	struct record *first;
};

struct records *records_new(void)
{
	struct records *all = memory_new(sizeof(*all));

	pthread_mutex_init(&all->lock, NULL);
	return all;
}

static void record_free(struct record *r)
{
	while (r->parts) {
		struct part *next = r->parts->next;

		free(r->parts);
		r->parts = next;
	}
	for (size_t i = 0; i < RECORD_RUNS; i++)
		free((void *)(uintptr_t)r->runs[i].at);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

void records_free(struct records *all)
{
	while (all->first) {
		struct record *next = all->first->next;

		record_free(all->first);
		all->first = next;
	}
	pthread_mutex_destroy(&all->lock);
	free(all);
}

static struct record *record_new(struct str name)
{
	struct record *r = memory_new(sizeof(*r) + name.len + 1);

	pthread_mutex_init(&r->lock, NULL);
	memcpy(r->name, name.at, name.len);
	r->len = name.len;
	return r;
}

struct record *record_named(struct records *all, struct str name)
{
	struct record *r;

	pthread_mutex_lock(&all->lock);
	r = all->first;
	while (r && !str_eq((struct str){ r->name, r->len }, name))
		r = r->next;
	if (!r) {
		r = record_new(name);
		r->next = all->first;
		all->first = r;
	}
	pthread_mutex_unlock(&all->lock);
	return r;
}

static struct part *find(struct record *r, struct str name)
{
	struct part *p = r->parts;

	while (p && !str_eq((struct str){ p->name, p->len }, name))
		p = p->next;
	return p;
}

static struct part *add(struct record *r, struct str name)
{
	struct part *p = memory_new(sizeof(*p) + name.len + 1);

	memcpy(p->name, name.at, name.len);
	p->len = name.len;
	p->next = r->parts;
	r->parts = p;
	return p;
}

void record_count(struct record *r, struct str part, bool good, struct str error,
		  uint64_t wall_ms)
{
	struct part *p;

	error = str_first(error, RECORD_ERROR);
	pthread_mutex_lock(&r->lock);
	p = find(r, part);
	if (!p)
		p = add(r, part);
	p->tally.successes += good;
	p->tally.failures += !good;
	p->tally.used_at = wall_ms;
	p->tally.last_good = good;
	if (!good && error.len) {
		memcpy(p->error, error.at, error.len);
		p->tally.last_error = (struct str){ p->error, error.len };
	}
	pthread_mutex_unlock(&r->lock);
}

struct tally record_tally(struct record *r, struct str part, struct arena *a)
{
	struct tally t = { 0 };
	struct part *p;

	pthread_mutex_lock(&r->lock);
	p = find(r, part);
	if (p) {
		t = p->tally;
		t.last_error = arena_copy(a, t.last_error);
	}
	pthread_mutex_unlock(&r->lock);
	return t;
}

void record_keep(struct record *r, struct str run)
{
	char *copy = memory_new(run.len + 1);
	struct str *place;

	memcpy(copy, run.at, run.len);
	pthread_mutex_lock(&r->lock);
	place = &r->runs[r->count++ % RECORD_RUNS];
	free((void *)(uintptr_t)place->at);
	*place = (struct str){ copy, run.len };
	pthread_mutex_unlock(&r->lock);
}

void record_each(struct record *r, size_t most, void (*fn)(void *ctx, struct str run),
		 void *ctx)
{
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < most && i < r->count && i < RECORD_RUNS; i++)
		fn(ctx, r->runs[(r->count - 1 - i) % RECORD_RUNS]);
	pthread_mutex_unlock(&r->lock);
}
