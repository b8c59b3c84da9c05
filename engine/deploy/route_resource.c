/* Which resource of an API a request is for (mediation.md §2.4, §2.5). */
#include "deploy/route_index.h"
#include "deploy/specific.h"

bool resource_has_method(const struct api_resource *r, unsigned method)
{
	return method == METHOD_OPTIONS || !r->methods || (r->methods & method);
}

static bool fits_rest(const struct api_resource *r, const struct question *q)
{
	const struct headers *h = &q->message->headers;
	const bool has_body = q->message->body.state != BODY_EMPTY;

	if (!(r->transports & q->transport))
		return false;
	if (r->content_type.len && has_body &&
	    !str_eq(headers_get(h, STR("Content-Type")), r->content_type))
		return false;
	if (!r->user_agent)
		return true;

	const struct str agent = headers_get(h, STR("User-Agent"));

	return agent.at && regex_matches(r->user_agent, agent, 0, NULL);
}

bool resource_is_acceptable(const struct api_resource *r, const struct question *q)
{
	return resource_has_method(r, q->method) && fits_rest(r, q);
}

bool resource_is_any(const struct api_resource *r, const struct question *q)
{
	(void)r;
	(void)q;
	return true;
}

/* For mappings: without query, and without slashes at the end. */
static struct str plain_path(struct str sub_path)
{
	struct str path = str_first(sub_path, str_find(sub_path, '?'));

	while (path.len > 1 && str_ends(path, STR("/")))
		path = str_first(path, path.len - 1);
	return path.len ? path : STR("/");
}

static bool fits_prefix(const struct api_resource *r, struct str path)
{
	return !r->path.len || (str_starts(path, r->path) &&
				(path.len == r->path.len || path.at[r->path.len] == '/'));
}

static bool fits_mapping(const struct api_resource *r, struct str path)
{
	switch (r->mapping) {
	case MAPPING_EXACT:
		return str_eq(path, r->path);
	case MAPPING_PREFIX:
		return fits_prefix(r, path);
	case MAPPING_EXTENSION:
		return str_ends(path, r->path);
	case MAPPING_DEFAULT:
	case MAPPING_TEMPLATE:
	case MAPPING_PATH:
		return false;
	}
	return false;
}

/* Exact ones first, then the longest prefix, then extensions. */
static const struct api_resource *by_mapping(const struct api *api,
					     const struct question *q,
					     accept_resource *accept)
{
	const struct str path = plain_path(q->in->sub_path);
	const struct api_resource *best = NULL;

	for (const struct api_resource *r = api->resources; r; r = r->next) {
		if (!fits_mapping(r, path) || !accept(r, q))
			continue;
		if (!best || r->mapping < best->mapping ||
		    (r->mapping == MAPPING_PREFIX && best->mapping == MAPPING_PREFIX &&
		     r->segments > best->segments))
			best = r;
	}
	return best;
}

static bool fits_template(const struct api_resource *r, struct str sub_path,
			  struct template_match *match)
{
	match->count = 0;
	if (r->mapping == MAPPING_TEMPLATE)
		return template_matches(r->template, sub_path, match);
	return r->mapping == MAPPING_PATH &&
	       path_matches(r->path_pattern, str_first(sub_path, str_find(sub_path, '?')),
			    match);
}

static const struct api_resource *by_template(const struct api *api,
					      const struct question *q,
					      accept_resource *accept,
					      struct template_match *match)
{
	for (const struct api_resource *r = api->resources; r; r = r->next)
		if (fits_template(r, q->in->sub_path, match) && accept(r, q))
			return r;
	return NULL;
}

const struct api_resource *resource_find(const struct api *api, const struct question *q,
					 accept_resource *accept,
					 struct template_match *match)
{
	const struct api_resource *found;

	if (api->index)
		return route_index_find(api->index, q, accept, match);
	found = by_mapping(api, q, accept);
	match->count = 0;
	if (found)
		return found;
	found = by_template(api, q, accept, match);
	if (found)
		return found;
	match->count = 0;
	for (const struct api_resource *r = api->resources; r; r = r->next)
		if (r->mapping == MAPPING_DEFAULT && accept(r, q))
			return r;
	return NULL;
}

bool resource_matches_path(const struct api_resource *r, const struct question *q)
{
	struct template_match match;

	if (fits_template(r, q->in->sub_path, &match))
		return true;
	return r->mapping == MAPPING_DEFAULT ||
	       fits_mapping(r, plain_path(q->in->sub_path));
}

static bool is_better(const struct api_resource *r, const struct api_resource *best)
{
	const int order = best ? specific_order(r->pattern, best->pattern) : -1;

	return order < 0 || (order == 0 && best->otherwise && !r->otherwise);
}

static bool takes(const struct api_resource *r, const struct question *q)
{
	return (!r->methods || (r->methods & q->method)) && fits_rest(r, q);
}

/* The table of all APIs with m:order="specific" there. *api: whose it is. */
const struct api_resource *resource_most_specific(const struct api **of,
						  const struct question *q,
						  struct template_match *match)
{
	const struct api_resource *best = NULL;
	const struct api *first = *of;
	struct template_match values;

	for (const struct api *api = first; api; api = api->next) {
		if (!api->specific || !api_is_listened(api, q->in->port) ||
		    !str_eq(api->context, first->context))
			continue;
		for (const struct api_resource *r = api->resources; r; r = r->next) {
			if (!takes(r, q) || !is_better(r, best) ||
			    !specific_matches(r->pattern, q->in->sub_path, &values))
				continue;
			best = r;
			*of = api;
			*match = values;
		}
	}
	return best;
}
