/*
 * # throwError
 *
 * Raises an error of the author's own: the nearest fault sequence, onError or <m:try>
 * takes it. ERROR_CODE is the type, a text; ERROR_MESSAGE the message.
 *
 *	<throwError type="OUT_OF_STOCK" errorMessage="{$ctx:reason}"/>
 */
#include "common.h"
#include "mediators.h"

struct throw_error {
	struct node node;
	struct str type;
	const struct expr *message;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct throw_error, type, "type"), .fallback = "ANY",
	  .doc = "What ERROR_CODE is to be." },
	{ ATTR_VALUE(struct throw_error, message, "errorMessage"),
	  .fallback = "Error occurred in the mediation flow",
	  .doc = "What ERROR_MESSAGE is to be; an expression in {} is evaluated." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct throw_error *t = self;

	(void)e;
	(void)b;
	mediator_needs_for(&t->node, t->message);
	return true;
}

static const struct schema schema = {
	.element = "throwError",
	.doc = "Raises an error of the author's own.",
	.size = sizeof(struct throw_error),
	.fields = fields,
	.check = check,
};

static enum flow throw_it(const struct node *n, struct exchange *x, void *state)
{
	const struct throw_error *t = (const struct throw_error *)n;
	struct fault why = { 0 };
	struct str text = { 0 };

	(void)state;
	if (!expr_text(t->message, &x->message, &text, NULL, &why))
		return exchange_fault_with(x, &why);
	why = (struct fault){
		.code_text = arena_copy(&x->arena, t->type).at,
		.text = arena_copy(&x->arena, text).at,
	};
	mediator_say(x, LOG_ERROR,
		     "org.apache.synapse.mediators.builtin.ThrowErrorMediator", "%s",
		     why.text);
	return exchange_fault_with(x, &why);
}

const struct node_type throwError_mediator = {
	.name = "throwError",
	.brief = "Raises an error of the author's own.",
	.schema = &schema,
	.run = throw_it,
};
