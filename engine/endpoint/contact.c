/* One probe of an address: a connection is made, and closed. */
#include "endpoint/attempt.h"
#include "endpoint/cluster.h"

struct asking {
	struct exchange *x;
	struct attempt *attempt;
	struct request request;
	struct headers headers;
	bool taken, refused;
};

static void answered(void *ctx, struct reply *reply, const struct failure *failure)
{
	struct asking *a = ctx;

	a->attempt = NULL;
	if (reply)
		body_release(&reply->body);
	a->taken = !failure;
	a->refused = failure;
	exchange_wake(a->x);
}

static enum flow ask(const struct node *n, struct exchange *x, void *state)
{
	const struct contact *c = (const struct contact *)n;
	struct transport *t = x->engine->transport;
	struct asking *a = state;

	a->x = x;
	headers_init(&a->headers, &x->arena);
	a->request = (struct request){
		.method = STR("GET"),
		.url = c->url,
		.headers = &a->headers,
		.arena = &x->arena,
		.connect_ms = c->timeout,
		.only_connect = true,
	};
	a->attempt = t->ops->send(t, &a->request, answered, a);
	return FLOW_WAIT;
}

static enum flow hear(const struct node *n, struct exchange *x, void *state)
{
	const struct contact *c = (const struct contact *)n;
	const struct asking *a = state;

	if (a->taken)
		return FLOW_DONE;
	if (!a->refused)
		return FLOW_WAIT;
	return exchange_fault(x, FAULT_CONNECTION_FAILED,
			      "no connection to " STR_FMT " can be made",
			      STR_ARG(c->url));
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct asking *a = state;

	(void)n;
	if (a->attempt)
		x->engine->transport->ops->cancel(x->engine->transport, a->attempt);
}

const struct node_type contact_type = {
	.name = "m:probe",
	.brief = "Asks an address whether it takes connections.",
	.frame_size = sizeof(struct asking),
	.run = ask,
	.resume = hear,
	.leave = leave,
};
