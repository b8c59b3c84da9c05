/*
 * # loopback
 *
 * Turns the message round, as if it were a backend's reply: the out sequence of the
 * API or proxy runs, and answers. Nothing after it runs.
 *
 *	<loopback/>
 */
#include "flow/exchange.h"
#include "mediators.h"
#include "schema/schema.h"

static const struct field fields[] = { { NULL } };

static const struct schema schema = {
	.element = "loopback",
	.doc = "Sends the message through the out sequence.",
	.size = sizeof(struct node),
	.fields = fields,
};

/* The resource's frame sees the direction and runs its out sequence. */
static enum flow turn_round(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)state;
	x->message.is_response = true;
	return FLOW_STOP;
}

const struct node_type loopback_mediator = {
	.name = "loopback",
	.brief = "Sends the message through the out sequence.",
	.schema = &schema,
	.run = turn_round,
};
