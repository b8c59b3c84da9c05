#include "input_type.h"

struct input_type {
	const char *name;
	bool (*fits)(const struct json *j);
	bool each; /* a list, each of whose members fits */
};

static bool is_string(const struct json *j)
{
	return j->kind == JSON_STRING;
}

static bool is_nospaces(const struct json *j)
{
	for (size_t i = 0; i < j->text.len; i++)
		if (strchr(" \t\r\n\v\f", j->text.at[i]) && j->text.at[i])
			return false;
	return is_string(j);
}

/* One @ with something before it, and behind it a domain with a dot inside. */
static bool is_email(const struct json *j)
{
	const size_t at = str_find(j->text, '@');
	const struct str domain = str_from(j->text, at + 1);
	const size_t dot = str_find(domain, '.');

	return is_nospaces(j) && at > 0 && str_find(domain, '@') == domain.len &&
	       dot > 0 && dot + 1 < domain.len && !str_ends(domain, STR("."));
}

static bool is_number(const struct json *j)
{
	return j->kind == JSON_NUMBER;
}

static bool is_decimal(struct str s)
{
	size_t whole, part;

	if (str_starts(s, STR("-")) || str_starts(s, STR("+")))
		s = str_from(s, 1);
	whole = str_digits(s);
	s = str_from(s, whole);
	part = str_starts(s, STR(".")) ? str_digits(str_from(s, 1)) : 0;
	return (whole || part) && s.len == (part ? part + 1 : 0);
}

static bool is_number_text(const struct json *j)
{
	return is_string(j) && is_decimal(j->text);
}

/* However many digits; 1.0 and 1e3 are whole as well. */
static bool is_integer(const struct json *j)
{
	const struct str digits = str_starts(j->text, STR("-")) ? str_from(j->text, 1)
								: j->text;
	double n;

	if (!is_number(j))
		return false;
	if (str_digits(digits) == digits.len)
		return true;
	return json_to_double(j, &n) && n > -9e15 && n < 9e15 && n == (double)(int64_t)n;
}

static bool is_uuid(const struct json *j)
{
	if (!is_string(j) || j->text.len != 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		const char c = j->text.at[i];
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !c || !strchr("0123456789abcdefABCDEF", c))
			return false;
	}
	return true;
}

static bool is_object(const struct json *j)
{
	return j->kind == JSON_OBJECT;
}

static bool is_boolean(const struct json *j)
{
	return j->kind == JSON_TRUE || j->kind == JSON_FALSE;
}

static bool is_array(const struct json *j)
{
	return j->kind == JSON_ARRAY;
}

static bool is_any(const struct json *j)
{
	return j->kind != JSON_NULL;
}

/* `count` digits at the front, as a number within bounds; they are taken off. */
static bool take_number(struct str *s, size_t count, unsigned least, unsigned most)
{
	uint64_t n;

	if (s->len < count || str_digits(str_first(*s, count)) != count ||
	    !str_to_uint(str_first(*s, count), &n) || n < least || n > most)
		return false;
	*s = str_from(*s, count);
	return true;
}

static bool take_char(struct str *s, const char *any)
{
	if (!s->len || !s->at[0] || !strchr(any, s->at[0]))
		return false;
	*s = str_from(*s, 1);
	return true;
}

/* Z, +01:00, -0530, or nothing. */
static bool is_zone(struct str s)
{
	if (!s.len || str_eq(s, STR("Z")))
		return true;
	return take_char(&s, "+-") && take_number(&s, 2, 0, 14) &&
	       (take_char(&s, ":") || true) && take_number(&s, 2, 0, 59) && !s.len;
}

/* ISO 8601: YYYY-MM-DD, or with T and a time behind it. */
static bool is_date(const struct json *j)
{
	struct str s = j->text;

	if (!is_string(j) || !take_number(&s, 4, 0, 9999) || !take_char(&s, "-") ||
	    !take_number(&s, 2, 1, 12) || !take_char(&s, "-") ||
	    !take_number(&s, 2, 1, 31))
		return false;
	if (!s.len)
		return true;
	if (!take_char(&s, "T ") || !take_number(&s, 2, 0, 23) || !take_char(&s, ":") ||
	    !take_number(&s, 2, 0, 59))
		return false;
	if (take_char(&s, ":")) {
		if (!take_number(&s, 2, 0, 60))
			return false;
		if (take_char(&s, ".,"))
			s = str_from(s, str_digits(s));
	}
	return is_zone(s);
}

static const struct input_type types[] = {
	{ "string", is_string, false },
	{ "nospaces_string", is_nospaces, false },
	{ "email_string", is_email, false },
	{ "numberstring", is_number_text, false },
	{ "number", is_number, false },
	{ "float", is_number, false },
	{ "double", is_number, false },
	{ "integer", is_integer, false },
	{ "uuid", is_uuid, false },
	{ "array", is_array, false },
	{ "object", is_object, false },
	{ "boolean", is_boolean, false },
	{ "any", is_any, false },
	{ "date", is_date, false },
	{ "array-string", is_string, true },
	{ "array-number", is_number, true },
	{ "array-float", is_number, true },
	{ "array-double", is_number, true },
	{ "array-uuid", is_uuid, true },
	{ "array-boolean", is_boolean, true },
};

static bool is_named(struct str name, const char *type)
{
	if (name.len != strlen(type))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const struct str one = { name.at + i, 1 }, other = { type + i, 1 };
		const bool joint = strchr("-_", other.at[0]) && strchr("-_", one.at[0]) &&
				   one.at[0];

		if (!joint && !str_eq_nocase(one, other))
			return false;
	}
	return true;
}

const struct input_type *input_type_named(struct str name)
{
	if (str_starts(name, STR("DataTypes.")))
		name = str_from(name, strlen("DataTypes."));
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is_named(name, types[i].name))
			return &types[i];
	return NULL;
}

const char *input_type_name(const struct input_type *t)
{
	return t->name;
}

bool input_type_fits(const struct input_type *t, const struct json *value)
{
	if (!t->each)
		return t->fits(value);
	if (value->kind != JSON_ARRAY)
		return false;
	for (const struct json *i = value->first; i; i = i->next)
		if (!t->fits(i))
			return false;
	return true;
}
