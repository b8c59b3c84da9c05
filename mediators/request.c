/*
 * # m:request
 *
 * A call that starts from nothing: method, path, headers and body are what is said here,
 * no header of the message goes out, and the reply counts only if its status is
 * accepted. When it fails the message is as it was; when it succeeds the reply is the
 * payload and its status and headers are the `attributes`.
 *
 *	<m:request xmlns:m="urn:myelin" method="GET" path="/customers/7" timeout="3000">
 *	    <endpoint key="Primary_Service"/>
 *	    <m:accept statuses="200..299,404"/>
 *	</m:request>
 *
 * `path` (with `base` before it) is joined to the endpoint's address; `url` instead goes
 * there directly. `headers`, `query` and `parameters` (for {name} in the path) are
 * expressions that give an object. Errors: HTTP:TIMEOUT, HTTP:CONNECTIVITY, and by
 * status HTTP:NOT_FOUND, HTTP:UNAUTHORIZED … or MULE:UNKNOWN; error.data.message is then
 * the reply.
 */
#include "mediators.h"
#include "request_priv.h"
#include "request_text.h"

static const char logger[] = "org.mule.extension.http.internal.request.HttpRequester";

static const char *const body_modes[] = { "auto", "always", "never", NULL };

/* clang-format off */
static const struct field header_fields[] = {
	{ ATTR_STR(struct default_header, name, "name"), .required = true, .doc = "Of the field." },
	{ ATTR_VALUE(struct default_header, value, "value"), .required = true, .doc = "Its value." },
	{ NULL },
};

static const struct schema header_schema = {
	.element = "m:header", .doc = "A header that goes out unless `headers` has it.",
	.size = sizeof(struct default_header), .fields = header_fields,
};

static const struct schema query_schema = {
	.element = "m:query", .doc = "A query parameter that goes out unless `query` has it.",
	.size = sizeof(struct default_header), .fields = header_fields,
};

static const struct field accept_fields[] = {
	{ ATTR_STR(struct accept, statuses, "statuses"),
	  .doc = "Accepted: 200..299,404. Without anything, 0..399." },
	{ ATTR_STR(struct accept, refused, "refuse"), .doc = "Refused; all others are accepted." },
	{ ATTR_EXPR(struct accept, when, "when"), .doc = "Accepted if this is true of the reply." },
	{ NULL },
};

static const struct schema accept_schema = {
	.element = "m:accept", .doc = "Which replies count.",
	.size = sizeof(struct accept), .fields = accept_fields,
};

static const struct field mapping_fields[] = {
	{ ATTR_STR(struct mapping, from, "from"), .doc = "Types of errors; all." },
	{ ATTR_STR(struct mapping, to, "to"), .required = true, .doc = "The type they become." },
	{ NULL },
};

static const struct schema mapping_schema = {
	.element = "m:map-error", .doc = "Another type for an error.",
	.size = sizeof(struct mapping), .fields = mapping_fields,
};

static const struct field fields[] = {
	{ ATTR_VALUE(struct request_node, method, "method"), .fallback = "GET",
	  .doc = "Of the request." },
	{ ATTR_STR(struct request_node, base, "base"), .doc = "What the path is below." },
	{ ATTR_VALUE(struct request_node, path, "path"), .doc = "Behind the endpoint's address." },
	{ ATTR_VALUE(struct request_node, url, "url"), .doc = "Instead of endpoint and path." },
	{ ATTR_VALUE(struct request_node, timeout, "timeout"), .fallback = "10000",
	  .doc = "Milliseconds until the whole reply must be there; 0: no limit." },
	{ ATTR_EXPR(struct request_node, headers, "headers"), .doc = "An object of header fields." },
	{ ATTR_EXPR(struct request_node, query, "query"), .doc = "An object of query parameters." },
	{ ATTR_EXPR(struct request_node, parameters, "parameters"),
	  .doc = "An object of what {name} in the path stands for." },
	{ ATTR_EXPR(struct request_node, body, "body"), .doc = "The body; without it, the payload." },
	{ ATTR_STR(struct request_node, body_type, "bodyType"), .doc = "Media type of `body`." },
	{ ATTR_STR(struct request_node, output_type, "outputType"),
	  .doc = "The media type of the reply, whatever it says itself." },
	{ ATTR_CHOICE(struct request_node, mode, "sendBody"), .choices = body_modes,
	  .any_case = true, .fallback = "auto",
	  .doc = "auto: not with GET, HEAD, OPTIONS, nor an empty one with DELETE." },
	{ ATTR_BOOL(struct request_node, follow, "followRedirects"), .fallback = "true",
	  .doc = "Whether 301, 302, 303, 307 and 308 are followed." },
	{ CHILD_ENDPOINT(struct request_node, endpoint, "endpoint"), .doc = "Where to." },
	{ CHILD_LIST(struct request_node, defaults, "header"), .ours = true,
	  .schema = &header_schema, .doc = "Headers of every request." },
	{ CHILD_LIST(struct request_node, queries, "query"), .ours = true,
	  .schema = &query_schema, .doc = "Query parameters of every request." },
	{ CHILD_ONE(struct request_node, accept, "accept", struct accept), .ours = true,
	  .schema = &accept_schema, .doc = "Which replies count." },
	{ CHILD_LIST(struct request_node, mappings, "map-error"), .ours = true,
	  .schema = &mapping_schema, .doc = "Other types for errors; the first that fits." },
	{ NULL },
};
/* clang-format on */

static struct element *text_child(struct element *to, struct arena *a, const char *name,
				  const char *text)
{
	struct element *child = element_new(a, STR(SYNAPSE_NS), str_of(name), to->where);

	element_add(to, child);
	if (text)
		element_add_text(child, a, str_of(text));
	return child;
}

/* <default/> that never rests and waits as long as the request says. */
static const struct node *make_elsewhere(const struct element *e, struct binder *b)
{
	struct element *endpoint = element_new(b->arena, STR(SYNAPSE_NS), STR("endpoint"),
					       e->where);
	struct element *kind = text_child(endpoint, b->arena, "default", NULL);
	struct element *part = text_child(kind, b->arena, "timeout", NULL);

	text_child(part, b->arena, "duration", "{get-property('request.timeout')}");
	text_child(part, b->arena, "responseAction", "fault");
	part = text_child(kind, b->arena, "suspendOnFailure", NULL);
	text_child(part, b->arena, "errorCodes", "-1");
	part = text_child(kind, b->arena, "markForSuspension", NULL);
	text_child(part, b->arena, "errorCodes", "-1");
	return b->endpoint(b, endpoint);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct request_node *r = self;

	if (!r->url && !r->endpoint)
		return report_error(b->report, e->where,
				    "<m:request> needs an <endpoint> or url");
	mediator_needs(&r->node, NEEDS_BYTES);
	mediator_needs_for(&r->node, r->body);
	r->elsewhere = make_elsewhere(e, b);
	return r->elsewhere != NULL;
}

static const struct schema schema = {
	.element = "m:request",
	.doc = "A call that starts from nothing, and leaves no trace when it fails.",
	.size = sizeof(struct request_node),
	.fields = fields,
	.check = check,
};

static enum flow fail(struct requesting *s, struct fault *why)
{
	moment_restore(&s->before, &s->x->message);
	return exchange_fault_with(s->x, why);
}

static enum flow begin(const struct node *n, struct exchange *x, void *state)
{
	const struct request_node *r = (const struct request_node *)n;
	struct requesting *s = state;
	struct fault why = { 0 };

	s->x = x;
	moment_take(&s->before, &x->message);
	if (!request_build(r, s, &why))
		return fail(s, &why);
	request_tell(s, r->url != NULL);
	exchange_push(x, r->url ? r->elsewhere : r->endpoint);
	return FLOW_CHILD;
}

/* http://host:port/path, the port always there, without query. */
static struct str resource(struct requesting *s)
{
	struct message *m = &s->x->message;
	const struct value prefix = properties_get(&m->properties[SCOPE_DEFAULT],
						   STR("ENDPOINT_PREFIX"), NULL);
	struct str base = prefix.kind == VALUE_STR ? prefix.text : STR("");
	struct buf b;
	struct str text;

	buf_init(&b, 1 << 16);
	request_resource(s->direct ? s->path : base, s->direct ? STR("") : s->path, &b);
	text = arena_copy(m->arena, buf_str(&b));
	buf_release(&b);
	return text;
}

static const char *mapped(const struct request_node *r, const char *type, struct arena *a)
{
	for (unsigned i = 0; i < r->mappings.count; i++) {
		const struct mapping *m = r->mappings.at[i];
		struct str rest = m->from, one;

		if (!str_trim(m->from).len)
			return arena_copy(a, m->to).at;
		while (str_cut(&rest, ',', &one))
			if (str_eq_nocase(str_trim(one), str_of(type)))
				return arena_copy(a, m->to).at;
	}
	return type;
}

static enum flow failed(const struct request_node *r, struct requesting *s,
			const char *type, const char *said, const struct json *data)
{
	struct fault why = { .code = s->x->fault.code, .data = data };

	why.code_text = mapped(r, type, &s->x->arena);
	why.text = arena_printf(
		&s->x->arena, "HTTP " STR_FMT " on resource '" STR_FMT "' failed%s%s",
		STR_ARG(s->method), STR_ARG(resource(s)), data ? "" : ": ", said);
	why.kind = s->x->fault.kind;
	if (!data)
		exchange_log(s->x, LOG_ERROR, logger,
			     "Error sending HTTP request to " STR_FMT,
			     STR_ARG(resource(s)));
	return fail(s, &why);
}

/* The endpoint failed. An error that is none of the transport's goes on as it is. */
static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct request_node *r = (const struct request_node *)n;
	const struct request_failure *f = request_failure_of(x->fault.kind);

	if (!f) {
		struct fault why = x->fault;

		return fail(state, &why);
	}
	return failed(r, state, f->type, f->said, NULL);
}

static void wake(void *ctx)
{
	exchange_wake(((struct requesting *)ctx)->x);
}

static void expire(void *ctx)
{
	struct requesting *s = ctx;

	s->expired = true;
	exchange_wake(s->x);
}

static unsigned status_of(struct message *m)
{
	uint64_t n = 0;

	str_to_uint(
		value_text(message_property(m, SCOPE_AXIS2, STR("HTTP_SC")), m->arena),
		&n);
	return (unsigned)n;
}

/* Another place to ask instead? Sends there. */
static bool redirects(const struct request_node *r, struct requesting *s, unsigned status)
{
	struct message *m = &s->x->message;
	struct str to = headers_get(&m->headers, STR("Location"));
	struct buf b;

	if (!r->follow || !to.len || s->redirects == MOST_REDIRECTS ||
	    !(status == 301 || status == 302 || status == 303 || status == 307 ||
	      status == 308))
		return false;
	s->redirects++;
	buf_init(&b, 1 << 16);
	request_redirect(resource(s), to, &b);
	s->path = arena_copy(m->arena, buf_str(&b));
	buf_release(&b);
	if (status < 304 && !str_eq(s->method, STR("HEAD")))
		s->method = STR("GET");
	return true;
}

static enum flow send_again(const struct request_node *r, struct requesting *s)
{
	struct message *m = &s->x->message;
	struct headers headers;
	struct fault why = { 0 };

	moment_restore(&s->before, m);
	if (!request_headers(r, m, &headers, &why))
		return fail(s, &why);
	m->headers = headers;
	m->content = (struct content){ .kind = CONTENT_UNKNOWN };
	if (!request_sends_body(r, s->method, true) || !s->before.bytes.at)
		body_release(&m->body);
	request_tell(s, true);
	s->stage = CALLING;
	exchange_push(s->x, r->elsewhere);
	return FLOW_CHILD;
}

static bool is_accepted(const struct request_node *r, struct message *m, unsigned status,
			bool *yes, struct fault *why)
{
	const struct accept *a = r->accept;

	if (a && a->when)
		return expr_truth(a->when, m, yes, why);
	if (a && a->refused.len)
		*yes = !request_is_among(a->refused, status);
	else
		*yes = request_is_among(
			a && a->statuses.len ? a->statuses : STR("0..399"), status);
	return true;
}

static enum flow refuse(const struct request_node *r, struct requesting *s,
			unsigned status)
{
	struct message *m = &s->x->message;
	struct arena *a = &s->x->arena;
	struct fault why = { 0 };
	struct json *message = message_as_json(m, a, &why),
		    *data = json_new(a, JSON_OBJECT);
	struct str sent = headers_get(&s->before.headers, STR("Content-Type"));
	const char *type = request_type_of(status, r->accept && r->accept->when);

	if (message)
		json_set(data, STR("message"), message);
	s->x->fault.code = 0;
	s->x->fault.kind = "status";
	return failed(r, s, type, request_said(status, type, sent, a), data);
}

/* The reply is of another type than its header says. */
static void take_as(const struct request_node *r, struct message *m)
{
	headers_set(&m->headers, STR("Content-Type"), r->output_type);
	message_set_media_type(m, r->output_type);
	m->content = (struct content){ .kind = CONTENT_UNKNOWN };
}

static enum flow take(const struct request_node *r, struct requesting *s)
{
	struct message *m = &s->x->message;
	struct fault why = { 0 };
	const unsigned status = status_of(m);
	bool yes;

	if (redirects(r, s, status))
		return send_again(r, s);
	if (!is_accepted(r, m, status, &yes, &why))
		return fail(s, &why);
	if (!yes)
		return refuse(r, s, status);
	m->after_call = true;
	message_attributes(m);
	if (r->output_type.len)
		take_as(r, m);
	m->error_payload = m->error;
	return FLOW_DONE;
}

/* The head is there; the reply is the message once its body is, too. */
static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct request_node *r = (const struct request_node *)n;
	struct requesting *s = state;

	if (s->expired)
		return failed(r, s, "HTTP:TIMEOUT", "Timeout exceeded.", NULL);
	if (x->message.body.state == BODY_BROKEN)
		return failed(r, s, "HTTP:CONNECTIVITY", "Remotely closed.", NULL);
	if (x->message.body.state != BODY_ARRIVING) {
		timer_clear(&x->engine->timers, &s->timer);
		return take(r, s);
	}
	if (s->stage == CALLING) {
		s->stage = COLLECTING;
		timer_init(&s->timer, expire, s);
		timer_set(&x->engine->timers, &s->timer, s->due);
		body_collect(&x->message.body, wake, s);
	}
	return FLOW_WAIT;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct requesting *s = state;

	(void)n;
	if (!s->x || s->stage != COLLECTING)
		return;
	timer_clear(&x->engine->timers, &s->timer);
	if (x->message.body.state == BODY_ARRIVING)
		body_collect(&x->message.body, NULL, NULL);
}

const struct node_type request_mediator = {
	.name = "m:request",
	.brief = "A call that starts from nothing, and leaves no trace when it fails.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.frame_size = sizeof(struct requesting),
	.run = begin,
	.resume = go_on,
	.rescue = rescue,
	.leave = leave,
};
