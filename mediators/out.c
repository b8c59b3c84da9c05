/*
 * # out
 *
 * Runs what is inside while the message is a response.
 *
 *	<out>
 *	    <send/>
 *	</out>
 */
#include "flow/exchange.h"
#include "mediators.h"

struct out {
	struct node node;
	const struct node *steps;
};

static const struct field fields[] = {
	{ CONTENT_STEPS(struct out, steps), .doc = "The mediators." },
	{ NULL },
};

static const struct schema schema = {
	.element = "out",
	.doc = "Runs what is inside while the message is a response.",
	.size = sizeof(struct out),
	.fields = fields,
};

static enum flow enter(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	if (!x->message.is_response)
		return FLOW_DONE;
	exchange_push(x, ((const struct out *)n)->steps);
	return FLOW_CHILD;
}

const struct node_type out_mediator = {
	.name = "out",
	.brief = "Runs what is inside while the message is a response.",
	.schema = &schema,
	.run = enter,
};
