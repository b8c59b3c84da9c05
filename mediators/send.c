/*
 * # send
 *
 * Sends the message to an endpoint and ends the sequence. The reply goes through the
 * sequence that `receive` names, else through the out sequence of the API or proxy.
 * In the response direction, without an endpoint, it answers the client.
 *
 *	<send receive="AfterOrders">
 *	    <endpoint key="OrdersEP"/>
 *	</send>
 */
#include "common.h"
#include "mediators.h"
#include "oneway.h"

struct send {
	struct node node;
	const struct node *endpoint;
	struct ref *receive;
	bool build_message;
	bool has_endpoint;
	struct oneway oneway;
};

enum stage { SENDING, RECEIVING, NOT_WAITING };

struct sending {
	enum stage stage;
};

/* clang-format off */
static const struct field fields[] = {
	{ CHILD_ENDPOINT(struct send, endpoint, "endpoint"),
	  .doc = "Where to; without it, the To address." },
	{ ATTR_REF(struct send, receive, "receive"), .refers = REF_SEQUENCE,
	  .doc = "The sequence that takes the reply." },
	{ ATTR_BOOL(struct send, build_message, "buildmessage"),
	  .doc = "Read the whole message first." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct send *send = self;

	send->has_endpoint = send->endpoint != NULL;
	if (send->build_message)
		mediator_needs(&send->node, NEEDS_TREE);
	if (!send->endpoint)
		send->endpoint = default_endpoint(b, e);
	oneway_init(&send->oneway, send->endpoint, e->where);
	return send->endpoint != NULL;
}

static const struct schema schema = {
	.element = "send",
	.doc = "Sends the message to an endpoint and ends the sequence.",
	.size = sizeof(struct send),
	.fields = fields,
	.check = check,
};

static enum flow send_out(const struct node *n, struct exchange *x, void *state)
{
	const struct send *send = (const struct send *)n;

	struct sending *sending = state;

	if (x->message.is_response && !send->has_endpoint)
		return mediator_answer(x);
	if (is_out_only(x)) {
		sending->stage = NOT_WAITING;
		exchange_push(x, &send->oneway.node);
		return FLOW_CHILD;
	}
	exchange_push(x, send->endpoint);
	return FLOW_CHILD;
}

static enum flow receive(const struct send *send, struct exchange *x,
			 struct sending *sending)
{
	struct str key;
	const struct node *sequence = exchange_find(x, send->receive, &key);

	if (!sequence) {
		exchange_log(x, LOG_WARN,
			     "org.apache.synapse.core.axis2.Axis2SynapseEnvironment",
			     "Cannot find a Sequence with name: " STR_FMT
			     " for injecting the response message",
			     STR_ARG(key));
		x->answer = ANSWER_DROP;
		return FLOW_STOP;
	}
	sending->stage = RECEIVING;
	exchange_push(x, sequence);
	return FLOW_CHILD;
}

/* The reply is in, or the receiving sequence ended without having answered. */
static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct send *send = (const struct send *)n;
	struct sending *sending = state;

	if (sending->stage == NOT_WAITING)
		return FLOW_STOP;
	if (sending->stage == RECEIVING) {
		x->answer = ANSWER_DROP;
		return FLOW_STOP;
	}
	x->message.is_response = true;
	return send->receive ? receive(send, x, sending) : FLOW_STOP;
}

const struct node_type send_mediator = {
	.name = "send",
	.brief = "Sends the message to an endpoint and ends the sequence.",
	.schema = &schema,
	.frame_size = sizeof(struct sending),
	.run = send_out,
	.resume = go_on,
};
