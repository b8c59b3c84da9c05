/*
 * # m:answer
 *
 * Answers the client with what is said here: a status, headers, a body. Nothing of the
 * message's headers goes out but the payload's type. Ends the exchange.
 *
 *	<m:answer xmlns:m="urn:myelin" status="#[vars.httpStatus default 200]"/>
 *
 *	<m:answer xmlns:m="urn:myelin" status="500" body="#[payload]"
 *	          unless-set="#[error.description]"/>
 *
 * `unless-set` is the body, as plain text, if no handler of the error under way has set
 * the payload. A status below 200 or above 599 is an error.
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

struct answer_node {
	struct node node;
	const struct expr *status, *reason, *headers, *body, *unless_set;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_VALUE(struct answer_node, status, "status"), .fallback = "200",
	  .doc = "From 200 to 599." },
	{ ATTR_VALUE(struct answer_node, reason, "reason"), .doc = "The reason phrase." },
	{ ATTR_EXPR(struct answer_node, headers, "headers"), .doc = "An object of header fields." },
	{ ATTR_EXPR(struct answer_node, body, "body"), .doc = "The body; without it, the payload." },
	{ ATTR_EXPR(struct answer_node, unless_set, "unless-set"),
	  .doc = "The body if no handler of the error set the payload." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct answer_node *a = self;

	(void)e;
	(void)b;
	mediator_needs(&a->node, NEEDS_BYTES);
	mediator_needs_for(&a->node, a->body);
	mediator_needs_for(&a->node, a->headers);
	return true;
}

static const struct schema schema = {
	.element = "m:answer",
	.doc = "Answers the client with a status, headers and a body.",
	.size = sizeof(struct answer_node),
	.fields = fields,
	.check = check,
};

static bool take_body(const struct answer_node *a, struct message *m, struct fault *why)
{
	struct value v;

	if (a->unless_set && (!m->error || m->error_payload != m->error))
		return expr_eval(a->unless_set, m, &v, why) &&
		       payload_become(m, v, STR("text/plain"), why);
	return !a->body ||
	       (expr_eval(a->body, m, &v, why) &&
		payload_become(m, v,
			       a->body->media_type.len ? a->body->media_type
						       : message_media_type(m),
			       why));
}

static bool take_status(const struct answer_node *a, struct message *m, uint64_t *status,
			struct fault *why)
{
	struct str text;

	if (!expr_text(a->status, m, &text, NULL, why))
		return false;
	if (str_to_uint(str_trim(text), status) && *status >= 200 && *status <= 599)
		return true;
	why->text = arena_printf(m->arena, "'" STR_FMT "' is no status to answer with",
				 STR_ARG(text));
	return false;
}

static bool is_text(struct str type)
{
	return str_starts(type, STR("text/")) ||
	       str_starts(type, STR("application/json")) ||
	       str_starts(type, STR("application/xml"));
}

static bool make_headers(const struct answer_node *a, struct message *m, struct str type,
			 struct headers *h, struct fault *why)
{
	struct value v = VALUE_NONE;

	headers_init(h, m->arena);
	if (a->headers && !expr_eval(a->headers, m, &v, why))
		return false;
	if (v.kind == VALUE_JSON)
		for (const struct json *o = v.json->first; o; o = o->next) {
			struct str text = value_text(
				(struct value){ .kind = VALUE_JSON, .json = o },
				m->arena);

			if (o->kind != JSON_NULL && header_name_is_valid(o->key) &&
			    header_value_is_valid(text))
				headers_add(h, o->key, text);
		}
	if (!type.len || headers_find(h, STR("Content-Type")) ||
	    !header_value_is_valid(type))
		return true;
	if (is_text(type) && str_find_str(type, STR("charset")) == type.len)
		type = str_of(
			arena_printf(m->arena, STR_FMT "; charset=UTF-8", STR_ARG(type)));
	headers_add(h, STR("Content-Type"), type);
	return true;
}

static void set(struct message *m, const char *name, struct value v)
{
	message_set_property(m, SCOPE_AXIS2, str_of(name), v);
}

static bool build(const struct answer_node *a, struct message *m, struct fault *why)
{
	struct str bytes = STR(""), type, reason = STR("");
	bool as_it_is;
	struct headers headers;
	uint64_t status;

	if (!take_status(a, m, &status, why) ||
	    (a->reason && !expr_text(a->reason, m, &reason, NULL, why)) ||
	    !take_body(a, m, why))
		return false;
	as_it_is = payload_is_body(m);
	type = message_media_type(m);
	if ((!as_it_is && !payload_on_wire(m, &bytes, &type, why)) ||
	    !make_headers(a, m, as_it_is || bytes.len ? type : STR(""), &headers, why))
		return false;
	if (status == 204 || status == 304) {
		bytes = STR("");
		as_it_is = false;
	}
	m->headers = headers;
	m->content = (struct content){ .kind = CONTENT_UNKNOWN };
	if (!as_it_is)
		body_set(&m->body, bytes);
	properties_clear(&m->properties[SCOPE_AXIS2]);
	set(m, "HTTP_SC", value_int((int64_t)status));
	if (reason.len && header_value_is_valid(reason))
		set(m, "HTTP_SC_DESC", value_str(reason));
	return true;
}

static enum flow answer(const struct node *n, struct exchange *x, void *state)
{
	struct fault why = { 0 };

	(void)state;
	if (!build((const struct answer_node *)n, &x->message, &why)) {
		if (!why.code_text)
			why.code_text = "MULE:SOURCE_RESPONSE_GENERATE";
		return exchange_fault_with(x, &why);
	}
	x->message.is_response = true;
	x->answer = ANSWER_MESSAGE;
	return FLOW_STOP;
}

const struct node_type answer_mediator = {
	.name = "m:answer",
	.brief = "Answers the client with a status, headers and a body.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.run = answer,
};
