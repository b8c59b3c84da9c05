/*
 * What is done to messages on their way: operationPolicies of api.yaml, of which those
 * for headers are there. Interceptors and all else are refused by name.
 */
#include "openapi/openapi_priv.h"

/* "get /path" */
static struct str key_of(struct translation *t, struct str method, struct str path)
{
	char *text = arena_printf(t->arena, STR_FMT " " STR_FMT, STR_ARG(method),
				  STR_ARG(path));

	for (size_t i = 0; i < method.len; i++)
		text[i] |= 0x20;
	return str_of(text);
}

void list_operations(struct translation *t)
{
	const struct json *all = member(t->meta, "operations");

	map_init(&t->listed, t->arena);
	for (const struct json *o = all && all->kind == JSON_ARRAY ? all->first : NULL; o;
	     o = o->next)
		map_add(&t->listed, key_of(t, text_in(o, "verb"), text_in(o, "target")),
			(void *)(uintptr_t)o);
}

const struct json *listed_operation(struct translation *t, struct str path,
				    const struct json *operation)
{
	return t->meta ? map_get(&t->listed, key_of(t, operation->key, path)) : NULL;
}

void refuse_interceptors(struct translation *t, const struct json *place)
{
	static const char *const names[] = { "x-wso2-request-interceptor",
					     "x-wso2-response-interceptor" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (member(place, names[i]))
			report_error(
				t->report, where_of(t->file, member(place, names[i])),
				"%s: there are no interceptor services here", names[i]);
}

static void add_header(struct translation *t, struct element *steps,
		       const struct json *policy, bool removes)
{
	const struct json *parameters = member(policy, "parameters");
	const struct str name = text_in(parameters, "headerName");
	const struct where where = where_of(t->meta_file, policy);
	struct element *e = synapse_word(t, "header", where);

	if (!name.len) {
		report_error(t->report, where,
			     "policy " STR_FMT " needs the parameter headerName",
			     STR_ARG(text_in(policy, "policyName")));
		return;
	}
	put(t, e, "name", name);
	put(t, e, "scope", STR("transport"));
	if (removes)
		put(t, e, "action", STR("remove"));
	else
		put(t, e, "value", text_in(parameters, "headerValue"));
	element_add(steps, e);
}

static void add_policy(struct translation *t, struct element *steps,
		       const struct json *policy)
{
	const struct str name = text_in(policy, "policyName");

	if (str_eq(name, STR("addHeader")))
		add_header(t, steps, policy, false);
	else if (str_eq(name, STR("removeHeader")))
		add_header(t, steps, policy, true);
	else
		report_error(t->report, where_of(t->meta_file, policy),
			     "operation policy '" STR_FMT
			     "' is not there; addHeader and removeHeader are",
			     STR_ARG(name));
}

void add_policies(struct translation *t, struct element *steps, const struct json *listed,
		  const char *when)
{
	const struct json *all = member(member(listed, "operationPolicies"), when);

	if (all && all->kind != JSON_ARRAY)
		report_error(t->report, where_of(t->meta_file, all),
			     "operationPolicies: %s must be a list", when);
	for (const struct json *p = all && all->kind == JSON_ARRAY ? all->first : NULL; p;
	     p = p->next)
		add_policy(t, steps, p);
}

void refuse_fault_policies(struct translation *t, const struct json *listed)
{
	const struct json *all = member(member(listed, "operationPolicies"), "fault");

	if (all && all->first)
		report_error(
			t->report, where_of(t->meta_file, all),
			"operationPolicies of the fault flow are not there; those of "
			"request and response are");
}
