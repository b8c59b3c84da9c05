#include "expr/synapse_priv.h"

#include <math.h>
#include <stdarg.h>

#include "message/content.h"

enum { MOST_DEPTH = 200 };

bool run_fail(struct run *r, const char *fmt, ...)
{
	va_list ap;

	if (r->error)
		return false;
	va_start(ap, fmt);
	r->error = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	return false;
}

static struct value plain_json(const struct json *j)
{
	int64_t n;
	double real;

	switch (j->kind) {
	case JSON_NULL:
		return VALUE_NONE;
	case JSON_TRUE:
		return value_bool(true);
	case JSON_FALSE:
		return value_bool(false);
	case JSON_NUMBER:
		if (json_to_int(j, &n))
			return value_int(n);
		if (json_to_double(j, &real))
			return value_double(real);
		break;
	case JSON_STRING:
		return value_str(j->text);
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return value_json(j);
}

struct value plain_value(struct run *r, struct value v)
{
	if (v.kind == VALUE_JSON)
		return plain_json(v.json);
	if (v.kind == VALUE_XML)
		return value_str(value_text(v, r->arena));
	return v;
}

struct str text_of_value(struct run *r, struct value v)
{
	if (v.kind == VALUE_JSON && v.json->kind == JSON_NULL)
		return STR("");
	return value_text(v, r->arena);
}

const struct json *json_of_value(struct run *r, struct value v)
{
	if (v.kind == VALUE_JSON && v.json->kind != JSON_STRING)
		return v.json;
	v = plain_value(r, v);
	return v.kind == VALUE_STR ? json_parse(v.text, r->arena, NULL) : NULL;
}

/* Texts of headers and properties that look like a number are one. */
static struct value number_or_text(struct run *r, struct value v)
{
	int64_t n;
	double real;
	struct str s;

	if (v.kind != VALUE_STR)
		return v;
	s = v.text;
	if (str_to_int(s, &n))
		return value_int(n);
	/* C reads more as a number than Java does: hex, inf. */
	if (s.len &&
	    (str_eq(s, STR("NaN")) ||
	     ((s.at[0] == '-' || s.at[0] == '.' || (s.at[0] >= '0' && s.at[0] <= '9')) &&
	      str_find(s, 'x') == s.len && str_find(s, 'X') == s.len)) &&
	    str_to_double(s, &real))
		return value_double(real);
	(void)r;
	return v;
}

static bool payload_as_xml(struct run *r, struct value *v)
{
	struct fault why = { 0 };
	struct xml_tree *t = content_xml(r->message, &why);

	if (!t)
		return run_fail(r, "%s", why.text ? why.text : "there is no payload");
	*v = value_xml(xml_nodes_of(xml_soap_body(t), r->arena));
	return true;
}

static bool is_plain_xml(struct message *m)
{
	const struct str type = value_text(
		message_own_property(m, SCOPE_AXIS2, STR("ContentType")), m->arena);

	return m->content.kind == CONTENT_XML &&
	       str_find_str(type, STR("application/xml")) < type.len;
}

static bool payload_value(struct run *r, const struct term *t, struct value *v)
{
	struct fault why = { 0 };
	const struct json *root;

	if (!content_understand(r->message, &why))
		return run_fail(r, "%s", why.text);
	if (!t->path.pieces && is_plain_xml(r->message))
		return payload_as_xml(r, v);
	root = content_json(r->message, &why);
	if (!root)
		return run_fail(r, "%s", why.text ? why.text : "the payload is empty");
	if (t->path.pieces)
		return path_apply(r, &t->path, root, v);
	*v = value_json(root);
	return true;
}

static bool apply_to_value(struct run *r, const struct term *t, struct value from,
			   struct value *v)
{
	const struct json *root;

	*v = from;
	if (!t->path.pieces)
		return true;
	if (from.kind == VALUE_XML)
		return run_fail(r, "a path does not go into XML");
	root = json_of_value(r, from);
	if (!root)
		return run_fail(r, "a path does not go into what is no JSON");
	return path_apply(r, &t->path, root, v);
}

static bool variable_value(struct run *r, const struct term *t, struct value *v)
{
	const struct value found = message_own_property(r->message, SCOPE_VARIABLE,
							t->name);

	if (found.kind == VALUE_NULL)
		return run_fail(r, "there is no variable '" STR_FMT "'",
				STR_ARG(t->name));
	return apply_to_value(r, t, found, v);
}

static bool property_value(struct run *r, const struct term *t, struct value *v)
{
	*v = number_or_text(r, message_own_property(r->message, t->scope, t->name));
	if (v->kind == VALUE_NULL)
		return run_fail(r, "there is no '" STR_FMT "'", STR_ARG(t->name));
	return true;
}

static bool list_value(struct run *r, const struct term *t, struct value *v)
{
	struct json *array = json_new(r->arena, JSON_ARRAY);

	for (const struct term *item = t->arguments; item; item = item->next) {
		struct value value;
		struct json *member;

		if (!term_value(r, item, &value))
			return false;
		value = plain_value(r, value);
		if (value.kind == VALUE_JSON)
			member = json_copy(r->arena, value.json);
		else if (value.kind == VALUE_STR)
			member = json_string(r->arena, value.text);
		else if (value.kind == VALUE_NULL)
			member = json_new(r->arena, JSON_NULL);
		else if (value.kind == VALUE_BOOL)
			member = json_bool(r->arena, value.truth);
		else
			member = json_number(r->arena, value_text(value, r->arena));
		json_append(array, member);
	}
	*v = value_json(array);
	return true;
}

/* Only the side that is chosen is worked out. */
static bool choice_value(struct run *r, const struct term *t, struct value *v)
{
	struct value condition;

	if (!term_value(r, t->a, &condition))
		return false;
	condition = plain_value(r, condition);
	if (condition.kind != VALUE_BOOL)
		return run_fail(r, "Condition is not a boolean");
	return term_value(r, condition.truth ? t->b : t->c, v);
}

static bool binary_value(struct run *r, const struct term *t, struct value *v)
{
	struct value a, b;

	return term_value(r, t->a, &a) && term_value(r, t->b, &b) &&
	       operator_value(r, t->op, a, b, v);
}

/* A small message of its own, with the variable as its payload. */
static bool xpath_of_variable(struct run *r, const struct expr *e, struct str name,
			      struct value *v)
{
	const struct value found = message_own_property(
		r->message, SCOPE_VARIABLE, str_first(name, str_find(name, '.')));
	struct message inner;
	struct fault why = { 0 };
	struct str s;

	if (found.kind == VALUE_NULL)
		return run_fail(r, "there is no variable '" STR_FMT "'", STR_ARG(name));
	message_init(&inner, r->arena, r->message->incoming, r->message->around);
	if (!content_set_xml(&inner, value_text(found, r->arena), &why) ||
	    !expr_text(e, &inner, &s, NULL, &why))
		return run_fail(r, "%s", why.text);
	*v = value_str(s);
	return true;
}

static bool xpath_value(struct run *r, const struct term *t, struct value *v)
{
	const struct expr *e = t->xpath;
	struct value text, name;
	struct fault why = { 0 };

	if (!e) {
		if (!term_value(r, t->arguments, &text))
			return false;
		e = expr_compile(text_of_value(r, text), NULL, r->arena, &why);
	}
	if (!e)
		return run_fail(r, "%s", why.text);
	if (t->count == 2) {
		if (!term_value(r, t->arguments->next, &name))
			return false;
		return xpath_of_variable(r, e, text_of_value(r, name), v);
	}
	return expr_eval(e, r->message, v, &why) || run_fail(r, "%s", why.text);
}

/* Errors within are the answer: it does not exist. */
static bool exists_value(struct run *r, const struct term *t, struct value *v)
{
	struct run inner = *r;
	struct value found;

	*v = value_bool(term_value(&inner, t->arguments, &found) &&
			plain_value(r, found).kind != VALUE_NULL);
	return true;
}

static bool call_value(struct run *r, const struct term *t, struct value *v)
{
	struct value arguments[3] = { 0 }, result;
	unsigned i = 0;

	if (str_eq(str_of(t->function->name), STR("exists")))
		return exists_value(r, t, v);
	if (str_eq(str_of(t->function->name), STR("xpath")))
		return xpath_value(r, t, v);
	for (const struct term *a = t->arguments; a && i < 3; a = a->next, i++) {
		if (!term_value(r, a, &arguments[i]))
			return false;
		arguments[i] = plain_value(r, arguments[i]);
		if (arguments[i].kind == VALUE_NULL)
			return run_fail(r,
					"Null source value provided for the function: %s",
					t->function->name);
	}
	return t->function->call(r, arguments, t->count, &result) &&
	       apply_to_value(r, t, result, v);
}

static bool value_of(struct run *r, const struct term *t, struct value *v)
{
	switch (t->kind) {
	case TERM_LITERAL:
		*v = t->literal;
		return true;
	case TERM_LIST:
		return list_value(r, t, v);
	case TERM_BINARY:
		return binary_value(r, t, v);
	case TERM_CHOICE:
		return choice_value(r, t, v);
	case TERM_CALL:
		return call_value(r, t, v);
	case TERM_PAYLOAD:
		return payload_value(r, t, v);
	case TERM_VARIABLE:
		return variable_value(r, t, v);
	case TERM_PROPERTY:
		return property_value(r, t, v);
	case TERM_CONFIG:
		return run_fail(r, "there is no config '" STR_FMT "'", STR_ARG(t->name));
	}
	return false;
}

bool term_value(struct run *r, const struct term *t, struct value *v)
{
	bool fine;

	if (++r->depth > MOST_DEPTH)
		return run_fail(r, "it is nested too deeply");
	fine = value_of(r, t, v);
	r->depth--;
	return fine;
}
