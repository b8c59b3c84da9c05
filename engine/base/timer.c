#include "base/timer.h"

#include <stddef.h>

void timers_init(struct timers *ts)
{
	*ts = (struct timers){ 0 };
}

void timer_init(struct timer *t, void (*fire)(void *ctx), void *ctx)
{
	*t = (struct timer){ .fire = fire, .ctx = ctx };
}

bool timer_is_set(const struct timer *t)
{
	return t->link != NULL;
}

static bool is_sooner(const struct timer *a, const struct timer *b)
{
	return a->due != b->due ? a->due < b->due : a->order < b->order;
}

/* Two heaps become one: the later root is made a child of the sooner. */
static struct timer *meld(struct timer *a, struct timer *b)
{
	if (!a || !b)
		return a ? a : b;
	if (is_sooner(b, a)) {
		struct timer *swap = a;

		a = b;
		b = swap;
	}
	b->next = a->child;
	if (b->next)
		b->next->link = &b->next;
	a->child = b;
	b->link = &a->child;
	a->next = NULL;
	return a;
}

/* The children of a root that went, melded in pairs and then from the right. */
static struct timer *meld_children(struct timer *first)
{
	struct timer *pairs = NULL, *heap = NULL;

	while (first) {
		struct timer *a = first, *b = a->next;

		first = b ? b->next : NULL;
		a->next = NULL;
		if (b)
			b->next = NULL;

		struct timer *pair = meld(a, b);
		pair->next = pairs;
		pairs = pair;
	}
	while (pairs) {
		struct timer *next = pairs->next;

		pairs->next = NULL;
		heap = meld(heap, pairs);
		pairs = next;
	}
	return heap;
}

static void set_first(struct timers *ts, struct timer *t)
{
	ts->first = t;
	if (t) {
		t->next = NULL;
		t->link = &ts->first;
	}
}

void timer_set(struct timers *ts, struct timer *t, uint64_t due)
{
	timer_clear(ts, t);
	t->due = due;
	t->order = ts->order++;
	set_first(ts, meld(ts->first, t));
}

void timer_clear(struct timers *ts, struct timer *t)
{
	if (!t->link)
		return;
	*t->link = t->next;
	if (t->next)
		t->next->link = t->link;

	struct timer *orphans = meld_children(t->child);

	t->child = t->next = NULL;
	t->link = NULL;
	set_first(ts, meld(ts->first, orphans));
}

struct timer *timers_next(struct timers *ts, uint64_t then)
{
	struct timer *t = ts->first;

	if (!t || t->due > then) {
		if (then > ts->now)
			ts->now = then;
		return NULL;
	}
	timer_clear(ts, t);
	if (t->due > ts->now)
		ts->now = t->due;
	return t;
}

uint64_t timers_due(const struct timers *ts)
{
	return ts->first ? ts->first->due : UINT64_MAX;
}
