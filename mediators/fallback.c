/*
 * # m:fallback
 *
 * Runs its options in order until one succeeds: each as often as its retries allow,
 * those whose health check says no or that have no address in the run's environment
 * not at all. With pick="weighted" the first to be tried is drawn by weight, the others
 * follow from the heaviest. The payload is the input; the result is the winner's mapped
 * output with `provider`, `data` and `meta`.
 *
 *	<m:fallback xmlns:m="urn:myelin" name="shop/fallback/pay" product="shop" tag="pay">
 *	    <m:schema>{"amount": "number"}</m:schema>
 *	    <m:option provider="stripe" event="create-charge" retries="2"
 *	              target="shop/action/stripe/create-charge"
 *	              healthcheck="shop/healthcheck/stripe-health">
 *	        <m:input>duct-in:{"amount": "$Input{amount}"}</m:input>
 *	        <m:output>duct-out:{"transactionId": "$Response{id}"}</m:output>
 *	    </m:option>
 *	</m:fallback>
 *
 * When nothing succeeded it faults with FALLBACK_FAILED, or NO_HEALTHY_PROVIDER when
 * every option was left out; the data of the error lists what was tried and why it
 * failed (frontends.md §4.5, §4.6).
 */
#include "fallback.h"

#include "action.h"
#include "deploy/shared.h"
#include "input_schema.h"
#include "mediators.h"

static const char *const picks[] = { "ordered", "weighted", NULL };
const char *const fallback_option_types[] = { "action", "feature",  "fallback",
					      "quota",  "sequence", NULL };

/* clang-format off */
static const struct field option_fields[] = {
	{ ATTR_CHOICE(struct fallback_option, type, "type"), .choices = fallback_option_types,
	  .fallback = "action", .any_case = true, .doc = "What the target is." },
	{ ATTR_STR(struct fallback_option, provider, "provider"), .required = true,
	  .doc = "Its name in results." },
	{ ATTR_STR(struct fallback_option, app, "app"), .doc = "Whose action it is." },
	{ ATTR_STR(struct fallback_option, event, "event"), .doc = "The target's tag." },
	{ ATTR_REF(struct fallback_option, target, "target"), .refers = REF_DEFINITION,
	  .required = true, .must_exist = true, .doc = "What is run." },
	{ ATTR_UINT(struct fallback_option, retries, "retries"), .fallback = "0",
	  .most = 1000, .doc = "Attempts after the first." },
	{ ATTR_UINT(struct fallback_option, retry_delay, "retryDelay"), .fallback = "0",
	  .most = 3600 * 1000, .doc = "Between attempts, in ms." },
	{ ATTR_UINT(struct fallback_option, timeout, "timeout"), .fallback = "0",
	  .most = 3600 * 1000, .doc = "Of one attempt, in ms; 0: the action's." },
	{ ATTR_UINT(struct fallback_option, weight, "weight"), .fallback = "0",
	  .most = 1000000, .doc = "Its share, where the pick is weighted." },
	{ ATTR_REF(struct fallback_option, check, "healthcheck"), .refers = REF_DEFINITION,
	  .doc = "Left out while this check says it is unavailable." },
	{ ATTR_UINT(struct fallback_option, check_interval, "checkInterval"),
	  .fallback = "0", .most = 24 * 3600 * 1000,
	  .doc = "Between two probes of the check, in ms, if that is shorter." },
	{ ATTR_CODES(struct fallback_option, no_retry, "noRetry"),
	  .doc = "Statuses after which the next option has its turn at once." },
	{ ATTR_CODES(struct fallback_option, abort_on, "abortOn"),
	  .doc = "Statuses after which nothing else is tried." },
	{ CHILD_VALUE(struct fallback_option, input, "input"), .ours = true,
	  .doc = "What the target is given, as a mapping." },
	{ CHILD_VALUE(struct fallback_option, output, "output"), .ours = true,
	  .doc = "What becomes of the reply, as a mapping; without it, as it is." },
	{ NULL },
};
/* clang-format on */

static bool check_option(void *self, const struct element *e, struct binder *b)
{
	struct fallback_option *o = self;

	o->part = str_of(arena_printf(b->arena, STR_FMT " " STR_FMT "/" STR_FMT,
				      STR_ARG(o->provider), STR_ARG(o->app),
				      STR_ARG(o->event)));
	o->node = (struct node){ &fallback_option_type, e->where, NEEDS_NOTHING };
	if (o->check)
		o->healthcheck = o->check->key;
	return true;
}

static const struct schema option_schema = {
	.element = "m:option",
	.doc = "One provider of a fallback.",
	.size = sizeof(struct fallback_option),
	.fields = option_fields,
	.check = check_option,
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct fallback, name, "name"), .required = true,
	  .doc = "product/fallback/tag, or product/quota/tag." },
	{ ATTR_STR(struct fallback, product, "product"), .doc = "Whose it is." },
	{ ATTR_STR(struct fallback, tag, "tag"), .required = true, .doc = "Its tag." },
	{ ATTR_CHOICE(struct fallback, pick, "pick"), .choices = picks,
	  .fallback = "ordered", .doc = "Which option comes first." },
	{ CHILD_JSON(struct fallback, schema_text, "schema"),
	  .doc = "What its input must look like, as JSON." },
	{ CHILD_IGNORED("definition"), .ours = true,
	  .doc = "What it was translated from, for those who ask." },
	{ ATTR_IGNORED("revision"), .doc = "Of the definition; it counts its changes." },
	{ CHILD_LIST(struct fallback, options, "option"), .ours = true,
	  .schema = &option_schema, .required = true, .doc = "Its providers." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct fallback *f = self;

	if (b->shared && b->shared->records)
		f->record = record_named(b->shared->records, f->name);
	if (!f->schema_text.len)
		return true;
	f->schema = callable_json(f->schema_text, e, b);
	f->defaults = input_defaults(f->schema, b->arena);
	return f->schema && input_schema_check(f->schema, e->where.file, b->report);
}

static const struct schema schema = {
	.element = "m:fallback",
	.doc = "Runs its options in order until one succeeds.",
	.size = sizeof(struct fallback),
	.fields = fields,
	.check = check,
};

enum stage { TRYING, PAUSING };

struct falling {
	enum stage stage;
	unsigned *order; /* of the options */
	unsigned place;  /* in order: the option being tried */
	unsigned attempt;
	uint64_t began, option_began;
	const struct json *input; /* of this fallback */
	const struct json *input_before, *response_before;
	struct json *entry;            /* of the option being tried, in failures */
	struct json *failures, *tried; /* arrays */
	unsigned attempts, tried_count;
	struct timer pause;
	bool remembered;
};

static const struct fallback_option *current(const struct fallback *f,
					     const struct falling *s)
{
	return f->options.at[s->order[s->place]];
}

/* The entry of an option in the list of failures, as far as it is known. */
static struct json *entry_for(const struct fallback_option *o, unsigned number,
			      struct arena *a)
{
	struct json *e = json_new(a, JSON_OBJECT);

	json_set(e, STR("option"), json_int(a, number));
	json_set(e, STR("provider"), json_string(a, o->provider));
	json_set(e, STR("app"), json_string(a, o->app));
	json_set(e, STR("event"), json_string(a, o->event));
	json_set(e, STR("attempts"), json_int(a, 0));
	json_set(e, STR("skipped"), json_bool(a, false));
	return e;
}

/* Which check said no, and when. */
static void add_check(struct json *e, const struct fallback_option *o, struct exchange *x)
{
	struct arena *a = &x->arena;
	const struct probe *probe = fallback_option_probe(o, callable_run(x, "env"));
	const struct probe_look look = probe ? probe_look(probe)
					     : (struct probe_look){ 0 };
	struct str tag = o->healthcheck, part;

	while (str_cut(&tag, '/', &part) && tag.at)
		continue;
	json_set(e, STR("healthcheck"), json_string(a, part));
	if (look.checked_at)
		json_set(e, STR("lastChecked"),
			 json_string(a, callable_time(look.checked_at, a)));
}

static void skip(const struct fallback *f, struct falling *s, const char *reason,
		 struct exchange *x)
{
	const struct fallback_option *o = current(f, s);
	struct arena *a = &x->arena;
	struct json *e = entry_for(o, s->order[s->place], a);

	json_set(e, STR("skipped"), json_bool(a, true));
	json_set(e, STR("reason"), json_string(a, str_of(reason)));
	if (o->check)
		add_check(e, o, x);
	json_append(s->failures, e);
	s->place++;
}

static enum flow attempt(const struct fallback *f, struct falling *s, struct exchange *x)
{
	const struct fallback_option *o = current(f, s);

	s->stage = TRYING;
	s->attempt++;
	s->attempts++;
	json_set(s->entry, STR("attempts"), json_int(&x->arena, s->attempt));
	callable_set(x, "input", s->input);
	callable_show_defaults(
		x, f->defaults,
		fallback_option_action(o) ? fallback_option_action(o)->defaults : NULL);
	callable_set_run(x, "attempt", json_int(&x->arena, s->attempt));
	callable_set_run(x, "provider", json_string(&x->arena, o->provider));
	exchange_push(x, &o->node);
	return FLOW_CHILD;
}

static uint64_t time_of_day(const struct exchange *x)
{
	const struct timers *t = &x->engine->timers;

	return (uint64_t)((int64_t)t->now + t->wall);
}

/* This run is history. provider: the winner; empty: there is none. */
static void remember(const struct fallback *f, struct falling *s, struct exchange *x,
		     const char *outcome, struct str provider)
{
	struct arena *a = &x->arena;
	struct json *run = json_new(a, JSON_OBJECT);

	s->remembered = true;
	if (!f->record)
		return;
	json_set(run, STR("id"), json_string(a, callable_run(x, "id")));
	json_set(run, STR("env"), json_string(a, callable_run(x, "env")));
	json_set(run, STR("at"), json_string(a, callable_time(time_of_day(x), a)));
	json_set(run, STR("provider"),
		 provider.len ? json_string(a, provider) : json_new(a, JSON_NULL));
	json_set(run, STR("outcome"), json_string(a, str_of(outcome)));
	json_set(run, STR("latency"),
		 json_int(a, (int64_t)(x->engine->timers.now - s->began)));
	json_set(run, STR("failures"), json_copy(a, s->failures));
	record_keep(f->record, json_text(run, a));
}

static void count(const struct fallback *f, const struct fallback_option *o,
		  struct exchange *x, const char *error)
{
	if (f->record)
		record_count(f->record, o->part, !error, str_of(error ? error : ""),
			     time_of_day(x));
}

static enum flow give_up(const struct fallback *f, struct falling *s, struct exchange *x)
{
	struct arena *a = &x->arena;
	struct json *data = json_new(a, JSON_OBJECT);
	const bool skipped = s->tried_count == 0;
	const char *text = skipped ? arena_printf(a,
						  "no option of fallback '" STR_FMT
						  "' is usable",
						  STR_ARG(f->tag))
				   : arena_printf(a,
						  "All %u options of fallback '" STR_FMT
						  "' failed",
						  f->options.count, STR_ARG(f->tag));

	remember(f, s, x, "failure", STR(""));
	json_set(data, STR("tag"), json_string(a, f->tag));
	json_set(data, STR("failures"), s->failures);
	return callable_fault(x, skipped ? "NO_HEALTHY_PROVIDER" : "FALLBACK_FAILED",
			      text, data);
}

/* The next option that may be tried, or the end. */
static enum flow next_option(const struct fallback *f, struct falling *s,
			     struct exchange *x)
{
	while (s->place < f->options.count) {
		const struct fallback_option *o = current(f, s);

		if (!fallback_option_has_address(o, x)) {
			skip(f, s, "no_env", x);
			continue;
		}
		if (!fallback_option_is_healthy(o, x)) {
			skip(f, s, "unhealthy", x);
			continue;
		}
		s->attempt = 0;
		s->tried_count++;
		s->option_began = x->engine->timers.now;
		s->entry = entry_for(o, s->order[s->place], &x->arena);
		json_append(s->failures, s->entry);
		json_append(s->tried, json_string(&x->arena, o->provider));
		return attempt(f, s, x);
	}
	return give_up(f, s, x);
}

static void wake(void *x)
{
	exchange_wake(x);
}

static enum flow start(const struct node *n, struct exchange *x, void *state)
{
	const struct fallback *f = (const struct fallback *)n;
	struct falling *s = state;
	struct fault why = { 0 };
	const struct json *payload = content_json(&x->message, &why);
	struct json *errors;

	timer_init(&s->pause, wake, x);
	s->began = x->engine->timers.now;
	s->input_before = callable_variable(x, "input");
	s->response_before = callable_variable(x, "response");
	s->failures = json_new(&x->arena, JSON_ARRAY);
	s->tried = json_new(&x->arena, JSON_ARRAY);
	if (callable_runs_itself(x, f->tag))
		return FLOW_FAULT;
	callable_set(x, "trace", s->failures);
	if (!payload || payload->kind != JSON_OBJECT)
		payload = json_new(&x->arena, JSON_OBJECT);
	s->input = input_validate(f->schema, payload, &x->arena, &errors);
	if (errors->count) {
		struct json *data = json_new(&x->arena, JSON_OBJECT);

		json_set(data, STR("fields"), errors);
		return callable_fault(x, "INVALID_INPUT", "the input is not valid", data);
	}
	s->order = fallback_order(f, x);
	return next_option(f, s, x);
}

static struct json *meta(const struct falling *s, const struct fallback_option *o,
			 struct exchange *x)
{
	struct arena *a = &x->arena;
	struct json *m = json_new(a, JSON_OBJECT);

	json_set(m, STR("runId"), json_string(a, callable_run(x, "id")));
	json_set(m, STR("latency"),
		 json_int(a, (int64_t)(x->engine->timers.now - s->began)));
	json_set(m, STR("providersTried"), json_copy(a, s->tried));
	json_set(m, STR("retriesUsed"), json_int(a, s->attempts - s->tried_count));
	json_set(m, STR("wasHealthy"), json_bool(a, fallback_option_is_healthy(o, x)));
	json_set(m, STR("cached"), json_bool(a, false));
	json_set(m, STR("option"), json_int(a, s->order[s->place]));
	json_set(m, STR("failures"), json_copy(a, s->failures));
	return m;
}

/* Members of what was mapped, then ours where the name is free; `provider` is ours. */
static struct json *result(const struct falling *s, const struct fallback_option *o,
			   const struct json *output, struct exchange *x)
{
	static const char *const lifted[] = { "latency", "providersTried", "wasHealthy",
					      "retriesUsed" };
	struct arena *a = &x->arena;
	struct json *r = output->kind == JSON_OBJECT ? json_copy(a, output)
						     : json_new(a, JSON_OBJECT);
	const struct json *m = meta(s, o, x);

	json_set(r, STR("provider"), json_string(a, o->provider));
	json_set(r, STR("data"), json_copy(a, output));
	json_set(r, STR("meta"), json_copy(a, m));
	for (size_t i = 0; i < sizeof(lifted) / sizeof(lifted[0]); i++)
		if (!json_get(r, str_of(lifted[i])))
			json_set(r, str_of(lifted[i]),
				 json_copy(a, json_get(m, str_of(lifted[i]))));
	return r;
}

static enum flow succeed(const struct fallback *f, struct falling *s, struct exchange *x)
{
	const struct fallback_option *o = current(f, s);
	struct fault why = { 0 };
	const struct json *output = content_json(&x->message, &why);

	count(f, o, x, NULL);
	json_remove(s->failures, s->entry);
	remember(f, s, x, "success", o->provider);
	callable_put(x, result(s, o, output, x));
	return FLOW_DONE;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct fallback *f = (const struct fallback *)n;
	struct falling *s = state;

	if (s->stage == PAUSING)
		return attempt(f, s, x);
	return succeed(f, s, x);
}

static struct json *error_of(struct exchange *x)
{
	struct arena *a = &x->arena;
	const struct fault *f = &x->fault;
	struct json *e = f->data && f->data->kind == JSON_OBJECT
				 ? json_copy(a, f->data)
				 : json_new(a, JSON_OBJECT);

	json_set(e, STR("code"),
		 json_string(a, str_of(f->code_text ? f->code_text : "INTERNAL_ERROR")));
	json_set(e, STR("message"), json_string(a, str_of(f->text)));
	return e;
}

static bool is_among(const struct codes *codes, const struct json *error)
{
	const struct json *status = json_get(error, STR("status"));
	int64_t code;

	return status && json_to_int(status, &code) && codes_have(codes, code);
}

/* What a mapping or an input lacks, it lacks the next time as well. */
static bool may_retry(const struct fallback_option *o, const struct falling *s,
		      const struct json *error)
{
	const struct str code = json_get(error, STR("code"))->text;
	const struct action *action = fallback_option_action(o);

	return s->attempt <= o->retries && !str_eq(code, STR("MAPPING_FAILED")) &&
	       !str_eq(code, STR("INVALID_INPUT")) && !is_among(&o->no_retry, error) &&
	       !(action && is_among(&action->no_retry, error));
}

static bool must_abort(const struct fallback_option *o, const struct json *error)
{
	const struct action *action = fallback_option_action(o);

	if (str_eq(json_get(error, STR("code"))->text, STR("RECURSION")))
		return true;
	return is_among(&o->abort_on, error) ||
	       (action && is_among(&action->abort_on, error));
}

static enum flow record_failure(const struct node *n, struct exchange *x, void *state)
{
	const struct fallback *f = (const struct fallback *)n;
	struct falling *s = state;
	const struct fallback_option *o;
	struct json *error;

	if (!s->order)
		return FLOW_FAULT;
	o = current(f, s);
	error = error_of(x);
	count(f, o, x,
	      arena_printf(&x->arena, "%s: %s",
			   x->fault.code_text ? x->fault.code_text : "INTERNAL_ERROR",
			   x->fault.text));
	json_set(s->entry, STR("error"), error);
	json_set(s->entry, STR("latency"),
		 json_int(&x->arena, (int64_t)(x->engine->timers.now - s->option_began)));
	if (must_abort(o, error))
		return give_up(f, s, x);
	if (!may_retry(o, s, error)) {
		s->place++;
		return next_option(f, s, x);
	}
	if (!o->retry_delay)
		return attempt(f, s, x);
	s->stage = PAUSING;
	timer_set(&x->engine->timers, &s->pause, x->engine->timers.now + o->retry_delay);
	return FLOW_WAIT;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct falling *s = state;

	if (s->order && !s->remembered)
		remember((const struct fallback *)n, s, x, "aborted", STR(""));
	timer_clear(&x->engine->timers, &s->pause);
	callable_set(x, "input", s->input_before);
	callable_set(x, "response", s->response_before);
}

const struct node_type fallback_mediator = {
	.name = "m:fallback",
	.brief = "Runs its options in order until one succeeds.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.frame_size = sizeof(struct falling),
	.run = start,
	.resume = go_on,
	.rescue = record_failure,
	.leave = leave,
};
