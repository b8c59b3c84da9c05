/*
 * # m:choose
 *
 * Runs the first part whose condition is true, else <m:otherwise>. A condition that is
 * neither true nor false is an error.
 *
 *	<m:choose xmlns:m="urn:myelin">
 *	    <m:when test="#[attributes.statusCode == 404]"><log/></m:when>
 *	    <m:otherwise><respond/></m:otherwise>
 *	</m:choose>
 */
#include "common.h"
#include "mediators.h"

struct when {
	const struct expr *test;
	const struct node *steps;
};

struct otherwise {
	const struct node *steps;
};

struct choose_node {
	struct node node;
	struct items whens;
	struct otherwise *otherwise;
};

/* clang-format off */
static const struct field when_fields[] = {
	{ ATTR_EXPR(struct when, test, "test"), .required = true, .doc = "Is it true?" },
	{ CONTENT_STEPS(struct when, steps), .doc = "What runs then." },
	{ NULL },
};

static const struct schema when_schema = {
	.element = "m:when", .doc = "One of the parts.",
	.size = sizeof(struct when), .fields = when_fields,
};

static const struct field otherwise_fields[] = {
	{ CONTENT_STEPS(struct otherwise, steps), .doc = "What runs if none is true." },
	{ NULL },
};

static const struct schema otherwise_schema = {
	.element = "m:otherwise", .doc = "What runs if none is true.",
	.size = sizeof(struct otherwise), .fields = otherwise_fields,
};

static const struct field fields[] = {
	{ CHILD_LIST(struct choose_node, whens, "when"), .ours = true, .schema = &when_schema,
	  .doc = "The parts, in order." },
	{ CHILD_ONE(struct choose_node, otherwise, "otherwise", struct otherwise), .ours = true,
	  .schema = &otherwise_schema, .doc = "What runs if none is true." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct choose_node *c = self;

	(void)e;
	(void)b;
	for (unsigned i = 0; i < c->whens.count; i++)
		mediator_needs_for(&c->node, ((const struct when *)c->whens.at[i])->test);
	return true;
}

static const struct schema schema = {
	.element = "m:choose",
	.doc = "Runs the first part whose condition is true.",
	.size = sizeof(struct choose_node),
	.fields = fields,
	.check = check,
};

static enum flow choose(const struct node *n, struct exchange *x, void *state)
{
	const struct choose_node *c = (const struct choose_node *)n;
	const struct node *steps = c->otherwise ? c->otherwise->steps : NULL;
	struct fault why = { 0 };

	(void)state;
	for (unsigned i = 0; i < c->whens.count; i++) {
		const struct when *w = c->whens.at[i];
		bool truth;

		if (!expr_truth(w->test, &x->message, &truth, &why))
			return exchange_fault_with(x, &why);
		if (!truth)
			continue;
		steps = w->steps;
		break;
	}
	if (!steps)
		return FLOW_DONE;
	exchange_push(x, steps);
	return FLOW_CHILD;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_DONE;
}

const struct node_type choose_mediator = {
	.name = "m:choose",
	.brief = "Runs the first part whose condition is true.",
	.schema = &schema,
	.run = choose,
	.resume = go_on,
};
