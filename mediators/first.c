/*
 * # m:first
 *
 * Runs its routes in order, each from the same message, until one does not fail. When
 * all do, the last one's error is the error.
 *
 *	<m:first xmlns:m="urn:myelin">
 *	    <m:route><call><endpoint key="A"/></call></m:route>
 *	    <m:route><call><endpoint key="B"/></call></m:route>
 *	</m:first>
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

struct route {
	const struct node *steps;
};

struct first_node {
	struct node node;
	struct items routes;
};

struct choosing {
	struct moment before;
	unsigned at;
};

/* clang-format off */
static const struct field route_fields[] = {
	{ CONTENT_STEPS(struct route, steps), .doc = "What to try." },
	{ NULL },
};

static const struct schema route_schema = {
	.element = "m:route", .doc = "One of the ways.",
	.size = sizeof(struct route), .fields = route_fields,
};

static const struct field fields[] = {
	{ CHILD_LIST(struct first_node, routes, "route"), .ours = true, .required = true,
	  .schema = &route_schema, .doc = "In the order in which they are tried." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:first",
	.doc = "Runs its routes in order until one does not fail.",
	.size = sizeof(struct first_node),
	.fields = fields,
};

static enum flow push(const struct first_node *f, struct exchange *x, unsigned at)
{
	exchange_push(x, ((const struct route *)f->routes.at[at])->steps);
	return FLOW_CHILD;
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	moment_take(&((struct choosing *)state)->before, &x->message);
	return push((const struct first_node *)n, x, 0);
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_DONE;
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct first_node *f = (const struct first_node *)n;
	struct choosing *c = state;

	moment_restore(&c->before, &x->message);
	moment_restore_variables(&c->before, &x->message);
	if (++c->at >= f->routes.count)
		return FLOW_FAULT;
	return push(f, x, c->at);
}

const struct node_type first_mediator = {
	.name = "m:first",
	.brief = "Runs its routes in order until one does not fail.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.frame_size = sizeof(struct choosing),
	.run = run,
	.resume = go_on,
	.rescue = rescue,
};
