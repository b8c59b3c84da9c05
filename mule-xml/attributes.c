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
	{ "os:object-store", "name persistent maxEntries entryTtl entryTtlUnit "
			     "expirationInterval expirationIntervalUnit config-ref" },
	{ "os:store", "key objectStore failIfPresent failOnNullValue" },
	{ "os:retrieve",
	  "key objectStore target targetValue outputMimeType outputEncoding" },
	{ "os:contains", "key objectStore target targetValue" },
	{ "os:remove", "key objectStore" },
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
		if (str_distance(one, name) >= distance)
			continue;
		distance = str_distance(one, name);
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

/* Connections through proxies, and trust of their own, would change what is sent where.
 */
static bool check_connection(struct translation *t, const struct element *e)
{
	const struct element *tls = mule_child_of(e, "context");
	const struct element *proxy = mule_child_of(e, "proxy-config");

	if (proxy)
		return mule_complain(t, proxy, "<http:proxy-config> is not supported");
	if (tls)
		report_warning(t->report, tls->where,
			       "the server's own trust is used for this connection, not "
			       "<tls:context>");
	return true;
}

bool mule_check_attributes(struct translation *t, const struct element *e)
{
	const struct str name = mule_full_name(t, e);
	bool fine = true;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq(name, str_of(known[i].element)))
			check(t, e, name, str_of(known[i].attributes));
	if (str_eq(name, STR("http:request-connection")))
		fine = check_connection(t, e);
	if (str_starts(name, STR("ee:")) && !str_eq(name, STR("ee:cache")))
		return fine;
	element_each(child, e)
	{
		fine = mule_check_attributes(t, child) && fine;
	}
	return fine;
}
