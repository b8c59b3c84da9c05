/*
 * # respond
 *
 * Sends the message back to the client as it stands: its headers, its body, the
 * status of axis2 property HTTP_SC (200 if there is none). Nothing after it runs.
 *
 *	<respond/>
 */
#include "common.h"
#include "mediators.h"

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
	return mediator_answer(x);
}

const struct node_type respond_mediator = {
	.name = "respond",
	.brief = "Sends the message back to the client.",
	.schema = &schema,
	.run = respond,
};
