/* The <api>s of a definition: resources in the order in which they are tried (§3.3). */
#include "openapi/openapi_priv.h"

#include <stdlib.h>

static const char *const methods[] = { "get",     "put",  "post",  "delete",
				       "options", "head", "patch", NULL };

/* A path of the definition, and what it became. */
struct path {
	struct str text;
	const struct json *item;
	struct pool pools[KINDS];
	struct str sequences[sizeof(methods) / sizeof(methods[0])];
	struct str allow; /* "OPTIONS, GET" */
};

static unsigned parameters(struct str path)
{
	unsigned count = 0;

	for (size_t i = 0; i < path.len; i++)
		count += path.at[i] == '{';
	return count;
}

static int order(const void *one, const void *other)
{
	const struct path *a = one, *b = other;
	const bool a_rest = str_find(a->text, '*') < a->text.len;
	const bool b_rest = str_find(b->text, '*') < b->text.len;
	const bool a_dot = str_find(a->text, '.') < a->text.len;
	const bool b_dot = str_find(b->text, '.') < b->text.len;
	const size_t shorter = a->text.len < b->text.len ? a->text.len : b->text.len;
	int by_text;

	if (a_rest != b_rest)
		return a_rest ? 1 : -1;
	if (a_dot != b_dot)
		return a_dot ? -1 : 1;
	if (parameters(a->text) != parameters(b->text))
		return parameters(a->text) < parameters(b->text) ? -1 : 1;
	by_text = memcmp(a->text.at, b->text.at, shorter);
	if (by_text)
		return by_text;
	return (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

/* With x-wso2-endpoints, all addresses of an API have the same path. */
static bool fits_named(const struct translation *t, unsigned kind, struct str prefix)
{
	struct str all;

	return !member(t->document, "x-wso2-endpoints") || !t->pools[kind].given ||
	       t->pools[kind].dropped || !pool_prefix(&t->pools[kind], &all) ||
	       str_eq(all, prefix);
}

/* Path level: as written there, if its addresses fit together; else the API's. */
static void take_pools(struct translation *t, struct path *p)
{
	static const char *const names[KINDS] = { "x-wso2-production-endpoints",
						  "x-wso2-sandbox-endpoints" };
	static const char *const kinds[KINDS] = { "production", "sandbox" };

	for (unsigned i = 0; i < KINDS; i++) {
		const struct json *ext = member(p->item, names[i]);
		struct str prefix;
		struct pool own;

		p->pools[i] = t->pools[i];
		if (!ext)
			continue;
		pool_init(&own);
		pool_of_extension(t, &own, ext);
		if (!pool_prefix(&own, &prefix) || !fits_named(t, i, prefix)) {
			report_warning(t->report, own.where,
				       "error 2202: the urls of %s of path " STR_FMT
				       " do not have the same path%s; those of the API "
				       "are used",
				       names[i], STR_ARG(p->text),
				       member(t->document, "x-wso2-endpoints")
					       ? " as all others"
					       : "");
			continue;
		}
		p->pools[i] = own;
		translate_pool(t, &p->pools[i],
			       print_text(t, STR_FMT STR_FMT "/%s", STR_ARG(t->full_name),
					  STR_ARG(p->text), kinds[i]));
	}
}

static struct str in_capitals(struct translation *t, const char *word)
{
	char *text = arena_alloc(t->arena, strlen(word) + 1);

	for (size_t i = 0; word[i]; i++)
		text[i] = (char)(word[i] & ~0x20);
	return str_of(text);
}

static void take_operations(struct translation *t, struct path *p)
{
	p->allow = STR("OPTIONS");
	for (unsigned i = 0; methods[i]; i++) {
		const struct json *operation = member(p->item, methods[i]);

		if (!operation || operation->kind != JSON_OBJECT)
			continue;
		p->sequences[i] = translate_operation(t, p->text, p->item, operation,
						      p->pools);
		if (strcmp(methods[i], "options") != 0)
			p->allow = print_text(t, STR_FMT ", " STR_FMT, STR_ARG(p->allow),
					      STR_ARG(in_capitals(t, methods[i])));
	}
	if (member(p->item, "trace"))
		report_warning(t->report, where_of(t->file, member(p->item, "trace")),
			       "the method trace is not served");
}

static void add_resource(struct translation *t, struct element *api, const struct path *p,
			 struct str method, struct element *step, struct where where)
{
	struct element *resource = synapse_word(t, "resource", where);
	struct element *in = synapse_word(t, "inSequence", where);
	struct element *cors = translate_cors(t, where);

	element_add(api, resource);
	put(t, resource, "methods", method);
	element_set_ns(resource, t->arena, STR(MYELIN_NS), STR("path"), p->text);
	if (cors)
		element_add(in, cors);
	element_add(cors ? cors : in, step);
	element_add(resource, in);
}

static void add_resources(struct translation *t, struct element *api,
			  const struct path *p)
{
	const struct where where = where_of(t->file, p->item);
	struct element *step;

	for (unsigned i = 0; methods[i]; i++) {
		if (!p->sequences[i].len)
			continue;
		step = synapse_word(t, "sequence", where);
		put(t, step, "key", p->sequences[i]);
		add_resource(t, api, p, in_capitals(t, methods[i]), step,
			     where_of(t->file, member(p->item, methods[i])));
	}
	if (member(p->item, "options"))
		return;
	step = our_word(t, "refuse", where);
	put(t, step, "status", STR("204"));
	put(t, step, "allow", p->allow);
	add_resource(t, api, p, STR("OPTIONS"), step, where);
}

static void add_api(struct translation *t, const struct path *paths, unsigned count,
		    struct str context, bool versioned)
{
	const struct where where = where_of(t->file, t->document);
	struct element *api = synapse_word(t, "api", where);

	put(t, api, "name", t->name);
	if (versioned) {
		put(t, api, "version", t->version);
		put(t, api, "version-type", STR("context"));
	}
	put(t, api, "context", context);
	set_listeners(t, api);
	element_set_ns(api, t->arena, STR(MYELIN_NS), STR("hosts"), t->hosts);
	for (unsigned i = 0; i < count; i++)
		add_resources(t, api, &paths[i]);
	element_add(api, not_found_resource(t, where));
	emit(t, api);
}

/* What stands where only paths should. */
static bool is_path(struct translation *t, const struct json *item,
		    const struct json **map)
{
	if (str_starts(item->key, STR("x-"))) {
		if (str_starts(item->key, STR("x-wso2-")))
			report_warning(t->report, where_of(t->file, item),
				       STR_FMT " means nothing directly under paths; put "
					       "it below a path, or at the top",
				       STR_ARG(item->key));
		return false;
	}
	if (!str_starts(item->key, STR("/")))
		return report_error(t->report, where_of(t->file, item),
				    "path '" STR_FMT "' must begin with /",
				    STR_ARG(item->key));
	*map = referred(t, item);
	return *map && ((*map)->kind == JSON_OBJECT ||
			report_error(t->report, where_of(t->file, item),
				     "path " STR_FMT " must be a map of methods",
				     STR_ARG(item->key)));
}

void translate_resources(struct translation *t)
{
	const struct json *all = member(t->document, "paths");
	struct path *paths;
	unsigned count = 0;

	if (!all || all->kind != JSON_OBJECT || !all->first) {
		report_error(t->report, where_of(t->file, all ? all : t->document),
			     "there are no paths");
		return;
	}
	paths = arena_alloc(t->arena, all->count * sizeof(*paths));
	for (const struct json *item = all->first; item; item = item->next) {
		if (!is_path(t, item, &paths[count].item))
			continue;
		refuse_interceptors(t, paths[count].item);
		paths[count].text = item->key;
		take_pools(t, &paths[count]);
		take_operations(t, &paths[count++]);
	}
	qsort(paths, count, sizeof(*paths), order);
	add_api(t, paths, count, t->base_path, true);
	if (t->default_path.len)
		add_api(t, paths, count, t->default_path, false);
}
