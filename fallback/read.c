#include "fallback/fallback_priv.h"
#include "message/yaml.h"

const struct fallback_kind fallback_kinds[FALLBACK_KINDS] = {
	{ "apps", "app" },
	{ "fallbacks", "fallback" },
	{ "quotas", "quota" },
	{ "features", "feature" },
	{ "healthchecks", "healthcheck" },
	{ "caches", "cache" },
	{ "sessions", "session" },
	{ "products", "product" },
};

static bool is_literal(struct str path)
{
	return str_ends(path, STR(".json5")) || str_ends(path, STR(".jsonc")) ||
	       str_ends(path, STR(".duct"));
}

static bool is_yaml(struct str path)
{
	return str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml"));
}

struct json *fallback_read(struct str path, struct str text, struct arena *a,
			   struct fault *why)
{
	if (is_yaml(path))
		return yaml_parse(text, a, why);
	if (is_literal(path))
		text = json_of_literal(text, a);
	return json_parse(text, a, why);
}

static bool has(const struct json *j, const char *name)
{
	return json_get(j, str_of(name)) != NULL;
}

static const struct fallback_kind *kind_named(struct str name)
{
	for (size_t i = 0; i < FALLBACK_KINDS; i++)
		if (str_eq_nocase(name, str_of(fallback_kinds[i].one)))
			return &fallback_kinds[i];
	return NULL;
}

static bool has_weights(const struct json *options)
{
	for (const struct json *o = options ? options->first : NULL; o; o = o->next)
		if (o->kind == JSON_OBJECT && has(o, "weight"))
			return true;
	return false;
}

const struct fallback_kind *fallback_kind_of(const struct json *d)
{
	const struct json *kind = json_get(d, STR("kind"));
	const struct fallback_kind *named = kind && kind->kind == JSON_STRING
						    ? kind_named(kind->text)
						    : NULL;

	if (named)
		return named;
	if (has(d, "options") && has(d, "tag"))
		return kind_named(has_weights(json_get(d, STR("options")))
					  ? STR("quota")
					  : STR("fallback"));
	if (has(d, "actions") && has(d, "app"))
		return kind_named(STR("app"));
	if (has(d, "events") && has(d, "tag"))
		return kind_named(STR("feature"));
	if (has(d, "interval") && (has(d, "app") || has(d, "probe")))
		return kind_named(STR("healthcheck"));
	if (kind)
		return NULL;
	if (has(d, "options"))
		return kind_named(STR("fallback"));
	return has(d, "expiry") && has(d, "tag") ? kind_named(STR("cache")) : NULL;
}

/* A list of what other files have no reason to have. */
static bool is_list_of(const struct json *list, const char *tag, const char *member)
{
	const struct json *first = list && list->kind == JSON_ARRAY ? list->first : NULL;

	return first && first->kind == JSON_OBJECT && has(first, tag) &&
	       (!member || has(first, member));
}

static bool is_bundle(const struct json *d)
{
	return has(d, "fallbacks") || has(d, "healthchecks") || has(d, "quotas") ||
	       is_list_of(json_get(d, STR("apps")), "app", NULL) ||
	       is_list_of(json_get(d, STR("features")), "tag", "events") ||
	       is_list_of(json_get(d, STR("caches")), "tag", NULL) ||
	       is_list_of(json_get(d, STR("sessions")), "tag", NULL) ||
	       is_list_of(json_get(d, STR("products")), "tag", "envs");
}

bool fallback_is_definition(const struct json *d)
{
	if (d->kind != JSON_OBJECT || has(d, "openapi") || has(d, "swagger"))
		return false;
	return is_bundle(d) || fallback_kind_of(d);
}
