#include "message/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "message/json.h"
#include "message/xml.h"

/* Digits of the shortest text that reads back as the same number, and its exponent. */
static void shortest(double real, char *digits, size_t room, int *exponent)
{
	char text[40];
	char *e;
	size_t len = 0;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, real);
		if (strtod(text, NULL) == real)
			break;
	}
	e = strchr(text, 'e');
	*exponent = (int)strtod(e + 1, NULL);
	for (const char *p = text; p < e && len + 1 < room; p++)
		if (*p != '.')
			digits[len++] = *p;
	digits[len] = '\0';
}

static struct str plain(const char *sign, const char *digits, int exponent,
			struct arena *a)
{
	const int count = (int)strlen(digits);

	if (exponent < 0)
		return str_of(
			arena_printf(a, "%s0.%.*s%s", sign, -exponent - 1, "00", digits));
	if (exponent + 1 >= count)
		return str_of(arena_printf(a, "%s%s%.*s.0", sign, digits,
					   exponent + 1 - count, "0000000"));
	return str_of(arena_printf(a, "%s%.*s.%s", sign, exponent + 1, digits,
				   digits + exponent + 1));
}

struct str java_double(double real, struct arena *a)
{
	const char *sign = signbit(real) ? "-" : "";
	char digits[32];
	int exponent;

	if (isnan(real))
		return STR("NaN");
	real = fabs(real);
	if (isinf(real))
		return str_of(arena_printf(a, "%sInfinity", sign));
	if (real == 0)
		return str_of(arena_printf(a, "%s0.0", sign));
	shortest(real, digits, sizeof(digits), &exponent);
	if (exponent >= -3 && exponent < 7)
		return plain(sign, digits, exponent, a);
	return str_of(arena_printf(a, "%s%c.%sE%d", sign, digits[0],
				   digits[1] ? digits + 1 : "0", exponent));
}

struct str value_text(struct value v, struct arena *a)
{
	switch (v.kind) {
	case VALUE_NULL:
		return STR("");
	case VALUE_BOOL:
		return v.truth ? STR("true") : STR("false");
	case VALUE_INT:
		return str_of(arena_printf(a, "%" PRId64, v.number));
	case VALUE_DOUBLE:
		return java_double(v.real, a);
	case VALUE_STR:
		return v.text;
	case VALUE_JSON:
		return v.json->kind == JSON_STRING ? v.json->text : json_text(v.json, a);
	case VALUE_XML:
		return xml_nodes_text(v.xml, a);
	}
	return STR("");
}

static struct value copy_xml(const struct xml_nodes *nodes, struct arena *a)
{
	struct xml_nodes *to = arena_new(a, struct xml_nodes);

	to->count = nodes->count;
	to->at = arena_alloc(a, (nodes->count + 1) * sizeof(*to->at));
	for (size_t i = 0; i < nodes->count; i++)
		to->at[i] = xml_copy_node(nodes->at[i], a);
	return (struct value){ .kind = VALUE_XML, .xml = to };
}

struct value value_copy(struct value v, struct arena *a)
{
	switch (v.kind) {
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_DOUBLE:
		return v;
	case VALUE_STR:
		return value_str(arena_copy(a, v.text));
	case VALUE_JSON:
		return value_json(json_clone(a, v.json));
	case VALUE_XML:
		return copy_xml(v.xml, a);
	}
	return v;
}
