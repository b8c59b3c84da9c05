/*
 * What may stand on elements we know. What we do not know is left out with a warning:
 * it works, but perhaps not as its author thinks.
 */
#include "translate.h"

static const struct {
	const char *element, *attributes;
} known[] = {
	{ "flow", "name initialState maxConcurrency" },
	{ "sub-flow", "name" },
	{ "flow-ref", "name target targetValue" },
	{ "try", "transactionalAction transactionType" },
	{ "error-handler", "name ref" },
	{ "on-error-continue", "name type when logException enableNotifications" },
	{ "on-error-propagate", "name type when logException enableNotifications" },
	{ "on-error", "ref" },
	{ "set-payload", "value mimeType encoding" },
	{ "set-variable", "variableName value mimeType encoding" },
	{ "remove-variable", "variableName" },
	{ "logger", "message level category" },
	{ "raise-error", "type description" },
	{ "when", "expression" },
	{ "foreach", "collection counterVariableName batchSize rootMessageVariableName" },
	{ "parallel-foreach", "collection timeout maxConcurrency target targetValue" },
	{ "scatter-gather", "timeout maxConcurrency target targetValue" },
	{ "first-successful", "target targetValue" },
	{ "round-robin", "target targetValue" },
	{ "until-successful", "maxRetries millisBetweenRetries" },
	{ "async", "name maxConcurrency" },
	{ "http:listener-config", "name basePath" },
	{ "http:listener-connection", "host port protocol usePersistentConnections "
				      "connectionIdleTimeout readTimeout tlsContext" },
	{ "http:listener",
	  "config-ref path allowedMethods responseStreamingMode outputMimeType "
	  "outputEncoding primaryNodeOnly" },
	{ "http:response", "statusCode reasonPhrase" },
	{ "http:error-response", "statusCode reasonPhrase" },
	{ "http:request-config",
	  "name basePath followRedirects sendBodyMode "
	  "requestStreamingMode responseTimeout preserveHeadersCase "
	  "enableCookies" },
	{ "http:request-connection",
	  "host port protocol usePersistentConnections "
	  "maxConnections connectionIdleTimeout streamResponse "
	  "tlsContext" },
	{ "http:request",
	  "config-ref method path url responseTimeout followRedirects "
	  "sendBodyMode requestStreamingMode target targetValue "
	  "outputMimeType outputEncoding sendCorrelationId correlationId" },
	{ "error-mapping", "sourceType targetType" },
	{ "tls:context", "name enabledProtocols enabledCipherSuites" },
	{ "tls:trust-store", "path password type algorithm insecure" },
	{ "tls:key-store", "path keyPassword password type algorithm alias" },
	{ "os:object-store", "name persistent maxEntries entryTtl entryTtlUnit "
			     "expirationInterval expirationIntervalUnit config-ref" },
	{ "os:store", "key objectStore failIfPresent failOnNullValue" },
	{ "os:retrieve",
	  "key objectStore target targetValue outputMimeType outputEncoding" },
	{ "os:contains", "key objectStore target targetValue" },
	{ "os:remove", "key objectStore" },
	{ "parse-template", "location target targetValue outputMimeType outputEncoding" },
	{ "idempotent-message-validator", "idExpression valueExpression objectStore" },
	{ "ee:cache", "cachingStrategy-ref filterExpression keyExpression" },
};

static bool is_listed(struct str list, struct str name)
{
	struct str one;

	while (str_cut(&list, ' ', &one))
		if (str_eq(one, name))
			return true;
	return false;
}

static struct str nearest(struct str list, struct str name)
{
	struct str one, best = STR("");
	size_t distance = 4;

	while (str_cut(&list, ' ', &one)) {
		if (str_is_nearer(one, name, &distance))
			best = one;
	}
	return best;
}

static void check(struct translation *t, const struct element *e, struct str name,
		  struct str list)
{
	for (const struct attribute *a = e->attributes; a; a = a->next) {
		const struct str guess = nearest(list, a->name);

		if (a->ns.len || is_listed(list, a->name) || str_eq(a->name, STR("id")))
			continue;
		report_warning(t->report, e->where,
			       "<" STR_FMT "> has no attribute '" STR_FMT "'%s" STR_FMT
			       "%s",
			       STR_ARG(name), STR_ARG(a->name),
			       guess.len ? "; did you mean '" : "", STR_ARG(guess),
			       guess.len ? "'?" : "");
	}
}

/* --- what values must look like --- */

enum kind {
	TEXT,      /* whatever it is, but it must be there */
	NUMBER,    /* from 0 */
	POSITIVE,  /* from 1 */
	COMPUTED,  /* a number, or an expression that gives one */
	PORT,      /* 1 … 65535 */
	YES_OR_NO, /* true, false */
	STATUSES,  /* 200..299,404 */
	LEVEL,     /* of the log */
	BODY_MODE, /* AUTO, ALWAYS, NEVER */
};

static const struct {
	const char *element, *attribute;
	enum kind kind;
	bool required;
} rules[] = {
	{ "when", "expression", TEXT, true },
	{ "raise-error", "type", TEXT, true },
	{ "error-mapping", "targetType", TEXT, true },
	{ "global-property", "name", TEXT, true },
	{ "configuration-properties", "file", TEXT, true },
	{ "http:listener-config", "name", TEXT, true },
	{ "http:request-config", "name", TEXT, true },
	{ "os:object-store", "name", TEXT, true },
	{ "ee:set-variable", "variableName", TEXT, true },
	{ "http:listener-connection", "port", PORT },
	{ "http:listener-connection", "readTimeout", NUMBER },
	{ "http:listener-connection", "connectionIdleTimeout", NUMBER },
	{ "http:request-connection", "port", PORT },
	{ "http:request-connection", "connectionIdleTimeout", NUMBER },
	{ "http:request-config", "responseTimeout", COMPUTED },
	{ "http:request-config", "followRedirects", YES_OR_NO },
	{ "http:request-config", "sendBodyMode", BODY_MODE },
	{ "http:request", "responseTimeout", COMPUTED },
	{ "http:request", "followRedirects", YES_OR_NO },
	{ "http:request", "sendBodyMode", BODY_MODE },
	{ "http:success-status-code-validator", "values", STATUSES, true },
	{ "http:failure-status-code-validator", "values", STATUSES, true },
	{ "http:expression-response-validator", "expression", TEXT, true },
	{ "until-successful", "maxRetries", COMPUTED },
	{ "until-successful", "millisBetweenRetries", COMPUTED },
	{ "foreach", "batchSize", POSITIVE },
	{ "scatter-gather", "timeout", NUMBER },
	{ "scatter-gather", "maxConcurrency", POSITIVE },
	{ "parallel-foreach", "timeout", NUMBER },
	{ "parallel-foreach", "maxConcurrency", POSITIVE },
	{ "async", "maxConcurrency", POSITIVE },
	{ "flow", "maxConcurrency", POSITIVE },
	{ "logger", "level", LEVEL },
	{ "on-error-continue", "logException", YES_OR_NO },
	{ "on-error-propagate", "logException", YES_OR_NO },
	{ "os:object-store", "persistent", YES_OR_NO },
	{ "os:store", "key", TEXT, true },
	{ "os:store", "failIfPresent", YES_OR_NO },
	{ "os:store", "failOnNullValue", YES_OR_NO },
	{ "os:retrieve", "key", TEXT, true },
	{ "os:contains", "key", TEXT, true },
	{ "os:remove", "key", TEXT, true },
};

static bool is_one_of(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (str_eq_nocase(text, str_of(*words)))
			return true;
	return false;
}

static bool is_status(struct str text, uint64_t *n)
{
	return str_to_uint(str_trim(text), n) && *n <= 999;
}

static bool are_statuses(struct str text)
{
	struct str one;
	uint64_t least, most;

	while (str_cut(&text, ',', &one)) {
		const size_t dots = str_find_str(one, STR(".."));

		if (!is_status(str_first(one, dots), &least))
			return false;
		if (dots < one.len &&
		    (!is_status(str_from(one, dots + 2), &most) || most < least))
			return false;
	}
	return true;
}

/* NULL: it is fine; else what it ought to be. */
static const char *complaint_about(enum kind kind, struct str text)
{
	static const char *const levels[] = { "TRACE", "DEBUG", "INFO",
					      "WARN",  "ERROR", NULL };
	static const char *const modes[] = { "AUTO", "ALWAYS", "NEVER", NULL };
	static const char *const booleans[] = { "true", "false", NULL };
	int64_t any;
	uint64_t n;

	if (str_find_str(text, STR("${")) < text.len)
		return NULL; /* what it would be is missing, which has been said */
	switch (kind) {
	case TEXT:
		return NULL;
	case NUMBER:
		return str_to_uint(text, &n) ? NULL : "a number from 0";
	case POSITIVE:
		return str_to_uint(text, &n) && n ? NULL : "a number from 1";
	case COMPUTED:
		return str_find_str(text, STR("#[")) < text.len || str_to_int(text, &any)
			       ? NULL
			       : "a number or an expression";
	case PORT:
		return str_to_uint(text, &n) && n && n < 65536 ? NULL : "a port";
	case YES_OR_NO:
		return is_one_of(text, booleans) ? NULL : "true or false";
	case STATUSES:
		return are_statuses(text) ? NULL : "a list like 200..299,404";
	case LEVEL:
		return is_one_of(text, levels) ? NULL
					       : "TRACE, DEBUG, INFO, WARN or ERROR";
	case BODY_MODE:
		return is_one_of(text, modes) ? NULL : "AUTO, ALWAYS or NEVER";
	}
	return NULL;
}

static bool check_values(struct translation *t, const struct element *e, struct str name)
{
	bool fine = true;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct str text = mule_attribute(e, rules[i].attribute);
		const char *wanted;

		if (!str_eq(name, str_of(rules[i].element)))
			continue;
		if (!text.at && rules[i].required)
			fine = mule_complain(t, e, "<" STR_FMT "> needs %s=\"…\"",
					     STR_ARG(name), rules[i].attribute);
		wanted = text.at ? complaint_about(rules[i].kind, str_trim(text)) : NULL;
		if (wanted)
			fine = mule_complain(t, e, "%s=\"" STR_FMT "\" is not %s",
					     rules[i].attribute, STR_ARG(text), wanted);
	}
	return fine;
}

/* How many of which children a router must have. */
static bool check_children(struct translation *t, const struct element *e,
			   struct str name)
{
	static const struct {
		const char *element, *child;
		unsigned least;
	} needs[] = { { "choice", "when", 1 },
		      { "scatter-gather", "route", 1 },
		      { "first-successful", "route", 1 },
		      { "round-robin", "route", 1 } };
	unsigned count;
	bool fine = true;

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (!str_eq(name, str_of(needs[i].element)))
			continue;
		count = 0;
		element_each(child, e)
		{
			count += str_eq(child->name, str_of(needs[i].child));
		}
		if (count < needs[i].least)
			fine = mule_complain(t, e, "<" STR_FMT "> needs a <%s>",
					     STR_ARG(name), needs[i].child);
	}
	return fine;
}

/* Connections through proxies would change what is sent where. */
static bool check_connection(struct translation *t, const struct element *e)
{
	const struct element *proxy = mule_child_of(e, "proxy-config");

	return !proxy || mule_complain(t, proxy, "<http:proxy-config> is not supported");
}

bool mule_check_attributes(struct translation *t, const struct element *e)
{
	const struct str name = mule_full_name(t, e);
	bool fine = true;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq(name, str_of(known[i].element)))
			check(t, e, name, str_of(known[i].attributes));
	fine = check_values(t, e, name) && check_children(t, e, name);
	if (str_eq(name, STR("http:request-connection")))
		fine = check_connection(t, e) && fine;
	if (str_starts(name, STR("ee:")) && !str_eq(name, STR("ee:cache")))
		return fine;
	element_each(child, e)
	{
		fine = mule_check_attributes(t, child) && fine;
	}
	return fine;
}
