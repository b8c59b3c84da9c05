/*
 * # m:run
 *
 * Runs a fallback, quota or feature by its tag: the tag is the path's variable `tag`,
 * or a member of the request. The answer is its result, or the error as JSON
 * (frontends.md §4.6).
 *
 *	<m:run xmlns:m="urn:myelin" kind="fallback"/>
 *
 * The request is { env, product, input, session, cache, timeout }. With `cache` a fresh
 * result of the same input is the answer without running anything; with `timeout` (ms)
 * the whole run is over by then.
 */
#include "run.h"

#include "action.h"
#include "deploy/deployment.h"
#include "fallback.h"
#include "input_schema.h"
#include "mediators.h"

struct run {
	struct node node;
	struct str kind; /* "fallback", "quota", "feature" */
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct run, kind, "kind"), .required = true,
	  .doc = "What is run: fallback, quota or feature; nothing: 404, wrong-method: 405." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:run",
	.doc = "Runs a fallback, quota or feature by its tag.",
	.size = sizeof(struct run),
	.fields = fields,
};

struct running {
	struct timer deadline;
	uint64_t began;
	struct exchange *x;
	const struct cache *cache; /* NULL: none is asked for */
	struct str cache_key, tag;
	struct bringing bringing;
	bool believing; /* who brings the session is not known yet */
	const struct json *request;
	const struct node *target;
};

/* The HTTP status an error is answered with. */
static unsigned status_of(struct str code)
{
	static const struct {
		const char *code;
		unsigned status;
	} statuses[] = {
		{ "INVALID_INPUT", 400 },       { "INVALID_ENV", 400 },
		{ "UNKNOWN_CACHE", 400 },       { "BAD_JSON", 400 },
		{ "UNKNOWN_PRODUCT", 400 },     { "INVALID_SESSION", 401 },
		{ "NOT_FOUND", 404 },           { "FALLBACK_FAILED", 502 },
		{ "NO_HEALTHY_PROVIDER", 503 }, { "DEADLINE_EXCEEDED", 504 },
	};

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (str_eq(code, str_of(statuses[i].code)))
			return statuses[i].status;
	return 502;
}

static void set_header(struct exchange *x, const char *name, struct str value)
{
	if (header_value_is_valid(value))
		message_set_property(&x->message, SCOPE_TRANSPORT, str_of(name),
				     value_str(value));
}

static enum flow answer(struct exchange *x, unsigned status, const struct json *body)
{
	const struct json *provider = json_get(body, STR("provider"));

	callable_put(x, body);
	message_set_property(&x->message, SCOPE_AXIS2, STR("HTTP_SC"), value_int(status));
	if (callable_run(x, "id").len)
		set_header(x, "X-Run-Id", callable_run(x, "id"));
	if (status == 200 && provider && provider->kind == JSON_STRING)
		set_header(x, "X-Provider", provider->text);
	x->answer = ANSWER_MESSAGE;
	return FLOW_STOP;
}

static enum flow answer_error(struct exchange *x, const struct running *r)
{
	struct arena *a = &x->arena;
	const struct fault *f = &x->fault;
	struct json *body = json_new(a, JSON_OBJECT), *error = json_new(a, JSON_OBJECT);
	const struct str code = str_of(f->code_text ? f->code_text : "INTERNAL_ERROR");

	json_set(error, STR("code"), json_string(a, code));
	json_set(error, STR("message"), json_string(a, str_of(f->text)));
	json_set(error, STR("env"), json_string(a, callable_run(x, "env")));
	json_set(error, STR("runId"), json_string(a, callable_run(x, "id")));
	json_set(error, STR("latency"),
		 json_int(a, (int64_t)(x->engine->timers.now - r->began)));
	for (const struct json *d = f->data ? f->data->first : NULL; d; d = d->next)
		json_set(error, d->key, json_copy(a, d));
	json_set(body, STR("status"), json_string(a, STR("error")));
	json_set(body, STR("error"), error);
	return answer(x, f->code_text ? status_of(code) : 500, body);
}

static enum flow refuse(struct exchange *x, struct running *r, const char *code,
			const char *text)
{
	callable_fault(x, code, text, NULL);
	return answer_error(x, r);
}

/* What runs nothing. */
static enum flow refuse_path(struct exchange *x, unsigned status, const char *code,
			     const char *text)
{
	struct arena *a = &x->arena;
	struct json *body = json_new(a, JSON_OBJECT), *error = json_new(a, JSON_OBJECT);

	json_set(error, STR("code"), json_string(a, str_of(code)));
	json_set(error, STR("message"), json_string(a, str_of(text)));
	json_set(body, STR("status"), json_string(a, STR("error")));
	json_set(body, STR("error"), error);
	callable_put(x, body);
	if (status == 405)
		set_header(x, "Allow", STR("POST"));
	message_set_property(&x->message, SCOPE_AXIS2, STR("HTTP_SC"), value_int(status));
	x->answer = ANSWER_MESSAGE;
	return FLOW_STOP;
}

static struct str member(const struct json *object, struct str name)
{
	const struct json *j = object ? json_get(object, name) : NULL;

	return j && j->kind == JSON_STRING ? j->text : STR("");
}

/* The tag is the path's, else the request's own, under its new or old name. */
static struct str tag_of(struct exchange *x, const struct json *request)
{
	const struct value v = message_own_property(&x->message, SCOPE_DEFAULT,
						    STR("uri.var.tag"));

	if (v.kind != VALUE_NULL)
		return value_text(v, &x->arena);
	if (member(request, STR("tag")).len)
		return member(request, STR("tag"));
	return member(request, STR("fallback_tag"));
}

/* Definitions are artifacts named product/kind/tag: does this one end in /kind/tag? */
static bool is_of(const struct artifact *a, const char *end)
{
	return a->kind == ARTIFACT_OTHER && str_ends(a->name, str_of(end));
}

/* The products that have it, between blanks; without any, "". */
static struct str products_with(struct exchange *x, const char *end)
{
	const struct deployment *d = (const struct deployment *)(const void *)x->names;
	const char *list = "";

	for (const struct artifact *a = deployment_artifacts(d); a; a = a->next)
		if (is_of(a, end))
			list = arena_printf(
				&x->arena, "%s%s" STR_FMT, list, *list ? " " : "",
				STR_ARG(str_first(a->name, str_find(a->name, '/'))));
	return str_of(list);
}

/* As the request says, else the only one that has it. */
static struct str product_of(struct exchange *x, const struct run *run,
			     const struct json *request, struct str tag)
{
	const struct value query = message_own_property(&x->message, SCOPE_DEFAULT,
							STR("query.param.product"));

	if (member(request, STR("product")).len)
		return member(request, STR("product"));
	if (query.kind != VALUE_NULL)
		return value_text(query, &x->arena);
	return products_with(x, arena_printf(&x->arena, "/" STR_FMT "/" STR_FMT,
					     STR_ARG(run->kind), STR_ARG(tag)));
}

static void begin(struct exchange *x, struct str product, const struct json *request)
{
	struct json *run = json_new(&x->arena, JSON_OBJECT);
	char *id = arena_alloc(&x->arena, 37);

	uuid_make(id);
	json_set(run, STR("id"), json_string(&x->arena, str_of(id)));
	json_set(run, STR("env"), json_string(&x->arena, member(request, STR("env"))));
	json_set(run, STR("product"), json_string(&x->arena, product));
	callable_set(x, "run", run);
}

static struct str cache_key(const struct run *run, struct exchange *x, struct str tag,
			    const struct json *request)
{
	const struct json *input = json_get(request, STR("input"));
	const struct json *session = callable_variable(x, "session");
	const struct str text = input ? json_text(run_canonical(input, &x->arena),
						  &x->arena)
				      : STR("");
	const struct str who = session ? json_text(session, &x->arena) : STR("");
	const char *all = arena_printf(
		&x->arena,
		STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT,
		STR_ARG(run->kind), STR_ARG(callable_run(x, "product")),
		STR_ARG(callable_run(x, "env")), STR_ARG(tag), STR_ARG(text),
		STR_ARG(who));

	return hex_of(digest_of(DIGEST_SHA256, str_of(all), &x->arena), &x->arena);
}

/* What is kept of this run; NULL: nothing. */
static struct json *cached_result(struct running *r, struct exchange *x)
{
	struct fault why = { 0 };
	struct json *result, *meta;
	struct str text;

	if (!r->cache || !r->cache->store)
		return NULL;
	text = store_get(r->cache->store, r->cache->name, r->cache_key,
			 x->engine->timers.now, &x->arena, NULL);
	result = text.at ? json_parse(text, &x->arena, &why) : NULL;
	if (!result || !json_get(result, STR("value")))
		return NULL;
	result = json_copy(&x->arena, json_get(result, STR("value")));
	json_set(result, STR("cached"), json_bool(&x->arena, true));
	meta = json_get(result, STR("meta"))
		       ? json_copy(&x->arena, json_get(result, STR("meta")))
		       : json_new(&x->arena, JSON_OBJECT);
	json_set(meta, STR("cached"), json_bool(&x->arena, true));
	json_set(result, STR("meta"), meta);
	return result;
}

/* False: it has faulted. */
static bool choose_cache(const struct run *run, struct running *r, struct exchange *x,
			 struct str tag, const struct json *request)
{
	const struct str name = member(request, STR("cache"));

	if (!name.len)
		return true;
	r->cache = callable_find(x, "cache", name);
	r->cache_key = cache_key(run, x, tag, request);
	if (r->cache)
		return true;
	callable_fault(
		x, "UNKNOWN_CACHE",
		arena_printf(&x->arena, "there is no cache '" STR_FMT "'", STR_ARG(name)),
		NULL);
	return false;
}

/* Time is up: what was tried until now is part of the error. */
static void end_run(void *ctx)
{
	struct running *r = ctx;
	const struct json *trace = callable_variable(r->x, "trace");
	struct json *data = json_new(&r->x->arena, JSON_OBJECT);
	const struct fault why = {
		.code_text = "DEADLINE_EXCEEDED",
		.text = "the run was not over in time",
		.data = data,
	};

	json_set(data, STR("tag"), json_string(&r->x->arena, r->tag));
	if (trace)
		json_set(data, STR("failures"), json_copy(&r->x->arena, trace));
	exchange_interrupt(r->x, r, &why);
}

static void set_deadline(struct running *r, struct exchange *x,
			 const struct json *request)
{
	const struct json *timeout = json_get(request, STR("timeout"));
	int64_t ms;

	timer_init(&r->deadline, end_run, r);
	r->x = x;
	if (timeout && json_to_int(timeout, &ms) && ms > 0 && ms <= RUN_MOST_TIMEOUT)
		timer_set(&x->engine->timers, &r->deadline,
			  x->engine->timers.now + (uint64_t)ms);
}

/* An environment is a product's if it says so or an action has an address there. */
static bool knows_env(struct exchange *x, struct str env)
{
	const struct deployment *d = (const struct deployment *)(const void *)x->names;
	const char *begin = arena_printf(&x->arena, STR_FMT "/action/",
					 STR_ARG(callable_run(x, "product")));
	const struct product *product = callable_find(x, "product",
						      callable_run(x, "product"));

	if (product && product_has_env(product, env))
		return true;
	for (const struct artifact *a = deployment_artifacts(d); a; a = a->next)
		if (a->kind == ARTIFACT_OTHER && str_starts(a->name, str_of(begin)) &&
		    a->node->type == &action_mediator &&
		    action_names_env((const struct action *)a->node, env))
			return true;
	return false;
}

static enum flow refuse_member(struct exchange *x, struct running *r, const char *name,
			       const char *must_be)
{
	struct arena *a = &x->arena;
	struct json *data = json_new(a, JSON_OBJECT), *list = json_new(a, JSON_ARRAY);
	struct json *field = json_new(a, JSON_OBJECT);
	const char *text = arena_printf(a, "%s must be %s", name, must_be);

	json_set(field, STR("field"), json_string(a, str_of(name)));
	json_set(field, STR("rule"), json_string(a, STR("type")));
	json_set(field, STR("message"), json_string(a, str_of(text)));
	json_append(list, field);
	json_set(data, STR("fields"), list);
	callable_fault(x, "INVALID_INPUT", text, data);
	return answer_error(x, r);
}

/* What it expects of its input; NULL: nothing. */
static const struct json *schema_of(const struct node *target)
{
	if (target->type == &fallback_mediator)
		return ((const struct fallback *)target)->schema;
	return target->type == &feature_mediator ? feature_schema(target) : NULL;
}

/* Before sessions and caches are looked at. False: it has faulted. */
static bool is_valid(struct exchange *x, const struct node *target,
		     const struct json *input)
{
	struct json *errors, *data;

	if (!input || input->kind != JSON_OBJECT)
		input = json_new(&x->arena, JSON_OBJECT);
	input_validate(schema_of(target), input, &x->arena, &errors);
	if (!errors->count)
		return true;
	data = json_new(&x->arena, JSON_OBJECT);
	json_set(data, STR("fields"), errors);
	callable_fault(x, "INVALID_INPUT", "the input is not valid", data);
	return false;
}

static bool has(const struct json *request, struct str name)
{
	const struct json *j = json_get(request, name);

	return j && j->kind != JSON_NULL;
}

static enum flow refuse_env(struct exchange *x, struct running *r)
{
	const struct str env = callable_run(x, "env");

	return refuse(x, r, "INVALID_ENV",
		      env.len ? arena_printf(&x->arena,
					     "there is no environment '" STR_FMT "'",
					     STR_ARG(env))
			      : "the request says no env");
}

/* All is known of the request: from here on it costs something. */
static enum flow go(const struct run *run, struct running *r, struct exchange *x)
{
	const struct json *input = json_get(r->request, STR("input"));
	struct json *kept;

	if (!choose_cache(run, r, x, r->tag, r->request))
		return answer_error(x, r);
	kept = cached_result(r, x);
	if (kept)
		return answer(x, 200, kept);
	callable_put(x, has(r->request, STR("input")) ? input
						      : json_new(&x->arena, JSON_OBJECT));
	exchange_push(x, r->target);
	return FLOW_CHILD;
}

static enum flow go_if_believed(const struct run *run, struct running *r,
				struct exchange *x, enum flow so)
{
	r->believing = so == FLOW_WAIT;
	if (so == FLOW_WAIT)
		return FLOW_WAIT;
	return so == FLOW_DONE ? go(run, r, x) : answer_error(x, r);
}

static enum flow prepare(const struct run *run, struct running *r, struct exchange *x,
			 const struct json *request, struct str tag)
{
	r->request = request;
	r->tag = tag;
	r->target = callable_find(x, run->kind.at, tag);
	if (!r->target)
		return refuse(x, r, "NOT_FOUND",
			      arena_printf(&x->arena,
					   "there is no " STR_FMT " '" STR_FMT "'",
					   STR_ARG(run->kind), STR_ARG(tag)));
	if (!knows_env(x, callable_run(x, "env")))
		return refuse_env(x, r);
	if (!is_valid(x, r->target, json_get(request, STR("input"))))
		return answer_error(x, r);
	return go_if_believed(run, r, x, run_find_session(&r->bringing, x, request));
}

static enum flow start(const struct node *n, struct exchange *x, void *state)
{
	const struct run *run = (const struct run *)n;
	struct running *r = state;
	struct fault why = { 0 };
	const struct str text = body_bytes(&x->message.body);
	const struct json *request = json_parse(text.at ? text : STR(""), &x->arena,
						&why);
	const char *wrong, *must_be;
	struct str tag, product;

	r->began = x->engine->timers.now;
	if (str_eq(run->kind, STR("nothing")))
		return refuse_path(x, 404, "NOT_FOUND", "there is nothing here");
	if (str_eq(run->kind, STR("wrong-method")))
		return refuse_path(x, 405, "METHOD_NOT_ALLOWED",
				   "runs are POST requests");
	set_deadline(r, x, request ? request : json_new(&x->arena, JSON_OBJECT));
	if (!request || request->kind != JSON_OBJECT)
		return refuse(x, r, "BAD_JSON", "the request is no JSON object");
	wrong = run_wrong_member(request, &must_be);
	if (*wrong)
		return refuse_member(x, r, wrong, must_be);
	tag = tag_of(x, request);
	product = product_of(x, run, request, tag);
	if (str_find(product, ' ') < product.len)
		return refuse(x, r, "UNKNOWN_PRODUCT",
			      arena_printf(&x->arena,
					   "several products have '" STR_FMT
					   "': " STR_FMT,
					   STR_ARG(tag), STR_ARG(product)));
	begin(x, product, request);
	return prepare(run, r, x, request, tag);
}

/* With what it is of, for those who look at the cache. */
static void keep_result(const struct run *run, const struct running *r,
			struct exchange *x, const struct json *result)
{
	struct arena *a = &x->arena;
	struct json *kept = json_new(a, JSON_OBJECT);

	json_set(kept, STR("component_tag"), json_string(a, r->tag));
	json_set(kept, STR("component_type"), json_string(a, run->kind));
	json_set(kept, STR("value"), json_copy(a, result));
	store_put(r->cache->store, r->cache->name, r->cache_key, json_text(kept, a),
		  x->engine->timers.now + r->cache->expiry, x->engine->timers.now);
}

static enum flow finish(const struct node *n, struct exchange *x, void *state)
{
	struct running *r = state;
	struct fault why = { 0 };
	const struct json *result;

	if (r->believing)
		return go_if_believed((const struct run *)n, r, x,
				      run_judge_session(&r->bringing, x));
	result = content_json(&x->message, &why);
	if (!result || result->kind != JSON_OBJECT) {
		struct json *whole = json_new(&x->arena, JSON_OBJECT);

		if (result)
			json_set(whole, STR("data"), json_copy(&x->arena, result));
		result = whole;
	}
	if (r->cache && r->cache->store)
		keep_result((const struct run *)n, r, x, result);
	return answer(x, 200, result);
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	return answer_error(x, state);
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct running *r = state;

	(void)n;
	timer_clear(&x->engine->timers, &r->deadline);
	fetch_cancel(&r->bringing.fetch);
}

const struct node_type run_mediator = {
	.name = "m:run",
	.brief = "Runs a fallback, quota or feature by its tag.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.frame_size = sizeof(struct running),
	.run = start,
	.resume = finish,
	.rescue = rescue,
	.leave = leave,
};
