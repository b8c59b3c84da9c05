/*
 * # m:gate
 *
 * Lets no more than so many messages at a time into what is inside, all workers
 * together. One more is the error MULE:FLOW_BACK_PRESSURE; or, with `wait`, sleeps
 * until another one has come out.
 *
 *	<m:gate xmlns:m="urn:myelin" most="10" name="orders">
 *	    <call><endpoint key="OrdersEP"/></call>
 *	</m:gate>
 */
#include <stdatomic.h>

#include "common.h"
#include "mediators.h"

enum { LANES = 64, MOST_WAITING = 10000, LOOK_AGAIN_MS = 10 };

/* Who waits on one worker, the first first; only that worker looks at it. */
struct lane {
	_Atomic(const struct engine *) engine; /* NULL: nobody's yet */
	struct link waiting;
	unsigned count;
};

struct gate_state {
	_Atomic uint64_t inside;
	struct lane lanes[LANES];
};

struct gate_node {
	struct node node;
	uint64_t most;
	struct str name;
	bool wait;
	const struct node *steps;
	struct gate_state *state; /* beside the node, which is never written */
};

enum place { OUTSIDE, WAITING, LET_IN, INSIDE };

struct passing {
	enum place place;
	struct exchange *x;
	struct lane *lane;
	struct link link;
	struct timer again; /* another worker may have made room */
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_UINT(struct gate_node, most, "most"), .required = true, .least = 1, .most = 1000000,
	  .doc = "How many at a time." },
	{ ATTR_STR(struct gate_node, name, "name"), .doc = "Of what is inside, for the error." },
	{ ATTR_BOOL(struct gate_node, wait, "wait"),
	  .doc = "The next one waits; else it is an error." },
	{ CONTENT_STEPS(struct gate_node, steps), .doc = "What to run." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct gate_node *g = self;

	(void)e;
	g->state = arena_new(b->arena, struct gate_state);
	for (unsigned i = 0; i < LANES; i++)
		list_init(&g->state->lanes[i].waiting);
	return true;
}

static const struct schema schema = {
	.element = "m:gate",
	.doc = "Lets no more than so many messages at a time in.",
	.size = sizeof(struct gate_node),
	.fields = fields,
	.check = check,
};

static bool enter(const struct gate_node *g)
{
	uint64_t inside = atomic_load(&g->state->inside);

	while (inside < g->most)
		if (atomic_compare_exchange_weak(&g->state->inside, &inside, inside + 1))
			return true;
	return false;
}

/* NULL: there are more workers than lanes. */
static struct lane *lane_of(const struct gate_node *g, const struct engine *e)
{
	for (unsigned i = 0; i < LANES; i++) {
		struct lane *l = &g->state->lanes[i];
		const struct engine *nobody = NULL;

		if (atomic_load(&l->engine) == e ||
		    atomic_compare_exchange_strong(&l->engine, &nobody, e))
			return l;
	}
	return NULL;
}

static enum flow refuse(const struct gate_node *g, struct exchange *x)
{
	struct fault why = { .code_text = "MULE:FLOW_BACK_PRESSURE" };

	why.text = arena_printf(&x->arena,
				"Flow '" STR_FMT
				"' is unable to accept new events at this time. Reason: "
				"MAX_CONCURRENCY_EXCEEDED",
				STR_ARG(g->name));
	return exchange_fault_with(x, &why);
}

static enum flow go_in(const struct gate_node *g, struct passing *p)
{
	p->place = INSIDE;
	exchange_push(p->x, g->steps);
	return FLOW_CHILD;
}

static void wake(void *ctx)
{
	exchange_wake(((struct passing *)ctx)->x);
}

static enum flow sleep_on(struct passing *p)
{
	struct timers *timers = &p->x->engine->timers;

	timer_set(timers, &p->again, timers->now + LOOK_AGAIN_MS);
	return FLOW_WAIT;
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	const struct gate_node *g = (const struct gate_node *)n;
	struct passing *p = state;

	p->x = x;
	p->lane = g->wait ? lane_of(g, x->engine) : NULL;
	list_init(&p->link);
	timer_init(&p->again, wake, p);
	if ((!p->lane || !p->lane->count) && enter(g))
		return go_in(g, p);
	if (!p->lane || p->lane->count >= MOST_WAITING)
		return refuse(g, x);
	list_add_last(&p->lane->waiting, &p->link);
	p->lane->count++;
	p->place = WAITING;
	return sleep_on(p);
}

static void step_out_of_line(struct passing *p)
{
	list_remove(&p->link);
	p->lane->count--;
	timer_clear(&p->x->engine->timers, &p->again);
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct gate_node *g = (const struct gate_node *)n;
	struct passing *p = state;

	(void)x;
	if (p->place == INSIDE)
		return FLOW_DONE;
	if (p->place == LET_IN)
		return go_in(g, p);
	if (p->lane->waiting.next != &p->link || !enter(g))
		return sleep_on(p);
	step_out_of_line(p);
	return go_in(g, p);
}

/* The place goes to the first that waits on this worker, or is free. */
static void make_room(const struct gate_node *g, struct lane *lane)
{
	struct passing *first;

	if (!lane || list_is_empty(&lane->waiting)) {
		atomic_fetch_sub(&g->state->inside, 1);
		return;
	}
	first = list_item(lane->waiting.next, struct passing, link);
	step_out_of_line(first);
	first->place = LET_IN;
	exchange_wake(first->x);
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct passing *p = state;

	(void)x;
	if (p->place == WAITING)
		step_out_of_line(p);
	else if (p->place != OUTSIDE)
		make_room((const struct gate_node *)n, p->lane);
	p->place = OUTSIDE;
}

const struct node_type gate_mediator = {
	.name = "m:gate",
	.brief = "Lets no more than so many messages at a time in.",
	.schema = &schema,
	.frame_size = sizeof(struct passing),
	.run = run,
	.resume = go_on,
	.leave = leave,
};
