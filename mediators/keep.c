/*
 * # m:keep
 *
 * Runs what is inside on the message, takes one value of what came out of it into a
 * variable, and puts everything else back as it was.
 *
 *	<m:keep xmlns:m="urn:myelin" target="stock" value="#[payload]">
 *	    <sequence key="AskStock"/>
 *	</m:keep>
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

struct keep_node {
	struct node node;
	struct str target;
	const struct expr *value;
	const struct node *steps;
	struct take {
		struct node node; /* runs with the payload there */
		const struct keep_node *keep;
	} take;
};

struct keeping {
	struct moment before;
	bool taken;
	struct value value;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct keep_node, target, "target"), .required = true,
	  .doc = "The variable." },
	{ ATTR_EXPR(struct keep_node, value, "value"), .required = true,
	  .doc = "What of the result is kept." },
	{ CONTENT_STEPS(struct keep_node, steps), .doc = "What to run." },
	{ NULL },
};
/* clang-format on */

static enum flow take_value(const struct node *n, struct exchange *x, void *state);

static const struct node_type take_type = {
	.name = "keep value",
	.brief = "Takes the value.",
	.run = take_value,
};

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct keep_node *k = self;

	(void)b;
	mediator_needs(&k->node, NEEDS_BYTES);
	k->take.node = (struct node){ &take_type, e->where,
				      k->value ? k->value->needs : 0 };
	k->take.keep = k;
	return true;
}

static const struct schema schema = {
	.element = "m:keep",
	.doc = "Runs what is inside and keeps one value of it.",
	.size = sizeof(struct keep_node),
	.fields = fields,
	.check = check,
};

static enum flow take_value(const struct node *n, struct exchange *x, void *state)
{
	const struct take *t = (const struct take *)n;
	struct keeping *k = x->top->below->state;
	struct fault why = { 0 };

	(void)state;
	if (!expr_eval(t->keep->value, &x->message, &k->value, &why))
		return exchange_fault_with(x, &why);
	return FLOW_DONE;
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	struct keeping *k = state;

	moment_take(&k->before, &x->message);
	exchange_push(x, ((const struct keep_node *)n)->steps);
	return FLOW_CHILD;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct keep_node *node = (const struct keep_node *)n;
	struct keeping *k = state;

	if (!k->taken) {
		k->taken = true;
		exchange_push(x, &node->take.node);
		return FLOW_CHILD;
	}
	moment_restore(&k->before, &x->message);
	moment_restore_variables(&k->before, &x->message);
	properties_set(&x->message.properties[SCOPE_VARIABLE], &x->arena, node->target,
		       k->value);
	return FLOW_DONE;
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	struct keeping *k = state;

	(void)n;
	moment_restore(&k->before, &x->message);
	return FLOW_FAULT;
}

const struct node_type keep_mediator = {
	.name = "m:keep",
	.brief = "Runs what is inside and keeps one value of it.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.frame_size = sizeof(struct keeping),
	.run = run,
	.resume = go_on,
	.rescue = rescue,
};
