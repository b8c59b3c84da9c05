/*
 * loadbalance: children take turns (endpoints.md §9.1). The cursor moves with every
 * look at a child, ready or not, as in the original; weights are slots of a round.
 */
#include "endpoint/attempt.h"

/* Whose turn the slot is. */
static unsigned child_of_slot(const struct group *g, uint64_t slot)
{
	unsigned i = 0;

	if (!g->weights)
		return (unsigned)(slot % g->children.count);
	slot %= g->weight_sum;
	while (slot >= g->weights[i])
		slot -= g->weights[i++];
	return i;
}

static enum flow next(struct round *r)
{
	const struct group *g = r->group;
	const unsigned looks = g->weights ? g->weight_sum : g->children.count + 1;

	for (unsigned i = 0; i < looks; i++) {
		const uint64_t slot = atomic_fetch_add(&g->turn->at, 1);
		const unsigned child = child_of_slot(g, slot);

		if (round_may_try(r, child))
			return round_push(r, child);
	}
	return round_none_ready(r);
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	struct round *r = state;
	const enum flow flow = round_begin(r, (const struct group *)n, x);

	return flow == FLOW_DONE ? next(r) : flow;
}

static enum flow resume(const struct node *n, struct exchange *x, void *state)
{
	const struct round *r = state;

	(void)n;
	return r->stage == ROUND_HANDLING ? exchange_handled(x) : FLOW_DONE;
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const enum flow flow = round_failed(state);

	(void)n;
	(void)x;
	return flow == FLOW_DONE ? next(state) : flow;
}

const struct node_type loadbalance_endpoint_type = {
	.name = "loadbalance",
	.brief = "Endpoints that take turns.",
	.frame_size = sizeof(struct round),
	.run = run,
	.resume = resume,
	.rescue = rescue,
	.stopped = round_stopped,
	.leave = round_leave,
};
