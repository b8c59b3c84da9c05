#include "message/content.h"

#include "base/base64.h"
#include "message/content_priv.h"
#include "message/convert.h"
#include "message/xml_priv.h"

struct str media_type_of(struct str content_type, struct arena *a)
{
	struct str s = str_first(content_type, str_find(content_type, ';'));
	char *to;

	s = str_trim(str_first(s, str_find(s, ',')));
	to = arena_alloc_dirty(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		to[i] = (char)(s.at[i] >= 'A' && s.at[i] <= 'Z' ? s.at[i] + 32 : s.at[i]);
	to[s.len] = '\0';
	return (struct str){ to, s.len };
}

struct str charset_of(struct str content_type)
{
	struct str rest = content_type, part;

	while (str_cut(&rest, ';', &part)) {
		part = str_trim(part);
		if (!str_eq_nocase(str_first(part, 8), STR("charset=")))
			continue;
		part = str_from(part, 8);
		if (part.len > 1 && part.at[0] == '"')
			part = str_first(str_from(part, 1), part.len - 2);
		return part;
	}
	return STR("UTF-8");
}

static void set(struct message *m, enum content_kind kind)
{
	m->content = (struct content){ .kind = kind, .changed = true };
	properties_remove(&m->properties[SCOPE_AXIS2], m->arena, STR("NO_ENTITY_BODY"));
}

void content_set_json(struct message *m, const struct json *json)
{
	set(m, CONTENT_JSON);
	m->content.json = json;
}

void content_set_text(struct message *m, struct str text)
{
	set(m, CONTENT_TEXT);
	m->content.text = text;
}

bool content_set_xml(struct message *m, struct str text, struct fault *why)
{
	struct xml_tree *t = xml_parse(text, SOAP_11, m->arena, why);

	if (!t)
		return false;
	set(m, CONTENT_XML);
	m->content.xml = t;
	return true;
}

void content_set_tree(struct message *m, struct xml_tree *tree)
{
	set(m, CONTENT_XML);
	m->content.xml = tree;
}

void content_set_none(struct message *m)
{
	set(m, CONTENT_NONE);
}

void content_set_type(struct message *m, struct str media_type)
{
	message_set_property(m, SCOPE_AXIS2, STR("messageType"), value_str(media_type));
}

/* JSON is read when somebody looks into it, not when it is built (§6.2). */
static const struct json *own_json(struct message *m, struct fault *why)
{
	struct content *c = &m->content;

	if (!c->json) {
		c->json = json_parse(c->text, m->arena, why);
		if (!c->json)
			complain_building(m, why);
	}
	return c->json;
}

/* <text xmlns="http://ws.apache.org/commons/ns/payload">…</text>, or <binary>. */
static struct xml_tree *text_tree(struct message *m, struct str name, struct str text)
{
	struct xml_tree *t = xml_empty(SOAP_11, m->arena);
	struct xml_node *n = xml_add_element(xml_soap_body(t), name, STR(PAYLOAD_NS),
					     (struct str){ NULL, 0 });

	xml_add_text(n, text);
	return t;
}

static struct xml_tree *view_as_xml(struct message *m, struct fault *why)
{
	const struct content *c = &m->content;
	const struct json *j;

	switch (c->kind) {
	case CONTENT_JSON:
		j = own_json(m, why);
		return j ? xml_of_json(j, m->arena) : NULL;
	case CONTENT_TEXT:
		return text_tree(m, STR("text"), c->text);
	case CONTENT_BINARY:
		return text_tree(m, STR("binary"), base64_encode(c->text, m->arena));
	case CONTENT_XML:
		return c->xml;
	case CONTENT_NONE:
	case CONTENT_UNKNOWN:
		break;
	}
	return xml_empty(SOAP_12, m->arena);
}

struct xml_tree *content_xml(struct message *m, struct fault *why)
{
	if (!content_understand(m, why))
		return NULL;
	if (m->content.kind == CONTENT_XML)
		return m->content.xml;
	if (!m->content.as_xml)
		m->content.as_xml = view_as_xml(m, why);
	return m->content.as_xml;
}

struct xml_tree *content_edit_xml(struct message *m, struct fault *why)
{
	struct xml_tree *t = content_xml(m, why);

	if (!t)
		return NULL;
	m->content = (struct content){ .kind = CONTENT_XML, .changed = true, .xml = t };
	return t;
}

static const struct json *json_of_tree(struct message *m, struct xml_tree *t,
				       struct fault *why)
{
	const struct xml_node *payload = xml_payload(t);

	return payload ? json_of_xml(payload, m->arena, why) : NULL;
}

const struct json *content_json(struct message *m, struct fault *why)
{
	struct xml_tree *t;

	if (!content_understand(m, why))
		return NULL;
	if (m->content.kind == CONTENT_JSON)
		return own_json(m, why);
	if (m->content.kind == CONTENT_NONE)
		return NULL;
	if (!m->content.as_json) {
		t = content_xml(m, why);
		m->content.as_json = t ? json_of_tree(m, t, why) : NULL;
	}
	return m->content.as_json;
}

struct str content_log_text(struct message *m)
{
	struct fault why = { 0 };
	struct xml_tree *t;

	if (!content_understand(m, &why))
		return STR("");
	if (m->content.kind == CONTENT_JSON)
		return content_json_text(m);
	t = content_xml(m, &why);
	if (!t)
		return STR("");
	return str_of(arena_printf(m->arena,
				   "<?xml version='1.0' encoding='utf-8'?>" STR_FMT,
				   STR_ARG(xml_text(xml_envelope(t), m->arena))));
}

struct str content_json_text(struct message *m)
{
	const struct content *c = &m->content;

	if (!c->json)
		return c->text;
	return c->json->source.len ? c->json->source : json_text(c->json, m->arena);
}

bool content_is_soap_fault(struct message *m)
{
	const struct xml_node *payload;

	if (m->content.kind != CONTENT_XML)
		return false;
	payload = xml_payload(m->content.xml);
	return payload && str_eq(xml_name(payload), STR("Fault")) &&
	       (str_eq(xml_namespace(payload), STR(SOAP_11_NS)) ||
		str_eq(xml_namespace(payload), STR(SOAP_12_NS)));
}

enum soap_version content_soap_version(const struct message *m)
{
	struct value type;

	if (m->content.kind != CONTENT_XML && m->content.kind != CONTENT_UNKNOWN)
		return SOAP_NONE;
	type = message_own_property((struct message *)(uintptr_t)m, SCOPE_AXIS2,
				    STR("messageType"));
	if (type.kind != VALUE_STR)
		return SOAP_NONE;
	if (str_starts(type.text, STR("application/soap+xml")))
		return SOAP_12;
	return str_starts(type.text, STR("text/xml")) ? SOAP_11 : SOAP_NONE;
}
