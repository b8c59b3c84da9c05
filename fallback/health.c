/* Health checks: what they run, where, and who is told. */
#include "fallback/fallback_priv.h"

static const char *const check_names[] = {
	"kind",    "product", "tag",       "name",     "description",
	"app",     "event",   "probe",     "interval", "retries",
	"timeout", "envs",    "onFailure", "input",    NULL,
};
static const char *const probe_names[] = {
	"type", "app", "event", "action", "input", "url", "method", "headers", NULL,
};
static const char *const env_names[] = { "slug", "input", "description", NULL };
static const char *const hook_names[] = { "url", "method", "headers", "body", NULL };

/* For calls that are the same wherever the run is. */
static const char everywhere[] = "*";

static bool is_http(struct str url)
{
	return (str_starts(url, STR("http://")) && url.len > 7) ||
	       (str_starts(url, STR("https://")) && url.len > 8);
}

static struct json *text(struct translation *t, struct str s)
{
	return json_string(t->arena, s);
}

static struct json *only(struct translation *t, struct json *member)
{
	struct json *list = json_new(t->arena, JSON_ARRAY);

	json_append(list, member);
	return list;
}

/* { tag, method, resource, headers } */
static struct json *action_for(struct translation *t, const struct json *call,
			       struct str tag, struct str resource, const char *method)
{
	struct json *action = json_new(t->arena, JSON_OBJECT);
	const struct str given = text_of(t, call, "method");

	action->line = call->line;
	json_set(action, STR("tag"), text(t, tag));
	json_set(action, STR("method"), text(t, given.len ? given : str_of(method)));
	json_set(action, STR("resource"), text(t, resource));
	if (json_get(call, STR("headers")))
		json_set(action, STR("headers"),
			 json_copy(t->arena, json_get(call, STR("headers"))));
	return action;
}

/* An action of an app that is nobody's, which calls one address; its full name. */
static struct str add_url_action(struct translation *t, const struct json *call,
				 struct str app_tag, const char *tag, const char *method)
{
	struct json *app = json_new(t->arena, JSON_OBJECT);
	struct json *env = json_new(t->arena, JSON_OBJECT);
	const struct str url = text_of(t, call, "url");
	size_t path;

	if (!is_http(url)) {
		report_error(t->report, at(t, call),
			     "%s needs a url that begins with http:// or https://", tag);
		return STR("");
	}
	path = str_find(str_from(url, 8), '/') + 8;
	app->line = env->line = call->line;
	json_set(env, STR("slug"), text(t, str_of(everywhere)));
	json_set(env, STR("base_url"), text(t, str_first(url, path)));
	json_set(app, STR("app"), text(t, app_tag));
	json_set(app, STR("envs"), only(t, env));
	json_set(app, STR("actions"),
		 only(t, action_for(t, call, str_of(tag), str_from(url, path), method)));
	translate_actions(t, app);
	return name_of(
		t, "action",
		str_of(arena_printf(t->arena, STR_FMT "/%s", STR_ARG(app_tag), tag)));
}

static size_t last_colon(struct str s)
{
	size_t last = 0;

	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == ':')
			last = i;
	return last;
}

/* tcp://host:port; its full name. */
static struct str add_contact(struct translation *t, const struct json *probe,
			      struct str tag)
{
	const struct str url = text_of(t, probe, "url");
	const struct str address = str_starts(url, STR("tcp://")) ? str_from(url, 6)
								  : url;
	const size_t host = last_colon(address);
	const struct str name = name_of(
		t, "action",
		str_of(arena_printf(t->arena, STR_FMT "/probe", STR_ARG(tag))));
	struct element *e = word(t, "contact", probe);
	uint64_t port;

	if (!host || !str_to_uint(str_from(address, host + 1), &port) || !port ||
	    port > 65535 || str_find(address, '/') < address.len) {
		report_error(t->report, at(t, probe),
			     "probe needs a url tcp://host:port");
		return name;
	}
	set_text(t, e, "name", name);
	set_text(t, e, "url",
		 str_of(arena_printf(t->arena, "http://" STR_FMT, STR_ARG(address))));
	add_artifact(t, e);
	return name;
}

/* Without a type, what its address says. */
static struct str probe_type(struct translation *t, const struct json *from)
{
	const struct str url = text_of(t, from, "url");

	if (str_starts(url, STR("tcp://")))
		return type_of(t, from, "tcp");
	return type_of(t, from, url.len ? "http" : "app");
}

/* What the check runs; a probe may be written in two ways. */
static struct str check_target(struct translation *t, const struct json *d,
			       const struct json *from, struct str type)
{
	const struct str tag = text_of(t, d, "tag"), app = text_of(t, from, "app");
	const struct str event = text_of(t, from, "event");
	const struct str action = event.len ? event : text_of(t, from, "action");

	if (str_eq(type, STR("http")))
		return add_url_action(t, from, tag, "probe", "GET");
	if (str_eq(type, STR("tcp")))
		return add_contact(t, from, tag);
	if (!action.len)
		report_error(t->report, at(t, from),
			     "health check '" STR_FMT "' needs 'event'", STR_ARG(tag));
	if (str_eq(type, STR("feature")))
		return name_of(t, "feature", action);
	if (!str_eq(type, STR("app")) && !str_eq(type, STR("action")))
		report_error(t->report, at(t, from),
			     "probe type '" STR_FMT
			     "' is not one of app, feature, http, tcp",
			     STR_ARG(type));
	else if (!app.len)
		report_error(t->report, at(t, from),
			     "health check '" STR_FMT "' needs 'app'", STR_ARG(tag));
	return name_of(t, "action",
		       str_of(arena_printf(t->arena, STR_FMT "/" STR_FMT, STR_ARG(app),
					   STR_ARG(action))));
}

/* A map of these members. */
static const struct json *map_in(struct translation *t, const struct json *object,
				 const char *name, const char *const *names)
{
	const struct json *map = map_of(t, object, name);

	if (map)
		check_members(t, map, names, name);
	return map;
}

static void add_webhook(struct translation *t, const struct json *d, struct element *e)
{
	static const char *const failure_names[] = { "webhook", NULL };
	const struct json *failure = map_in(t, d, "onFailure", failure_names);
	const struct json *hook = failure ? map_in(t, failure, "webhook", hook_names)
					  : NULL;
	struct element *steps, *notify;

	if (!hook)
		return;
	steps = word(t, "onFailure", hook);
	notify = word(t, "invoke", hook);
	set_text(t, notify, "target",
		 add_url_action(t, hook, text_of(t, d, "tag"), "webhook", "POST"));
	set_text(t, notify, "product", t->product);
	set_text(t, notify, "env", str_of(everywhere));
	add_json(t, notify, "input", "duct-in:", json_get(hook, STR("body")));
	element_add(steps, notify);
	element_add(e, steps);
}

static void add_place(struct translation *t, struct element *e, const struct json *j,
		      struct str env, const struct json *input)
{
	struct element *place = word(t, "at", j);

	set_text(t, place, "env", env);
	add_json(t, place, "input", "duct-in:", input);
	element_add(e, place);
}

/* Where it looks: an action's own environments, if nothing is said. */
static void add_places(struct translation *t, const struct json *d,
		       const struct json *from, struct element *e, bool is_action)
{
	const struct json *env = list_of(t, d, "envs");
	const struct json *input = json_get(from, STR("input"));

	if (!input)
		input = json_get(d, STR("input"));
	if (!env && (!is_action || input))
		add_place(t, e, d, str_of(everywhere), input);
	for (; env; env = env->next) {
		const struct json *own = json_get(env, STR("input"));

		check_members(t, env, env_names, "an env");
		add_place(t, e, env, tag_of(t, env, "slug", "an env"), own ? own : input);
	}
}

void translate_healthcheck(struct translation *t, const struct json *d)
{
	struct element *e = begin_definition(t, d, "healthcheck", "healthcheck");
	const struct json *probe = map_in(t, d, "probe", probe_names);
	const struct json *from = probe ? probe : d;
	const struct str type = probe_type(t, from);

	check_members(t, d, check_names, "a health check");
	set_text(t, e, "target", check_target(t, d, from, type));
	set_number(t, e, "interval", d, "interval");
	set_number(t, e, "timeout", d, "timeout");
	set_number(t, e, "retries", d, "retries");
	add_places(t, d, from, e,
		   !str_eq(type, STR("http")) && !str_eq(type, STR("tcp")) &&
			   !str_eq(type, STR("feature")));
	add_webhook(t, d, e);
	add_artifact(t, e);
}
