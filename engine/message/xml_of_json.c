#include "message/convert.h"

/* What is nested deeper was built by hand, and is left out. */
enum { DEEPEST = 2 * JSON_MAX_DEPTH };

static void add_value(struct xml_node *element, const struct json *j, struct arena *a,
		      unsigned depth);

/* Keys that are no names of XML (§6.5). */
static struct str element_name(struct str key, struct arena *a)
{
	if (key.len && key.at[0] >= '0' && key.at[0] <= '9')
		return str_of(arena_printf(a, "_JsonReader_PD_" STR_FMT, STR_ARG(key)));
	if (key.len && key.at[0] == '$')
		return str_of(arena_printf(a, "_JsonReader_PS_" STR_FMT,
					   STR_ARG(str_from(key, 1))));
	return key;
}

static struct str scalar(const struct json *j)
{
	switch (j->kind) {
	case JSON_TRUE:
		return STR("true");
	case JSON_FALSE:
		return STR("false");
	case JSON_NUMBER:
	case JSON_STRING:
		return j->text;
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return STR("");
}

static bool is_container(const struct json *j)
{
	return j->kind == JSON_ARRAY || j->kind == JSON_OBJECT;
}

static void add_named(struct xml_node *parent, struct str name, const struct json *j,
		      struct arena *a, unsigned depth)
{
	const struct str none = { NULL, 0 };

	add_value(xml_add_element(parent, name, none, none), j, a, depth + 1);
}

static void add_member(struct xml_node *parent, const struct json *j, struct arena *a,
		       unsigned depth)
{
	const struct str name = element_name(j->key, a);

	if (str_starts(j->key, STR("@")) && j->key.len > 1 && !is_container(j)) {
		xml_set_attribute(parent, str_from(j->key, 1), scalar(j));
	} else if (str_eq(j->key, STR("$")) && !is_container(j)) {
		xml_add_text(parent, scalar(j));
	} else if (j->kind == JSON_ARRAY) {
		for (const struct json *item = j->first; item; item = item->next)
			add_named(parent, name, item, a, depth);
	} else {
		add_named(parent, name, j, a, depth);
	}
}

static void add_value(struct xml_node *element, const struct json *j, struct arena *a,
		      unsigned depth)
{
	if (depth > DEEPEST)
		return;
	if (j->kind == JSON_OBJECT) {
		for (const struct json *m = j->first; m; m = m->next)
			add_member(element, m, a, depth);
	} else if (j->kind == JSON_ARRAY) {
		for (const struct json *item = j->first; item; item = item->next)
			add_named(element, STR("jsonElement"), item, a, depth);
	} else if (scalar(j).len) {
		xml_add_text(element, scalar(j));
	}
}

void xml_add_json(struct xml_node *parent, const struct json *j, struct arena *a)
{
	const struct str none = { NULL, 0 };
	struct xml_node *top;

	if (is_container(j)) {
		top = xml_add_element(parent,
				      j->kind == JSON_OBJECT ? STR("jsonObject")
							     : STR("jsonArray"),
				      none, none);
		add_value(top, j, a, 0);
		return;
	}
	top = xml_add_element(parent, STR("jsonValue"), none, none);
	xml_add_text(top, json_text(j, a));
}

struct xml_tree *xml_of_json(const struct json *j, struct arena *a)
{
	struct xml_tree *t = xml_empty(SOAP_11, a);

	xml_add_json(xml_soap_body(t), j, a);
	return t;
}
