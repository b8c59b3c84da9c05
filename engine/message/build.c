/* From bytes to content: the builder of each content type (mediation.md §6.2). */
#include "message/content_priv.h"

#include <string.h>

#include "base/url.h"

/* From here on it takes milliseconds. */
enum { LARGE = 256 * 1024 };

void complain_building(struct message *m, struct fault *why)
{
	if (!why)
		return;
	why->code = FAULT_BUILDING;
	why->text = arena_printf(m->arena, "Error while building message. %s", why->text);
	if (why->where.line)
		why->text = arena_printf(m->arena, "%s (line %u of the payload)",
					 why->text, why->where.line);
	why->where = (struct where){ NULL, 0 };
}

static bool refuse(struct message *m, struct fault *why, const char *text)
{
	if (why) {
		*why = (struct fault){ .text = text };
		complain_building(m, why);
	}
	return false;
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r\n", s.at[i]))
			return false;
	return true;
}

/* Only the beginning is looked at; what is behind it, whoever reads it will see. */
static bool build_json(struct message *m, struct str bytes, struct fault *why)
{
	struct content *c = &m->content;
	struct str text = bytes;

	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_from(text, 3);
	if (is_blank(text)) {
		c->kind = CONTENT_NONE;
		return true;
	}
	text = str_trim(text);
	if (!strchr("{[\"tfn-0123456789", text.at[0]) || !text.at[0])
		return refuse(m, why, "the payload is not JSON");
	if (text.at[0] != '{' && text.at[0] != '[') {
		c->json = json_parse(text, m->arena, why);
		if (!c->json) {
			complain_building(m, why);
			return false;
		}
	}
	c->kind = CONTENT_JSON;
	c->text = bytes;
	return true;
}

static bool build_xml(struct message *m, struct str bytes, struct fault *why)
{
	const enum soap_version around = SOAP_11;

	if (is_blank(bytes)) {
		m->content.kind = CONTENT_NONE;
		return true;
	}
	m->content.xml = xml_parse(bytes, around, m->arena, why);
	if (!m->content.xml) {
		complain_building(m, why);
		return false;
	}
	m->content.kind = CONTENT_XML;
	return true;
}

/* Fields of a form as children of <xformValues>, decoded. */
static void add_fields(struct message *m, struct xml_node *values, struct str fields)
{
	const struct str none = { NULL, 0 };
	struct str pair;

	while (str_cut(&fields, '&', &pair)) {
		const size_t equals = str_find(pair, '=');
		const struct str name = url_decode_form(str_first(pair, equals),
							m->arena);

		if (!name.len)
			continue;
		xml_add_text(xml_add_element(values, name, none, none),
			     url_decode_form(str_from(pair, equals + 1), m->arena));
	}
}

static bool build_form(struct message *m, struct str bytes, struct fault *why)
{
	const struct str none = { NULL, 0 };
	const struct str target = m->incoming->target;
	struct xml_tree *t = xml_empty(SOAP_12, m->arena);
	struct xml_node *values = xml_add_element(xml_soap_body(t), STR("xformValues"),
						  none, none);

	(void)why;
	if (!m->after_call)
		add_fields(m, values, str_from(target, str_find(target, '?') + 1));
	add_fields(m, values, str_trim(bytes));
	m->content.kind = CONTENT_XML;
	m->content.xml = t;
	return true;
}

static bool build_text(struct message *m, struct str bytes, struct fault *why)
{
	(void)why;
	m->content.kind = CONTENT_TEXT;
	m->content.text = bytes;
	return true;
}

static bool build_binary(struct message *m, struct str bytes, struct fault *why)
{
	(void)why;
	m->content.kind = CONTENT_BINARY;
	m->content.text = bytes;
	return true;
}

typedef bool builder(struct message *m, struct str bytes, struct fault *why);

static const struct {
	const char *type;
	builder *build;
} builders[] = {
	{ "application/json", build_json },
	{ "application/json/badgerfish", build_json },
	{ "text/javascript", build_json },
	{ "application/xml", build_xml },
	{ "text/xml", build_xml },
	{ "application/soap+xml", build_xml },
	{ "application/x-www-form-urlencoded", build_form },
	{ "text/plain", build_text },
	{ "application/octet-stream", build_binary },
	{ "application/binary", build_binary },
	{ "multipart/form-data", build_binary },
	{ "multipart/related", build_binary },
};

/* Without a type it is bytes; of an unknown type, XML that will not parse (§6.2). */
static builder *builder_of(struct str type)
{
	for (size_t i = 0; i < sizeof(builders) / sizeof(builders[0]); i++)
		if (str_eq(type, str_of(builders[i].type)))
			return builders[i].build;
	return type.len ? build_xml : build_binary;
}

/* As the type says, and text if nobody knows it. */
static builder *known_builder_of(struct str type)
{
	for (size_t i = 0; i < sizeof(builders) / sizeof(builders[0]); i++)
		if (str_eq(type, str_of(builders[i].type)))
			return builders[i].build == build_form ? build_text
							       : builders[i].build;
	if (str_ends(type, STR("+json")) || str_eq(type, STR("text/json")))
		return build_json;
	return str_ends(type, STR("+xml")) ? build_xml : build_text;
}

static struct str type_of(const struct message *m)
{
	return media_type_of(headers_get(&m->headers, STR("Content-Type")), m->arena);
}

bool content_is_xml(const struct message *m)
{
	return known_builder_of(type_of(m)) == build_xml;
}

static bool understand(struct message *m, builder *(*choose)(struct str type),
		       struct fault *why)
{
	const struct str encoding = headers_get(&m->headers, STR("Content-Encoding"));
	struct str bytes;

	if (m->content.kind != CONTENT_UNKNOWN)
		return true;
	if (m->body.state == BODY_EMPTY) {
		m->content.kind = CONTENT_NONE;
		return true;
	}
	bytes = body_bytes(&m->body);
	if (!bytes.at)
		return refuse(m, why, "the payload did not arrive as a whole");
	if (!bytes.len) {
		m->content.kind = CONTENT_NONE;
		return true;
	}
	if (encoding.len && !str_eq_nocase(encoding, STR("identity")))
		return refuse(m, why, "the payload is compressed (Content-Encoding)");
	m->content.built_from = type_of(m);
	return choose(m->content.built_from)(m, bytes, why);
}

bool content_understand(struct message *m, struct fault *why)
{
	return understand(m, builder_of, why);
}

bool content_understand_known(struct message *m, struct fault *why)
{
	return understand(m, known_builder_of, why);
}

bool content_is_large(const struct message *m)
{
	builder *build;

	if (m->content.kind != CONTENT_UNKNOWN || m->body.state != BODY_WHOLE ||
	    m->body.received < LARGE ||
	    headers_find(&m->headers, STR("Content-Encoding")))
		return false;
	build = builder_of(type_of(m));
	return build == build_xml || build == build_json;
}

bool content_reading_begin(struct message *m, struct reading *r)
{
	r->bytes = body_copy(&m->body, &r->arena);
	r->is_json = builder_of(type_of(m)) == build_json;
	return r->bytes.at != NULL;
}

void content_read(struct reading *r)
{
	if (r->is_json) {
		r->json = json_parse(r->bytes, &r->arena, &r->why);
		return;
	}
	if (!is_blank(r->bytes))
		r->tree = xml_parse(r->bytes, SOAP_11, &r->arena, &r->why);
	xml_parser_forget();
}

bool content_reading_end(struct message *m, struct reading *r, struct fault *why)
{
	struct content *c = &m->content;

	c->built_from = type_of(m);
	if (r->is_json) {
		if (!build_json(m, r->bytes, why))
			return false;
		c->json = c->json ? c->json : r->json;
		return true;
	}
	c->kind = r->tree ? CONTENT_XML : CONTENT_NONE;
	c->xml = r->tree;
	if (r->tree || !r->why.text)
		return true;
	c->kind = CONTENT_UNKNOWN;
	*why = r->why;
	complain_building(m, why);
	return false;
}
