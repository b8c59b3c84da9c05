/*
 * # m:async
 *
 * Runs what is inside on a copy of the message, and does not wait for it. What fails
 * there is only logged.
 *
 *	<m:async xmlns:m="urn:myelin">
 *	    <call><endpoint key="AuditEP"/></call>
 *	</m:async>
 */
#include "common.h"
#include "mediators.h"

struct async_node {
	struct node node;
	const struct node *steps;
};

/* clang-format off */
static const struct field fields[] = {
	{ CONTENT_STEPS(struct async_node, steps), .doc = "What to run." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:async",
	.doc = "Runs what is inside on a copy, and does not wait for it.",
	.size = sizeof(struct async_node),
	.fields = fields,
};

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	exchange_detach(x, ((const struct async_node *)n)->steps, NULL, 0);
	return FLOW_DONE;
}

const struct node_type async_mediator = {
	.name = "m:async",
	.brief = "Runs what is inside on a copy, and does not wait for it.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.run = run,
};
