/*
 * # m:steps
 *
 * Steps under a name, to be run where an action or feature may be: an option of a
 * fallback can so be a sequence, or a flow of another language. The payload is their
 * input, and their output what it is when they are through.
 *
 *	<m:steps xmlns:m="urn:myelin" name="shop/sequence/fallback.pay/by-hand">
 *	    <sequence key="by-hand"/>
 *	</m:steps>
 */
#include "common.h"
#include "mediators.h"

struct steps {
	struct node node;
	struct str name;
	const struct node *inside;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct steps, name, "name"), .required = true,
	  .doc = "product/sequence/who needs it." },
	{ CONTENT_STEPS(struct steps, inside), .doc = "What is run." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:steps",
	.doc = "Steps under a name, to be run where an action may be.",
	.size = sizeof(struct steps),
	.fields = fields,
};

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	exchange_push(x, ((const struct steps *)n)->inside);
	return FLOW_CHILD;
}

const struct node_type steps_mediator = {
	.name = "m:steps",
	.brief = "Steps under a name, to be run where an action may be.",
	.schema = &schema,
	.run = run,
};
