#include "input_schema.h"

static bool is_kind(const struct json *j, enum json_kind kind)
{
	return j->kind == kind;
}

static bool is_string(const struct json *j)
{
	return is_kind(j, JSON_STRING);
}

static bool is_nospaces(const struct json *j)
{
	return is_string(j) && str_find(j->text, ' ') == j->text.len;
}

static bool is_email(const struct json *j)
{
	const size_t at = str_find(j->text, '@');
	const struct str domain = str_from(j->text, at + 1);

	return is_nospaces(j) && at > 0 && domain.len > 2 &&
	       str_find(domain, '.') < domain.len - 1;
}

static bool is_number(const struct json *j)
{
	return is_kind(j, JSON_NUMBER);
}

static bool is_number_text(const struct json *j)
{
	double n;

	return is_string(j) && str_to_double(j->text, &n);
}

static bool is_integer(const struct json *j)
{
	int64_t n;

	return is_number(j) && json_to_int(j, &n);
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
	return is_kind(j, JSON_OBJECT);
}

static bool is_boolean(const struct json *j)
{
	return is_kind(j, JSON_TRUE) || is_kind(j, JSON_FALSE);
}

static bool is_array(const struct json *j)
{
	return is_kind(j, JSON_ARRAY);
}

static bool is_any(const struct json *j)
{
	return !is_kind(j, JSON_NULL);
}

static bool is_date(const struct json *j)
{
	int64_t n;

	return is_string(j) && j->text.len >= 10 && j->text.at[4] == '-' &&
	       j->text.at[7] == '-' && str_to_int(str_first(j->text, 4), &n);
}

static const struct input_type {
	const char *name;
	bool (*fits)(const struct json *j);
} types[] = {
	{ "string", is_string },
	{ "nospaces_string", is_nospaces },
	{ "email_string", is_email },
	{ "numberstring", is_number_text },
	{ "number", is_number },
	{ "float", is_number },
	{ "double", is_number },
	{ "integer", is_integer },
	{ "uuid", is_uuid },
	{ "array", is_array },
	{ "object", is_object },
	{ "boolean", is_boolean },
	{ "any", is_any },
	{ "date", is_date },
	{ "array-string", is_string },
	{ "array-number", is_number },
	{ "array-float", is_number },
	{ "array-double", is_number },
	{ "array-uuid", is_uuid },
	{ "array-boolean", is_boolean },
};

enum { TYPES = sizeof(types) / sizeof(types[0]), FIRST_ARRAY = 14 };

/* "DataTypes.NUMBER" and "NUMBER" are "number"; ARRAY_STRING is array-string. */
static bool is_named(struct str name, const char *type)
{
	if (str_starts(name, STR("DataTypes.")))
		name = str_from(name, 10);
	if (name.len != strlen(type))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const struct str one = { name.at + i, 1 }, other = { type + i, 1 };
		const bool dash = other.at[0] == '-' && one.at[0] == '_';

		if (!dash && !str_eq_nocase(one, other))
			return false;
	}
	return true;
}

static const struct input_type *type_of(const struct json *field)
{
	const struct json *type = field->kind == JSON_OBJECT
					  ? json_get(field, STR("type"))
					  : field;

	if (!type)
		return &types[0];
	for (size_t i = 0; type->kind == JSON_STRING && i < TYPES; i++)
		if (is_named(type->text, types[i].name))
			return &types[i];
	return NULL;
}

static const struct json *option(const struct json *field, struct str name)
{
	return field->kind == JSON_OBJECT ? json_get(field, name) : NULL;
}

bool input_schema_check(const struct json *schema, const char *file, struct report *r)
{
	const unsigned before = r->errors;

	if (schema->kind != JSON_OBJECT)
		return report_error(r, (struct where){ file, schema->line },
				    "input must be a map of fields");
	for (const struct json *f = schema->first; f; f = f->next) {
		const struct where at = { file, f->line };

		if (f->kind != JSON_STRING && f->kind != JSON_OBJECT)
			report_error(r, at,
				     "input field '" STR_FMT "' must be a type or a map",
				     STR_ARG(f->key));
		else if (!type_of(f))
			report_error(r, at,
				     "input field '" STR_FMT "' has an unknown type",
				     STR_ARG(f->key));
	}
	return r->errors == before;
}

static void complain(struct json *errors, struct str field, const char *rule,
		     const char *message, struct arena *a)
{
	struct json *e = json_new(a, JSON_OBJECT);

	json_set(e, STR("field"), json_string(a, field));
	json_set(e, STR("rule"), json_string(a, str_of(rule)));
	json_set(e, STR("message"), json_string(a, str_of(message)));
	json_append(errors, e);
}

static bool fits_type(const struct input_type *type, const struct json *value)
{
	if (type - types < FIRST_ARRAY)
		return type->fits(value);
	if (value->kind != JSON_ARRAY)
		return false;
	for (const struct json *i = value->first; i; i = i->next)
		if (!type->fits(i))
			return false;
	return true;
}

static bool is_listed(const struct json *list, const struct json *value)
{
	for (const struct json *i = list->first; i; i = i->next)
		if (json_equal(i, value))
			return true;
	return false;
}

/* Which limit a value of the right type breaks; NULL: none. */
static const char *broken_rule(const struct json *field, const struct json *value)
{
	const struct json *list = option(field, STR("enum"));
	const size_t size = value->kind == JSON_STRING ? value->text.len : value->count;
	double limit, n;

	if (list && list->kind == JSON_ARRAY && !is_listed(list, value))
		return "enum";
	if (option(field, STR("minlength")) &&
	    json_to_double(option(field, STR("minlength")), &limit) &&
	    (double)size < limit)
		return "minlength";
	if (option(field, STR("maxlength")) &&
	    json_to_double(option(field, STR("maxlength")), &limit) &&
	    (double)size > limit)
		return "maxlength";
	if (!json_to_double(value, &n))
		return NULL;
	if (option(field, STR("min")) &&
	    json_to_double(option(field, STR("min")), &limit) && n < limit)
		return "min";
	if (option(field, STR("max")) &&
	    json_to_double(option(field, STR("max")), &limit) && n > limit)
		return "max";
	return NULL;
}

static bool is_required(const struct json *field)
{
	const struct json *required = option(field, STR("required"));

	if (option(field, STR("default")))
		return false;
	return !required || required->kind != JSON_FALSE;
}

static void validate_field(const struct json *field, const struct json *value,
			   struct json *errors, struct arena *a)
{
	const struct input_type *type = type_of(field);
	const char *rule;

	if (!type || !fits_type(type, value)) {
		complain(errors, field->key, "type",
			 arena_printf(a, STR_FMT " must be of type %s",
				      STR_ARG(field->key), type ? type->name : "any"),
			 a);
		return;
	}
	rule = broken_rule(field, value);
	if (rule)
		complain(errors, field->key, rule,
			 arena_printf(a, STR_FMT " does not keep to %s",
				      STR_ARG(field->key), rule),
			 a);
}

struct json *input_validate(const struct json *schema, const struct json *input,
			    struct arena *a, struct json **errors)
{
	struct json *whole = json_copy(a, input);

	*errors = json_new(a, JSON_ARRAY);
	for (const struct json *f = schema ? schema->first : NULL; f; f = f->next) {
		const struct json *value = json_get(whole, f->key);
		const struct json *fallback = option(f, STR("default"));

		if (!value && fallback)
			json_set(whole, f->key, json_copy(a, fallback));
		else if (!value && is_required(f))
			complain(*errors, f->key, "required",
				 arena_printf(a, STR_FMT " is missing", STR_ARG(f->key)),
				 a);
		else if (value)
			validate_field(f, value, *errors, a);
	}
	return whole;
}
