/*
 * failover: the first child that is ready; when it fails, the selection runs again
 * (endpoints.md §8). A failed child may be the first that is ready again: attempts are
 * bounded (F4), and for a child in TIMEOUT the message waits (F1).
 *
 *	run --> try --> child --> done
 *	         ^  \     | fault
 *	         |   `--> wait (nobody ready, one soon)
 *	         `--------'`--> give up
 */
#include "endpoint/attempt.h"

static void wake(void *ctx)
{
	exchange_wake(((struct round *)ctx)->x);
}

static int first_ready(const struct round *r)
{
	for (unsigned i = 0; i < r->group->children.count; i++)
		if (round_may_try(r, i))
			return (int)i;
	return -1;
}

/* dynamic="false": whoever served last, while it is ready (§8.2, 5). */
static int stay_or_move(const struct round *r)
{
	const unsigned current = atomic_load(&r->group->turn->current);
	int found;

	if (round_may_try(r, current))
		return (int)current;
	found = first_ready(r);
	if (found >= 0)
		atomic_store(&r->group->turn->current, (unsigned)found);
	return found;
}

/* How long until a child that may still be tried leaves its TIMEOUT; -1: none will. */
static int64_t wait_of(const struct round *r)
{
	const struct group *g = r->group;
	int64_t least = -1;

	for (unsigned i = 0; i < g->children.count; i++) {
		const struct endpoint *child = g->children.at[i];
		int64_t wait;

		if (r->tried[i] >= endpoint_most_attempts(child, r->x))
			continue;
		wait = endpoint_wait(child, r->x);
		if (wait >= 0 && (least < 0 || wait < least))
			least = wait;
	}
	return least;
}

static enum flow fall_asleep(struct round *r, uint64_t wait)
{
	struct timers *timers = &r->x->engine->timers;
	uint64_t due = timers->now + wait;

	if (r->give_up_at && r->give_up_at < due)
		due = r->give_up_at;
	r->stage = ROUND_WAITING;
	timer_init(&r->timer, wake, r);
	timer_set(timers, &r->timer, due);
	return FLOW_WAIT;
}

static enum flow try(struct round *r)
{
	const int child = r->group->is_dynamic ? first_ready(r) : stay_or_move(r);
	int64_t wait;

	if (child >= 0)
		return round_push(r, (unsigned)child);
	wait = is_documented(&r->group->base) ? wait_of(r) : -1;
	if (wait > 0 && (!r->give_up_at || r->x->engine->timers.now < r->give_up_at))
		return fall_asleep(r, (uint64_t)wait);
	return round_none_ready(r);
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	struct round *r = state;
	const enum flow flow = round_begin(r, (const struct group *)n, x);

	return flow == FLOW_DONE ? try(r) : flow;
}

static enum flow resume(const struct node *n, struct exchange *x, void *state)
{
	struct round *r = state;

	(void)n;
	switch (r->stage) {
	case ROUND_TRYING:
		return FLOW_DONE;
	case ROUND_WAITING:
		return timer_is_set(&r->timer) ? FLOW_WAIT : try(r);
	case ROUND_HANDLING:
		return exchange_handled(x);
	}
	return FLOW_DONE;
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const enum flow flow = round_failed(state);

	(void)n;
	(void)x;
	return flow == FLOW_DONE ? try(state) : flow;
}

const struct node_type failover_endpoint_type = {
	.name = "failover",
	.brief = "The first endpoint that is ready; when it fails, the next.",
	.frame_size = sizeof(struct round),
	.run = run,
	.resume = resume,
	.rescue = rescue,
	.stopped = round_stopped,
	.leave = round_leave,
};
