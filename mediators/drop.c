/*
 * # drop
 *
 * Ends the message here. A client that still waits gets 202 without a body.
 *
 *	<drop/>
 */
#include "flow/exchange.h"
#include "mediators.h"
#include "schema/schema.h"

static const struct field fields[] = { { NULL } };

static const struct schema schema = {
	.element = "drop",
	.doc = "Ends the message here.",
	.size = sizeof(struct node),
	.fields = fields,
};

static enum flow drop(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)state;
	x->message.to = (struct str){ 0 };
	x->answer = ANSWER_DROP;
	return FLOW_STOP;
}

const struct node_type drop_mediator = {
	.name = "drop",
	.brief = "Ends the message here.",
	.schema = &schema,
	.run = drop,
};
