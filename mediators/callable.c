#include "callable.h"

#include <time.h>

const struct json *callable_variable(struct exchange *x, const char *name)
{
	const struct value v = message_own_property(&x->message, SCOPE_VARIABLE,
						    str_of(name));

	return v.kind == VALUE_JSON ? v.json : NULL;
}

void callable_set(struct exchange *x, const char *name, const struct json *value)
{
	if (value)
		message_set_property(&x->message, SCOPE_VARIABLE, str_of(name),
				     value_json(value));
	else
		message_remove_property(&x->message, SCOPE_VARIABLE, str_of(name));
}

struct str callable_run(struct exchange *x, const char *name)
{
	const struct json *run = callable_variable(x, "run");
	const struct json *j = run ? json_get(run, str_of(name)) : NULL;

	return j && j->kind == JSON_STRING ? j->text : STR("");
}

void callable_set_run(struct exchange *x, const char *name, struct json *value)
{
	const struct json *old = callable_variable(x, "run");
	struct json *run = old ? json_copy(&x->arena, old)
			       : json_new(&x->arena, JSON_OBJECT);

	json_set(run, str_of(name), value);
	callable_set(x, "run", run);
}

enum flow callable_fault(struct exchange *x, const char *code, const char *text,
			 const struct json *data)
{
	const struct fault why = { .code_text = code, .text = text, .data = data };

	return exchange_fault_with(x, &why);
}

struct str callable_time(uint64_t wall_ms, struct arena *a)
{
	const time_t seconds = (time_t)(wall_ms / 1000);
	char text[32] = "";
	struct tm parts;

	if (gmtime_r(&seconds, &parts))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	return str_of(arena_printf(a, "%s.%03uZ", text, (unsigned)(wall_ms % 1000)));
}

void callable_put(struct exchange *x, const struct json *payload)
{
	headers_init(&x->message.headers, &x->arena);
	properties_clear(&x->message.properties[SCOPE_AXIS2]);
	content_set_json(&x->message, payload);
	content_set_type(&x->message, STR("application/json"));
}

const struct json *callable_map(struct exchange *x, const struct expr *mapping)
{
	struct fault why = { 0 };
	struct value v;

	if (expr_eval(mapping, &x->message, &v, &why) && v.kind == VALUE_JSON)
		return v.json;
	callable_fault(x, "MAPPING_FAILED", why.text ? why.text : "nothing to map", NULL);
	return NULL;
}

const void *callable_find(struct exchange *x, const char *kind, struct str tag)
{
	const struct str product = callable_run(x, "product");
	const char *name = arena_printf(&x->arena, STR_FMT "/%s/" STR_FMT,
					STR_ARG(product), kind, STR_ARG(tag));

	return x->names ? x->names->find(x->names, REF_DEFINITION, str_of(name)) : NULL;
}

const struct json *callable_json(struct str text, const struct element *e,
				 struct binder *b)
{
	struct fault why = { 0 };
	const struct json *j = json_parse(text, b->arena, &why);

	if (!j)
		report_error(b->report, e->where, "<%.*s>: %s", STR_ARG(e->name),
			     why.text);
	return j;
}
