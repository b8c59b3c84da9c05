#include "base/base64.h"
#include "fallback/fallback_priv.h"

static const char *const app_members[] = { "kind",    "product",     "app",       "name",
					   "envs",    "variables",   "constants", "auth",
					   "actions", "description", NULL };
static const char *const action_members[] = {
	"tag",    "name",    "description", "method",  "resource", "body",     "query",
	"params", "headers", "success",     "timeout", "no_retry", "abort_on", NULL,
};

/* ",<suspendOnFailure><errorCodes>-1": what a provider does suspends nobody. */
static void never_suspend(struct translation *t, struct element *http,
			  const struct json *j)
{
	static const char *const names[] = { "suspendOnFailure", "markForSuspension" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct element *e = synapse(t, names[i], j);
		struct element *codes = synapse(t, "errorCodes", j);

		element_add_text(codes, t->arena, STR("-1"));
		element_add(e, codes);
		element_add(http, e);
	}
}

static void add_timeout(struct translation *t, struct element *http, const struct json *j)
{
	struct element *timeout = synapse(t, "timeout", j);
	struct element *duration = synapse(t, "duration", j);
	struct element *action = synapse(t, "responseAction", j);

	element_add_text(duration, t->arena, STR("{get-property('duct.timeout')}"));
	element_add_text(action, t->arena, STR("fault"));
	element_add(timeout, duration);
	element_add(timeout, action);
	element_add(http, timeout);
}

static struct element *endpoint_for(struct translation *t, struct str app,
				    const struct json *action, struct str env)
{
	struct element *endpoint = synapse(t, "endpoint", action);
	struct element *http = synapse(t, "http", action);
	const struct str method = text_of(t, action, "method");
	const bool everywhere = str_eq(env, STR("*"));

	set_text(t, endpoint, "name",
		 str_of(arena_printf(t->arena, STR_FMT "." STR_FMT "%s" STR_FMT,
				     STR_ARG(app), STR_ARG(text_of(t, action, "tag")),
				     everywhere ? "" : ".",
				     STR_ARG(everywhere ? STR("") : env))));
	set_text(t, http, "method", enumeration(t, method.len ? method : STR("GET")));
	set_text(t, http, "uri-template", STR("{+uri.var.duct}"));
	add_timeout(t, http, action);
	never_suspend(t, http, action);
	element_add(endpoint, http);
	return endpoint;
}

static void add_addresses(struct translation *t, const struct json *app,
			  const struct json *action, struct element *e)
{
	const struct str name = text_of(t, app, "app");

	for (const struct json *env = list_of(t, app, "envs"); env; env = env->next) {
		const struct str slug = text_of(t, env, "slug");
		const struct str url = text_of(t, env, "base_url");
		struct element *at_env = word(t, "at", env);

		set_text(t, at_env, "env", slug);
		set_text(t, at_env, "url", url);
		add_json(t, at_env, "headers", "", map_of(t, env, "headers"));
		element_add(at_env, endpoint_for(t, name, action, slug));
		element_add(e, at_env);
	}
}

/* { body, query, params }: where names of a flat input belong. */
static void add_sections(struct translation *t, const struct json *action,
			 struct element *e)
{
	static const char *const names[] = { "body", "query", "params" };
	struct json *sections = json_new(t->arena, JSON_OBJECT);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct json *section = map_of(t, action, names[i]);

		if (section)
			json_set(sections, str_of(names[i]),
				 json_copy(t->arena, section));
	}
	if (sections->first)
		add_json(t, e, "sections", "", sections);
}

/* The header an app shows itself with, as a mapping; false: it shows none. */
static bool credentials(struct translation *t, const struct json *auth, struct str *name,
			struct str *value)
{
	const struct str type = enumeration(t, text_of(t, auth, "type"));
	const struct str token = text_of(t, auth, "token");

	*name = STR("Authorization");
	if (str_eq(type, STR("bearer"))) {
		*value = str_of(
			arena_printf(t->arena, "Bearer " STR_FMT, STR_ARG(token)));
		return true;
	}
	if (str_eq(type, STR("basic"))) {
		*value = STR("Basic $Base64($Concat([$Auth{username}, "
			     "$Auth{password}], ':'))");
		return true;
	}
	if (str_eq(type, STR("header"))) {
		*name = text_of(t, auth, "name");
		*value = text_of(t, auth, "value");
		return true;
	}
	return false;
}

static void add_headers(struct translation *t, const struct json *app,
			const struct json *action, struct element *e)
{
	const struct json *own = map_of(t, action, "headers");
	const struct json *auth = json_get(app, STR("auth"));
	struct json *headers = own ? json_copy(t->arena, own)
				   : json_new(t->arena, JSON_OBJECT);
	struct str name, value;

	if (auth && auth->kind == JSON_OBJECT && credentials(t, auth, &name, &value))
		json_set(headers, name, json_string(t->arena, value));
	if (headers->first)
		add_json(t, e, "headers", "duct-in:", headers);
}

static struct json *without_type(struct translation *t, const struct json *auth)
{
	struct json *to = json_copy(t->arena, auth);

	if (json_get(to, STR("type")))
		json_remove(to, json_get(to, STR("type")));
	return to;
}

/* { variable: { app: … }, constant: { app: … }, auth: { … } } */
static void add_data(struct translation *t, const struct json *app, struct element *e)
{
	static const char *const pairs[][2] = { { "variable", "variables" },
						{ "constant", "constants" } };
	const struct json *auth = json_get(app, STR("auth"));
	struct json *data = json_new(t->arena, JSON_OBJECT);

	for (size_t i = 0; i < 2; i++) {
		const struct json *values = map_of(t, app, pairs[i][1]);
		struct json *by_app = json_new(t->arena, JSON_OBJECT);

		if (!values)
			continue;
		json_set(by_app, text_of(t, app, "app"), json_copy(t->arena, values));
		json_set(data, str_of(pairs[i][0]), by_app);
	}
	if (auth && auth->kind == JSON_OBJECT)
		json_set(data, STR("auth"), without_type(t, auth));
	if (data->first)
		add_json(t, e, "data", "duct-in:", data);
}

/* "200..299, 404", or one status. */
static bool is_status_list(struct str list)
{
	struct str one;

	while (str_cut(&list, ',', &one)) {
		const size_t dots = str_find_str(one, STR(".."));
		uint64_t least, most;

		if (!str_to_uint(str_trim(str_first(one, dots)), &least) || least < 100 ||
		    least > 599)
			return false;
		if (dots < one.len &&
		    (!str_to_uint(str_trim(str_from(one, dots + 2)), &most) ||
		     most < least || most > 599))
			return false;
	}
	return true;
}

static void check_action(struct translation *t, const struct json *action)
{
	const struct json *success = json_get(action, STR("success"));
	const struct str method = text_of(t, action, "method");

	for (size_t i = 0; i < method.len; i++)
		if (!((method.at[i] | 0x20) >= 'a' && (method.at[i] | 0x20) <= 'z')) {
			report_error(t->report, at(t, action),
				     "method '" STR_FMT "' is none", STR_ARG(method));
			break;
		}
	if (success && (success->kind == JSON_STRING || success->kind == JSON_NUMBER) &&
	    !is_status_list(success->text))
		report_error(t->report, at(t, success),
			     "success '" STR_FMT "' is no list of statuses like "
			     "200..299, 404",
			     STR_ARG(success->text));
}

static void translate_action(struct translation *t, const struct json *app,
			     const struct json *action)
{
	struct element *e = word(t, "action", action);
	const struct str name = text_of(t, app, "app");
	const struct str tag = tag_of(t, action, "tag", "an action");
	const struct str method = text_of(t, action, "method");
	const char *full = arena_printf(t->arena, STR_FMT "/" STR_FMT, STR_ARG(name),
					STR_ARG(tag));

	check_members(t, action, action_members, "an action");
	check_action(t, action);
	set_text(t, e, "name", name_of(t, "action", str_of(full)));
	set_text(t, e, "app", name);
	if (method.len)
		set_text(t, e, "method", method);
	set_member(t, e, "resource", action, "resource");
	set_member(t, e, "success", action, "success");
	set_number(t, e, "timeout", action, "timeout");
	set_codes(t, e, "noRetry", action, "no_retry");
	set_codes(t, e, "abortOn", action, "abort_on");
	add_addresses(t, app, action, e);
	add_sections(t, action, e);
	add_headers(t, app, action, e);
	add_data(t, app, e);
	add_artifact(t, e);
}

static bool is_http(struct str url)
{
	return str_starts(url, STR("http://")) || str_starts(url, STR("https://"));
}

/* Something behind the //, and a port that there can be. */
static bool has_host(struct str url)
{
	struct str host = str_from(url, str_find_str(url, STR("//")) + 2), port;
	uint64_t n;

	host = str_first(host, str_find(host, '/'));
	port = str_from(host, str_find(host, ':'));
	return host.len > port.len &&
	       (!port.len || host.at[0] == '[' ||
		(str_to_uint(str_from(port, 1), &n) && n > 0 && n <= 65535));
}

static bool is_slug_before(const struct json *first, const struct json *env,
			   struct str slug)
{
	for (; first != env; first = first->next) {
		const struct json *j = json_get(first, STR("slug"));

		if (j && j->kind == JSON_STRING && str_eq(j->text, slug))
			return true;
	}
	return false;
}

static void check_envs(struct translation *t, const struct json *app)
{
	static const char *const members[] = { "slug", "base_url", "headers",
					       "description", NULL };
	const struct json *env = list_of(t, app, "envs"), *first = env;

	if (!json_get(app, STR("envs")))
		report_error(t->report, at(t, app), "app '" STR_FMT "' needs 'envs'",
			     STR_ARG(text_of(t, app, "app")));
	for (; env; env = env->next) {
		const struct str slug = tag_of(t, env, "slug", "an env");

		check_members(t, env, members, "an env");
		if (is_slug_before(first, env, slug))
			report_error(t->report, at(t, env),
				     "env '" STR_FMT "' of app '" STR_FMT
				     "' is there twice",
				     STR_ARG(slug), STR_ARG(text_of(t, app, "app")));
		if (!is_http(text_of(t, env, "base_url")) ||
		    !has_host(text_of(t, env, "base_url")))
			report_error(t->report, at(t, env),
				     "env '" STR_FMT "' of app '" STR_FMT
				     "' needs a base_url that begins with http:// or "
				     "https:// and names "
				     "a host",
				     STR_ARG(slug), STR_ARG(text_of(t, app, "app")));
	}
}

/* What an auth of each type must have; the rest of it is only for $Auth. */
static const struct auth_type {
	const char *name, *needs[2];
} auth_types[] = {
	{ "bearer", { "token" } },
	{ "basic", { "username", "password" } },
	{ "header", { "name", "value" } },
	{ "none", { NULL } },
};

static const struct auth_type *auth_type_named(struct str name)
{
	for (size_t i = 0; i < sizeof(auth_types) / sizeof(auth_types[0]); i++)
		if (str_eq(name, str_of(auth_types[i].name)))
			return &auth_types[i];
	return NULL;
}

static void check_auth(struct translation *t, const struct json *auth)
{
	const struct auth_type *type;
	struct str name;

	if (!auth || auth->kind == JSON_NULL)
		return;
	if (auth->kind != JSON_OBJECT) {
		report_error(t->report, at(t, auth), "auth must be a map");
		return;
	}
	name = enumeration(t, text_of(t, auth, "type"));
	type = auth_type_named(name);
	if (!type)
		report_error(t->report, at(t, auth),
			     "auth type '" STR_FMT
			     "' is not one of bearer, basic, header, none",
			     STR_ARG(name));
	for (size_t i = 0; type && i < 2 && type->needs[i]; i++)
		if (!text_of(t, auth, type->needs[i]).len)
			report_error(t->report, at(t, auth), "auth of type %s needs '%s'",
				     type->name, type->needs[i]);
}

void translate_actions(struct translation *t, const struct json *app)
{
	for (const struct json *a = list_of(t, app, "actions"); a; a = a->next)
		translate_action(t, app, a);
}

void translate_app(struct translation *t, const struct json *app)
{
	check_members(t, app, app_members, "an app");
	tag_of(t, app, "app", "an app");
	check_envs(t, app);
	check_auth(t, json_get(app, STR("auth")));
	translate_actions(t, app);
}
