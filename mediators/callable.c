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

void callable_show_defaults(struct exchange *x, const struct json *otherwise,
			    const struct json *first)
{
	struct json *both;

	if (!first || !otherwise) {
		callable_set(x, "default", first ? first : otherwise);
		return;
	}
	both = json_copy(&x->arena, otherwise);
	for (const struct json *d = first->first; d; d = d->next)
		json_set(both, d->key, json_copy(&x->arena, d));
	callable_set(x, "default", both);
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

	if (value)
		json_set(run, str_of(name), value);
	else if (json_get(run, str_of(name)))
		json_remove(run, json_get(run, str_of(name)));
	callable_set(x, "run", run);
}

enum flow callable_fault(struct exchange *x, const char *code, const char *text,
			 const struct json *data)
{
	const struct fault why = { .code_text = code, .text = text, .data = data };

	return exchange_fault_with(x, &why);
}

static void is_over(void *ctx)
{
	struct callable_limit *l = ctx;
	const struct fault why = {
		.code_text = "TIMEOUT",
		.text = "it was not done in time",
		.kind = "deadline",
	};

	exchange_interrupt(l->x, l->state, &why);
}

void callable_limit_init(struct callable_limit *l, struct exchange *x, const void *state)
{
	*l = (struct callable_limit){ .x = x, .state = state, .set_up = true };
	timer_init(&l->timer, is_over, l);
}

void callable_limit(struct exchange *x, struct callable_limit *l, bool is_action,
		    uint64_t ms)
{
	struct timers *clock = &x->engine->timers;

	callable_set_run(x, "timeout",
			 ms && is_action ? json_int(&x->arena, (int64_t)ms) : NULL);
	if (ms && !is_action)
		timer_set(clock, &l->timer, clock->now + ms);
}

void callable_limit_clear(struct callable_limit *l)
{
	if (l->set_up)
		timer_clear(&l->x->engine->timers, &l->timer);
}

bool callable_runs_itself(struct exchange *x, struct str tag)
{
	for (const struct frame *f = x->top->below; f; f = f->below) {
		if (f->node != x->top->node)
			continue;
		callable_fault(x, "RECURSION",
			       arena_printf(&x->arena, "'" STR_FMT "' runs itself",
					    STR_ARG(tag)),
			       NULL);
		return true;
	}
	return false;
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
