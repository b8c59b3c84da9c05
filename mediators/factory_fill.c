#include "factory_priv.h"

#include "message/content.h"
#include "message/convert.h"

struct filling {
	enum media media;
	bool escape_controls;
	struct message *m;
	struct buf *to;
	struct fault *why;
};

/* Text that is one element or more, within <jsonObject>; NULL: it is no XML. */
static const struct xml_node *as_xml(struct str text, struct arena *a)
{
	struct str xml = str_trim(text);
	struct fault why = { 0 };
	struct xml_tree *tree;
	const struct xml_node *wrapper;

	if (str_starts(xml, STR("<?xml")))
		xml = str_trim(str_from(xml, str_find(xml, '>') + 1));
	if (xml.len < 4 || xml.at[0] != '<' || !str_ends(xml, STR(">")))
		return NULL;
	tree = xml_parse(str_of(arena_printf(a, "<jsonObject>" STR_FMT "</jsonObject>",
					     STR_ARG(xml))),
			 SOAP_11, a, &why);
	wrapper = tree ? xml_payload(tree) : NULL;
	return wrapper && xml_first_child(wrapper) ? wrapper : NULL;
}

static bool looks_like_json(struct str text)
{
	const struct str trimmed = str_trim(text);

	return trimmed.len && (trimmed.at[0] == '{' || trimmed.at[0] == '[');
}

/* The elements an object makes, without <jsonObject> around them. */
static void put_json_as_xml(struct filling *f, const struct json *json)
{
	struct xml_tree *tree = xml_of_json(json, f->m->arena);
	const struct xml_node *wrapper = xml_payload(tree);

	for (const struct xml_node *n = xml_first_child(wrapper); n; n = xml_next(n))
		xml_write(n, f->to);
}

static bool put_xml_as_json(struct filling *f, const struct xml_node *element)
{
	const struct json *json = json_of_xml(element, f->m->arena, f->why);

	if (json)
		json_write(json, false, f->to);
	return json;
}

static bool is_json_word(struct str s)
{
	double number;

	return str_eq(s, STR("true")) || str_eq(s, STR("false")) ||
	       str_eq(s, STR("null")) || str_to_double(s, &number);
}

static bool quotes_are_wanted(struct filling *f)
{
	const struct value v = message_property(
		f->m, SCOPE_DEFAULT, STR("QUOTE_STRING_IN_PAYLOAD_FACTORY_JSON"));

	return str_eq_nocase(value_text(v, f->m->arena), STR("true"));
}

static void put_string_into_json(struct filling *f, struct str text, bool literal)
{
	if (!literal && looks_like_json(text))
		buf_add(f->to, text);
	else if (quotes_are_wanted(f) && !is_json_word(text))
		json_write_string(text, f->to);
	else
		json_escape(text, f->to);
}

static void put_string(struct filling *f, struct str text, bool literal)
{
	switch (f->media) {
	case MEDIA_XML:
		xml_escape(text, f->to);
		break;
	case MEDIA_JSON:
		put_string_into_json(f, text, literal);
		break;
	case MEDIA_TEXT:
		buf_add(f->to, text);
		break;
	}
}

static bool put_xml(struct filling *f, struct str text, const struct xml_node *element)
{
	if (f->media == MEDIA_JSON)
		return put_xml_as_json(f, element);
	buf_add(f->to, text);
	return true;
}

/* \b, \f, \n, \r, \t as JSON writes them; all else as it is. */
static void put_without_controls(struct filling *f, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("\b\f\n\r\t", text.at[i]) && text.at[i])
			json_escape(str_first(str_from(text, i), 1), f->to);
		else
			buf_add_char(f->to, text.at[i]);
	}
}

static bool put_json_text(struct filling *f, struct str text)
{
	struct fault why = { 0 };
	const struct json *json;

	if (f->media == MEDIA_XML) {
		json = json_parse(text, f->m->arena, &why);
		if (json)
			put_json_as_xml(f, json);
		else
			xml_escape(text, f->to);
	} else if (f->media == MEDIA_JSON && f->escape_controls) {
		put_without_controls(f, text);
	} else {
		buf_add(f->to, text);
	}
	return true;
}

/* A constant that is no XML goes in escaped as XML, whatever the media type is. */
static bool put_constant(struct filling *f, struct str value)
{
	const struct xml_node *element = as_xml(value, f->m->arena);
	struct buf escaped;

	if (element)
		return put_xml(f, value, element);
	if (f->media == MEDIA_XML) {
		xml_escape(value, f->to);
		return true;
	}
	buf_init(&escaped, value.len * 6 + 1);
	xml_escape(value, &escaped);
	put_string(f, buf_str(&escaped), false);
	buf_release(&escaped);
	return true;
}

/* Elements as XML, which the text of an expression would not have. */
static struct str elements_text(const struct xml_nodes *nodes, struct arena *a)
{
	struct buf text;

	buf_init(&text, 64 << 20);
	for (size_t i = 0; i < nodes->count; i++)
		xml_write(nodes->at[i], &text);

	const struct str copy = arena_copy(a, buf_str(&text));

	buf_release(&text);
	return copy;
}

static bool argument_text(struct filling *f, const struct factory_argument *a,
			  struct str *text, bool *is_null)
{
	struct value v = VALUE_NONE;

	if (a->is_json_path)
		return expr_text(a->expression, f->m, text, is_null, f->why);
	if (!expr_eval(a->expression, f->m, &v, f->why))
		return false;
	if (v.kind != VALUE_XML || !v.xml->count || !xml_is_element(v.xml->at[0]))
		return expr_text(a->expression, f->m, text, is_null, f->why);
	*text = elements_text(v.xml, f->m->arena);
	*is_null = false;
	return true;
}

static bool put_argument(struct filling *f, const struct factory_argument *a)
{
	const struct xml_node *wrapper = NULL;
	struct str text = { 0 };
	bool is_null = false;

	if (!a->expression)
		return put_constant(f, a->value);
	if (!argument_text(f, a, &text, &is_null))
		return false;
	if (is_null)
		return true;
	if (!a->literal && a->is_json_path && looks_like_json(text))
		return put_json_text(f, text);
	if (!a->literal)
		wrapper = as_xml(text, f->m->arena);
	if (wrapper)
		return put_xml(f, text, wrapper);
	put_string(f, text, a->literal);
	return true;
}

/* Does what comes next stand for a whole value: behind `"key":`? */
static bool value_is_due(const struct buf *to)
{
	const struct str before = str_trim(buf_str(to));
	const struct str key = str_trim(
		str_first(before, before.len ? before.len - 1 : 0));

	return str_ends(before, STR(":")) && str_ends(key, STR("\""));
}

/* Quotes escaped but for those that are already. */
static void put_half_escaped(struct filling *f, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.at[i];

		if (c == '"' && (!i || text.at[i - 1] != '\\'))
			buf_add(f->to, STR("\\\""));
		else if ((unsigned char)c < ' ')
			json_escape(str_first(str_from(text, i), 1), f->to);
		else
			buf_add_char(f->to, c);
	}
}

static bool is_container(const struct json *j)
{
	return j->kind == JSON_OBJECT || j->kind == JSON_ARRAY;
}

static void put_container(struct filling *f, const struct json *json, bool quoted)
{
	const struct str text = json_text(json, f->m->arena);

	if (f->media == MEDIA_XML)
		put_json_as_xml(f, json);
	else if (quoted)
		json_escape(text, f->to);
	else
		buf_add(f->to, text);
}

static void put_primitive(struct filling *f, struct str text)
{
	switch (f->media) {
	case MEDIA_XML:
		xml_escape(text, f->to);
		break;
	case MEDIA_JSON:
		json_escape(text, f->to);
		break;
	case MEDIA_TEXT:
		buf_add(f->to, text);
		break;
	}
}

static bool put_other(struct filling *f, struct str text, bool quoted)
{
	const struct xml_node *element = as_xml(text, f->m->arena);

	if (f->media == MEDIA_TEXT) {
		buf_add(f->to, text);
	} else if (f->media == MEDIA_XML) {
		if (element && !quoted)
			buf_add(f->to, text);
		else
			xml_escape(text, f->to);
	} else if (!quoted) {
		if (element)
			return put_xml_as_json(f, element);
		buf_add(f->to, text);
	} else if (element) {
		json_escape(text, f->to);
	} else {
		put_half_escaped(f, text);
	}
	return true;
}

static bool put_evaluated(struct filling *f, const struct expr *e, bool quoted)
{
	struct value v = VALUE_NONE;

	if (!expr_eval(e, f->m, &v, f->why))
		return false;
	if (v.kind == VALUE_NULL || (v.kind == VALUE_JSON && v.json->kind == JSON_NULL)) {
		if (!quoted && f->media == MEDIA_JSON && value_is_due(f->to))
			buf_add(f->to, STR("null"));
		return true;
	}
	if (v.kind == VALUE_JSON && is_container(v.json)) {
		put_container(f, v.json, quoted);
		return true;
	}
	if (v.kind == VALUE_JSON) {
		put_primitive(f, value_text(v, f->m->arena));
		return true;
	}
	return put_other(f, value_text(v, f->m->arena), quoted);
}

static bool put_part(struct filling *f, const struct factory_part *p,
		     const struct factory_arguments *arguments)
{
	bool good = true;

	switch (p->kind) {
	case LITERAL:
		buf_add(f->to, p->text);
		break;
	case ARGUMENT:
		return put_argument(f, arguments->at[p->index - 1]);
	case INLINE:
		return put_evaluated(f, p->expression, false);
	case QUOTED:
		buf_add_char(f->to, '"');
		good = put_evaluated(f, p->expression, true);
		buf_add_char(f->to, '"');
		break;
	}
	return good;
}

static bool is_missing(const struct factory_part *p,
		       const struct factory_arguments *arguments)
{
	return p->kind == ARGUMENT && (p->index == 0 || p->index > arguments->count);
}

bool factory_fill(const struct factory *f, const struct factory_arguments *arguments,
		  enum media media, bool escape_controls, struct message *m,
		  struct buf *to, bool *mismatch, struct fault *why)
{
	struct filling filling = { media, escape_controls, m, to, why };

	*mismatch = false;
	for (const struct factory_part *p = f->first; p; p = p->next) {
		*mismatch = *mismatch || is_missing(p, arguments);
		if (*mismatch)
			buf_add(to, p->text);
		else if (!put_part(&filling, p, arguments))
			return false;
	}
	return true;
}
