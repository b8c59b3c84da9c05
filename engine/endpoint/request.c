/* What a leaf sends: method, URL, headers, body, and until when (endpoints.md §6,
 * §10-12). */
#include "base/base64.h"
#include "endpoint/attempt.h"
#include "endpoint/uri.h"

static const char definition_logger[] = "org.apache.synapse.endpoints.EndpointDefinition";

/* What somebody set himself, not what the message knows. */
static struct value explicit(const struct message *m, enum scope scope, const char *name)
{
	return properties_get(&m->properties[scope], str_of(name), NULL);
}

static bool is_set(struct message *m, const char *name)
{
	const struct value v = explicit(m, SCOPE_AXIS2, name);

	if (v.kind == VALUE_BOOL)
		return v.truth;
	return v.kind == VALUE_STR && str_eq_nocase(v.text, STR("true"));
}

static bool has_axis2(const struct message *m)
{
	return m->properties[SCOPE_AXIS2].count > 0;
}

static bool asks_other_type(const struct message *m)
{
	const struct value v = explicit(m, SCOPE_AXIS2, "messageType");
	const struct str now = headers_get(&m->headers, STR("Content-Type"));
	const struct str media = str_trim(str_first(now, str_find(now, ';')));

	return v.kind == VALUE_STR && !str_eq_nocase(v.text, media);
}

bool request_needs_whole(struct exchange *x)
{
	struct message *m = &x->message;

	if (m->body.state != BODY_ARRIVING)
		return false;
	return has_axis2(m) &&
	       (asks_other_type(m) || is_set(m, "DISABLE_CHUNKING") ||
		is_set(m, "FORCE_HTTP_1.0") || is_set(m, "FORCE_HTTP_CONTENT_LENGTH"));
}

static bool find_property(const void *ctx, struct str name, struct str *value)
{
	const struct message *m = ctx;
	const struct value v = properties_get(&m->properties[SCOPE_DEFAULT], name, NULL);

	if (v.kind == VALUE_NULL)
		return false;
	*value = value_text(v, m->arena);
	return true;
}

static bool has_variables(const struct message *m)
{
	const struct properties *p = &m->properties[SCOPE_DEFAULT];

	for (unsigned i = 0; i < p->count; i++)
		if (!p->at[i].removed && (str_starts(p->at[i].name, STR("uri.var.")) ||
					  str_starts(p->at[i].name, STR("query.param."))))
			return true;
	return false;
}

static bool find_variable(const void *ctx, struct str name, struct str *value)
{
	return (str_starts(name, STR("uri.var.")) ||
		str_starts(name, STR("query.param."))) &&
	       find_property(ctx, name, value);
}

static struct str expand_template(const struct leaf *leaf, struct message *m)
{
	const struct uri_variables variables = { find_variable, m };

	if (!has_variables(m))
		return leaf->target;
	return leaf->legacy ? uri_expand_legacy(leaf->target, &variables, m->arena)
			    : uri_expand(leaf->target, &variables, m->arena);
}

static struct str to_address(struct message *m)
{
	const struct value v = message_property(m, SCOPE_DEFAULT, STR("To"));

	return v.kind == VALUE_NULL ? (struct str){ "", 0 } : value_text(v, m->arena);
}

static struct str address_of(const struct leaf *leaf, struct message *m)
{
	const struct uri_variables properties = { find_property, m };

	if (leaf->base.kind == KIND_ADDRESS)
		return uri_fill(leaf->target, &properties, m->arena);
	return leaf->has_template ? expand_template(leaf, m) : to_address(m);
}

/* Does the rest of the incoming path follow the address (§10.4)? */
static bool takes_rest(const struct leaf *leaf, const struct message *m)
{
	if (leaf->base.kind == KIND_HTTP && leaf->method.len)
		return false;
	if (leaf->format == FORMAT_REST)
		return true;
	return leaf->format != FORMAT_SOAP11 && leaf->format != FORMAT_SOAP12 &&
	       m->incoming->rest;
}

static bool make_url(struct sending *s, struct message *m, struct fault *why)
{
	const struct leaf *leaf = s->leaf;
	const struct str address = address_of(leaf, m);
	struct str url = address;

	message_set_property(m, SCOPE_DEFAULT, STR("ENDPOINT_PREFIX"),
			     value_str(address));
	if (takes_rest(leaf, m)) {
		const struct value rest = message_property(m, SCOPE_AXIS2,
							   STR("REST_URL_POSTFIX"));

		if (rest.kind != VALUE_NULL)
			url = uri_join(address, value_text(rest, m->arena),
				       leaf->base.kind != KIND_DEFAULT, m->arena);
	}
	if (uri_for_wire(url, m->arena, &s->request.url))
		return true;
	s->request.url = url;
	why->detail = arena_printf(m->arena, "'" STR_FMT "' is no http or https address",
				   STR_ARG(url));
	return false;
}

/* After a call the incoming method is gone, and POST is what is left. */
static struct str method_of(const struct leaf *leaf, struct message *m)
{
	struct value v;

	if (leaf->method.len) {
		message_set_property(m, SCOPE_DEFAULT, STR("HTTP_METHOD"),
				     value_str(leaf->method));
		return leaf->method;
	}
	if (leaf->format == FORMAT_GET)
		return STR("GET");
	if (leaf->format == FORMAT_SOAP11 || leaf->format == FORMAT_SOAP12)
		return STR("POST");
	v = message_property(m, SCOPE_AXIS2, STR("HTTP_METHOD"));
	return v.kind == VALUE_NULL ? STR("POST") : value_text(v, m->arena);
}

/* Headers of this attempt only; the message keeps its own. */
static struct headers *own_headers(struct sending *s, const struct message *m)
{
	if (s->request.headers != &s->headers) {
		headers_copy(&s->headers, s->request.headers, m->arena);
		s->request.headers = &s->headers;
	}
	return &s->headers;
}

static bool add_basic(struct sending *s, struct message *m, struct fault *why)
{
	const struct basic_auth *auth = s->leaf->authentication->basic;
	struct str user, password, pair;

	if (!expr_text(auth->user, m, &user, NULL, why) ||
	    !expr_text(auth->password, m, &password, NULL, why))
		return false;
	pair = str_of(arena_printf(m->arena, STR_FMT ":" STR_FMT, STR_ARG(user),
				   STR_ARG(password)));
	pair = str_of(arena_printf(m->arena, "Basic " STR_FMT,
				   STR_ARG(base64_encode(pair, m->arena))));
	headers_set(own_headers(s, m), STR("Authorization"), pair);
	return true;
}

static void add_charset(const struct leaf *leaf, struct message *copy)
{
	const struct str type = headers_get(&copy->headers, STR("Content-Type"));
	const struct str media = str_trim(str_first(type, str_find(type, ';')));

	if (leaf->encoding.len && media.len)
		headers_set(
			&copy->headers, STR("Content-Type"),
			str_of(arena_printf(copy->arena, STR_FMT "; charset=" STR_FMT,
					    STR_ARG(media), STR_ARG(leaf->encoding))));
}

/* format="get": the payload's elements as a query (§11.1). */
static void put_into_query(struct sending *s, struct message *copy)
{
	struct fault why = { 0 };
	struct xml_tree *tree = content_xml(copy, &why);
	struct xml_node *payload = tree ? xml_payload(tree) : NULL;
	struct buf b;

	s->request.body = NULL;
	headers_remove(&copy->headers, STR("Content-Type"));
	if (!payload || !xml_first_child(payload))
		return;
	buf_init(&b, 1 << 16);
	buf_add(&b, s->request.url);
	for (struct xml_node *n = xml_first_child(payload); n; n = xml_next(n)) {
		const struct str so_far = buf_str(&b);

		buf_add_char(&b, str_find(so_far, '?') < so_far.len ? '&' : '?');
		buf_add(&b, xml_name(n));
		buf_add_char(&b, '=');
		uri_encode(xml_own_text(n, copy->arena), &b);
	}
	s->request.url = arena_copy(copy->arena, buf_str(&b));
	buf_release(&b);
}

static bool become_xml(struct message *copy, enum soap_version version,
		       const char *media_type, struct fault *why)
{
	struct xml_tree *tree = content_edit_xml(copy, why);

	if (!tree)
		return false;
	if (version != SOAP_NONE)
		xml_set_soap_version(tree, version);
	content_set_type(copy, str_of(media_type));
	return true;
}

/* What the header mediator set as Action; else what is there; else none. */
static void set_action(struct message *m)
{
	const struct value action = explicit(m, SCOPE_DEFAULT, "Action");

	if (action.kind != VALUE_NULL)
		headers_set(&m->headers, STR("SOAPAction"),
			    str_of(arena_printf(m->arena, "\"" STR_FMT "\"",
						STR_ARG(value_text(action, m->arena)))));
	else if (!headers_find(&m->headers, STR("SOAPAction")))
		headers_set(&m->headers, STR("SOAPAction"), STR("\"\""));
}

/* The message in the form that is asked for, as a copy (F9: the next one may not be). */
static bool change_format(struct sending *s, struct message *m, struct fault *why)
{
	struct message *copy = arena_new(m->arena, struct message);
	const enum format format = s->leaf->format;
	bool fine = true;

	message_clone(copy, m, m->arena);
	s->copy = copy;
	s->request.headers = &copy->headers;
	s->request.body = &copy->body;
	if (format == FORMAT_GET) {
		put_into_query(s, copy);
		return true;
	}
	if (format == FORMAT_POX)
		fine = become_xml(copy, SOAP_NONE, "application/xml", why);
	else if (format == FORMAT_SOAP11)
		fine = become_xml(copy, SOAP_11, "text/xml", why);
	else if (format == FORMAT_SOAP12)
		fine = become_xml(copy, SOAP_12, "application/soap+xml", why);
	if (!fine || !content_serialize(copy, why))
		return false;
	if (format == FORMAT_SOAP11)
		set_action(copy);
	add_charset(s->leaf, copy);
	return true;
}

/* Axis2 properties that change how it is sent (mediation.md §1.3). */
static void obey_properties(struct sending *s, struct message *m)
{
	struct value host;

	if (!has_axis2(m))
		return;
	host = explicit(m, SCOPE_AXIS2, "REQUEST_HOST_HEADER");
	if (host.kind != VALUE_NULL)
		s->request.host = value_text(host, m->arena);
	s->request.close = is_set(m, "NO_KEEPALIVE");
	s->request.http_1_0 = is_set(m, "FORCE_HTTP_1.0");
	s->request.chunked_never = s->request.http_1_0 || is_set(m, "DISABLE_CHUNKING") ||
				   is_set(m, "FORCE_HTTP_CONTENT_LENGTH");
	if (is_set(m, "FORCE_POST_PUT_NOBODY") ||
	    (is_set(m, "NO_ENTITY_BODY") && m->content.kind != CONTENT_XML))
		s->request.body = NULL;
}

/*
 * A small body is kept even if it is sent only once: who handles a failure may want to
 * read it, or send it elsewhere. What is large, or nobody knows how large, streams.
 */
static void keep_small(struct body *b)
{
	enum { SMALL = 16 * 1024 };
	const int64_t size = b->state == BODY_WHOLE ? (int64_t)b->received : b->length;

	if (!b->keep && size >= 0 && size <= SMALL)
		body_keep(b, NULL);
}

bool request_make(struct sending *s, struct fault *why)
{
	struct message *m = &s->x->message;
	const struct endpoint_settings *settings = s->leaf->base.settings;

	why->text = "Unexpected error during sending message out";
	why->kind = "bad_url";
	s->request = (struct request){
		.headers = &m->headers,
		.body = &m->body,
		.arena = m->arena,
		.connect_ms = settings->connect_timeout,
		.idle_ms = settings->socket_timeout,
		.tls = s->leaf->trust,
	};
	keep_small(&m->body);
	if (m->body.taken && !body_rewind(&m->body)) {
		log_line(LOG_WARN, definition_logger,
			 "the body of the message was passed on before and is gone");
		body_release(&m->body);
	}
	s->request.method = method_of(s->leaf, m);
	if (!make_url(s, m, why))
		return false;
	why->kind = "bad_message";
	if (s->leaf->format > FORMAT_ASIS && s->leaf->format < FORMAT_REST) {
		if (!change_format(s, m, why))
			return false;
	} else if (!content_serialize(m, why)) {
		return false;
	}
	obey_properties(s, m);
	return !s->leaf->authentication || add_basic(s, m, why);
}

static void log_no_duration(const struct sending *s)
{
	const struct endpoint *e = &s->leaf->base;
	const char *in = e->name.len ? arena_printf(&s->x->arena,
						    " in endpoint: '" STR_FMT "'",
						    STR_ARG(e->name))
				     : " defined in an anonymous endpoint";

	log_line(LOG_WARN, definition_logger,
		 "Error while evaluating dynamic endpoint timeout expression: " STR_FMT
		 "%s. Using the Synapse global timeout: %llu as the effective timeout.",
		 STR_ARG(s->leaf->timeout->duration), in,
		 (unsigned long long)e->settings->global_timeout);
}

/* The rules of §6.1; negative counts as 0. */
static void set_duration(struct sending *s)
{
	const struct timeout_rule *rule = s->leaf->timeout;
	const uint64_t global = s->leaf->base.settings->global_timeout;
	struct fault why = { 0 };
	struct str text;
	int64_t d;

	s->duration = global;
	s->is_global = !rule || !rule->given;
	if (s->is_global)
		return;
	if (!rule->dynamic) {
		s->duration = rule->fixed > 0 ? (uint64_t)rule->fixed : 0;
		return;
	}
	if (!expr_text(rule->dynamic, &s->x->message, &text, NULL, &why) ||
	    !str_to_int(str_trim(text), &d)) {
		log_no_duration(s);
		return;
	}
	s->duration = d <= 0 ? 0 : (uint64_t)d < global ? (uint64_t)d : global;
}

/* Up to the next tick, if there is one (F3). */
static uint64_t round_to_tick(uint64_t due, const struct endpoint_settings *settings)
{
	uint64_t tick = settings->timeout_handler_interval;

	if (!tick && settings->compat == COMPAT_ORIGINAL)
		tick = 15000;
	return tick ? (due + tick - 1) / tick * tick : due;
}

uint64_t deadline_of(struct sending *s)
{
	const uint64_t now = s->x->engine->timers.now;
	const uint64_t group = group_deadline(s->x);
	uint64_t due;

	set_duration(s);
	due = s->duration > UINT64_MAX - now ? UINT64_MAX : now + s->duration;
	if (due < UINT64_MAX - 60000)
		due = round_to_tick(due, s->leaf->base.settings);
	return group && group < due ? group : due;
}
