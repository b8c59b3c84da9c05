#include "daemon/reply.h"

struct reply_state {
	struct http_response response;
	struct headers headers;
	struct body body;
};

static void finished(struct http_call *c, bool sent)
{
	struct reply_state *r = c->owner;

	(void)sent;
	body_release(&r->body);
}

static struct reply_state *reply_new(struct http_call *c, unsigned status)
{
	struct reply_state *r = arena_new(&c->arena, struct reply_state);

	headers_init(&r->headers, &c->arena);
	body_init(&r->body, &c->arena);
	r->response = (struct http_response){ .status = status,
					      .headers = &r->headers,
					      .body = &r->body };
	c->owner = r;
	c->gone = NULL;
	return r;
}

void reply_text(struct http_call *c, unsigned status, const char *type, struct str text)
{
	struct reply_state *r = reply_new(c, status);

	if (type) {
		headers_add(&r->headers, STR("Content-Type"), str_of(type));
		body_set(&r->body, arena_copy(&c->arena, text));
	}
	http_answer(c, &r->response, finished);
}

void reply_json(struct http_call *c, unsigned status, const struct json *j)
{
	reply_text(c, status, "application/json; charset=UTF-8", json_text(j, &c->arena));
}

void reply_field(struct http_call *c, unsigned status, struct str name, struct str value)
{
	struct reply_state *r = reply_new(c, status);

	headers_add(&r->headers, name, value);
	http_answer(c, &r->response, finished);
}

void reply_json_with(struct http_call *c, unsigned status, const struct json *j,
		     const struct reply_field *fields, size_t count)
{
	struct reply_state *r = reply_new(c, status);

	for (size_t i = 0; i < count; i++)
		if (fields[i].value.len)
			headers_add(&r->headers, str_of(fields[i].name), fields[i].value);
	if (j) {
		headers_add(&r->headers, STR("Content-Type"),
			    STR("application/json; charset=UTF-8"));
		body_set(&r->body, json_text(j, &c->arena));
	}
	http_answer(c, &r->response, finished);
}

struct str call_path(const struct http_call *c)
{
	return str_first(c->target, str_find(c->target, '?'));
}

static struct str decode(struct arena *a, struct str text)
{
	char *to = arena_alloc_dirty(a, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		const bool escaped = text.at[i] == '%' && i + 2 < text.len &&
				     hex_digit(text.at[i + 1]) >= 0 &&
				     hex_digit(text.at[i + 2]) >= 0;

		if (escaped) {
			to[len++] = (char)(hex_digit(text.at[i + 1]) << 4 |
					   hex_digit(text.at[i + 2]));
			i += 2;
		} else {
			to[len++] = text.at[i] == '+' ? ' ' : text.at[i];
		}
	}
	to[len] = '\0';
	return (struct str){ to, len };
}

struct str call_parameter(struct http_call *c, struct str name)
{
	struct str query = str_from(c->target, str_find(c->target, '?') + 1), part, key;

	while (str_cut(&query, '&', &part)) {
		str_cut(&part, '=', &key);
		if (str_eq(key, name))
			return decode(&c->arena, part);
	}
	return (struct str){ NULL, 0 };
}
