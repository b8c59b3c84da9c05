/*
 * # respond
 *
 * Sends the message back to the client as it stands: its headers, its body, the
 * status of axis2 property HTTP_SC (200 if there is none). Nothing after it runs.
 *
 *	<respond/>
 */
#include "flow/exchange.h"
#include "mediators.h"
#include "schema/schema.h"

static const struct field fields[] = { { NULL } };

static const struct schema schema = {
	.element = "respond",
	.doc = "Sends the message back to the client.",
	.size = sizeof(struct node),
	.fields = fields,
};

static enum flow respond(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)state;
	x->message.to = (struct str){ 0 };
	x->message.is_response = true;
	x->answer = ANSWER_MESSAGE;
	return FLOW_STOP;
}

const struct node_type respond_mediator = {
	.name = "respond",
	.brief = "Sends the message back to the client.",
	.schema = &schema,
	.run = respond,
};
