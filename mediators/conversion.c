#include "conversion.h"

#include "message/json.h"
#include "message/xml.h"

static const struct {
	const char *name;
	enum conversion type;
} names[] = {
	{ "STRING", CONVERT_STRING },   { "INTEGER", CONVERT_INTEGER },
	{ "SHORT", CONVERT_SHORT },     { "LONG", CONVERT_LONG },
	{ "FLOAT", CONVERT_FLOAT },     { "DOUBLE", CONVERT_DOUBLE },
	{ "BOOLEAN", CONVERT_BOOLEAN }, { "OM", CONVERT_OM },
	{ "XML", CONVERT_OM },          { "JSON", CONVERT_JSON },
};

bool conversion_named(struct str name, enum conversion *type)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, str_of(names[i].name))) {
			*type = names[i].type;
			return true;
		}
	return false;
}

static bool to_integer(struct str text, int64_t least, int64_t most,
		       enum conversion_source source, struct value *v)
{
	int64_t n;
	double real;

	if (source == CONVERT_EVALUATED && str_find(text, '.') < text.len) {
		if (!str_to_double(text, &real) || real < (double)least ||
		    real > (double)most)
			return false;
		*v = value_int((int64_t)real);
		return true;
	}
	if (!str_to_int(text, &n) || n < least || n > most)
		return false;
	*v = value_int(n);
	return true;
}

static bool to_double(struct str text, struct value *v)
{
	double real;

	if (!str_to_double(str_trim(text), &real))
		return false;
	*v = value_double(real);
	return true;
}

static bool is_true(struct str text)
{
	return str_eq_nocase(text, STR("true")) || str_eq_nocase(text, STR("yes")) ||
	       str_eq(text, STR("1"));
}

static bool to_xml(struct str text, struct arena *a, struct value *v)
{
	struct fault why = { 0 };
	struct xml_tree *tree = xml_parse(text, SOAP_11, a, &why);
	struct xml_node *payload = tree ? xml_payload(tree) : NULL;

	if (!payload)
		return false;
	*v = (struct value){ .kind = VALUE_XML, .xml = xml_nodes_of(payload, a) };
	return true;
}

/* What is no JSON is taken as a JSON string, as the lenient original does. */
static void to_json(struct str text, struct arena *a, struct value *v)
{
	struct fault why = { 0 };
	const struct json *json = json_parse(text, a, &why);

	*v = (struct value){ .kind = VALUE_JSON,
			     .json = json ? json : json_string(a, text) };
}

bool convert(struct str text, enum conversion type, enum conversion_source source,
	     struct arena *a, struct value *v)
{
	switch (type) {
	case CONVERT_STRING:
		*v = value_str(text);
		return true;
	case CONVERT_INTEGER:
		return to_integer(text, INT32_MIN, INT32_MAX, source, v);
	case CONVERT_SHORT:
		return to_integer(text, INT16_MIN, INT16_MAX, source, v);
	case CONVERT_LONG:
		return to_integer(text, INT64_MIN, INT64_MAX, CONVERT_CONSTANT, v);
	case CONVERT_FLOAT:
	case CONVERT_DOUBLE:
		return to_double(text, v);
	case CONVERT_BOOLEAN:
		*v = value_bool(is_true(text));
		return true;
	case CONVERT_OM:
		return to_xml(text, a, v);
	case CONVERT_JSON:
		to_json(text, a, v);
		return true;
	}
	return false;
}
