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
static bool is_there(const struct translation *t, struct str name)
{
	for (const struct element *e = t->first; e; e = e->next)
		if (str_eq(element_value(e, STR("name")), name))
			return true;
	return false;
}

/* A sequence, or a flow of another language, as something that can be run by name. */
static struct str steps_for(struct translation *t, const struct json *o, struct str event,
			    const char *owner)
{
	const struct str name = name_of(
		t, "sequence",
		str_of(arena_printf(t->arena, "%s/" STR_FMT, owner, STR_ARG(event))));
	struct element *e = word(t, "steps", o), *sequence = synapse(t, "sequence", o);

	if (is_there(t, name))
		return name;
	set_text(t, e, "name", name);
	set_text(t, sequence, "key", event);
	element_add(e, sequence);
	add_artifact(t, e);
	return name;
}

/* What "type" and "app" and "event" of an option or a step name. */
static struct str target_of(struct translation *t, const struct json *o, struct str type,
			    const char *owner)
{
	const bool steps = str_eq(type, STR("sequence"));
	const struct str event = steps ? text_of(t, o, "event")
				       : tag_of(t, o, "event", "an option or event");
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
	if (steps && event.len)
		return steps_for(t, o, event, owner);
	if (steps)
		report_error(t->report, at(t, o), "an option or event needs 'event'");
	else if (!str_eq(type, STR("feature")) && !str_eq(type, STR("fallback")) &&
		 !str_eq(type, STR("quota")))
		report_error(t->report, at(t, o),
			     "type '" STR_FMT "' is not one of ACTION, FEATURE, "
			     "FALLBACK, QUOTA, SEQUENCE",
			     STR_ARG(type));
	return name_of(t, type.at, event);
}

static struct element *translate_option(struct translation *t, const struct json *o,
					const char *owner)
{
	struct element *e = word(t, "option", o);
	const struct str type = type_of(t, o, "action"),
			 check = text_of(t, o, "healthcheck");
	struct str provider = text_of(t, o, "provider");

	check_members(t, o, option_members, "an option");
	if (!provider.len)
		provider = text_of(t, o, str_eq(type, STR("action")) ? "app" : "event");
	set_text(t, e, "type", type);
	set_text(t, e, "provider", provider);
	set_text(t, e, "app", text_of(t, o, "app"));
	set_text(t, e, "event", text_of(t, o, "event"));
	set_text(t, e, "target", target_of(t, o, type, owner));
	if (check.len)
		set_text(t, e, "healthcheck", name_of(t, "healthcheck", check));
	set_number(t, e, "checkInterval", o, "check_interval");
	set_number(t, e, "retries", o, "retries");
	set_number(t, e, "retryDelay", o, "retry_delay");
	set_number(t, e, "timeout", o, "timeout");
	set_number(t, e, "weight", o, "weight");
	set_codes(t, e, "noRetry", o, "no_retry");
	set_codes(t, e, "abortOn", o, "abort_on");
	add_json(t, e, "input", "duct-in:", json_get(o, STR("input")));
	add_json(t, e, "output", "duct-out:", json_get(o, STR("output")));
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
	struct element *e = begin_definition(t, d, "fallback", kind);
	const struct json *options = list_of(t, d, "options");
	const char *owner = arena_printf(t->arena, "%s." STR_FMT, kind,
					 STR_ARG(text_of(t, d, "tag")));

	check_members(t, d, fallback_members, kind);
	if (strcmp(kind, "quota") == 0)
		set_text(t, e, "pick", STR("weighted"));
	add_schema(t, d, e);
	need_members(t, d, "options", kind);
	if (!json_get(d, STR("name")))
		report_error(t->report, at(t, d), "%s '" STR_FMT "' needs 'name'", kind,
			     STR_ARG(text_of(t, d, "tag")));
	for (; options; options = options->next)
		element_add(e, translate_option(t, options, owner));
	add_artifact(t, e);
}

static struct element *translate_event(struct translation *t, const struct json *o,
				       const char *owner)
{
	struct element *e = word(t, "step", o);
	const struct str name = text_of(t, o, "name");

	check_members(t, o, event_members, "an event");
	set_text(t, e, "name", name.len ? name : text_of(t, o, "event"));
	set_text(t, e, "target", target_of(t, o, type_of(t, o, "action"), owner));
	set_number(t, e, "retries", o, "retries");
	set_number(t, e, "retryDelay", o, "retry_delay");
	set_number(t, e, "timeout", o, "timeout");
	set_member(t, e, "allowFail", o, "allow_fail");
	add_json(t, e, "input", "duct-in:", json_get(o, STR("input")));
	add_json(t, e, "output", "duct-out:", json_get(o, STR("output")));
	add_json(t, e, "condition", "duct-in:", json_get(o, STR("condition")));
	return e;
}

void translate_feature(struct translation *t, const struct json *d)
{
	struct element *e = begin_definition(t, d, "feature", "feature");
	const struct json *events = list_of(t, d, "events");
	const char *owner = arena_printf(t->arena, "feature." STR_FMT,
					 STR_ARG(text_of(t, d, "tag")));

	check_members(t, d, feature_members, "a feature");
	add_schema(t, d, e);
	need_members(t, d, "events", "feature");
	for (; events; events = events->next)
		element_add(e, translate_event(t, events, owner));
	add_json(t, e, "output", "duct-out:", json_get(d, STR("output")));
	add_artifact(t, e);
}
