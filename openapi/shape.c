/* Is everything of the kind that it must be, and nothing misspelled? (§3.2) */
#include "openapi/openapi_priv.h"

enum kinds {
	TEXT = 1,
	NUMBER = 2,
	TRUTH = 4,
	LIST = 8,
	MAP = 16,
	ANY = TEXT | NUMBER | TRUTH | LIST | MAP,
};

struct rule {
	const char *name;
	unsigned kinds;
	const struct rule *members; /* of a map */
	unsigned items;             /* of a list: their kinds; 0: any */
};

/* clang-format off */
static const struct rule retry[] = {
	{ "count", NUMBER }, { "statusCodes", LIST, NULL, NUMBER }, { NULL },
};

static const struct rule limits[] = {
	{ "maxConnections", NUMBER }, { "maxRequests", NUMBER },
	{ "maxPendingRequests", NUMBER }, { "maxRetries", NUMBER },
	{ "maxConnectionPools", NUMBER }, { NULL },
};

static const struct rule advanced[] = {
	{ "timeoutInMillis", NUMBER }, { "retryConfig", MAP, retry },
	{ "circuitBreakers", MAP, limits }, { NULL },
};

static const struct rule security[] = {
	{ "enabled", TRUTH }, { "type", TEXT }, { "username", TEXT | NUMBER },
	{ "password", TEXT | NUMBER }, { NULL },
};

/* What urls are is looked at where they are taken. */
static const struct rule cluster[] = {
	{ "type", TEXT }, { "advanceEndpointConfig", MAP, advanced },
	{ "securityConfig", MAP, security }, { NULL },
};

static const struct rule cors[] = {
	{ "corsConfigurationEnabled", TRUTH },
	{ "accessControlAllowOrigins", LIST, NULL, TEXT },
	{ "accessControlAllowMethods", LIST, NULL, TEXT },
	{ "accessControlAllowHeaders", LIST, NULL, TEXT },
	{ "accessControlExposeHeaders", LIST, NULL, TEXT },
	{ "accessControlAllowCredentials", TRUTH }, { NULL },
};

static const struct rule info[] = {
	{ "title", TEXT | NUMBER }, { "version", TEXT | NUMBER }, { NULL },
};

static const struct rule root[] = {
	{ "info", MAP, info }, { "servers", LIST, NULL, MAP }, { "host", TEXT },
	{ "basePath", TEXT }, { "schemes", LIST, NULL, TEXT },
	{ "security", LIST, NULL, MAP },
	{ "x-wso2-basePath", TEXT }, { "x-wso2-auth-header", TEXT },
	{ "x-wso2-disable-security", TRUTH }, { "x-wso2-cors", MAP, cors },
	{ "x-wso2-endpoints", LIST, NULL, MAP },
	{ "x-wso2-production-endpoints", ANY, cluster },
	{ "x-wso2-sandbox-endpoints", ANY, cluster },
	{ "x-wso2-throttling-tier", ANY }, { "x-wso2-http2-backend-enabled", TRUTH },
	{ "x-wso2-pass-request-payload-to-enforcer", TRUTH },
	{ "x-wso2-request-interceptor", ANY }, { "x-wso2-response-interceptor", ANY },
	{ NULL },
};

static const struct rule path[] = {
	{ "x-wso2-disable-security", TRUTH },
	{ "x-wso2-production-endpoints", ANY, cluster },
	{ "x-wso2-sandbox-endpoints", ANY, cluster },
	{ "x-wso2-request-interceptor", ANY }, { "x-wso2-response-interceptor", ANY },
	{ NULL },
};

static const struct rule operation[] = {
	{ "security", LIST, NULL, MAP }, { "responses", MAP },
	{ "x-wso2-disable-security", TRUTH }, { "x-auth-type", TEXT },
	{ "x-wso2-throttling-tier", ANY },
	{ "x-wso2-request-interceptor", ANY }, { "x-wso2-response-interceptor", ANY },
	{ NULL },
};

static const char *const methods[] = { "get",  "put",   "post",  "delete", "options",
				       "head", "patch", "trace", NULL };
/* clang-format on */

static unsigned kind_of(const struct json *j)
{
	switch (j->kind) {
	case JSON_NULL:
		return ANY;
	case JSON_FALSE:
	case JSON_TRUE:
		return TRUTH;
	case JSON_NUMBER:
		return NUMBER;
	case JSON_STRING:
		return str_eq_nocase(j->text, STR("true")) ||
				       str_eq_nocase(j->text, STR("false"))
			       ? TEXT | TRUTH
			       : TEXT;
	case JSON_ARRAY:
		return LIST;
	case JSON_OBJECT:
		return MAP;
	}
	return 0;
}

static const char *words_of(unsigned kinds)
{
	return kinds & TEXT     ? "a text"
	       : kinds & NUMBER ? "a number"
	       : kinds & TRUTH  ? "true or false"
	       : kinds & LIST   ? "a list"
				: "a map";
}

static void check(struct translation *t, const struct json *j, const struct rule *r)
{
	const struct json *m = member(j, r->name);

	if (!m)
		return;
	if (!(kind_of(m) & r->kinds)) {
		report_error(t->report, where_of(t->file, m), "%s must be %s", r->name,
			     words_of(r->kinds));
		return;
	}
	for (const struct json *one = m->kind == JSON_ARRAY && r->items ? m->first : NULL;
	     one; one = one->next)
		if (!(kind_of(one) & r->items))
			report_error(t->report, where_of(t->file, one),
				     "each entry of %s must be %s", r->name,
				     words_of(r->items));
	for (const struct rule *inner = m->kind == JSON_OBJECT ? r->members : NULL;
	     inner && inner->name; inner++)
		check(t, m, inner);
}

/* The name that is meant, if one is close; NULL: it is known, or nobody's. */
static const char *meant(struct str name, const struct rule *rules)
{
	enum { MOST_TYPOS = 2 };
	const char *best = NULL;
	size_t least = MOST_TYPOS + 1;

	for (; rules->name; rules++)
		if (str_is_nearer(name, str_of(rules->name), &least))
			best = rules->name;
	return least ? best : NULL;
}

static void check_all(struct translation *t, const struct json *j,
		      const struct rule *rules)
{
	for (const struct rule *r = rules; r->name; r++)
		check(t, j, r);
	for (const struct json *m = j->first; m; m = m->next) {
		const char *guess = str_starts(m->key, STR("x-wso2-"))
					    ? meant(m->key, rules)
					    : NULL;

		if (guess)
			report_warning(t->report, where_of(t->file, m),
				       STR_FMT " means nothing; did you mean '%s'?",
				       STR_ARG(m->key), guess);
	}
}

/* x-wso2-endpoints: - name: {urls: …} */
static void check_named(struct translation *t)
{
	const struct json *all = member(t->document, "x-wso2-endpoints");

	for (const struct json *one = all ? all->first : NULL; one; one = one->next)
		for (const struct json *m = one->kind == JSON_OBJECT ? one->first : NULL;
		     m; m = m->next) {
			if (m->kind != JSON_OBJECT)
				report_error(t->report, where_of(t->file, m),
					     "endpoint '" STR_FMT "' must be a map with "
					     "'urls'",
					     STR_ARG(m->key));
			for (const struct rule *r = cluster;
			     m->kind == JSON_OBJECT && r->name; r++)
				check(t, m, r);
		}
}

static void check_path(struct translation *t, const struct json *item)
{
	check_all(t, item, path);
	for (unsigned i = 0; methods[i]; i++) {
		const struct json *o = member(item, methods[i]);

		if (o && o->kind == JSON_OBJECT)
			check_all(t, o, operation);
		else if (o)
			report_error(t->report, where_of(t->file, o),
				     "operation %s must be a map", methods[i]);
	}
}

void check_shape(struct translation *t)
{
	const struct json *paths = member(t->document, "paths");

	check_all(t, t->document, root);
	check_named(t);
	for (const struct json *p = paths && paths->kind == JSON_OBJECT ? paths->first
									: NULL;
	     p; p = p->next)
		if (p->kind == JSON_OBJECT && str_starts(p->key, STR("/")))
			check_path(t, p);
}
