/* From content to bytes: the formatter of the messageType (mediation.md §6.3). */
#include "message/content_priv.h"

#include "base/base64.h"
#include "base/url.h"

enum form form_of(struct str media_type)
{
	static const struct {
		const char *type;
		enum form form;
	} forms[] = {
		{ "application/json", FORM_JSON },
		{ "application/json/badgerfish", FORM_JSON },
		{ "text/javascript", FORM_JSON },
		{ "application/xml", FORM_POX },
		{ "text/xml", FORM_SOAP_11 },
		{ "application/soap+xml", FORM_SOAP_12 },
		{ "application/x-www-form-urlencoded", FORM_FIELDS },
		{ "text/plain", FORM_TEXT },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (str_eq(media_type, str_of(forms[i].type)))
			return forms[i].form;
	return FORM_OTHER;
}

static struct str text_property(struct message *m, const char *name)
{
	return value_text(message_own_property(m, SCOPE_AXIS2, str_of(name)), m->arena);
}

/* What the content is by itself, when nobody said a messageType. */
static struct str natural_type(const struct message *m)
{
	switch (m->content.kind) {
	case CONTENT_JSON:
		return STR("application/json");
	case CONTENT_TEXT:
		return STR("text/plain");
	case CONTENT_BINARY:
		return STR("application/octet-stream");
	case CONTENT_XML:
	case CONTENT_NONE:
	case CONTENT_UNKNOWN:
		break;
	}
	return STR("application/xml");
}

static struct str message_type(struct message *m)
{
	const struct str said = text_property(m, "messageType");

	return said.len ? media_type_of(said, m->arena) : natural_type(m);
}

static bool format_json(struct message *m, struct str *bytes, struct fault *why)
{
	const struct json *j;

	if (m->content.kind == CONTENT_JSON) {
		*bytes = content_json_text(m);
		return true;
	}
	j = content_json(m, why);
	if (j)
		*bytes = json_text(j, m->arena);
	return j || !why->text;
}

static bool format_pox(struct message *m, struct str *bytes, struct fault *why)
{
	const struct xml_tree *t = content_xml(m, why);
	const struct xml_node *payload = t ? xml_payload(t) : NULL;

	if (!payload)
		return t != NULL;
	*bytes = xml_text(payload, m->arena);
	if (str_eq_nocase(text_property(m, "WRITE_XML_DECLARATION"), STR("true")))
		*bytes = str_of(arena_printf(
			m->arena, "<?xml version='1.0' encoding='UTF-8'?>" STR_FMT,
			STR_ARG(*bytes)));
	return true;
}

static bool format_soap(struct message *m, enum soap_version version, struct str *bytes,
			struct fault *why)
{
	struct xml_tree *t = content_xml(m, why);
	struct buf b;

	if (!t)
		return false;
	xml_set_soap_version(t, version);
	buf_init(&b, SIZE_MAX / 2);
	buf_add(&b, STR("<?xml version='1.0' encoding='UTF-8'?>"));
	xml_write(xml_envelope(t), &b);
	*bytes = arena_copy(m->arena, buf_str(&b));
	buf_release(&b);
	return true;
}

static bool format_fields(struct message *m, struct str *bytes, struct fault *why)
{
	const struct xml_tree *t = content_xml(m, why);
	const struct xml_node *payload = t ? xml_payload(t) : NULL;
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	for (const struct xml_node *n = payload ? xml_first_child(payload) : NULL; n;
	     n = xml_next(n)) {
		if (b.len)
			buf_add_char(&b, '&');
		buf_add(&b, xml_name(n));
		buf_add_char(&b, '=');
		buf_add(&b, url_encode(xml_own_text(n, m->arena), URL_UNRESERVED "*",
				       m->arena));
	}
	*bytes = arena_copy(m->arena, buf_str(&b));
	buf_release(&b);
	return t != NULL;
}

/* Text and binary wrappers give what they hold; anything else is its own text. */
static bool format_text(struct message *m, struct str *bytes, struct fault *why)
{
	const struct content *c = &m->content;
	const struct xml_tree *t;
	const struct xml_node *payload;

	if (c->kind == CONTENT_TEXT || c->kind == CONTENT_BINARY) {
		*bytes = c->text;
		return true;
	}
	if (c->kind == CONTENT_JSON) {
		*bytes = content_json_text(m);
		return true;
	}
	t = content_xml(m, why);
	payload = t ? xml_payload(t) : NULL;
	if (!payload)
		return t != NULL;
	*bytes = xml_own_text(payload, m->arena);
	if (str_eq(xml_name(payload), STR("binary")))
		return base64_decode(*bytes, true, m->arena, bytes);
	return true;
}

/* An unknown type: what is in a wrapper, JSON as JSON, else as XML. */
static bool format_other(struct message *m, struct str *bytes, struct fault *why)
{
	const struct xml_node *payload;

	if (m->content.kind != CONTENT_XML)
		return format_text(m, bytes, why);
	payload = xml_payload(m->content.xml);
	if (payload && (str_eq(xml_name(payload), STR("text")) ||
			str_eq(xml_name(payload), STR("binary"))))
		return format_text(m, bytes, why);
	return format_pox(m, bytes, why);
}

static bool format(struct message *m, enum form form, struct str *bytes,
		   struct fault *why)
{
	*bytes = STR("");
	switch (form) {
	case FORM_JSON:
		return format_json(m, bytes, why);
	case FORM_POX:
		return format_pox(m, bytes, why);
	case FORM_SOAP_11:
		return format_soap(m, SOAP_11, bytes, why);
	case FORM_SOAP_12:
		return format_soap(m, SOAP_12, bytes, why);
	case FORM_FIELDS:
		return format_fields(m, bytes, why);
	case FORM_TEXT:
		return format_text(m, bytes, why);
	case FORM_OTHER:
		return format_other(m, bytes, why);
	}
	return true;
}

/* Do the bytes of the body say it already in the form that is asked for? */
static bool stands_as_it_is(const struct message *m, struct str type)
{
	const struct str was = m->content.built_from;

	return !m->content.changed && (str_eq(was, type) || !was.len);
}

static void write_content_type(struct message *m, struct str type)
{
	const struct str said = text_property(m, "ContentType");
	const struct str whole = said.len ? said : type;
	const struct str charset = text_property(m, "setCharacterEncoding");

	if (str_find_str(whole, STR("charset=")) < whole.len ||
	    str_eq_nocase(charset, STR("false")))
		headers_set(&m->headers, STR("Content-Type"), whole);
	else
		headers_set(&m->headers, STR("Content-Type"),
			    str_of(arena_printf(m->arena, STR_FMT "; charset=UTF-8",
						STR_ARG(whole))));
}

/* Of content that stays as it is; ContentType may have been set all the same. */
static void keep_content_type(struct message *m)
{
	bool said;

	properties_get(&m->properties[SCOPE_AXIS2], STR("ContentType"), &said);
	if (said)
		write_content_type(m, message_type(m));
}

/* Somebody said that nothing is to be sent (NO_ENTITY_BODY of type BOOLEAN). */
static bool no_body_is_wanted(const struct message *m)
{
	const struct value v = properties_get(&m->properties[SCOPE_AXIS2],
					      STR("NO_ENTITY_BODY"), NULL);

	return v.kind == VALUE_BOOL && v.truth;
}

static void drop_body(struct message *m)
{
	body_release(&m->body);
	headers_remove(&m->headers, STR("Content-Type"));
	headers_remove(&m->headers, STR("Content-Encoding"));
}

bool content_serialize(struct message *m, struct fault *why)
{
	struct str type, bytes;

	if (no_body_is_wanted(m)) {
		drop_body(m);
		return true;
	}
	if (m->content.kind == CONTENT_UNKNOWN)
		return true;
	type = message_type(m);
	if (stands_as_it_is(m, type)) {
		keep_content_type(m);
		return true;
	}
	if (m->content.kind == CONTENT_NONE) {
		body_release(&m->body);
		return true;
	}
	*why = (struct fault){ 0 };
	if (!format(m, form_of(type), &bytes, why))
		return false;
	write_content_type(m, type);
	body_set(&m->body, bytes);
	m->content.changed = false;
	m->content.built_from = type;
	return true;
}
