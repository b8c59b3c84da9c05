#include "message/message_priv.h"

#include "base/crypto.h"
#include "base/date.h"
#include "base/url.h"
#include "message/content.h"

/* Something a message knows: its name, and how it is found out. */
struct fact {
	struct str name;
	struct value (*find)(struct message *m);
};

#define FACT(name, find)                         \
	{                                        \
		{ name, sizeof(name) - 1 }, find \
	}

static struct value text(struct str s)
{
	return s.at ? value_str(s) : VALUE_NONE;
}

static struct value method(struct message *m)
{
	return text(m->incoming->method);
}

static struct value target(struct message *m)
{
	return text(m->incoming->target);
}

static struct value sub_path(struct message *m)
{
	return text(m->incoming->sub_path);
}

static struct value transport(struct message *m)
{
	return text(m->incoming->transport);
}

static struct value correlation(struct message *m)
{
	return text(m->incoming->correlation);
}

static struct value context(struct message *m)
{
	return text(m->incoming->context);
}

static struct value pattern(struct message *m)
{
	return text(m->incoming->pattern);
}

static struct value api(struct message *m)
{
	return text(m->incoming->api);
}

static struct value version(struct message *m)
{
	return m->incoming->api.at ? value_str(m->incoming->api_version) : VALUE_NONE;
}

static struct value version_type(struct message *m)
{
	return m->incoming->api.at ? value_str(m->incoming->api_version_type)
				   : VALUE_NONE;
}

static struct value artifact(struct message *m)
{
	const struct incoming *in = m->incoming;

	return in->api.at ? value_str(str_of(arena_printf(m->arena, "api" STR_FMT,
							  STR_ARG(in->api))))
			  : VALUE_NONE;
}

static struct value url_prefix(struct message *m)
{
	const struct incoming *in = m->incoming;

	if (!in->host.at)
		return VALUE_NONE;
	return value_str(str_of(arena_printf(m->arena, STR_FMT "://" STR_FMT,
					     STR_ARG(in->transport), STR_ARG(in->host))));
}

static struct value is_rest(struct message *m)
{
	return m->incoming->method.at ? value_bool(m->incoming->rest) : VALUE_NONE;
}

static struct value postfix(struct message *m)
{
	return text(m->incoming->postfix);
}

static struct value remote(struct message *m)
{
	return text(m->incoming->remote);
}

static struct value service_prefix(struct message *m)
{
	const struct value prefix = url_prefix(m);

	if (prefix.kind == VALUE_NULL)
		return prefix;
	return value_str(
		str_of(arena_printf(m->arena, STR_FMT "/", STR_ARG(prefix.text))));
}

static struct value content_type(struct message *m)
{
	return text(headers_get(&m->headers, STR("Content-Type")));
}

static struct value message_type(struct message *m)
{
	const struct str field = headers_get(&m->headers, STR("Content-Type"));

	return field.at ? value_str(media_type_of(field, m->arena)) : VALUE_NONE;
}

static struct value charset(struct message *m)
{
	const struct str field = headers_get(&m->headers, STR("Content-Type"));

	return field.at ? value_str(charset_of(field)) : VALUE_NONE;
}

static struct value no_entity_body(struct message *m)
{
	const bool none = m->body.state == BODY_EMPTY &&
			  (m->content.kind == CONTENT_UNKNOWN ||
			   m->content.kind == CONTENT_NONE);

	return none ? value_bool(true) : VALUE_NONE;
}

/* Of the request; a call does not change them. */
static const struct fact rest_facts[] = {
	FACT("REST_METHOD", method),
	FACT("REST_FULL_REQUEST_PATH", target),
	FACT("REST_SUB_REQUEST_PATH", sub_path),
	FACT("REST_URL_PREFIX", url_prefix),
	FACT("REST_API_CONTEXT", context),
	FACT("RESOURCE_PATH", sub_path),
	FACT("SYNAPSE_REST_API", api),
	FACT("SYNAPSE_REST_API_VERSION", version),
	FACT("SYNAPSE_REST_API_VERSION_STRATEGY", version_type),
	FACT("ARTIFACT_NAME", artifact),
	FACT("TRANSPORT_IN_NAME", transport),
	FACT("IS_CLIENT_DOING_REST", is_rest),
	FACT("rest.url.pattern", pattern),
	FACT("correlation_id", correlation),
	{ { NULL, 0 }, NULL },
};

/* Of headers and body that stand in the message now. */
static const struct fact content_facts[] = {
	FACT("messageType", message_type),       FACT("ContentType", content_type),
	FACT("CHARACTER_SET_ENCODING", charset), FACT("NO_ENTITY_BODY", no_entity_body),
	FACT("CORRELATION_ID", correlation),     { { NULL, 0 }, NULL },
};

/* Of the request's axis2 context, which a call replaces. */
static const struct fact request_facts[] = {
	FACT("HTTP_METHOD", method),    FACT("REST_URL_POSTFIX", postfix),
	FACT("TransportInURL", target), FACT("REMOTE_ADDR", remote),
	FACT("REMOTE_HOST", remote),    FACT("SERVICE_PREFIX", service_prefix),
	{ { NULL, 0 }, NULL },
};

static struct value find(const struct fact *facts, struct message *m, struct str name)
{
	for (const struct fact *f = facts; f->find; f++)
		if (str_eq(f->name, name))
			return f->find(m);
	return VALUE_NONE;
}

/* query.param.x: decoded as forms are; of repeated names the last (§2.3). */
static struct value query_param(struct message *m, struct str name)
{
	const struct str path = m->incoming->target;
	struct str rest = str_from(path, str_find(path, '?') + 1);
	struct value found = VALUE_NONE;
	struct str pair, value;

	while (str_cut(&rest, '&', &pair)) {
		const size_t equals = str_find(pair, '=');

		if (equals == pair.len || !str_eq(str_first(pair, equals), name))
			continue;
		value = str_from(pair, equals + 1);
		found = value_str(url_decode_form(value, m->arena));
	}
	return found;
}

struct value message_knows(struct message *m, enum scope scope, struct str name)
{
	static const struct str query = { "query.param.", 12 };
	struct value v = VALUE_NONE;

	if (scope == SCOPE_DEFAULT) {
		if (str_starts(name, query))
			return query_param(m, str_from(name, query.len));
		return find(rest_facts, m, name);
	}
	if (scope == SCOPE_AXIS2) {
		if (!m->after_call)
			v = find(request_facts, m, name);
		if (v.kind == VALUE_NULL)
			v = find(content_facts, m, name);
	}
	return v;
}

static struct value to(struct message *m)
{
	if (m->to.at)
		return value_str(m->to);
	if (m->after_call)
		return value_str(STR("http://www.w3.org/2005/08/addressing/anonymous"));
	return target(m);
}

static struct value message_id(struct message *m)
{
	char fresh[37];
	struct str id = m->incoming->correlation;

	if (m->id.at)
		return value_str(m->id);
	if (m->after_call || !id.len) {
		uuid_make(fresh);
		id = str_of(fresh);
	}
	m->id = str_of(arena_printf(m->arena, "urn:uuid:" STR_FMT, STR_ARG(id)));
	return value_str(m->id);
}

static int64_t wall_clock(const struct message *m)
{
	const struct timers *clock = m->around ? m->around->clock : NULL;

	return clock ? (int64_t)clock->now + clock->wall : 0;
}

static struct value system_time(struct message *m)
{
	return value_str(
		str_of(arena_printf(m->arena, "%lld", (long long)wall_clock(m))));
}

static struct value system_date(struct message *m)
{
	return value_str(message_date(m, STR("MMM d, yyyy, h:mm:ss a")));
}

struct str message_date(struct message *m, struct str pattern)
{
	return java_date_format(wall_clock(m), pattern, m->arena);
}

static struct value is_fault(struct message *m)
{
	const struct value said = message_own_property(m, SCOPE_DEFAULT,
						       STR("FAULT_MESSAGE"));

	return said.kind != VALUE_NULL || content_is_soap_fault(m)
		       ? value_str(STR("TRUE"))
		       : VALUE_NONE;
}

static struct value format(struct message *m)
{
	switch (content_soap_version(m)) {
	case SOAP_11:
		return value_str(STR("soap11"));
	case SOAP_12:
		return value_str(STR("soap12"));
	case SOAP_NONE:
		break;
	}
	if (str_eq(m->incoming->method, STR("GET")) && !m->after_call)
		return value_str(STR("get"));
	return value_str(STR("pox"));
}

static const struct fact special_facts[] = {
	FACT("To", to),
	FACT("MessageID", message_id),
	FACT("SYSTEM_TIME", system_time),
	FACT("SYSTEM_DATE", system_date),
	FACT("FAULT", is_fault),
	FACT("MESSAGE_FORMAT", format),
	{ { NULL, 0 }, NULL },
};

struct value message_special(struct message *m, struct str name)
{
	return find(special_facts, m, name);
}
