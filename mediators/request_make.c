/* What m:request sends, made of expressions: target, headers, body, and until when. */
#include "request_priv.h"
#include "request_text.h"

static bool text_of(const struct expr *e, struct message *m, struct str *text,
		    struct fault *why)
{
	*text = STR("");
	return !e || expr_text(e, m, text, NULL, why);
}

static bool object_of(const struct expr *e, struct message *m, const struct json **o,
		      struct fault *why)
{
	struct value v = VALUE_NONE;

	*o = NULL;
	if (e && !expr_eval(e, m, &v, why))
		return false;
	if (v.kind == VALUE_JSON && v.json->kind == JSON_OBJECT)
		*o = v.json;
	return true;
}

static struct str member_text(const struct json *j, struct arena *a)
{
	return value_text((struct value){ .kind = VALUE_JSON, .json = j }, a);
}

/* {name} by what the object has for it. False: it has nothing. */
static bool fill_path(struct str *path, const struct json *parameters, struct message *m,
		      struct fault *why)
{
	struct str rest = *path;
	struct buf b;
	bool fine = true;

	if (!parameters)
		return true;
	buf_init(&b, 1 << 16);
	while (rest.len && fine) {
		size_t open = str_find(rest, '{'), close = str_find(rest, '}');
		const struct json *value;

		buf_add(&b, str_first(rest, open));
		if (open >= close || close == rest.len) {
			buf_add(&b, str_from(rest, open));
			break;
		}
		value = json_get(parameters,
				 str_first(str_from(rest, open + 1), close - open - 1));
		fine = value && value->kind != JSON_NULL;
		if (fine)
			request_in_path(member_text(value, m->arena), &b);
		rest = str_from(rest, close + 1);
	}
	if (!fine)
		why->text = "a parameter of the path is null";
	*path = arena_copy(m->arena, buf_str(&b));
	buf_release(&b);
	return fine;
}

static void add_query(struct buf *b, struct str name, struct str value)
{
	buf_add_char(b, str_find(buf_str(b), '?') < b->len ? '&' : '?');
	request_encode(name, b);
	buf_add_char(b, '=');
	request_encode(value, b);
}

static bool add_queries(const struct request_node *r, struct message *m, struct buf *b,
			struct fault *why)
{
	const struct json *query;

	if (!object_of(r->query, m, &query, why))
		return false;
	for (unsigned i = 0; i < r->queries.count; i++) {
		const struct default_header *d = r->queries.at[i];
		struct str value;

		if (query && json_get(query, d->name))
			continue;
		if (!text_of(d->value, m, &value, why))
			return false;
		add_query(b, d->name, value);
	}
	for (const struct json *q = query ? query->first : NULL; q; q = q->next) {
		const struct json *one = q->kind == JSON_ARRAY ? q->first : q;

		for (; one; one = q->kind == JSON_ARRAY ? one->next : NULL)
			if (one->kind != JSON_NULL)
				add_query(b, q->key, member_text(one, m->arena));
	}
	return true;
}

/* Path and query; or all of the URL. */
static bool make_target(const struct request_node *r, struct requesting *s,
			struct fault *why)
{
	struct message *m = &s->x->message;
	const struct json *parameters;
	struct str path;
	struct buf b;
	bool fine;

	if (!text_of(r->url ? r->url : r->path, m, &path, why) ||
	    !object_of(r->parameters, m, &parameters, why) ||
	    !fill_path(&path, parameters, m, why))
		return false;
	buf_init(&b, 1 << 16);
	if (!r->url)
		request_join(r->base, path, &b);
	else
		buf_add(&b, path);
	s->path = arena_copy(m->arena, buf_str(&b));
	buf_clear(&b);
	request_clean(s->path, &b);
	fine = add_queries(r, m, &b, why);
	s->path = arena_copy(m->arena, buf_str(&b));
	buf_release(&b);
	return fine;
}

bool request_sends_body(const struct request_node *r, struct str method, bool has_one)
{
	if (r->mode != 0)
		return r->mode == 1;
	if (str_eq(method, STR("DELETE")))
		return has_one;
	return !str_eq(method, STR("GET")) && !str_eq(method, STR("HEAD")) &&
	       !str_eq(method, STR("OPTIONS"));
}

static void add_header(struct headers *h, struct str name, struct str value)
{
	if (header_name_is_valid(name) && header_value_is_valid(value))
		headers_add(h, name, value);
}

bool request_headers(const struct request_node *r, struct message *m, struct headers *h,
		     struct fault *why)
{
	const struct json *own;

	headers_init(h, m->arena);
	if (!object_of(r->headers, m, &own, why))
		return false;
	for (unsigned i = 0; i < r->defaults.count; i++) {
		const struct default_header *d = r->defaults.at[i];
		struct str value;

		if (own && json_get(own, d->name))
			continue;
		if (!text_of(d->value, m, &value, why))
			return false;
		add_header(h, d->name, value);
	}
	for (const struct json *o = own ? own->first : NULL; o; o = o->next)
		if (o->kind != JSON_NULL)
			add_header(h, o->key, member_text(o, m->arena));
	if (!headers_find(h, STR("X-Correlation-ID")) && m->incoming->correlation.len)
		add_header(h, STR("X-Correlation-ID"), m->incoming->correlation);
	return true;
}

/* The body as bytes, and what they are. */
static bool make_body(const struct request_node *r, struct requesting *s,
		      struct str *bytes, struct str *type, struct fault *why)
{
	struct message *m = &s->x->message;
	struct str media = r->body_type;
	struct value v;
	bool fine;

	if (r->body) {
		if (!expr_eval(r->body, m, &v, why))
			return false;
		if (!media.len)
			media = r->body->media_type;
		if (!payload_become(m, v, media, why))
			return false;
	}
	*bytes = STR("");
	*type = message_media_type(m);
	if (payload_is_body(m)) { /* it goes as it is */
		if (!request_sends_body(r, s->method, true))
			body_release(&m->body);
		return true;
	}
	body_release(&m->body);
	fine = payload_on_wire(m, bytes, type, why);
	if (!fine)
		why->code_text = "HTTP:TRANSFORMATION";
	if (!request_sends_body(r, s->method, bytes->len > 0))
		*bytes = STR("");
	return fine;
}

static bool take_timeout(const struct request_node *r, struct requesting *s,
			 struct fault *why)
{
	struct message *m = &s->x->message;
	struct str text;
	int64_t ms;

	if (!text_of(r->timeout, m, &text, why))
		return false;
	if (!str_to_int(str_trim(text), &ms) || ms <= 0 || ms > MOST_TIMEOUT)
		ms = MOST_TIMEOUT;
	s->due = s->x->engine->timers.now + (uint64_t)ms;
	return true;
}

/* What the endpoint will read: how long, which method, and where below its address. */
void request_tell(struct requesting *s, bool direct)
{
	struct message *m = &s->x->message;
	const uint64_t now = s->x->engine->timers.now;

	properties_clear(&m->properties[SCOPE_AXIS2]);
	message_set_property(m, SCOPE_AXIS2, STR("HTTP_METHOD"), value_str(s->method));
	message_set_property(m, SCOPE_DEFAULT, STR("request.timeout"),
			     value_int(s->due > now ? (int64_t)(s->due - now) : 1));
	s->direct = direct;
	if (direct) {
		m->to = s->path;
		message_remove_property(m, SCOPE_AXIS2, STR("REST_URL_POSTFIX"));
	} else {
		message_set_property(m, SCOPE_AXIS2, STR("REST_URL_POSTFIX"),
				     value_str(s->path));
	}
}

bool request_build(const struct request_node *r, struct requesting *s, struct fault *why)
{
	struct message *m = &s->x->message;
	struct str bytes, type;
	struct headers headers;

	why->code_text = "MULE:EXPRESSION";
	if (!text_of(r->method, m, &s->method, why) || !make_target(r, s, why) ||
	    !take_timeout(r, s, why) || !request_headers(r, m, &headers, why) ||
	    !make_body(r, s, &bytes, &type, why))
		return false;
	if (bytes.len)
		body_set(&m->body, bytes);
	if (m->body.state != BODY_EMPTY && type.len &&
	    !headers_find(&headers, STR("Content-Type")))
		add_header(&headers, STR("Content-Type"), type);
	m->headers = headers;
	m->content = (struct content){ .kind = CONTENT_UNKNOWN };
	why->code_text = NULL;
	return true;
}
