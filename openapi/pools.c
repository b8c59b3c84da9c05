/* Whom requests go to: extensions, servers and api.yaml, in the order of §3.1. */
#include "openapi/openapi_priv.h"

enum { MOST_TIMEOUT = 60000, MOST_AGAIN = 5 };

static const char *const extensions[KINDS] = {
	[PRODUCTION] = "x-wso2-production-endpoints",
	[SANDBOX] = "x-wso2-sandbox-endpoints",
};

void pool_init(struct pool *p)
{
	*p = (struct pool){ .again = -1 };
}

static void complain(struct translation *t, struct where where, const char *text)
{
	report_error(t->report, where, "%s", text);
}

static void add_url(struct translation *t, struct pool *p, struct str text,
		    struct where where)
{
	if (p->count == MOST_URLS) {
		complain(t, where, "more urls than an endpoint can have");
		return;
	}
	if (!url_check(t, text, where, &p->urls[p->count]))
		return;
	p->url_at[p->count++] = where;
}

static void take_urls(struct translation *t, struct pool *p, const struct json *map)
{
	const struct json *urls = member(map, "urls");

	if (!urls || urls->kind != JSON_ARRAY || !urls->first) {
		complain(t, where_of(t->file, urls ? urls : map),
			 "an endpoint needs 'urls', a list with at least one url");
		return;
	}
	for (const struct json *u = urls->first; u; u = u->next)
		if (u->kind == JSON_STRING)
			add_url(t, p, u->text, where_of(t->file, u));
		else
			complain(t, where_of(t->file, u), "a url must be a text");
}

static void add_status(struct translation *t, struct pool *p, uint64_t status)
{
	p->statuses = print_text(t, STR_FMT "%s%llu", STR_ARG(p->statuses),
				 p->statuses.len ? ", " : "", (unsigned long long)status);
}

/* Outside of its range it is the most; statuses likewise are only those of errors. */
static void take_again(struct translation *t, struct pool *p, const struct json *map)
{
	const struct json *statuses = member(map, "statusCodes");
	int64_t n;

	p->again = MOST_AGAIN;
	if (member(map, "count") && json_to_int(member(map, "count"), &n) && n >= 0 &&
	    n <= MOST_AGAIN)
		p->again = n;
	if (statuses && statuses->kind == JSON_ARRAY)
		for (const struct json *s = statuses->first; s; s = s->next)
			if (json_to_int(s, &n) && n >= 401 && n <= 598)
				add_status(t, p, (uint64_t)n);
	if (!p->statuses.len)
		add_status(t, p, 504);
}

static void take_limit(const struct json *map, const char *name, uint64_t *to)
{
	const struct json *j = member(map, name);
	int64_t n;

	if (j && json_to_int(j, &n) && n > 0)
		*to = (uint64_t)n;
}

static void take_limits(struct pool *p, const struct json *map)
{
	p->limited = true;
	p->requests = 75;
	p->pending = 35;
	p->connections = 1024;
	take_limit(map, "maxRequests", &p->requests);
	take_limit(map, "maxPendingRequests", &p->pending);
	take_limit(map, "maxConnections", &p->connections);
}

static void take_security(struct translation *t, struct pool *p, const struct json *map,
			  const char *file)
{
	if (!is_true(map, "enabled", false))
		return;
	if (!str_eq_nocase(text_in(map, "type"), STR("BASIC"))) {
		report_error(t->report, where_of(file, map),
			     "security of type '" STR_FMT
			     "' towards a backend is not available; BASIC is",
			     STR_ARG(text_in(map, "type")));
		return;
	}
	p->user = text_in(map, "username");
	p->password = text_in(map, "password");
}

static void take_timeout(struct pool *p, const struct json *j)
{
	int64_t ms;

	if (j && json_to_int(j, &ms) && ms > 0)
		p->timeout = ms < MOST_TIMEOUT ? (uint64_t)ms : MOST_TIMEOUT;
}

static void take_map(struct translation *t, struct pool *p, const struct json *map)
{
	const struct json *more = member(map, "advanceEndpointConfig");

	take_urls(t, p, map);
	p->failover = str_starts(text_in(map, "type"), STR("failover"));
	take_timeout(p, member(more, "timeoutInMillis"));
	if (member(more, "retryConfig"))
		take_again(t, p, member(more, "retryConfig"));
	if (member(more, "circuitBreakers"))
		take_limits(p, member(more, "circuitBreakers"));
	take_security(t, p, member(map, "securityConfig"), t->file);
}

/* x-wso2-endpoints: a list of maps of one member each. NULL: not there. */
static const struct json *named(const struct translation *t, struct str name)
{
	const struct json *all = member(t->document, "x-wso2-endpoints");

	for (const struct json *one = all ? all->first : NULL; one; one = one->next)
		if (one->kind == JSON_OBJECT && json_get(one, name))
			return json_get(one, name);
	return NULL;
}

static bool is_absolute(struct str url)
{
	return str_find_str(url, STR("://")) < url.len;
}

void pool_of_extension(struct translation *t, struct pool *p, const struct json *ext)
{
	const struct str prefix = STR("#/x-wso2-endpoints/");
	const struct json *map = ext;

	p->given = true;
	p->where = where_of(t->file, ext);
	if (ext->kind == JSON_STRING && is_absolute(ext->text)) {
		add_url(t, p, ext->text, p->where);
		return;
	}
	if (ext->kind == JSON_STRING) {
		map = str_starts(ext->text, prefix)
			      ? named(t, str_from(ext->text, prefix.len))
			      : NULL;
		if (!map) {
			report_error(t->report, p->where,
				     "'" STR_FMT "' names no endpoint of "
				     "x-wso2-endpoints",
				     STR_ARG(ext->text));
			return;
		}
	}
	if (map->kind != JSON_OBJECT) {
		complain(t, where_of(t->file, map),
			 "an endpoint must be a map with "
			 "'urls', or a reference");
		return;
	}
	take_map(t, p, map);
}

void pools_of_extensions(struct translation *t)
{
	for (unsigned i = 0; i < KINDS; i++) {
		const struct json *ext = member(t->document, extensions[i]);

		if (!ext)
			continue;
		pool_init(&t->pools[i]);
		pool_of_extension(t, &t->pools[i], ext);
	}
}

static void pool_of_one_url(struct translation *t, struct str url, struct where where)
{
	struct pool *p = &t->pools[PRODUCTION];

	p->given = true;
	p->where = where;
	add_url(t, p, url, where);
}

static void pool_of_host(struct translation *t, const struct json *host)
{
	const struct json *schemes = member(t->document, "schemes");
	const struct json *first = schemes && schemes->kind == JSON_ARRAY ? schemes->first
									  : NULL;
	const struct str scheme = first && first->kind == JSON_STRING ? first->text
								      : STR("http");

	pool_init(&t->pools[PRODUCTION]);
	pool_of_one_url(
		t,
		print_text(t, STR_FMT "://" STR_FMT STR_FMT, STR_ARG(scheme),
			   STR_ARG(host->text),
			   STR_ARG(with_version(t, text_in(t->document, "basePath")))),
		where_of(t->file, host));
}

void pools_of_servers(struct translation *t)
{
	const struct json *servers = member(t->document, "servers");
	const struct json *host = member(t->document, "host");
	bool first = true;

	if (member(t->document, extensions[PRODUCTION]) ||
	    member(t->document, extensions[SANDBOX]))
		return;
	if (host && host->kind == JSON_STRING && host->text.len)
		pool_of_host(t, host);
	for (const struct json *s = servers ? servers->first : NULL; s; s = s->next) {
		const struct str url = url_of_server(t, s);

		if (!is_absolute(url))
			continue;
		if (first)
			pool_init(&t->pools[PRODUCTION]);
		first = false;
		pool_of_one_url(t, url, where_of(t->file, member(s, "url")));
	}
}

/* {url, config} or a list of them. */
static void add_listed(struct translation *t, struct pool *p, const struct json *j)
{
	const bool is_list = j && j->kind == JSON_ARRAY;

	for (const struct json *one = is_list ? j->first : j; one;
	     one = is_list ? one->next : NULL) {
		const struct json *config = member(one, "config");
		const struct json *again = member(config, "retryTimeOut");
		int64_t n;

		if (!member(one, "url"))
			continue;
		p->given = true;
		p->where = where_of(t->meta_file, one);
		add_url(t, p, text_in(one, "url"),
			where_of(t->meta_file, member(one, "url")));
		if (str_to_int(text_in(config, "actionDuration"), &n) && n > 0)
			p->timeout = n < MOST_TIMEOUT ? (uint64_t)n : MOST_TIMEOUT;
		if (again && str_to_int(text_in(config, "retryTimeOut"), &n) && n >= 0) {
			p->again = n <= MOST_AGAIN ? n : MOST_AGAIN;
			p->statuses = STR("504");
		}
	}
}

void pools_of_metadata(struct translation *t)
{
	static const char *const words[KINDS] = { "production", "sandbox" };
	const struct json *config = member(t->meta, "endpointConfig");

	for (unsigned i = 0; i < KINDS; i++) {
		struct pool *p = &t->pools[i];
		const char *first = print_text(t, "%s_endpoints", words[i]).at;
		const char *others = print_text(t, "%s_failovers", words[i]).at;
		unsigned before;

		add_listed(t, p, member(config, first));
		before = p->count;
		add_listed(t, p, member(config, others));
		p->failover = p->count > before;
		take_security(t, p, member(member(config, "endpoint_security"), words[i]),
			      t->meta_file);
	}
}

bool pool_prefix(const struct pool *p, struct str *prefix)
{
	*prefix = p->count ? url_path(p->urls[0]) : STR("");
	for (unsigned i = 1; i < p->count; i++)
		if (!str_eq(url_path(p->urls[i]), *prefix))
			return false;
	return true;
}
