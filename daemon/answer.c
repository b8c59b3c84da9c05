#include "daemon/inbound.h"
#include "message/content.h"

static const char sender_logger[] =
	"org.apache.synapse.transport.passthru.util.PassThroughTransportUtils";

/* The axis2 properties that say how to answer (mediation.md §1.3). */
struct wishes {
	struct value status, reason, original, original_reason;
	struct value error, accepted, faults_as_200, no_body, no_keepalive;
};

#define WISH(name, member)                                                  \
	{                                                                   \
		{ name, sizeof(name) - 1 }, offsetof(struct wishes, member) \
	}

static const struct wish {
	struct str name;
	size_t offset;
} known_wishes[] = {
	WISH("HTTP_SC", status),
	WISH("HTTP_SC_DESC", reason),
	WISH("ORIGINAL_HTTP_SC", original),
	WISH("ORIGINAL_HTTP_SC_DESC", original_reason),
	WISH("ERROR_CODE", error),
	WISH("SC_ACCEPTED", accepted),
	WISH("FAULTS_AS_HTTP_200", faults_as_200),
	WISH("NO_ENTITY_BODY", no_body),
	WISH("NO_KEEPALIVE", no_keepalive),
};

static void read_wish(struct wishes *w, const struct property *p)
{
	for (size_t i = 0; i < sizeof(known_wishes) / sizeof(known_wishes[0]); i++)
		if (str_eq(p->name, known_wishes[i].name))
			*(struct value *)((char *)w + known_wishes[i].offset) = p->value;
}

/* In one pass: few are set, and every answer asks for all. */
static struct wishes wishes_of(const struct message *m)
{
	const struct properties *axis2 = &m->properties[SCOPE_AXIS2];
	struct wishes w = { .status = VALUE_NONE };

	for (unsigned i = 0; i < axis2->count; i++)
		if (!axis2->at[i].removed)
			read_wish(&w, &axis2->at[i]);
	return w;
}

bool property_is_true(struct value v)
{
	return (v.kind == VALUE_BOOL && v.truth) ||
	       (v.kind == VALUE_STR && str_eq_nocase(v.text, STR("true")));
}

void inbound_answer_status(struct inbound *in, unsigned status, struct str allow)
{
	in->response = (struct http_response){ .status = status };
	if (allow.len) {
		headers_add(&in->headers, STR("Allow"), allow);
		in->response.headers = &in->headers;
	}
	inbound_send(in);
}

/* False: HTTP_SC is not set, or is no status. */
static bool status_of(struct exchange *x, struct value v, unsigned *status)
{
	int64_t n = 0;

	if (v.kind == VALUE_NULL)
		return false;
	if (v.kind == VALUE_INT)
		n = v.number;
	else if (v.kind == VALUE_DOUBLE)
		n = (int64_t)v.real;
	else if (v.kind != VALUE_STR || !str_to_int(str_trim(v.text), &n))
		n = 0;
	if (n >= 200 && n <= 999) {
		*status = (unsigned)n;
		return true;
	}
	exchange_log(
		x, LOG_WARN, sender_logger,
		"Unable to set the HTTP status code from the property HTTP_SC "
		"with value: " STR_FMT,
		STR_ARG(v.kind == VALUE_STR ? v.text : STR("a number out of range")));
	return false;
}

/* What a message that sets no status means by itself (mediation.md §7.10). */
static unsigned usual_status(struct message *m, const struct wishes *w)
{
	if (property_is_true(w->accepted))
		return 202;
	if (m->content.kind != CONTENT_UNKNOWN && content_is_soap_fault(m) &&
	    !property_is_true(w->faults_as_200))
		return 500;
	return 200;
}

/* The backend's reason goes with the backend's status only. */
static struct str reason_of(const struct wishes *w, unsigned status)
{
	if (w->reason.kind != VALUE_STR || !header_value_is_valid(w->reason.text))
		return STR("");
	if (w->original.kind == VALUE_INT && w->original.number != status &&
	    w->original_reason.kind == VALUE_STR &&
	    str_eq(w->original_reason.text, w->reason.text))
		return STR("");
	return w->reason.text;
}

static void answer_message(struct inbound *in)
{
	struct exchange *x = &in->x;
	struct message *m = &x->message;
	struct http_response *r = &in->response;
	struct fault why = { 0 };
	struct wishes w;

	if (!content_serialize(m, &why)) {
		exchange_fault_with(x, &why);
		inbound_answer_fault(in);
		return;
	}
	w = wishes_of(m);
	*r = (struct http_response){ .headers = &m->headers, .body = &m->body };
	if (w.error.kind != VALUE_NULL) {
		r->status = 502;
		r->close = true;
	} else if (!status_of(x, w.status, &r->status)) {
		r->status = usual_status(m, &w);
	}
	r->reason = reason_of(&w, r->status);
	if (property_is_true(w.no_body))
		r->body = NULL;
	r->has_length = m->after_call && str_eq(in->call->method, STR("HEAD"));
	r->close |= property_is_true(w.no_keepalive);
	/* What belongs to the connection the message came over, not to the answer. */
	headers_drop(&m->headers,
		     HEADER_BIT(HEADER_USER_AGENT) | HEADER_BIT(HEADER_EXPECT));
	inbound_send(in);
}

/* A sequence that ended without respond, send or drop (decisions.md §3). */
static void answer_nothing(struct inbound *in)
{
	struct service_stats *s = in->stats;

	if (!s || stats_warns(s))
		exchange_log(&in->x, LOG_WARN,
			     "org.apache.synapse.transport.passthru.ServerWorker",
			     "%s:%u: the sequence ended without respond, send or drop; "
			     "the client gets 202",
			     in->where.file ? in->where.file : "", in->where.line);
	inbound_answer_status(in, 202, STR(""));
}

void inbound_answer(struct inbound *in)
{
	struct exchange *x = &in->x;

	if (x->flow == FLOW_FAULT) {
		inbound_answer_fault(in);
		return;
	}
	if (property_is_true(properties_get(&x->message.properties[SCOPE_AXIS2],
					    STR("FORCE_SC_ACCEPTED"), NULL))) {
		inbound_answer_status(in, 202, STR(""));
		return;
	}
	switch (x->answer) {
	case ANSWER_MESSAGE:
		answer_message(in);
		break;
	case ANSWER_NONE:
		answer_nothing(in);
		break;
	case ANSWER_DROP:
		inbound_answer_status(in, 202, STR(""));
		break;
	case ANSWER_STATUS:
		inbound_answer_status(in, x->answer_status, STR(""));
		break;
	}
}
