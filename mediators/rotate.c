/*
 * # m:rotate
 *
 * Runs one of its routes, each message the next one; all workers take turns together.
 *
 *	<m:rotate xmlns:m="urn:myelin">
 *	    <m:route><call><endpoint key="A"/></call></m:route>
 *	    <m:route><call><endpoint key="B"/></call></m:route>
 *	</m:rotate>
 */
#include <stdatomic.h>

#include "common.h"
#include "mediators.h"

struct route {
	const struct node *steps;
};

struct rotate_node {
	struct node node;
	struct items routes;
	atomic_uint *turn; /* beside the node, which is never written */
};

/* clang-format off */
static const struct field route_fields[] = {
	{ CONTENT_STEPS(struct route, steps), .doc = "What to run." },
	{ NULL },
};

static const struct schema route_schema = {
	.element = "m:route", .doc = "One of the ways.",
	.size = sizeof(struct route), .fields = route_fields,
};

static const struct field fields[] = {
	{ CHILD_LIST(struct rotate_node, routes, "route"), .ours = true, .required = true,
	  .schema = &route_schema, .doc = "In the order in which they take turns." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct rotate_node *r = self;

	(void)e;
	r->turn = arena_new(b->arena, atomic_uint);
	return true;
}

static const struct schema schema = {
	.element = "m:rotate",
	.doc = "Runs one of its routes, each message the next one.",
	.size = sizeof(struct rotate_node),
	.fields = fields,
	.check = check,
};

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	const struct rotate_node *r = (const struct rotate_node *)n;
	const unsigned turn = atomic_fetch_add(r->turn, 1) % r->routes.count;

	(void)state;
	exchange_push(x, ((const struct route *)r->routes.at[turn])->steps);
	return FLOW_CHILD;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_DONE;
}

const struct node_type rotate_mediator = {
	.name = "m:rotate",
	.brief = "Runs one of its routes, each message the next one.",
	.schema = &schema,
	.run = run,
	.resume = go_on,
};
