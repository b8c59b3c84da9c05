/*
 * # in
 *
 * Runs what is inside while the message is a request.
 *
 *	<in>
 *	    <call><endpoint key="OrdersEP"/></call>
 *	</in>
 */
#include "flow/exchange.h"
#include "mediators.h"

struct in {
	struct node node;
	const struct node *steps;
};

static const struct field fields[] = {
	{ CONTENT_STEPS(struct in, steps), .doc = "The mediators." },
	{ NULL },
};

static const struct schema schema = {
	.element = "in",
	.doc = "Runs what is inside while the message is a request.",
	.size = sizeof(struct in),
	.fields = fields,
};

static enum flow enter(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	if (x->message.is_response)
		return FLOW_DONE;
	exchange_push(x, ((const struct in *)n)->steps);
	return FLOW_CHILD;
}

const struct node_type in_mediator = {
	.name = "in",
	.brief = "Runs what is inside while the message is a request.",
	.schema = &schema,
	.run = enter,
};
