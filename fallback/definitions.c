#include "fallback/fallback_priv.h"
#include "mediators/input_schema.h"

static const char *const fallback_members[] = {
	"kind", "product", "tag", "name", "description", "input", "options", NULL,
};
static const char *const option_members[] = {
	"type",           "event",        "app",      "provider",    "input",
	"output",         "retries",      "weight",   "healthcheck", "check_interval",
	"timeout",        "retry_delay",  "no_retry", "abort_on",    "provider_status",
	"last_available", "last_checked", NULL,
};
static const char *const feature_members[] = {
	"kind",  "product", "tag",    "name", "description",
	"input", "events",  "output", NULL,
};
static const char *const event_members[] = {
	"type",    "event",   "app",         "name",        "input",
	"output",  "retries", "retry_delay", "allow_fail",  "condition",
	"timeout", "cache",   "session",     "description", NULL,
};
static const char *const check_names[] = {
	"kind",    "product", "tag",       "name",     "description",
	"app",     "event",   "probe",     "interval", "retries",
	"timeout", "envs",    "onFailure", "input",    NULL,
};

/* What "type" and "app" and "event" of an option or a step name. */
static struct str target_of(struct translation *t, const struct json *o, struct str type)
{
	const struct str event = tag_of(t, o, "event", "an option or event");
	const struct str app = text_of(t, o, "app");

	if (str_eq(type, STR("action"))) {
		if (!app.len)
			report_error(t->report, at(t, o),
				     "'" STR_FMT "' needs 'app', as its type is ACTION",
				     STR_ARG(event));
		return name_of(t, "action",
			       str_of(arena_printf(t->arena, STR_FMT "/" STR_FMT,
						   STR_ARG(app), STR_ARG(event))));
	}
	if (!str_eq(type, STR("feature")) && !str_eq(type, STR("fallback")) &&
	    !str_eq(type, STR("quota")))
		report_error(t->report, at(t, o),
			     "type '" STR_FMT "' is not one of ACTION, FEATURE, FALLBACK",
			     STR_ARG(type));
	return name_of(t, type.at, event);
}

static struct str type_of(struct translation *t, const struct json *o)
{
	const struct str type = text_of(t, o, "type");

	return type.len ? enumeration(t, type) : STR("action");
}

static struct element *translate_option(struct translation *t, const struct json *o)
{
	struct element *e = word(t, "option", o);
	const struct str type = type_of(t, o), check = text_of(t, o, "healthcheck");
	struct str provider = text_of(t, o, "provider");

	check_members(t, o, option_members, "an option");
	if (!provider.len)
		provider = text_of(t, o, str_eq(type, STR("action")) ? "app" : "event");
	set_text(t, e, "type", type);
	set_text(t, e, "provider", provider);
	set_text(t, e, "app", text_of(t, o, "app"));
	set_text(t, e, "event", text_of(t, o, "event"));
	set_text(t, e, "target", target_of(t, o, type));
	if (check.len)
		set_text(t, e, "healthcheck", name_of(t, "healthcheck", check));
	set_member(t, e, "retries", o, "retries");
	set_member(t, e, "retryDelay", o, "retry_delay");
	set_member(t, e, "timeout", o, "timeout");
	set_member(t, e, "weight", o, "weight");
	set_codes(t, e, "noRetry", o, "no_retry");
	set_codes(t, e, "abortOn", o, "abort_on");
	add_json(t, e, "input", "duct-in:", json_get(o, STR("input")));
	add_json(t, e, "output", "duct-out:", json_get(o, STR("output")));
	return e;
}

static struct element *begin(struct translation *t, const struct json *d,
			     const char *name, const char *kind)
{
	struct element *e = word(t, name, d);
	const struct str tag = tag_of(t, d, "tag", arena_printf(t->arena, "a %s", kind));

	set_text(t, e, "name", name_of(t, kind, tag));
	set_text(t, e, "product", t->product);
	set_text(t, e, "tag", tag);
	text_of(t, d, "name");
	text_of(t, d, "description");
	return e;
}

/* Here, where the lines of its fields are known. */
static void add_schema(struct translation *t, const struct json *d, struct element *e)
{
	const struct json *input = json_get(d, STR("input"));

	if (input && input->kind != JSON_NULL)
		input_schema_check(input, t->file, t->report);
	add_json(t, e, "schema", "", input);
}

void translate_fallback(struct translation *t, const struct json *d, const char *kind)
{
	struct element *e = begin(t, d, "fallback", kind);
	const struct json *options = list_of(t, d, "options");

	check_members(t, d, fallback_members, kind);
	if (strcmp(kind, "quota") == 0)
		set_text(t, e, "pick", STR("weighted"));
	add_schema(t, d, e);
	need_members(t, d, "options", kind);
	if (!json_get(d, STR("name")))
		report_error(t->report, at(t, d), "%s '" STR_FMT "' needs 'name'", kind,
			     STR_ARG(text_of(t, d, "tag")));
	for (; options; options = options->next)
		element_add(e, translate_option(t, options));
	add_artifact(t, e);
}

static struct element *translate_event(struct translation *t, const struct json *o)
{
	struct element *e = word(t, "step", o);
	const struct str name = text_of(t, o, "name");

	check_members(t, o, event_members, "an event");
	set_text(t, e, "name", name.len ? name : text_of(t, o, "event"));
	set_text(t, e, "target", target_of(t, o, type_of(t, o)));
	set_member(t, e, "retries", o, "retries");
	set_member(t, e, "retryDelay", o, "retry_delay");
	set_member(t, e, "timeout", o, "timeout");
	set_member(t, e, "allowFail", o, "allow_fail");
	add_json(t, e, "input", "duct-in:", json_get(o, STR("input")));
	add_json(t, e, "output", "duct-out:", json_get(o, STR("output")));
	add_json(t, e, "condition", "duct-in:", json_get(o, STR("condition")));
	return e;
}

void translate_feature(struct translation *t, const struct json *d)
{
	struct element *e = begin(t, d, "feature", "feature");
	const struct json *events = list_of(t, d, "events");

	check_members(t, d, feature_members, "a feature");
	add_schema(t, d, e);
	need_members(t, d, "events", "feature");
	for (; events; events = events->next)
		element_add(e, translate_event(t, events));
	add_json(t, e, "output", "duct-out:", json_get(d, STR("output")));
	add_artifact(t, e);
}

/* --- health checks --- */

/* The envs of an app that is in the same file; NULL: it is not. */
static const struct json *envs_of(struct translation *t, struct str app)
{
	const struct json *apps = json_get(t->document, STR("apps"));

	for (const struct json *a = apps ? apps->first : NULL; a; a = a->next)
		if (a->kind == JSON_OBJECT && str_eq(text_of(t, a, "app"), app))
			return list_of(t, a, "envs");
	return NULL;
}

/* An option may ask for the check to be made more often. */
static int64_t shortest_interval(struct translation *t, struct str tag)
{
	const struct json *all = json_get(t->document, STR("fallbacks"));
	int64_t shortest = 0, ms;

	for (const struct json *f = all ? all->first : NULL; f; f = f->next)
		for (const struct json *o = list_of(t, f, "options"); o; o = o->next) {
			const struct json *own = json_get(o, STR("check_interval"));

			if (own && json_to_int(own, &ms) && ms > 0 &&
			    str_eq(text_of(t, o, "healthcheck"), tag) &&
			    (!shortest || ms < shortest))
				shortest = ms;
		}
	return shortest;
}

static void set_interval(struct translation *t, struct element *e, const struct json *d)
{
	const struct json *own = json_get(d, STR("interval"));
	const int64_t shortest = shortest_interval(t, text_of(t, d, "tag"));
	int64_t ms = 60000;

	set_member(t, e, "interval", d, "interval");
	if (own)
		json_to_int(own, &ms);
	if (shortest && shortest < ms)
		set_text(t, e, "interval",
			 str_of(arena_printf(t->arena, "%lld", (long long)shortest)));
}

/* An action of no app, that calls one address; for webhooks and probes by URL. */
static struct str add_url_action(struct translation *t, const struct json *call,
				 struct str tag, const struct json *envs)
{
	const struct str method = text_of(t, call, "method");
	const struct str name = name_of(t, "action", tag);
	struct json *app = json_new(t->arena, JSON_OBJECT);
	struct json *action = json_new(t->arena, JSON_OBJECT);
	struct json *actions = json_new(t->arena, JSON_ARRAY);
	struct json *list = json_new(t->arena, JSON_ARRAY);
	const struct str url = text_of(t, call, "url");
	const size_t path = str_find(str_from(url, 8), '/') + 8;

	for (; envs; envs = envs->next) {
		struct json *env = json_new(t->arena, JSON_OBJECT);

		env->line = call->line;
		json_set(env, STR("slug"),
			 json_string(t->arena, text_of(t, envs, "slug")));
		json_set(env, STR("base_url"),
			 json_string(t->arena, str_first(url, path)));
		json_append(list, env);
	}
	action->line = app->line = call->line;
	json_set(action, STR("tag"),
		 json_string(t->arena, str_from(tag, str_find(tag, '/') + 1)));
	json_set(action, STR("method"),
		 json_string(t->arena, method.len ? method : STR("POST")));
	json_set(action, STR("resource"), json_string(t->arena, str_from(url, path)));
	if (json_get(call, STR("headers")))
		json_set(action, STR("headers"),
			 json_copy(t->arena, json_get(call, STR("headers"))));
	json_append(actions, action);
	json_set(app, STR("app"),
		 json_string(t->arena, str_first(tag, str_find(tag, '/'))));
	json_set(app, STR("envs"), list);
	json_set(app, STR("actions"), actions);
	translate_app(t, app);
	return name;
}

/* What the check runs; a probe may be written in two ways. */
static struct str check_target(struct translation *t, const struct json *d,
			       const struct json *envs)
{
	const struct json *probe = json_get(d, STR("probe"));
	const struct json *from = probe && probe->kind == JSON_OBJECT ? probe : d;
	const struct str type = type_of(t, from);
	const struct str event = text_of(t, from, "event");
	const struct str action = event.len ? event : text_of(t, from, "action");
	const struct str app = text_of(t, from, "app");

	if (str_eq(type, STR("http")))
		return add_url_action(t, from,
				      str_of(arena_printf(t->arena, STR_FMT "/probe",
							  STR_ARG(text_of(t, d, "tag")))),
				      envs);
	if (str_eq(type, STR("feature")))
		return name_of(t, "feature", action);
	if (!str_eq(type, STR("app")) && !str_eq(type, STR("action")))
		report_error(t->report, at(t, from),
			     "probe type '" STR_FMT "' is not one of app, feature, http",
			     STR_ARG(type));
	return name_of(t, "action",
		       str_of(arena_printf(t->arena, STR_FMT "/" STR_FMT, STR_ARG(app),
					   STR_ARG(action))));
}

static void add_webhook(struct translation *t, const struct json *d, struct element *e,
			const struct json *envs)
{
	const struct json *failure = json_get(d, STR("onFailure"));
	const struct json *hook = failure ? json_get(failure, STR("webhook")) : NULL;
	struct element *steps, *notify;
	struct str name;

	if (!hook || hook->kind != JSON_OBJECT)
		return;
	name = add_url_action(t, hook,
			      str_of(arena_printf(t->arena, STR_FMT "/webhook",
						  STR_ARG(text_of(t, d, "tag")))),
			      envs);
	steps = word(t, "onFailure", hook);
	notify = word(t, "invoke", hook);
	set_text(t, notify, "target", name);
	set_text(t, notify, "product", t->product);
	set_text(t, notify, "env", text_of(t, envs, "slug"));
	add_json(t, notify, "input", "duct-in:", json_get(hook, STR("body")));
	element_add(steps, notify);
	element_add(e, steps);
}

void translate_healthcheck(struct translation *t, const struct json *d)
{
	struct element *e = begin(t, d, "healthcheck", "healthcheck");
	const struct json *envs = list_of(t, d, "envs");

	check_members(t, d, check_names, "a health check");
	if (!envs)
		envs = envs_of(t, text_of(t, d, "app"));
	if (!envs)
		report_error(t->report, at(t, d),
			     "health check '" STR_FMT "' needs 'envs'",
			     STR_ARG(text_of(t, d, "tag")));
	set_text(t, e, "target", check_target(t, d, envs));
	set_interval(t, e, d);
	set_member(t, e, "timeout", d, "timeout");
	set_member(t, e, "retries", d, "retries");
	for (const struct json *env = envs; env; env = env->next) {
		struct element *at_env = word(t, "at", env);

		set_text(t, at_env, "env", tag_of(t, env, "slug", "an env"));
		add_json(t, at_env, "input", "", json_get(env, STR("input")));
		element_add(e, at_env);
	}
	add_webhook(t, d, e, envs);
	add_artifact(t, e);
}
