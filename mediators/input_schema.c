#include "input_schema.h"

#include "base/utf8.h"
#include "input_type.h"

enum { MOST_TYPOS = 2, DEEPEST = 16 };

static const char *const rules[] = { "type", "required", "default",     "minlength",
				     "min",  "max",      "description", "maxlength",
				     "enum", "name",     "properties" };

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

static const struct json *option(const struct json *field, struct str name)
{
	return field->kind == JSON_OBJECT ? json_get(field, name) : NULL;
}

static bool is_rule(struct str name)
{
	for (size_t i = 0; i < RULES; i++)
		if (str_eq(name, str_of(rules[i])))
			return true;
	return false;
}

/* "typ", or a number where only a rule has one. */
static bool is_mistyped(const struct json *m)
{
	return m->kind != JSON_STRING || str_distance(m->key, STR("type")) == 1;
}

/* The fields inside of a field; NULL: it is a value. */
static const struct json *fields_in(const struct json *field)
{
	const struct json *properties = option(field, STR("properties"));

	if (properties && properties->kind == JSON_OBJECT)
		return properties;
	if (field->kind != JSON_OBJECT || !field->first)
		return NULL;
	for (const struct json *m = field->first; m; m = m->next)
		if (m->kind != JSON_OBJECT && (is_rule(m->key) || is_mistyped(m)))
			return NULL;
	return field;
}

/* NULL: its type is unknown. */
static const struct input_type *type_of(const struct json *field)
{
	const struct json *type = field->kind == JSON_OBJECT
					  ? json_get(field, STR("type"))
					  : field;

	if (!type)
		return input_type_named(STR("string"));
	return type->kind == JSON_STRING ? input_type_named(type->text) : NULL;
}

/* --- a schema's own mistakes --- */

struct checking {
	const char *file;
	struct report *report;
};

static struct where place(const struct checking *c, const struct json *j)
{
	return (struct where){ c->file, j->line };
}

static void check_name(const struct checking *c, const struct json *field,
		       const struct json *m)
{
	const char *guess = NULL;
	size_t least = MOST_TYPOS + 1;

	if (is_rule(m->key))
		return;
	for (size_t i = 0; i < RULES; i++)
		if (str_is_nearer(m->key, str_of(rules[i]), &least))
			guess = rules[i];
	report_error(c->report, place(c, m),
		     "input field '" STR_FMT "' has no rule '" STR_FMT "'%s%s%s",
		     STR_ARG(field->key), STR_ARG(m->key),
		     guess ? "; did you mean '" : "", guess ? guess : "",
		     guess ? "'?" : "");
}

static void expect(const struct checking *c, const struct json *field, const char *rule,
		   bool fits, const char *what)
{
	const struct json *m = option(field, str_of(rule));

	if (m && !fits)
		report_error(c->report, place(c, m),
			     "%s of input field '" STR_FMT "' must be %s", rule,
			     STR_ARG(field->key), what);
}

static void check_rules(const struct checking *c, const struct json *field)
{
	static const char *const limits[] = { "minlength", "maxlength", "min", "max" };
	const struct json *required = option(field, STR("required"));
	const struct json *list = option(field, STR("enum"));
	const struct json *otherwise = option(field, STR("default"));
	const struct input_type *type = type_of(field);

	for (const struct json *m = field->first; m; m = m->next)
		check_name(c, field, m);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct json *limit = option(field, str_of(limits[i]));

		expect(c, field, limits[i], limit && limit->kind == JSON_NUMBER,
		       "a number");
	}
	expect(c, field, "required",
	       required && (required->kind == JSON_TRUE || required->kind == JSON_FALSE),
	       "true or false");
	expect(c, field, "enum", list && list->kind == JSON_ARRAY, "a list");
	if (type && otherwise)
		expect(c, field, "default", input_type_fits(type, otherwise),
		       input_type_name(type));
}

static void check_fields(const struct checking *c, const struct json *schema,
			 unsigned depth)
{
	for (const struct json *f = schema->first; f; f = f->next) {
		const struct json *inside = fields_in(f);

		if (f->kind != JSON_STRING && f->kind != JSON_OBJECT)
			report_error(c->report, place(c, f),
				     "input field '" STR_FMT "' must be a type or a map",
				     STR_ARG(f->key));
		else if (inside && depth == DEEPEST)
			report_error(c->report, place(c, f),
				     "input field '" STR_FMT "' is nested too deep",
				     STR_ARG(f->key));
		else if (inside)
			check_fields(c, inside, depth + 1);
		else if (!type_of(f))
			report_error(c->report, place(c, f),
				     "input field '" STR_FMT "' has an unknown type",
				     STR_ARG(f->key));
		if (f->kind == JSON_OBJECT && inside != f)
			check_rules(c, f);
	}
}

bool input_schema_check(const struct json *schema, const char *file, struct report *r)
{
	const struct checking c = { file, r };
	const unsigned before = r->errors;

	if (schema->kind != JSON_OBJECT)
		return report_error(r, place(&c, schema),
				    "input must be a map of fields");
	check_fields(&c, schema, 0);
	return r->errors == before;
}

/* --- an input --- */

struct validating {
	struct arena *arena;
	struct json *errors;
};

static void complain(const struct validating *v, struct str field, const char *rule,
		     const char *message)
{
	struct json *e = json_new(v->arena, JSON_OBJECT);

	json_set(e, STR("field"), json_string(v->arena, field));
	json_set(e, STR("rule"), json_string(v->arena, str_of(rule)));
	json_set(e, STR("message"),
		 json_string(v->arena, str_of(arena_printf(v->arena, STR_FMT " %s",
							   STR_ARG(field), message))));
	json_append(v->errors, e);
}

static bool is_listed(const struct json *list, const struct json *value)
{
	for (const struct json *i = list->first; i; i = i->next)
		if (json_equal(i, value))
			return true;
	return false;
}

/* Complains if `size` is beyond a limit of the field; least: it is a lower one. */
static void hold(const struct validating *v, const struct json *field, struct str path,
		 const char *rule, double size, bool least, const char *what)
{
	const struct json *given = option(field, str_of(rule));
	double limit;

	if (!given || !json_to_double(given, &limit) ||
	    (least ? size >= limit : size <= limit))
		return;
	complain(v, path, rule,
		 arena_printf(v->arena, "must %s %s " STR_FMT "%s", *what ? "have" : "be",
			      least ? "at least" : "at most", STR_ARG(given->text),
			      what));
}

static void hold_limits(const struct validating *v, const struct json *field,
			struct str path, const struct json *value)
{
	const struct json *list = option(field, STR("enum"));
	const bool is_text = value->kind == JSON_STRING;
	double n;

	if (list && list->kind == JSON_ARRAY && !is_listed(list, value))
		complain(v, path, "enum",
			 arena_printf(v->arena, "must be one of " STR_FMT,
				      STR_ARG(json_text(list, v->arena))));
	if (is_text || value->kind == JSON_ARRAY || value->kind == JSON_OBJECT) {
		const char *what = is_text ? " characters" : " members";
		const double size = (double)(is_text ? utf8_length(value->text)
						     : value->count);

		hold(v, field, path, "minlength", size, true, what);
		hold(v, field, path, "maxlength", size, false, what);
	}
	if (json_to_double(value, &n) ||
	    (type_of(field) == input_type_named(STR("numberstring")) &&
	     str_to_double(value->text, &n))) {
		hold(v, field, path, "min", n, true, "");
		hold(v, field, path, "max", n, false, "");
	}
}

static bool is_required(const struct json *field)
{
	const struct json *required = option(field, STR("required"));

	if (option(field, STR("default")))
		return false;
	return !required || required->kind != JSON_FALSE;
}

static struct json *validate_fields(const struct validating *v, const struct json *schema,
				    const struct json *input, struct str path);

/* The value with its own defaults; itself if it has none. */
static const struct json *validate_value(const struct validating *v,
					 const struct json *field,
					 const struct json *value, struct str path)
{
	const struct json *inside = fields_in(field);
	const struct input_type *type = inside ? input_type_named(STR("object"))
					       : type_of(field);

	if (!type || !input_type_fits(type, value)) {
		complain(v, path, "type",
			 arena_printf(v->arena, "must be of type %s",
				      type ? input_type_name(type) : "any"));
		return value;
	}
	hold_limits(v, field, path, value);
	return inside ? validate_fields(v, inside, value, path) : value;
}

static struct json *validate_fields(const struct validating *v, const struct json *schema,
				    const struct json *input, struct str path)
{
	struct arena *a = v->arena;
	struct json *whole = json_copy(a, input);

	for (const struct json *f = schema ? schema->first : NULL; f; f = f->next) {
		const struct json *value = json_get(input, f->key);
		const struct json *otherwise = option(f, STR("default"));
		const struct str name = path.len
						? str_of(arena_printf(
							  a, STR_FMT "." STR_FMT,
							  STR_ARG(path), STR_ARG(f->key)))
						: f->key;

		if (!value && otherwise)
			json_set(whole, f->key, json_copy(a, otherwise));
		else if (!value && is_required(f))
			complain(v, name, "required", "is missing");
		else if (value && fields_in(f))
			json_set(whole, f->key,
				 json_copy(a, validate_value(v, f, value, name)));
		else if (value)
			validate_value(v, f, value, name);
	}
	return whole;
}

struct json *input_validate(const struct json *schema, const struct json *input,
			    struct arena *a, struct json **errors)
{
	const struct validating v = { a, json_new(a, JSON_ARRAY) };

	*errors = v.errors;
	return validate_fields(&v, schema, input, STR(""));
}

struct json *input_defaults(const struct json *schema, struct arena *a)
{
	struct json *to = json_new(a, JSON_OBJECT);

	for (const struct json *f = schema ? schema->first : NULL; f; f = f->next) {
		const struct json *otherwise = option(f, STR("default"));

		if (otherwise)
			json_set(to, f->key, json_copy(a, otherwise));
	}
	return to;
}
