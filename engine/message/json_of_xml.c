#include "message/convert.h"

#include "message/xml_priv.h"

struct conversion {
	struct arena *arena;
	struct fault *why;
	bool failed;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits_at(struct str s, size_t i)
{
	size_t count = 0;

	while (i + count < s.len && is_digit(s.at[i + count]))
		count++;
	return count;
}

/* The parts of a number: sign, digits before and behind the point, exponent. */
struct number {
	bool negative;
	struct str whole, fraction;
	int64_t exponent;
	bool has_exponent;
};

static bool read_exponent(struct str s, struct number *n)
{
	if (!s.len)
		return true;
	n->has_exponent = true;
	if (s.at[0] != 'e' && s.at[0] != 'E')
		return false;
	s = str_from(s, 1);
	if (str_starts(s, STR("+")))
		s = str_from(s, 1);
	return s.len < 8 && str_to_int(s, &n->exponent);
}

/* ^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$ */
static bool read_number(struct str s, struct number *n)
{
	size_t count;

	*n = (struct number){ .negative = str_starts(s, STR("-")) };
	s = str_from(s, n->negative ? 1 : 0);
	count = digits_at(s, 0);
	if (!count || (count > 1 && s.at[0] == '0'))
		return false;
	n->whole = str_first(s, count);
	s = str_from(s, count);
	if (str_starts(s, STR("."))) {
		count = digits_at(s, 1);
		if (!count)
			return false;
		n->fraction = (struct str){ s.at + 1, count };
		s = str_from(s, count + 1);
	}
	return read_exponent(s, n);
}

/* All digits as one number, without zeros in front. */
static struct str unscaled(const struct number *n, struct arena *a)
{
	struct str all = str_of(arena_printf(a, STR_FMT STR_FMT, STR_ARG(n->whole),
					     STR_ARG(n->fraction)));

	while (all.len > 1 && all.at[0] == '0')
		all = str_from(all, 1);
	return all;
}

/* BigDecimal.toString() of a number that has an exponent. */
static struct str big_decimal(const struct number *n, struct arena *a)
{
	const struct str digits = unscaled(n, a);
	const int64_t scale = (int64_t)n->fraction.len - n->exponent;
	const int64_t adjusted = (int64_t)digits.len - 1 - scale;
	const char *sign = n->negative && !str_eq(digits, STR("0")) ? "-" : "";

	if (scale == 0)
		return str_of(arena_printf(a, "%s" STR_FMT, sign, STR_ARG(digits)));
	if (scale > 0 && adjusted >= 0)
		return str_of(arena_printf(
			a, "%s" STR_FMT "." STR_FMT, sign,
			STR_ARG(str_first(digits, digits.len - (size_t)scale)),
			STR_ARG(str_from(digits, digits.len - (size_t)scale))));
	if (scale > 0 && adjusted >= -6)
		return str_of(arena_printf(a, "%s0.%.*s" STR_FMT, sign,
					   (int)(scale - (int64_t)digits.len), "000000",
					   STR_ARG(digits)));
	return str_of(arena_printf(a, "%s%c%s" STR_FMT "E%+lld", sign, digits.at[0],
				   digits.len > 1 ? "." : "",
				   STR_ARG(str_from(digits, 1)), (long long)adjusted));
}

struct json *json_of_text(struct str text, struct arena *a)
{
	struct number n;

	if (str_eq(text, STR("true")) || str_eq(text, STR("false")))
		return json_bool(a, text.len == 4);
	if (str_eq(text, STR("null")))
		return json_new(a, JSON_NULL);
	if (read_number(text, &n))
		return json_number(a, n.has_exponent ? big_decimal(&n, a) : text);
	return json_string(a, text);
}

/* The names that JSON allows and XML does not (§6.4). */
static struct str json_name(const xmlChar *name)
{
	const struct str s = str_of_xml(name);

	if (str_starts(s, STR("_JsonReader_PD_")))
		return str_from(s, 15);
	return s;
}

static struct str key_of(const xmlChar *name, struct arena *a)
{
	const struct str s = json_name(name);

	if (str_starts(s, STR("_JsonReader_PS_")))
		return str_of(arena_printf(a, "$" STR_FMT, STR_ARG(str_from(s, 15))));
	return arena_copy(a, s);
}

static bool is_blank_text(const xmlNode *n)
{
	return (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) &&
	       !str_trim(str_of_xml(n->content)).len;
}

static bool is_text(const xmlNode *n)
{
	return (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) &&
	       !is_blank_text(n);
}

static bool has_elements(const xmlNode *n)
{
	for (const xmlNode *child = n->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE || child->type == XML_PI_NODE)
			return true;
	return false;
}

static const xmlNode *text_within(const xmlNode *n)
{
	for (const xmlNode *child = n->children; child; child = child->next)
		if (is_text(child))
			return child;
	return NULL;
}

/* <?xml-multiple name?>: what follows is an array, however many there are. */
static struct str multiple(const xmlNode *n)
{
	if (n->type != XML_PI_NODE || !xmlStrEqual(n->name, BAD_CAST "xml-multiple"))
		return (struct str){ NULL, 0 };
	return str_trim(str_of_xml(n->content));
}

static const xmlNode *next_element(const xmlNode *n)
{
	do
		n = n->next;
	while (n && n->type != XML_ELEMENT_NODE && n->type != XML_PI_NODE);
	return n;
}

static struct json *value_of(const xmlNode *n, struct conversion *c);

/* Adjacent elements of one name. Returns the first node behind them. */
static const xmlNode *add_run(const xmlNode *n, bool is_array, struct json *object,
			      struct conversion *c)
{
	const xmlNode *const first = n, *next = next_element(n);
	struct json *member;

	if (next && next->type == XML_ELEMENT_NODE && xmlStrEqual(next->name, n->name))
		is_array = true;
	if (!is_array) {
		member = value_of(n, c);
		n = next;
	} else {
		member = json_new(c->arena, JSON_ARRAY);
		for (; n && n->type == XML_ELEMENT_NODE &&
		       xmlStrEqual(n->name, first->name);
		     n = next_element(n))
			json_append(member, value_of(n, c));
	}
	member->key = key_of(first->name, c->arena);
	json_append(object, member);
	return n;
}

static void add_empty_array(struct str key, struct json *object, struct conversion *c)
{
	struct json *array = json_new(c->arena, JSON_ARRAY);

	array->key = arena_copy(c->arena, key);
	json_append(object, array);
}

/* All children elements as members. */
static void add_children(const xmlNode *parent, struct json *object, struct conversion *c)
{
	const xmlNode *n = parent->children;

	if (n && n->type != XML_ELEMENT_NODE && n->type != XML_PI_NODE)
		n = next_element(n);
	while (n) {
		const struct str name = multiple(n);
		const xmlNode *next = name.at ? next_element(n) : n;

		if (!name.at && n->type == XML_PI_NODE) {
			n = next_element(n);
		} else if (name.at && (!next || next->type != XML_ELEMENT_NODE ||
				       !str_eq(str_of_xml(next->name), name))) {
			add_empty_array(name, object, c);
			n = next;
		} else {
			n = add_run(next, name.at != NULL, object, c);
		}
	}
}

static void add_attributes(const xmlNode *n, struct json *object, struct conversion *c)
{
	for (const xmlAttr *at = n->properties; at; at = at->next) {
		struct json *member = json_string(
			c->arena, xml_own_text(our_node((const xmlNode *)at), c->arena));

		member->key = str_of(
			arena_printf(c->arena, "@%s", (const char *)at->name));
		json_append(object, member);
	}
}

/* An object whose only member is jsonElement is the array that jsonElement is. */
static struct json *unwrap(struct json *object, struct conversion *c)
{
	struct json *only = object->first;
	struct json *array;

	if (object->count != 1 || !str_eq(only->key, STR("jsonElement")))
		return object;
	if (only->kind == JSON_ARRAY)
		return only;
	array = json_new(c->arena, JSON_ARRAY);
	json_append(array, only);
	return array;
}

static struct json *complain_mixed(const xmlNode *text, struct conversion *c)
{
	if (!c->failed && c->why)
		*c->why = (struct fault){
			.code = FAULT_BUILDING,
			.text = arena_printf(c->arena,
					     "Mixed content is not supported: '%s'",
					     (const char *)text->content),
		};
	c->failed = true;
	return json_new(c->arena, JSON_NULL);
}

static struct json *value_of(const xmlNode *n, struct conversion *c)
{
	const xmlNode *text = text_within(n);
	const bool elements = has_elements(n);
	struct json *object, *value;

	if (text && elements)
		return complain_mixed(text, c);
	if (!text && !elements && !n->properties)
		return json_new(c->arena, JSON_NULL);
	value = text ? json_of_text(xml_own_text(our_node(n), c->arena), c->arena) : NULL;
	if (value && !n->properties)
		return value;
	object = json_new(c->arena, JSON_OBJECT);
	add_attributes(n, object, c);
	if (value)
		json_set(object, STR("$"), value);
	else
		add_children(n, object, c);
	return unwrap(object, c);
}

static bool is_named(const xmlNode *n, const char *name)
{
	return xmlStrEqual(n->name, BAD_CAST name);
}

static struct json *wrapper(const xmlNode *n, struct conversion *c)
{
	const struct json *value;
	struct json *j;

	if (is_named(n, "jsonValue")) {
		j = json_parse(xml_own_text(our_node(n), c->arena), c->arena, NULL);
		return j ? j : value_of(n, c);
	}
	value = value_of(n, c);
	if (value->kind != JSON_NULL)
		return (struct json *)(uintptr_t)value;
	return json_new(c->arena, is_named(n, "jsonArray") ? JSON_ARRAY : JSON_OBJECT);
}

struct json *json_of_xml(const struct xml_node *element, struct arena *a,
			 struct fault *why)
{
	struct conversion c = { .arena = a, .why = why };
	const xmlNode *n = node_of(element);
	struct json *j;

	if (is_named(n, "jsonObject") || is_named(n, "jsonArray") ||
	    is_named(n, "jsonElement") || is_named(n, "jsonValue")) {
		j = wrapper(n, &c);
	} else {
		j = json_new(a, JSON_OBJECT);
		json_set(j, key_of(n->name, a), value_of(n, &c));
	}
	return c.failed ? NULL : j;
}
