#include "fallback/rest.h"

#include "fallback/fallback.h"
#include "fallback/view.h"
#include "mediators/fallback.h"
#include "mediators/healthcheck.h"
#include "mediators/mediators.h"

enum { MOST_PARTS = 4 };

/* A request under way. */
struct rest {
	const struct fallback_request *r;
	struct arena *a;
	const struct collection *collection;
	struct str parts[MOST_PARTS]; /* of the path, without the collection */
	unsigned count;
	struct str product;
	const struct artifact *found; /* the definition the path names */
	struct fallback_answer answer;
};

/* What there is a path for. */
struct collection {
	const char *many, *one;
	struct json *(*view)(const struct fallback_request *r, const struct artifact *d,
			     struct arena *a);
	bool can_change;
};

static const struct collection collections[] = {
	{ "fallbacks", "fallback", view_fallback, true },
	{ "quotas", "quota", view_fallback, true },
	{ "features", "feature", view_any, true },
	{ "healthchecks", "healthcheck", view_healthcheck, true },
	{ "caches", "cache", view_any, false },
};

struct json *fallback_error(struct arena *a, const char *code, const char *message)
{
	struct json *body = json_new(a, JSON_OBJECT), *error = json_new(a, JSON_OBJECT);

	json_set(error, STR("code"), json_string(a, str_of(code)));
	json_set(error, STR("message"), json_string(a, str_of(message)));
	json_set(body, STR("status"), json_string(a, STR("error")));
	json_set(body, STR("error"), error);
	return body;
}

struct json *fallback_probed(struct arena *a, const struct probe *p)
{
	struct json *seen = json_new(a, JSON_OBJECT), *to = json_new(a, JSON_OBJECT);

	view_probe(seen, p, a);
	json_set(to, STR("status"), json_copy(a, json_get(seen, STR("status"))));
	json_set(to, STR("checkedAt"), json_copy(a, json_get(seen, STR("lastChecked"))));
	json_set(to, STR("latency"), json_copy(a, json_get(seen, STR("lastLatency"))));
	return to;
}

static void answer(struct rest *q, unsigned status, const struct json *body)
{
	q->answer.status = status;
	q->answer.body = body;
}

static void refuse(struct rest *q, unsigned status, const char *code, const char *message)
{
	answer(q, status, fallback_error(q->a, code, message));
}

static bool is_method(const struct rest *q, const char *name)
{
	return str_eq(q->r->method, str_of(name));
}

static void refuse_method(struct rest *q, const char *allow)
{
	q->answer.allow = allow;
	refuse(q, 405, "METHOD_NOT_ALLOWED", "there is nothing to do with this method");
}

static struct str text_in(const struct json *j, const char *name)
{
	const struct json *member = j ? json_get(j, str_of(name)) : NULL;

	return member && member->kind == JSON_STRING ? member->text : STR("");
}

/* --- finding definitions --- */

static bool is_of(const struct rest *q, const struct artifact *d)
{
	const struct str rest = str_from(d->name, str_find(d->name, '/') + 1);

	return d->kind == ARTIFACT_OTHER &&
	       str_eq(str_first(rest, str_find(rest, '/')), str_of(q->collection->one)) &&
	       (!q->product.len || str_eq(view_product(d), q->product)) &&
	       view_source(d, q->a);
}

/* False: it has answered that several products have the tag. */
static bool find(struct rest *q, struct str tag)
{
	const struct artifact *d = deployment_artifacts(q->r->deployment);
	const char *products = "";

	for (; d; d = d->next) {
		if (!is_of(q, d) || !str_eq(view_tag(d), tag))
			continue;
		q->found = d;
		products = arena_printf(q->a, "%s%s" STR_FMT, products,
					*products ? " " : "", STR_ARG(view_product(d)));
	}
	if (!strchr(products, ' '))
		return true;
	refuse(q, 400, "UNKNOWN_PRODUCT",
	       arena_printf(q->a, "several products have '" STR_FMT "': %s", STR_ARG(tag),
			    products));
	return false;
}

static void list(struct rest *q)
{
	struct json *all = json_new(q->a, JSON_ARRAY);
	const struct artifact *d = deployment_artifacts(q->r->deployment);

	for (; d; d = d->next)
		if (is_of(q, d))
			json_append(all, q->collection->view(q->r, d, q->a));
	answer(q, 200, all);
}

/* --- changes --- */

static bool is_among(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_eq(name, str_of(*names)))
			return true;
	return false;
}

static struct json *without(const struct json *object, const char *const *names,
			    struct arena *a)
{
	struct json *to = json_new(a, JSON_OBJECT);

	for (const struct json *m = object->first; m; m = m->next)
		if (!is_among(m->key, names))
			json_set(to, m->key, json_copy(a, m));
	return to;
}

static struct json *each_without(const struct json *list_of, const char *const *names,
				 struct arena *a)
{
	struct json *to = json_new(a, JSON_ARRAY);

	for (const struct json *m = list_of->first; m; m = m->next)
		json_append(to, m->kind == JSON_OBJECT ? without(m, names, a)
						       : json_copy(a, m));
	return to;
}

/* What only tells how things are is not for being set. */
static struct json *cleaned(const struct rest *q, const struct json *given)
{
	static const char *const ours[] = { "product", "kind", "tag", "revision", NULL };
	static const char *const status[] = {
		"provider_status", "last_available",
		"last_checked",    "last_used",
		"success_count",   "failure_count",
		"last_error",      "envs",
		"status",          "lastAvailable",
		"lastChecked",     "lastLatency",
		"averageLatency",  NULL,
	};
	struct json *to = without(given, ours, q->a);
	static const char *const lists[] = { "options", "envs" };

	for (size_t i = 0; i < 2; i++) {
		const struct json *list_of = json_get(to, str_of(lists[i]));

		if (list_of && list_of->kind == JSON_ARRAY)
			json_set(to, str_of(lists[i]),
				 each_without(list_of, status, q->a));
	}
	return to;
}

static void change(struct rest *q, unsigned status, struct str product, struct str tag,
		   const struct json *definition)
{
	const uint64_t old = q->found ? view_revision(q->found) : 0;

	q->answer.status = status;
	q->answer.is_change = true;
	q->answer.base = q->found ? q->found->where.file : NULL;
	q->answer.change = (struct fallback_change){
		.name = str_of(arena_printf(q->a, STR_FMT "/%s/" STR_FMT,
					    STR_ARG(product), q->collection->one,
					    STR_ARG(tag))),
		.definition = definition,
		.revision = old + 1,
		.at = (uint64_t)((int64_t)q->r->now + q->r->wall),
	};
}

/* The product of something new: the only one there is, else the default one. */
static struct str product_for_new(const struct rest *q)
{
	const struct artifact *d = deployment_artifacts(q->r->deployment);
	struct str only = STR("");

	if (q->product.len)
		return q->product;
	for (; d; d = d->next) {
		if (d->kind != ARTIFACT_OTHER || str_find(d->name, '/') == d->name.len)
			continue;
		if (only.len && !str_eq(only, view_product(d)))
			return STR("default");
		only = view_product(d);
	}
	return only.len ? only : STR("default");
}

static bool has_object(struct rest *q)
{
	if (q->r->body && q->r->body->kind == JSON_OBJECT)
		return true;
	refuse(q, 400, "BAD_JSON",
	       q->r->body || !q->r->body_fault.text
		       ? "the request is no JSON object"
		       : arena_printf(q->a, "line %u of the request: %s",
				      q->r->body_fault.where.line,
				      q->r->body_fault.text));
	return false;
}

/* False: it has answered. What is no text is given as an empty one. */
static bool is_name(struct rest *q, const char *field, struct str name)
{
	const struct json *given = json_get(q->r->body, str_of(field));

	if (fallback_is_tag(name) && (!given || given->kind == JSON_STRING))
		return true;
	answer(q, 400,
	       fallback_wrong_field(q->a, field,
				    arena_printf(q->a,
						 "%s must be a text of letters, digits, "
						 "_ and -",
						 field)));
	return false;
}

static void create(struct rest *q)
{
	const struct str tag = text_in(q->r->body, "tag");
	struct json *definition;
	struct str product;

	if (!has_object(q))
		return;
	product = product_for_new(q);
	q->product = product;
	if (!is_name(q, "product", product) || !is_name(q, "tag", tag))
		return;
	if (!find(q, tag))
		return;
	if (q->found) {
		refuse(q, 409, "CONFLICT",
		       arena_printf(q->a, "there is a %s '" STR_FMT "' already",
				    q->collection->one, STR_ARG(tag)));
		return;
	}
	definition = cleaned(q, q->r->body);
	change(q, 201, product, tag, definition);
}

/* If-Match: "1", "2" … or 1; is this revision among them? W/"1" never is. */
static bool matches(struct str list, uint64_t revision)
{
	struct str one;
	uint64_t n;

	while (str_cut(&list, ',', &one)) {
		one = str_trim(one);
		if (str_starts(one, STR("\"")) && str_ends(one, STR("\"")) && one.len > 2)
			one = str_first(str_from(one, 1), one.len - 2);
		if (str_eq(one, STR("*")) || (str_to_uint(one, &n) && n == revision))
			return true;
	}
	return false;
}

static bool is_as_expected(struct rest *q)
{
	const uint64_t revision = view_revision(q->found);

	if (!q->r->if_match.len || matches(q->r->if_match, revision))
		return true;
	refuse(q, 412, "PRECONDITION_FAILED",
	       arena_printf(q->a, "the revision is %llu", (unsigned long long)revision));
	return false;
}

static void update(struct rest *q)
{
	struct json *definition;
	const struct json *given;

	if (!has_object(q) || !is_as_expected(q))
		return;
	definition = cleaned(q, view_source(q->found, q->a));
	given = cleaned(q, q->r->body);
	for (const struct json *m = given->first; m; m = m->next)
		json_set(definition, m->key, json_copy(q->a, m));
	change(q, 200, view_product(q->found), view_tag(q->found), definition);
}

static void remove_it(struct rest *q)
{
	if (is_as_expected(q))
		change(q, 204, view_product(q->found), view_tag(q->found), NULL);
}

/* --- what is below a definition --- */

static void add_run(void *ctx, struct str run)
{
	struct rest *q = ctx;
	struct fault why = { 0 };
	struct json *j = json_parse(arena_copy(q->a, run), q->a, &why);

	if (j)
		json_append((struct json *)(uintptr_t)q->answer.body, j);
}

static void history(struct rest *q)
{
	const struct fallback *f = (const struct fallback *)q->found->node;
	uint64_t limit = RECORD_RUNS;

	if (q->r->limit.len && !str_to_uint(q->r->limit, &limit)) {
		refuse(q, 400, "INVALID_INPUT", "limit must be a number");
		return;
	}
	answer(q, 200, json_new(q->a, JSON_ARRAY));
	if (f->record)
		record_each(f->record, limit, add_run, q);
}

/* The probe of the env asked for, or of the only one. NULL: it has answered. */
static struct probe *probe_of(struct rest *q, struct str env)
{
	const struct healthcheck *c = (const struct healthcheck *)q->found->node;
	struct probe *p = healthcheck_probe(c, env);

	if (!p && !env.len && c->at.count == 1)
		p = ((const struct healthcheck_at *)c->at.at[0])->probe;
	if (!p)
		refuse(q, 400, "INVALID_ENV",
		       env.len ? arena_printf(
					 q->a,
					 "the health check does not look at '" STR_FMT
					 "'",
					 STR_ARG(env))
			       : "the health check looks at several envs: say which");
	return p;
}

static void status_of_check(struct rest *q)
{
	const struct probe *p = probe_of(q, q->r->env);
	struct json *to = json_new(q->a, JSON_OBJECT);

	if (!p)
		return;
	view_probe(to, p, q->a);
	answer(q, 200, to);
}

static void run_check(struct rest *q)
{
	const struct str env = text_in(q->r->body, "env");

	q->answer.status = 200;
	q->answer.probe = probe_of(q, env.len ? env : q->r->env);
}

/* What a cache holds, as members of the list of answers. */
static void add_value(void *ctx, struct str key, struct str value, uint64_t expires_at)
{
	struct rest *q = ctx;
	struct fault why = { 0 };
	struct json *to = json_new(q->a, JSON_OBJECT);
	const struct json *kept = json_parse(arena_copy(q->a, value), q->a, &why);
	const uint64_t expiry = (uint64_t)((int64_t)expires_at + q->r->wall);

	if (!kept)
		return;
	json_set(to, STR("key"), json_string(q->a, arena_copy(q->a, key)));
	for (const struct json *m = kept->first; m; m = m->next)
		json_set(to, m->key, json_copy(q->a, m));
	json_set(to, STR("cache_tag"), json_string(q->a, view_tag(q->found)));
	json_set(to, STR("expiry"), json_string(q->a, callable_time(expiry, q->a)));
	json_append((struct json *)(uintptr_t)q->answer.body, to);
}

static void values(struct rest *q)
{
	struct store *store = q->r->shared ? q->r->shared->store : NULL;

	if (is_method(q, "DELETE")) {
		answer(q, 204, NULL);
		if (store && q->count == 3)
			store_remove(store, q->found->name, q->parts[2]);
		else if (store)
			store_clear(store, q->found->name);
		return;
	}
	answer(q, 200, json_new(q->a, JSON_ARRAY));
	if (store && q->count == 2)
		store_each(store, q->found->name, q->r->now, add_value, q);
}

/* --- the way in --- */

static const struct below {
	const char *collection, *name;
	unsigned most; /* parts of the path */
	const char *methods;
	void (*take)(struct rest *q);
} belows[] = {
	{ "fallbacks", "history", 2, "GET", history },
	{ "quotas", "history", 2, "GET", history },
	{ "healthchecks", "status", 2, "GET", status_of_check },
	{ "healthchecks", "run", 2, "POST", run_check },
	{ "caches", "values", 3, "GET, DELETE", values },
};

static void take_below(struct rest *q)
{
	for (size_t i = 0; i < sizeof(belows) / sizeof(belows[0]); i++) {
		const struct below *b = &belows[i];

		if (strcmp(b->collection, q->collection->many) != 0 ||
		    !str_eq(q->parts[1], str_of(b->name)) || q->count > b->most)
			continue;
		if (str_find_str(str_of(b->methods), q->r->method) < strlen(b->methods))
			b->take(q);
		else
			refuse_method(q, b->methods);
		return;
	}
	refuse(q, 404, "NOT_FOUND", "there is nothing here");
}

static void take_collection(struct rest *q)
{
	if (is_method(q, "GET"))
		list(q);
	else if (is_method(q, "POST") && q->collection->can_change)
		create(q);
	else
		refuse_method(q, q->collection->can_change ? "GET, POST" : "GET");
}

static void take_one(struct rest *q)
{
	if (is_method(q, "GET"))
		answer(q, 200, q->collection->view(q->r, q->found, q->a));
	else if (!q->collection->can_change)
		refuse_method(q, "GET");
	else if (is_method(q, "PUT") || is_method(q, "PATCH"))
		update(q);
	else if (is_method(q, "DELETE"))
		remove_it(q);
	else
		refuse_method(q, "GET, PUT, PATCH, DELETE");
}

static void take_named(struct rest *q)
{
	if (!find(q, q->parts[0]))
		return;
	if (!q->found)
		refuse(q, 404, "NOT_FOUND",
		       arena_printf(q->a, "there is no %s '" STR_FMT "'",
				    q->collection->one, STR_ARG(q->parts[0])));
	else if (q->count == 1)
		take_one(q);
	else
		take_below(q);
}

/* "/fallbacks/pay/history" → its collection and parts; false: too many of them. */
static bool take_apart(struct rest *q)
{
	struct str rest = q->r->path, part;

	str_cut(&rest, '/', &part);
	str_cut(&rest, '/', &part);
	for (size_t i = 0; i < sizeof(collections) / sizeof(collections[0]); i++)
		if (str_eq(part, str_of(collections[i].many)))
			q->collection = &collections[i];
	while (rest.at && str_cut(&rest, '/', &part)) {
		if (q->count == MOST_PARTS)
			return false;
		q->parts[q->count++] = part;
	}
	return true;
}

struct fallback_answer fallback_rest(const struct fallback_request *r, struct arena *a)
{
	struct rest q = { .r = r, .a = a };

	q.product = r->product.len ? r->product : text_in(r->body, "product");
	if (!take_apart(&q) || !q.collection)
		refuse(&q, 404, "NOT_FOUND", "there is nothing here");
	else if (q.count)
		take_named(&q);
	else
		take_collection(&q);
	return q.answer;
}
