#include "openapi/openapi_priv.h"

static void check_pool(struct translation *t, struct pool *p)
{
	struct str prefix;

	if (pool_prefix(p, &prefix))
		return;
	report_warning(
		t->report, p->where,
		"error 2202: the urls of an endpoint must have the same path; this "
		"one is not used");
	p->dropped = true;
}

static void translate_pools(struct translation *t)
{
	static const char *const names[KINDS] = { "production", "sandbox" };

	for (unsigned i = 0; i < KINDS; i++) {
		struct pool *p = &t->pools[i];

		if (!p->given)
			continue;
		check_pool(t, p);
		if (!p->dropped)
			translate_pool(t, p,
				       print_text(t, STR_FMT "/%s", STR_ARG(t->full_name),
						  names[i]));
	}
}

/* Somewhere there must be somebody to call. */
static bool has_endpoints(const struct translation *t)
{
	const struct json *paths = member(t->document, "paths");

	if (t->mocked || t->pools[PRODUCTION].given || t->pools[SANDBOX].given)
		return true;
	for (const struct json *item = paths ? paths->first : NULL; item;
	     item = item->next)
		if (member(item, "x-wso2-production-endpoints") ||
		    member(item, "x-wso2-sandbox-endpoints"))
			return true;
	return false;
}

static void translate_fault(struct translation *t)
{
	const struct where where = where_of(t->file, t->document);
	struct element *e = synapse_word(t, "sequence", where);

	put(t, e, "name", print_text(t, STR_FMT " fault", STR_ARG(t->full_name)));
	element_add(e, our_word(t, "upstreamFault", where));
	emit(t, e);
}

/* What is understood, and changes nothing here, is said where it stands. */
static void warn_inert(struct translation *t, const struct json *object)
{
	const struct json *j = member(object, "x-wso2-response-cache");
	const struct json *http2 = member(object, "x-wso2-http2-backend-enabled");

	if (j)
		report_warning(t->report, where_of(t->file, j),
			       STR_FMT " has no effect here", STR_ARG(j->key));
	if (http2 && is_true(object, "x-wso2-http2-backend-enabled", false))
		report_warning(t->report, where_of(t->file, http2),
			       "x-wso2-http2-backend-enabled: backends are spoken to in "
			       "HTTP/1.1");
}

/* At the root, at each path and at each operation. */
static void warn_extensions(struct translation *t)
{
	const struct json *paths = member(t->document, "paths");

	warn_inert(t, t->document);
	for (const struct json *p = paths ? paths->first : NULL; p; p = p->next) {
		warn_inert(t, p);
		for (const struct json *operation = p->first; operation;
		     operation = operation->next)
			warn_inert(t, operation);
	}
	if (openapi_settings()->open)
		report_warning(t->report, where_of(t->file, t->document),
			       "openapi.security is off: anybody may call this API "
			       "without a token");
}

struct element *translate_all(struct translation *t)
{
	const unsigned before = t->report->errors;

	for (unsigned i = 0; i < KINDS; i++)
		pool_init(&t->pools[i]);
	if (!t->hosts.len)
		t->hosts = STR("localhost");
	check_shape(t);
	refuse_interceptors(t, t->document);
	if (!translate_metadata(t))
		return NULL;
	pools_of_metadata(t);
	pools_of_servers(t);
	pools_of_extensions(t);
	if (!has_endpoints(t))
		report_error(t->report, where_of(t->file, t->document),
			     "there is nobody to call; give x-wso2-production-endpoints "
			     "or a server with a host");
	warn_extensions(t);
	take_tiers(t);
	translate_pools(t);
	translate_fault(t);
	translate_resources(t);
	translate_gateway(t);
	return t->report->errors == before ? t->first : NULL;
}
