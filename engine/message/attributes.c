#include "message/attributes.h"

#include "base/url.h"
#include "message/value.h"

static void set_text(struct json *o, struct arena *a, const char *name, struct str text)
{
	json_set(o, str_of(name), json_string(a, text.at ? text : STR("")));
}

static struct str lower(struct str s, struct arena *a)
{
	char *text = arena_alloc_dirty(a, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		text[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] - 'A' + 'a')
							   : s.at[i];
	return (struct str){ text, s.len };
}

static struct json *headers_object(struct message *m)
{
	struct json *o = json_new(m->arena, JSON_OBJECT);

	for (unsigned i = 0; i < m->headers.count; i++) {
		struct json *value = json_string(m->arena, m->headers.at[i].value);

		value->key = lower(m->headers.at[i].name, m->arena);
		json_append(o, value); /* a field may stand twice */
	}
	return o;
}

static struct json *query_object(struct str query, struct arena *a)
{
	struct json *o = json_new(a, JSON_OBJECT);
	struct str part;

	while (query.len && str_cut(&query, '&', &part)) {
		const size_t equals = str_find(part, '=');
		struct json *value;

		if (!part.len)
			continue;
		value = json_string(a, url_decode_form(str_from(part, equals + 1), a));
		value->key = url_decode_form(str_first(part, equals), a);
		json_append(o, value);
	}
	return o;
}

static struct json *path_variables(struct message *m)
{
	const struct properties *p = &m->properties[SCOPE_DEFAULT];
	struct json *o = json_new(m->arena, JSON_OBJECT);

	for (unsigned i = 0; i < p->count; i++) {
		if (p->at[i].removed || !str_starts(p->at[i].name, STR("uri.var.")))
			continue;
		json_set(o, str_from(p->at[i].name, 8),
			 json_string(m->arena, value_text(p->at[i].value, m->arena)));
	}
	return o;
}

/* What a star at the end of the pattern stands for; empty: it has none. */
static struct str masked(struct str pattern, struct str path)
{
	size_t at = 0;

	if (!str_ends(pattern, STR("/*")))
		return STR("");
	for (size_t i = 1; i + 1 < pattern.len; i++)
		if (pattern.at[i] == '/') /* one segment more */
			at += 1 + str_find(str_from(path, at + 1), '/');
	return str_from(path, at < path.len ? at : path.len);
}

static struct json *request_facts(struct message *m)
{
	const struct incoming *in = m->incoming;
	const struct str raw = str_first(in->target, str_find(in->target, '?'));
	const struct str query = str_from(in->target, raw.len + 1);
	struct arena *a = m->arena;
	struct json *o = json_new(a, JSON_OBJECT);

	set_text(o, a, "method", in->method);
	set_text(o, a, "scheme", in->transport);
	set_text(o, a, "version", STR("HTTP/1.1"));
	set_text(o, a, "listenerPath", in->pattern);
	set_text(o, a, "requestPath", url_decode(raw, a));
	set_text(o, a, "rawRequestPath", raw);
	set_text(o, a, "relativePath", url_decode(raw, a));
	if (masked(in->pattern, raw).len)
		set_text(o, a, "maskedRequestPath",
			 url_decode(masked(in->pattern, raw), a));
	set_text(o, a, "requestUri", url_decode(in->target, a));
	set_text(o, a, "rawRequestUri", in->target);
	set_text(o, a, "queryString", query);
	set_text(o, a, "remoteAddress", in->remote);
	set_text(o, a, "localAddress", in->host);
	json_set(o, STR("queryParams"), query_object(query, a));
	json_set(o, STR("uriParams"), path_variables(m));
	json_set(o, STR("headers"), headers_object(m));
	return o;
}

static struct json *reply_facts(struct message *m)
{
	const struct properties *p = &m->properties[SCOPE_AXIS2];
	struct json *o = json_new(m->arena, JSON_OBJECT);
	const struct value status = properties_get(p, STR("HTTP_SC"), NULL);
	const struct value reason = properties_get(p, STR("HTTP_DESC"), NULL);
	int64_t code;

	if (str_to_int(value_text(status, m->arena), &code))
		json_set(o, STR("statusCode"), json_int(m->arena, code));
	if (reason.kind != VALUE_NULL)
		set_text(o, m->arena, "reasonPhrase", value_text(reason, m->arena));
	json_set(o, STR("headers"), headers_object(m));
	return o;
}

const struct json *message_attributes(struct message *m)
{
	if (!m->attributes)
		m->attributes = m->after_call ? reply_facts(m) : request_facts(m);
	return m->attributes;
}

struct str message_media_type(const struct message *m)
{
	const struct value v = properties_get(&m->properties[SCOPE_AXIS2],
					      STR("ContentType"), NULL);

	if (v.kind == VALUE_STR)
		return v.text;
	return headers_get(&m->headers, STR("Content-Type"));
}

void message_set_media_type(struct message *m, struct str media_type)
{
	struct properties *axis2 = &m->properties[SCOPE_AXIS2];

	message_attributes(m);
	properties_set(axis2, m->arena, STR("ContentType"), value_str(media_type));
	if (media_type.len)
		properties_set(axis2, m->arena, STR("messageType"),
			       value_str(media_type));
	else
		properties_remove(axis2, m->arena, STR("messageType"));
}
