/*
 * # m:jwks
 *
 * Answers the public half of the key that <m:testkey> signs with, as a JWKS document.
 *
 *	<m:jwks xmlns:m="urn:myelin"/>
 */
#include "local_answer.h"
#include "mediators.h"
#include "message/jwt.h"
#include "own_key.h"

static const struct field fields[] = { { NULL } };

static const struct schema schema = {
	.element = "m:jwks",
	.doc = "Answers the public key of test tokens.",
	.size = sizeof(struct node),
	.fields = fields,
};

static enum flow show(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)state;
	local_answer_set_json(x, jwks_of(own_key(), own_key_id(), x->message.arena));
	return mediator_answer(x);
}

const struct node_type jwks_mediator = {
	.name = "m:jwks",
	.brief = "Answers the public key of test tokens.",
	.schema = &schema,
	.run = show,
};
