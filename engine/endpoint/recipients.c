/*
 * recipientlist: all children that are ready get the message, each in an exchange of
 * its own (endpoints.md §9.4). The first reply is what goes on; the others are still
 * sent and waited for, and let go of. Only if all fail it is a fault.
 */
#include "endpoint/attempt.h"

/* --- what runs in the exchange of one child --- */

/* Pushes the endpoint, and ends when its reply is whole. */
struct parcel {
	struct node node;
	const struct node *endpoint;
};

static void wake(void *x)
{
	exchange_wake(x);
}

static enum flow send_parcel(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	exchange_push(x, ((const struct parcel *)n)->endpoint);
	return FLOW_CHILD;
}

static enum flow collect_reply(const struct node *n, struct exchange *x, void *state)
{
	bool *collecting = state;

	(void)n;
	if (x->message.body.state != BODY_ARRIVING)
		return FLOW_DONE;
	*collecting = true;
	body_collect(&x->message.body, wake, x);
	return FLOW_WAIT;
}

static void leave_parcel(const struct node *n, struct exchange *x, void *state)
{
	const bool *collecting = state;

	(void)n;
	if (*collecting && x->message.body.state == BODY_ARRIVING)
		body_collect(&x->message.body, NULL, NULL);
}

static const struct node_type parcel_type = {
	.name = "recipient",
	.brief = "One child of a recipient list.",
	.frame_size = sizeof(bool),
	.run = send_parcel,
	.resume = collect_reply,
	.leave = leave_parcel,
};

/* --- the list --- */

struct mailing;

/* One child's exchange, which may outlast our frame; its ctx. */
struct recipient {
	struct mailing *mailing; /* NULL: nobody waits any more */
	struct str label;
	struct recipient *next;
};

struct mailing {
	const struct group *group;
	struct exchange *x;
	struct recipient *first; /* those still under way */
	bool answered, handling;
};

static void forget(struct mailing *m, const struct recipient *gone)
{
	struct recipient **at = &m->first;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
}

static void take_over(struct mailing *m, struct exchange *from)
{
	struct exchange *x = m->x;
	struct message reply;

	message_clone(&reply, &from->message, &x->arena);
	message_release(&x->message);
	reply.incoming = x->message.incoming;
	reply.around = x->message.around;
	x->message = reply;
	m->answered = true;
}

static void note(struct exchange *child, void *ctx)
{
	struct recipient *r = ctx;
	struct mailing *m = r->mailing;

	if (child->flow == FLOW_FAULT)
		log_line(LOG_WARN, "org.apache.synapse.endpoints.RecipientListEndpoint",
			 "Recipient List endpoint detected a failure of " STR_FMT ": %s",
			 STR_ARG(r->label), child->fault.text);
	if (!m)
		return;
	forget(m, r);
	if (child->flow != FLOW_FAULT && !m->answered)
		take_over(m, child);
	else if (child->flow == FLOW_FAULT)
		exchange_fault_with(m->x, &child->fault);
	exchange_wake(m->x);
}

static void send_to(struct mailing *m, unsigned child, unsigned number)
{
	const struct group *g = m->group;
	struct exchange *x = m->x;
	const char *place = arena_printf(&x->arena, "%u/%u", number, g->children.count);
	struct recipient *r;

	message_set_property(&x->message, SCOPE_DEFAULT, STR("messageSequence"),
			     value_str(str_of(place)));
	r = exchange_detach(x, g->parcels[child], note, sizeof(*r));
	r->label = ((const struct endpoint *)g->children.at[child])->label;
	r->mailing = m;
	r->next = m->first;
	m->first = r;
}

static enum flow none_ready(const struct group *g, struct exchange *x)
{
	const char *text = arena_printf(&x->arena,
					"Recipient List endpoint : " STR_FMT
					" - no ready child endpoints",
					STR_ARG(endpoint_name(&g->base)));
	const struct fault why = { .code = FAULT_NONE_READY,
				   .text = text,
				   .kind = "none_ready" };

	log_line(LOG_WARN, endpoint_class(&g->base), "%s", text);
	return exchange_fault_with(x, &why);
}

static enum flow send_all(const struct node *n, struct exchange *x, void *state)
{
	const struct group *g = (const struct group *)n;
	struct mailing *m = state;
	unsigned number = 0;

	m->group = g;
	m->x = x;
	if (endpoint_set_properties(&g->base, x) == FLOW_FAULT)
		return FLOW_FAULT;
	for (unsigned i = 0; i < g->children.count; i++)
		if (endpoint_is_ready(g->children.at[i], x))
			send_to(m, i, number++);
	return number ? FLOW_WAIT : none_ready(g, x);
}

/* Somebody answered, or failed; the last failure is what is told if all do. */
static enum flow look(const struct node *n, struct exchange *x, void *state)
{
	const struct group *g = (const struct group *)n;
	struct mailing *m = state;

	if (m->handling)
		return exchange_handled(x);
	if (m->answered)
		return FLOW_DONE;
	if (m->first)
		return FLOW_WAIT;
	if (!g->base.on_error)
		return FLOW_FAULT;
	m->handling = true;
	return endpoint_handle(&g->base, g->base.on_error, x);
}

static enum flow stopped(const struct node *n, struct exchange *x, void *state)
{
	const struct mailing *m = state;

	(void)n;
	return m->handling ? exchange_handled(x) : FLOW_STOP;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct mailing *m = state;

	(void)n;
	(void)x;
	for (struct recipient *r = m->first; r; r = r->next)
		r->mailing = NULL;
}

const struct node_type recipients_endpoint_type = {
	.name = "recipientlist",
	.brief = "All endpoints that are ready get the message.",
	.frame_size = sizeof(struct mailing),
	.run = send_all,
	.resume = look,
	.stopped = stopped,
	.leave = leave,
};

void recipients_prepare(struct group *g, struct arena *a)
{
	struct parcel *parcels = arena_alloc(a, g->children.count * sizeof(*parcels));
	const struct node **at = arena_alloc(a, g->children.count * sizeof(*at));

	for (unsigned i = 0; i < g->children.count; i++) {
		const struct node *child = g->children.at[i];

		parcels[i].node = (struct node){ &parcel_type, child->where,
						 NEEDS_NOTHING };
		parcels[i].endpoint = child;
		at[i] = &parcels[i].node;
	}
	g->parcels = at;
}
