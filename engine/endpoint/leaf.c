/*
 * A leaf: an endpoint that sends the message somewhere and waits for the reply
 * (endpoints.md §4.8, §5, §6, §7.3).
 */
#include "endpoint/attempt.h"
#include "endpoint/cluster.h"
#include "endpoint/error_code.h"

static const char receiver[] = "org.apache.synapse.core.axis2.SynapseCallbackReceiver";

static void wake(void *ctx)
{
	exchange_wake(((struct sending *)ctx)->x);
}

static void expire(void *ctx)
{
	struct sending *s = ctx;

	s->expired = true;
	exchange_wake(s->x);
}

static bool counts_stale(const struct leaf *leaf)
{
	return !is_documented(&leaf->base);
}

static int64_t now_of(const struct exchange *x)
{
	return (int64_t)x->engine->timers.now;
}

static const char *refusal_word(const struct leaf *leaf)
{
	switch (leaf->base.kind) {
	case KIND_ADDRESS:
		return "Currently , Address";
	case KIND_DEFAULT:
		return "Currently , Default";
	case KIND_HTTP:
	case KIND_FAILOVER:
	case KIND_LOADBALANCE:
	case KIND_CLUSTER:
	case KIND_RECIPIENTS:
	case KIND_INDIRECT:
		return "Currently, HTTP";
	}
	return "";
}

/* A leaf in a group was just asked; only others are asked here (§4.8). */
static enum flow check_ready(const struct leaf *leaf, struct exchange *x)
{
	struct fault why = { .code = FAULT_NOT_READY };
	enum health_state state;

	if (leaf->base.is_inline || health_is_ready(leaf->base.health, now_of(x)))
		return FLOW_DONE;
	state = health_state(leaf->base.health);
	why.kind = state == HEALTH_OFF ? "off" : "suspended";
	why.endpoint = arena_copy(&x->arena, endpoint_name(&leaf->base)).at;
	why.text = arena_printf(&x->arena,
				"%s endpoint : [ Name : " STR_FMT " ] [ State : %s ]",
				refusal_word(leaf), STR_ARG(endpoint_name(&leaf->base)),
				health_state_name(state));
	return exchange_fault_with(x, &why);
}

/* What a fault handler may read beside ERROR_* (§7.5). */
static void set_transport_properties(struct exchange *x, const struct error_code *code)
{
	struct message *m = &x->message;

	message_set_property(m, SCOPE_DEFAULT, STR("SENDING_FAULT"), value_bool(true));
	message_set_property(m, SCOPE_DEFAULT, STR("BASE_ERROR_CODE"),
			     value_int(code->base));
	message_set_property(m, SCOPE_DEFAULT, STR("PROTOCOL_STATE_ON_FAILURE"),
			     value_int(code->phase));
}

static void end_probe(struct sending *s)
{
	if (s->probing)
		health_end(s->leaf->base.health);
	s->probing = false;
}

/* onError runs now, unless a group below has yet to give up (F8). */
static enum flow hand_on(struct sending *s)
{
	struct exchange *x = s->x;
	const struct endpoint *e = &s->leaf->base;

	x->endpoint_handler = e->on_error;
	if (!e->on_error || (is_documented(e) && group_below(x)))
		return FLOW_FAULT;
	s->stage = HANDLING;
	return endpoint_handle(e, e->on_error, x);
}

/* The answer of a deadline with discard: state as written, 504, no handler (F7). */
static enum flow discard(struct sending *s)
{
	struct exchange *x = s->x;

	log_line(LOG_INFO, endpoint_class(&s->leaf->base),
		 "Ignoring fault handlers since the timeout action is set to DISCARD");
	if (!is_documented(&s->leaf->base)) {
		s->stage = HANGING;
		return FLOW_WAIT;
	}
	x->answer = ANSWER_STATUS;
	x->answer_status = 504;
	return FLOW_STOP;
}

/*
 * Counts it against the endpoint, and tells who waits. A message that cannot be sent is
 * not the endpoint's fault: a client could suspend it with a line end in a header.
 */
static enum flow fail(struct sending *s, const struct fault *why, bool is_deadline)
{
	const struct leaf *leaf = s->leaf;
	struct exchange *x = s->x;
	struct fault f = *why;
	struct health_event event;

	f.endpoint = arena_copy(&x->arena, endpoint_name(&leaf->base)).at;
	exchange_fault_with(x, &f);
	if (!s->has_failure || s->failure.kind != FAILURE_UNSENDABLE) {
		event = health_failed(leaf->base.health, &leaf->base.policy, &x->fault,
				      s->begun, counts_stale(leaf), now_of(x));
		log_health(leaf, x, &event);
	}
	end_probe(s);
	if (leaf->timeout && leaf->timeout->action == ACTION_DISCARD &&
	    (is_deadline || !is_documented(&leaf->base)))
		return discard(s);
	return hand_on(s);
}

static enum flow fail_on_wire(struct sending *s)
{
	const struct error_code code = error_code_of(&s->failure);
	struct exchange *x = s->x;
	const struct fault f = {
		.code = code.base + code.phase,
		.text = code.message,
		.detail = error_detail(&s->failure, &x->arena),
		.kind = code.kind,
	};

	error_log(x, &s->failure, s->request.method, s->request.url, s->request.idle_ms);
	set_transport_properties(x, &code);
	exchange_log_service(x, LOG_WARN, "ERROR_CODE : %d ERROR_MESSAGE : %s", f.code,
			     f.text);
	if (f.code == FAULT_CONNECTION_TIMEOUT && !is_documented(&s->leaf->base) &&
	    s->leaf->timeout && s->leaf->timeout->action == ACTION_DISCARD) {
		log_line(LOG_WARN, receiver,
			 "Synapse timed out for the request with Message ID : " STR_FMT
			 ". Ignoring fault handlers since the timeout action is DISCARD",
			 STR_ARG(x->message.id));
		s->stage = HANGING;
		return FLOW_WAIT;
	}
	return fail(s, &f, false);
}

/* `call` and `send` say it with different codes (§5.2 row 23). */
static int code_of_sender(const struct exchange *x)
{
	const struct frame *f = x->top->below;

	while (f && endpoint_of(f->node))
		f = f->below;
	return f && strcmp(f->node->type->name, "send") == 0 ? FAULT_MEDIATION
							     : FAULT_NONBLOCKING_CALL;
}

static enum flow fail_before_sending(struct sending *s, struct fault *why)
{
	struct exchange *x = s->x;

	if (why->code == FAULT_MEDIATION)
		why->code = code_of_sender(x);
	log_line(LOG_ERROR, "org.apache.synapse.core.axis2.Axis2Sender", "%s : %s",
		 why->text, why->detail ? why->detail : "");
	exchange_log_service(x, LOG_WARN, "ERROR_CODE : %d ERROR_MESSAGE : %s", why->code,
			     why->text);
	return fail(s, why, false);
}

/* What a fault sequence sees of the payload after a deadline: nothing (§6.3). */
static void drop_payload(struct sending *s)
{
	if (!is_documented(&s->leaf->base) &&
	    !s->leaf->base.settings->preserve_payload_on_timeout)
		content_set_none(&s->x->message);
}

static enum flow give_up(struct sending *s)
{
	struct exchange *x = s->x;
	const bool silent = !is_documented(&s->leaf->base) &&
			    (!s->leaf->timeout ||
			     s->leaf->timeout->action == ACTION_NONE);
	const struct fault f = {
		.code = FAULT_CONNECTION_TIMEOUT,
		.text = "Send timeout",
		.detail = arena_printf(
			&x->arena, "deadline: " STR_FMT " gave no answer within %llu ms",
			STR_ARG(s->request.url), (unsigned long long)s->duration),
		.kind = "deadline",
	};

	if (s->attempt)
		x->engine->transport->ops->cancel(x->engine->transport, s->attempt);
	s->attempt = NULL;
	log_expiry(s);
	if (silent) {
		s->stage = HANGING;
		end_probe(s);
		return FLOW_WAIT;
	}
	drop_payload(s);
	exchange_log_service(x, LOG_INFO, "FaultHandler executing impl: %s",
			     endpoint_class(&s->leaf->base));
	return fail(s, &f, true);
}

static void keep_failure(struct sending *s, const struct failure *f)
{
	struct arena *a = &s->x->arena;

	s->has_failure = true;
	s->failure = *f;
	s->failure.text = f->text ? arena_copy(a, str_of(f->text)).at : NULL;
	s->failure.host = arena_copy(a, f->host);
	s->failure.address = arena_copy(a, f->address);
}

static void done(void *ctx, struct reply *reply, const struct failure *failure)
{
	struct sending *s = ctx;

	s->attempt = NULL;
	timer_clear(&s->x->engine->timers, &s->timer);
	if (reply) {
		s->has_reply = true;
		s->reply = *reply;
		body_init(&s->reply.body, s->request.arena);
		body_move(&s->reply.body, &reply->body);
	} else {
		keep_failure(s, failure);
	}
	exchange_wake(s->x);
}

static enum flow send_now(struct sending *s)
{
	struct exchange *x = s->x;
	struct transport *t = x->engine->transport;
	struct fault why = { 0 };

	if (!request_make(s, &why))
		return fail_before_sending(s, &why);
	s->stage = SENDING;
	timer_init(&s->timer, expire, s);
	timer_set(&x->engine->timers, &s->timer, deadline_of(s));
	s->attempt = t->ops->send(t, &s->request, done, s);
	return FLOW_WAIT;
}

static enum flow prepare(struct sending *s)
{
	struct message *m = &s->x->message;

	if (!request_needs_whole(s->x))
		return send_now(s);
	s->stage = COLLECTING;
	body_collect(&m->body, wake, s);
	return FLOW_WAIT;
}

static const char anonymous[] = "http://www.w3.org/2005/08/addressing/anonymous";

/* Where to? A reply's To is nobody (§9.6). */
static enum flow check_to(const struct leaf *leaf, struct exchange *x)
{
	const struct value to = message_property(&x->message, SCOPE_DEFAULT, STR("To"));
	const char *said = arena_printf(&x->arena, "'To' header was set to %s",
					anonymous);
	const struct fault why = { .code = FAULT_NOT_READY,
				   .text = said,
				   .kind = "no_endpoint",
				   .endpoint = "" };

	if (to.kind != VALUE_STR || !str_eq(to.text, str_of(anonymous)))
		return FLOW_DONE;
	log_line(LOG_WARN, endpoint_class(&leaf->base),
		 "%s, Message will be passed to the fault sequence", said);
	return exchange_fault_with(x, &why);
}

static enum flow begin(const struct node *n, struct exchange *x, void *state)
{
	const struct leaf *leaf = (const struct leaf *)n;
	struct sending *s = state;
	enum flow flow;

	s->leaf = leaf;
	s->x = x;
	flow = check_ready(leaf, x);
	if (flow == FLOW_DONE && leaf->base.kind == KIND_DEFAULT)
		flow = check_to(leaf, x);
	if (flow == FLOW_DONE)
		flow = endpoint_set_properties(&leaf->base, x);
	if (flow != FLOW_DONE)
		return flow;
	message_set_property(&x->message, SCOPE_DEFAULT, STR("last_endpoint"),
			     value_str(leaf->base.label));
	s->probing = leaf->base.settings->half_open &&
		     health_state(leaf->base.health) != HEALTH_ACTIVE;
	s->begun = health_begin(leaf->base.health, s->probing);
	/* Another thread suspended it since the group looked: this is not news of it. */
	if (!s->probing && !health_is_ready(leaf->base.health, now_of(x)))
		s->begun--;
	return prepare(s);
}

static bool is_failing_status(const struct leaf *leaf, unsigned status)
{
	for (unsigned i = 0; i < leaf->failing_count; i++)
		if (status >= leaf->failing[i].from && status <= leaf->failing[i].to)
			return true;
	return false;
}

/* <m:failOnStatus>: the reply is let go of; the request is still the message. */
static enum flow fail_on_status(struct sending *s)
{
	const unsigned status = s->reply.status;
	const struct fault f = {
		.code = FAULT_SOAP_FAULT + (int)status,
		.text = arena_printf(&s->x->arena, "HTTP status %u", status),
		.detail = arena_printf(&s->x->arena, "status: " STR_FMT " answered %u",
				       STR_ARG(s->request.url), status),
		.kind = "status",
	};

	body_release(&s->reply.body);
	exchange_log_service(s->x, LOG_WARN, "ERROR_CODE : %d ERROR_MESSAGE : %s", f.code,
			     f.text);
	return fail(s, &f, false);
}

static bool forces_error(struct exchange *x)
{
	const struct value v = properties_get(&x->message.properties[SCOPE_DEFAULT],
					      STR("FORCE_ERROR_ON_SOAP_FAULT"), NULL);

	return v.kind == VALUE_STR && str_eq(v.text, STR("true"));
}

static bool is_soap_fault(struct sending *s)
{
	struct fault why = { 0 };
	struct message m;
	bool found;

	message_init(&m, &s->x->arena, s->x->message.incoming, s->x->message.around);
	m.headers = s->reply.headers;
	m.after_call = true;
	body_move(&m.body, &s->reply.body);
	found = content_understand(&m, &why) && content_is_soap_fault(&m);
	body_move(&s->reply.body, &m.body);
	return found;
}

static enum flow fail_on_soap_fault(struct sending *s)
{
	const struct fault f = { .code = FAULT_SOAP_FAULT,
				 .text = "",
				 .detail = "the reply is a SOAP fault",
				 .kind = "soap_fault" };

	if (!group_below(s->x))
		reply_take(s);
	message_set_property(&s->x->message, SCOPE_DEFAULT, STR("SENDING_FAULT"),
			     value_bool(true));
	return fail(s, &f, false);
}

static enum flow take_reply(struct sending *s)
{
	const struct leaf *leaf = s->leaf;
	const struct health_event event = health_succeeded(
		leaf->base.health, &leaf->base.policy, s->begun, counts_stale(leaf),
		now_of(s->x));

	end_probe(s);
	log_health(leaf, s->x, &event);
	reply_take(s);
	return FLOW_DONE;
}

static enum flow check_reply(struct sending *s)
{
	if (is_failing_status(s->leaf, s->reply.status) ||
	    cluster_wants_again(s->x, s->reply.status))
		return fail_on_status(s);
	if (!forces_error(s->x))
		return take_reply(s);
	if (s->reply.body.state == BODY_ARRIVING) {
		s->stage = CHECKING;
		body_collect(&s->reply.body, wake, s);
		return FLOW_WAIT;
	}
	return is_soap_fault(s) ? fail_on_soap_fault(s) : take_reply(s);
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	struct sending *s = state;

	(void)n;
	(void)x;
	switch (s->stage) {
	case BEGINNING:
		return FLOW_DONE;
	case COLLECTING:
		return prepare(s);
	case SENDING:
		if (s->has_reply)
			return check_reply(s);
		if (s->has_failure)
			return fail_on_wire(s);
		return s->expired ? give_up(s) : FLOW_WAIT;
	case CHECKING:
		return check_reply(s);
	case HANDLING:
		return exchange_handled(s->x);
	case HANGING:
		return FLOW_WAIT;
	}
	return FLOW_DONE;
}

static enum flow stopped(const struct node *n, struct exchange *x, void *state)
{
	const struct sending *s = state;

	(void)n;
	return s->stage == HANDLING ? exchange_handled(x) : FLOW_STOP;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct sending *s = state;

	(void)n;
	if (!s->x)
		return;
	timer_clear(&x->engine->timers, &s->timer);
	if (s->attempt)
		x->engine->transport->ops->cancel(x->engine->transport, s->attempt);
	if (s->stage == COLLECTING && x->message.body.state == BODY_ARRIVING)
		body_collect(&x->message.body, NULL, NULL);
	if (s->has_reply)
		body_release(&s->reply.body);
	if (s->copy)
		message_release(s->copy);
	end_probe(s);
}

#define LEAF_TYPE(word, what)                                                      \
	{                                                                          \
		.name = word, .brief = what, .frame_size = sizeof(struct sending), \
		.run = begin, .resume = go_on, .stopped = stopped, .leave = leave, \
	}

const struct node_type address_endpoint_type = LEAF_TYPE("address", "An address.");
const struct node_type http_endpoint_type = LEAF_TYPE(
	"http", "An HTTP service, by a template of its URL.");
const struct node_type default_endpoint_type = LEAF_TYPE(
	"default", "Wherever the message's To says.");
