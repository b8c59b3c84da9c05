#include "deploy/question.h"

#include "base/log.h"
#include "base/url.h"
#include "deploy/specific.h"

const char *const method_names[METHODS_NAMED + 1] = {
	"GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", NULL,
};

static const char api_logger[] = "org.apache.synapse.rest.API";

unsigned method_named(struct str name)
{
	for (unsigned i = 0; i < METHODS_NAMED; i++)
		if (str_eq(name, str_of(method_names[i])))
			return 1U << i;
	return METHOD_OTHER;
}

/* --- the table --- */

/* The longest context first; of equal ones, who answers to some hosts only. */
static bool comes_before(const struct api *api, const struct api *other)
{
	if (api->context.len != other->context.len)
		return api->context.len > other->context.len;
	return api->hosts.len && !other->hosts.len;
}

void routes_add(struct api **first, struct api *api)
{
	while (*first && !comes_before(api, *first))
		first = &(*first)->next;
	api->next = *first;
	*first = api;
}

/* Do two of them take the same requests? */
static bool clash(const struct api *a, const struct api *b)
{
	for (const struct api_resource *x = a->resources; x; x = x->next)
		for (const struct api_resource *y = b->resources; y; y = y->next)
			if (!x->otherwise && !y->otherwise &&
			    specific_order(x->pattern, y->pattern) == 0 &&
			    (!x->methods || !y->methods || (x->methods & y->methods)))
				return true;
	return false;
}

const struct api *routes_like(const struct api *first, const struct api *api)
{
	for (; first; first = first->next)
		if (str_eq(first->full_name, api->full_name) ||
		    ((!(first->specific && api->specific) || clash(first, api)) &&
		     str_eq(first->context, api->context) &&
		     str_eq(first->version, api->version) &&
		     str_eq(first->listen, api->listen) &&
		     str_eq(first->hosts, api->hosts) &&
		     str_eq(first->hostname, api->hostname) && first->port == api->port))
			return first;
	return NULL;
}

/* --- which API --- */

static struct str path_of(struct str target)
{
	const size_t scheme = str_find_str(target, STR("://"));
	struct str rest;

	if (!target.len || target.at[0] == '/' || scheme == target.len)
		return target;
	rest = str_from(target, scheme + 3);
	rest = str_from(rest, str_find(rest, '/'));
	return rest.len ? rest : STR("/");
}

static bool follows(struct str path, struct str prefix)
{
	if (!str_starts(path, prefix))
		return false;
	return path.len == prefix.len || path.at[prefix.len] == '/' ||
	       path.at[prefix.len] == '?';
}

/* The segment after the context; what follows it is the sub path. */
static struct str first_segment(struct str rest)
{
	size_t len = 0;

	if (!str_starts(rest, STR("/")))
		return STR("");
	rest = str_from(rest, 1);
	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?')
		len++;
	return str_first(rest, len);
}

static bool fits_host(const struct api *api, const struct question *q)
{
	struct str port_text = q->in->host, name = STR("");
	uint64_t port = q->transport == TRANSPORT_HTTPS ? 443 : 80;

	if (!api->hostname.len && !api->port)
		return true;
	str_cut(&port_text, ':', &name);
	if (port_text.at && !str_to_uint(port_text, &port))
		return false;
	return (!api->hostname.len || str_eq(api->hostname, name)) &&
	       (!api->port || api->port == port);
}

bool api_is_listened(const struct api *api, unsigned port)
{
	for (unsigned i = 0; i < api->listened_count; i++)
		if (api->listened[i].port == port)
			return true;
	return false;
}

/* 127.0.0.1 or [::1]; no name ends in a number. */
static bool is_address(struct str host)
{
	const char last = host.len ? host.at[host.len - 1] : 0;

	return last == ']' || (last >= '0' && last <= '9');
}

static bool answers_as(const struct api *api, struct str host)
{
	struct str rest = api->hosts, name;
	size_t end = host.len;

	while (end > 0 && host.at[end - 1] >= '0' && host.at[end - 1] <= '9')
		end--;
	if (end > 0 && host.at[end - 1] == ':')
		host = str_first(host, end - 1);
	if (!rest.len || is_address(host))
		return true;
	while (str_cut(&rest, ' ', &name))
		if (str_eq_nocase(name, host))
			return true;
	return false;
}

static bool can_process(const struct api *api, struct question *q)
{
	if (!follows(q->path, api->context) || !fits_host(api, q))
		return false;
	if (api->listened_count ? !api_is_listened(api, q->in->port) : q->at_own_listener)
		return false;
	if (!answers_as(api, q->in->host))
		return false;
	if (api->version_type == VERSION_URL &&
	    !str_eq(first_segment(str_from(q->path, api->context.len)), api->version))
		return false;
	if (api->transports & q->transport)
		return true;
	q->denied = true;
	log_line(LOG_WARN, api_logger,
		 "Trying to access API : " STR_FMT
		 " on restricted transport chanel [" STR_FMT "]",
		 STR_ARG(api->full_name), STR_ARG(q->in->transport));
	return false;
}

/* Versioned ones win, however short their context. */
static const struct api *find_api(const struct routes *r, struct question *q)
{
	for (const struct api *api = r->first; api; api = api->next)
		if (api_is_listened(api, q->in->port))
			q->at_own_listener = true;
	for (const struct api *api = r->first; api; api = api->next)
		if (api->version_type != VERSION_NONE && can_process(api, q))
			return api;
	for (const struct api *api = r->first; api; api = api->next)
		if (api->version_type == VERSION_NONE && can_process(api, q))
			return api;
	return NULL;
}

static void tell_api(const struct api *api, struct question *q)
{
	static const char *const types[] = { "", "context", "url" };
	struct incoming *in = q->in;
	struct str rest = str_from(q->path, api->context.len);

	if (api->version_type == VERSION_URL)
		rest = str_from(rest, api->version.len + 1);
	in->api = api->full_name;
	in->api_version = api->version;
	in->api_version_type = str_of(types[api->version_type]);
	in->context = api->context;
	in->postfix = rest;
	in->sub_path = rest.len ? rest : STR("/");
}

/* --- what else the answer says --- */

static struct str method_list(unsigned methods, struct arena *a)
{
	const char *list = "";

	methods &= ~(unsigned)METHOD_OPTIONS;
	if (!methods)
		return STR("GET, POST, PUT, DELETE");
	for (unsigned i = 0; i < METHODS_NAMED; i++)
		if (methods & 1U << i)
			list = arena_printf(a, "%s%s%s", list, *list ? ", " : "",
					    method_names[i]);
	return str_of(list);
}

static struct str allowed(const struct api *api, const struct question *q)
{
	unsigned methods = 0;

	for (const struct api_resource *r = api->resources; r; r = r->next)
		if (resource_matches_path(r, q))
			methods |= r->methods;
	return method_list(methods, q->message->arena);
}

/* Nobody can take it: because of its path, its method, or something else? */
static struct route explain_miss(const struct api *api, struct question *q)
{
	struct template_match match;
	const struct api_resource *r = resource_find(api, q, resource_is_any, &match);
	bool others = false;

	for (const struct api_resource *o = api->resources; o; o = o->next)
		others = others || resource_is_acceptable(o, q);
	if (!r || others)
		return (struct route){ .result = ROUTE_NO_RESOURCE,
				       .status_sequence = "_resource_mismatch_handler_" };
	if (resource_has_method(r, q->method))
		return (struct route){ .result = ROUTE_BAD_REQUEST };
	return (struct route){ .result = ROUTE_BAD_METHOD,
			       .allow = allowed(api, q),
			       .status_sequence = "_method_not_allowed_handler_" };
}

static void set_text(struct message *m, struct str name, struct str value)
{
	message_set_property(m, SCOPE_DEFAULT, name, value_str(value));
}

static void set_path_values(struct message *m, const struct template_match *match)
{
	for (unsigned i = 0; i < match->count; i++) {
		struct str name = match->values[i].name;

		if (!str_starts(name, STR("uri.var.")))
			name = str_of(arena_printf(m->arena, "uri.var." STR_FMT,
						   STR_ARG(name)));
		set_text(m, name, url_decode(match->values[i].raw, m->arena));
	}
}

/*
 * An entry without '=' belongs to the value before it, as in the original. False: one
 * cannot be decoded; if `lenient`, it is taken as it stands.
 */
static bool set_query_values(struct message *m, struct str path, bool lenient)
{
	struct str rest = str_from(path, str_find(path, '?') + 1), entry;
	struct str name = STR("query.param.null"), value = STR("null");

	while (rest.len && str_cut(&rest, '&', &entry)) {
		struct str key = entry, after = entry;

		str_cut(&after, '=', &key);
		if (after.at) {
			name = str_of(arena_printf(m->arena, "query.param." STR_FMT,
						   STR_ARG(key)));
			const bool fine = url_is_decodable(after);

			if (!fine && !lenient)
				return false;
			value = fine ? url_decode_form(after, m->arena) : after;
		} else {
			value = str_of(arena_printf(m->arena, STR_FMT "&" STR_FMT,
						    STR_ARG(value), STR_ARG(entry)));
		}
		set_text(m, name, value);
	}
	return true;
}

static bool answers_options(const struct api_resource *r, const struct question *q)
{
	const struct str hops = headers_get(&q->message->headers, STR("Max-Forwards"));

	return q->method == METHOD_OPTIONS &&
	       (!(r->methods & METHOD_OPTIONS) || str_eq(hops, STR("0")));
}

static struct route route_to(const struct api *api, const struct api_resource *r,
			     struct question *q, const struct template_match *match)
{
	struct message *m = q->message;

	if (!api->specific && answers_options(r, q))
		return (struct route){ .result = ROUTE_OPTIONS,
				       .allow = method_list(r->methods, m->arena) };
	q->in->pattern = r->pattern;
	set_path_values(m, match);
	if (!set_query_values(m, q->path, r->mapping == MAPPING_PATH))
		return (struct route){ .result = ROUTE_BAD_REQUEST };
	return (struct route){ .result = ROUTE_FOUND, .resource = &r->resource };
}

static const struct api_resource *resource_of(const struct api **api, struct question *q,
					      struct template_match *match)
{
	const struct api *first = *api;
	const struct api_resource *found;

	if (!first->specific)
		return resource_find(first, q, resource_is_acceptable, match);
	found = resource_most_specific(api, q, match);
	if (*api != first)
		tell_api(*api, q);
	return found;
}

struct route routes_find(const struct routes *r, struct incoming *in, struct message *m)
{
	struct question q = {
		.in = in,
		.message = m,
		.path = path_of(in->target),
		.method = method_named(in->method),
		.transport = str_eq(in->transport, STR("https")) ? TRANSPORT_HTTPS
								 : TRANSPORT_HTTP,
	};
	const struct api *api = find_api(r, &q);
	struct template_match match;
	struct route route;

	if (!api)
		return (struct route){ q.denied ? ROUTE_FORBIDDEN : ROUTE_NO_API };
	tell_api(api, &q);

	const struct api_resource *found = resource_of(&api, &q, &match);

	route = found ? route_to(api, found, &q, &match) : explain_miss(api, &q);
	route.origin = &api->origin;
	route.is_plain = !api->listened_count;
	return route;
}

void routes_listeners(const struct routes *r,
		      void (*fn)(void *ctx, const struct listened *l), void *ctx)
{
	for (const struct api *api = r->first; api; api = api->next)
		for (unsigned i = 0; i < api->listened_count; i++)
			fn(ctx, &api->listened[i]);
}
