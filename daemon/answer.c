#include "daemon/inbound.h"
#include "message/content.h"

static const char sender_logger[] =
	"org.apache.synapse.transport.passthru.util.PassThroughTransportUtils";

static struct value axis2(const struct message *m, struct str name)
{
	return properties_get(&m->properties[SCOPE_AXIS2], name, NULL);
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
static bool status_of(struct exchange *x, unsigned *status)
{
	const struct value v = axis2(&x->message, STR("HTTP_SC"));
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
static unsigned usual_status(struct message *m)
{
	if (property_is_true(axis2(m, STR("SC_ACCEPTED"))))
		return 202;
	if (m->content.kind != CONTENT_UNKNOWN && content_is_soap_fault(m) &&
	    !property_is_true(axis2(m, STR("FAULTS_AS_HTTP_200"))))
		return 500;
	return 200;
}

/* The backend's reason goes with the backend's status only. */
static struct str reason_of(const struct message *m, unsigned status)
{
	const struct value reason = axis2(m, STR("HTTP_SC_DESC"));
	const struct value original = axis2(m, STR("ORIGINAL_HTTP_SC"));
	const struct value theirs = axis2(m, STR("ORIGINAL_HTTP_SC_DESC"));

	if (reason.kind != VALUE_STR || !header_value_is_valid(reason.text))
		return STR("");
	if (original.kind == VALUE_INT && original.number != status &&
	    theirs.kind == VALUE_STR && str_eq(theirs.text, reason.text))
		return STR("");
	return reason.text;
}

/* What belongs to the connection a message came over, not to the answer. */
static void drop_headers(struct headers *h)
{
	static const struct str dropped[] = { { "User-Agent", 10 }, { "Expect", 6 } };
	unsigned kept = 0;

	for (unsigned i = 0; i < h->count; i++) {
		const struct str name = h->at[i].name;
		bool drop = false;

		for (size_t j = 0; j < sizeof(dropped) / sizeof(dropped[0]); j++)
			drop |= name.len == dropped[j].len &&
				str_eq_nocase(name, dropped[j]);
		if (!drop)
			h->at[kept++] = h->at[i];
	}
	h->count = kept;
}

static void answer_message(struct inbound *in)
{
	struct exchange *x = &in->x;
	struct message *m = &x->message;
	struct http_response *r = &in->response;
	struct fault why = { 0 };

	if (!content_serialize(m, &why)) {
		exchange_fault_with(x, &why);
		inbound_answer_fault(in);
		return;
	}
	*r = (struct http_response){ .headers = &m->headers, .body = &m->body };
	if (axis2(m, STR("ERROR_CODE")).kind != VALUE_NULL) {
		r->status = 502;
		r->close = true;
	} else if (!status_of(x, &r->status)) {
		r->status = usual_status(m);
	}
	r->reason = reason_of(m, r->status);
	if (property_is_true(axis2(m, STR("NO_ENTITY_BODY"))))
		r->body = NULL;
	r->has_length = m->after_call && str_eq(in->call->method, STR("HEAD"));
	r->close |= property_is_true(axis2(m, STR("NO_KEEPALIVE")));
	drop_headers(&m->headers);
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
	if (property_is_true(axis2(&x->message, STR("FORCE_SC_ACCEPTED")))) {
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
