/*
 * # m:invoke
 *
 * Runs an action, fallback or feature by its full name. The payload is its input, or
 * what `m:input` maps; its output is the payload then.
 *
 *	<m:invoke xmlns:m="urn:myelin" target="shop/fallback/pay" product="shop" env="prd">
 *	    <m:input>duct-in:{"amount": 25}</m:input>
 *	</m:invoke>
 */
#include "base/crypto.h"
#include "callable.h"
#include "mediators.h"

struct invoke {
	struct node node;
	struct ref *target;
	struct str product, env;
	const struct expr *input;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_REF(struct invoke, target, "target"), .refers = REF_DEFINITION,
	  .required = true, .doc = "product/kind/tag." },
	{ ATTR_STR(struct invoke, product, "product"),
	  .doc = "The product of the run; without it, the one under way." },
	{ ATTR_STR(struct invoke, env, "env"),
	  .doc = "Its environment; without it, the one under way." },
	{ CHILD_VALUE(struct invoke, input, "input"), .ours = true,
	  .doc = "The input, as a mapping." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:invoke",
	.doc = "Runs an action, fallback or feature by its full name.",
	.size = sizeof(struct invoke),
	.fields = fields,
};

/* What runs below another run goes by that one's name. */
static void begin_run(const struct invoke *i, struct exchange *x)
{
	char id[37];

	if (!callable_run(x, "id").len) {
		uuid_make(id);
		callable_set_run(
			x, "id",
			json_string(&x->arena, arena_copy(&x->arena, str_of(id))));
	}
	if (i->product.len)
		callable_set_run(x, "product", json_string(&x->arena, i->product));
	if (i->env.len)
		callable_set_run(x, "env", json_string(&x->arena, i->env));
}

static enum flow start(const struct node *n, struct exchange *x, void *state)
{
	const struct invoke *i = (const struct invoke *)n;
	const struct json *input;
	struct str key;
	const struct node *target = exchange_find(x, i->target, &key);

	(void)state;
	if (!target)
		return callable_fault(
			x, "NOT_FOUND",
			arena_printf(&x->arena, "there is no " STR_FMT, STR_ARG(key)),
			NULL);
	begin_run(i, x);
	if (i->input) {
		input = callable_map(x, i->input);
		if (!input)
			return FLOW_FAULT;
		callable_put(x, input);
	}
	exchange_push(x, target);
	return FLOW_CHILD;
}

const struct node_type invoke_mediator = {
	.name = "m:invoke",
	.brief = "Runs an action, fallback or feature by its full name.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.run = start,
};
