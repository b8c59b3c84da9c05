/*
 * # m:raise
 *
 * Fails on purpose, with a type and a description that handlers can tell it by.
 *
 *	<m:raise xmlns:m="urn:myelin" type="APP:NO_STOCK" description="none left"/>
 */
#include "common.h"
#include "mediators.h"

struct raise_node {
	struct node node;
	struct str type, description;
	const struct expr *expression;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct raise_node, type, "type"), .required = true,
	  .doc = "What handlers name: SPACE:NAME." },
	{ ATTR_STR(struct raise_node, description, "description"), .doc = "What went wrong." },
	{ ATTR_EXPR(struct raise_node, expression, "expression"),
	  .doc = "What gives the description." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct raise_node *r = self;

	(void)e;
	(void)b;
	mediator_needs_for(&r->node, r->expression);
	return true;
}

static const struct schema schema = {
	.element = "m:raise",
	.doc = "Fails on purpose.",
	.size = sizeof(struct raise_node),
	.fields = fields,
	.check = check,
};

static enum flow raise_error(const struct node *n, struct exchange *x, void *state)
{
	const struct raise_node *r = (const struct raise_node *)n;
	struct fault why = { 0 };
	struct str text = r->description;

	(void)state;
	if (r->expression && !expr_text(r->expression, &x->message, &text, NULL, &why))
		return exchange_fault_with(x, &why);
	if (!text.at)
		text = STR("An error occurred.");
	why.code_text = arena_copy(&x->arena, r->type).at;
	why.text = arena_copy(&x->arena, text).at;
	return exchange_fault_with(x, &why);
}

const struct node_type raise_mediator = {
	.name = "m:raise",
	.brief = "Fails on purpose.",
	.schema = &schema,
	.run = raise_error,
};
