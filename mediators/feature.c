/*
 * # m:feature
 *
 * Runs steps one after the other, each with an input mapped from the feature's own and
 * from what earlier steps gave ($Sequence{step}{field}). The output is mapped at the
 * end, else it is all that the steps gave, by their names.
 *
 *	<m:feature xmlns:m="urn:myelin" name="shop/feature/pay" product="shop" tag="pay">
 *	    <m:step name="charge" target="shop/fallback/charge">
 *	        <m:input>duct-in:{"amount": "$Input{amount}"}</m:input>
 *	    </m:step>
 *	    <m:step name="log" target="shop/action/logs/write" allowFail="true"
 *	            retries="1"/>
 *	</m:feature>
 *
 * A step that fails after its retries ends the feature with its error and its name,
 * unless `allowFail` is on.
 */
#include "action.h"
#include "fallback.h"
#include "input_schema.h"
#include "mediators.h"

struct feature_step {
	struct str name;
	struct ref *target;
	uint64_t retries, retry_delay, timeout;
	bool allow_fail;
	const struct expr *input, *output, *condition;
};

struct feature {
	struct node node;
	struct str name, product, tag;
	struct str schema_text;
	const struct json *schema, *defaults; /* defaults: of its fields */
	struct items steps;
	const struct expr *output;
};

/* clang-format off */
static const struct field step_fields[] = {
	{ ATTR_STR(struct feature_step, name, "name"), .required = true,
	  .doc = "What $Sequence calls it." },
	{ ATTR_REF(struct feature_step, target, "target"), .refers = REF_DEFINITION,
	  .required = true, .must_exist = true,
	  .doc = "The action, fallback or feature to run." },
	{ ATTR_UINT(struct feature_step, retries, "retries"), .fallback = "0",
	  .most = 1000, .doc = "Attempts after the first." },
	{ ATTR_UINT(struct feature_step, retry_delay, "retryDelay"), .fallback = "1000",
	  .most = 3600 * 1000, .doc = "Between attempts, in ms." },
	{ ATTR_UINT(struct feature_step, timeout, "timeout"), .fallback = "0",
	  .most = 3600 * 1000, .doc = "Of one attempt, in ms; 0: the action's." },
	{ ATTR_BOOL(struct feature_step, allow_fail, "allowFail"),
	  .doc = "Its failure is no failure of the feature." },
	{ CHILD_VALUE(struct feature_step, input, "input"), .ours = true,
	  .doc = "What the target is given, as a mapping." },
	{ CHILD_VALUE(struct feature_step, output, "output"), .ours = true,
	  .doc = "What becomes of its output, as a mapping." },
	{ CHILD_VALUE(struct feature_step, condition, "condition"), .ours = true,
	  .doc = "A mapping; the step is left out if it gives false, null or nothing." },
	{ NULL },
};

static const struct schema step_schema = {
	.element = "m:step",
	.doc = "One step of a feature.",
	.size = sizeof(struct feature_step),
	.fields = step_fields,
};

static const struct field fields[] = {
	{ ATTR_STR(struct feature, name, "name"), .required = true,
	  .doc = "product/feature/tag." },
	{ ATTR_STR(struct feature, product, "product"), .doc = "Whose it is." },
	{ ATTR_STR(struct feature, tag, "tag"), .required = true, .doc = "Its tag." },
	{ CHILD_JSON(struct feature, schema_text, "schema"),
	  .doc = "What its input must look like, as JSON." },
	{ CHILD_IGNORED("definition"), .ours = true,
	  .doc = "What it was translated from, for those who ask." },
	{ ATTR_IGNORED("revision"), .doc = "Of the definition; it counts its changes." },
	{ CHILD_LIST(struct feature, steps, "step"), .ours = true,
	  .schema = &step_schema, .required = true, .doc = "What it does, in order." },
	{ CHILD_VALUE(struct feature, output, "output"), .ours = true,
	  .doc = "What it gives, as a mapping." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct feature *f = self;

	if (!f->schema_text.len)
		return true;
	f->schema = callable_json(f->schema_text, e, b);
	f->defaults = input_defaults(f->schema, b->arena);
	return f->schema && input_schema_check(f->schema, e->where.file, b->report);
}

static const struct schema schema = {
	.element = "m:feature",
	.doc = "Runs steps one after the other.",
	.size = sizeof(struct feature),
	.fields = fields,
	.check = check,
};

const struct json *feature_schema(const struct node *feature)
{
	return ((const struct feature *)feature)->schema;
}

struct course {
	unsigned place, attempt;
	bool pausing, started;
	const struct json *input;
	struct json *given; /* by the steps so far, by name */
	const struct json *input_before, *sequence_before;
	struct timer pause;
	struct callable_limit limit; /* of the attempt under way */
};

static void wake(void *x)
{
	exchange_wake(x);
}

static bool show_data(const struct feature *f, const struct node *target,
		      struct exchange *x)
{
	const struct action *action = target->type == &action_mediator
					      ? (const struct action *)target
					      : NULL;

	callable_show_defaults(x, f->defaults, action ? action->defaults : NULL);
	return !action || action_show_data(action, x);
}

static enum flow attempt(const struct feature *f, struct course *c, struct exchange *x)
{
	const struct feature_step *step = f->steps.at[c->place];
	const struct json *input;
	struct str key;
	const struct node *target = exchange_find(x, step->target, &key);

	if (!target)
		return callable_fault(
			x, "NOT_FOUND",
			arena_printf(&x->arena, "there is no " STR_FMT, STR_ARG(key)),
			NULL);
	if (!show_data(f, target, x))
		return FLOW_FAULT;
	c->attempt++;
	c->pausing = false;
	callable_set(x, "input", c->input);
	callable_set(x, "sequence", c->given);
	input = step->input ? callable_map(x, step->input)
			    : json_new(&x->arena, JSON_OBJECT);
	if (!input)
		return FLOW_FAULT;
	callable_limit(x, &c->limit, target->type == &action_mediator, step->timeout);
	callable_put(x, input);
	exchange_push(x, target);
	return FLOW_CHILD;
}

static bool is_wanted(const struct feature_step *step, struct exchange *x, bool *failed)
{
	const struct json *j = step->condition ? callable_map(x, step->condition) : NULL;

	*failed = step->condition && !j;
	return !step->condition || (j && j->kind != JSON_NULL && j->kind != JSON_FALSE &&
				    !(j->kind == JSON_STRING && !j->text.len));
}

static enum flow finish(const struct feature *f, struct course *c, struct exchange *x)
{
	const struct json *output = c->given;

	callable_set(x, "input", c->input);
	callable_set(x, "sequence", c->given);
	if (f->output)
		output = callable_map(x, f->output);
	if (!output)
		return FLOW_FAULT;
	callable_put(x, output);
	return FLOW_DONE;
}

static enum flow next_step(const struct feature *f, struct course *c, struct exchange *x)
{
	bool failed = false;

	callable_set(x, "input", c->input);
	callable_set(x, "sequence", c->given);
	c->attempt = 0;
	while (c->place < f->steps.count &&
	       !is_wanted(f->steps.at[c->place], x, &failed)) {
		if (failed)
			return FLOW_FAULT;
		c->place++;
	}
	return c->place < f->steps.count ? attempt(f, c, x) : finish(f, c, x);
}

static enum flow start(const struct node *n, struct exchange *x, void *state)
{
	const struct feature *f = (const struct feature *)n;
	struct course *c = state;
	struct fault why = { 0 };
	const struct json *payload = content_json(&x->message, &why);
	struct json *errors;

	timer_init(&c->pause, wake, x);
	callable_limit_init(&c->limit, x, c);
	c->input_before = callable_variable(x, "input");
	c->sequence_before = callable_variable(x, "sequence");
	c->given = json_new(&x->arena, JSON_OBJECT);
	if (callable_runs_itself(x, f->tag))
		return FLOW_FAULT;
	if (!payload || payload->kind != JSON_OBJECT)
		payload = json_new(&x->arena, JSON_OBJECT);
	c->input = input_validate(f->schema, payload, &x->arena, &errors);
	if (errors->count) {
		struct json *data = json_new(&x->arena, JSON_OBJECT);

		json_set(data, STR("fields"), errors);
		return callable_fault(x, "INVALID_INPUT", "the input is not valid", data);
	}
	c->started = true;
	return next_step(f, c, x);
}

/* The step's output joins what was given so far; maps may still be reading the old. */
static enum flow keep_output(const struct feature *f, struct course *c,
			     struct exchange *x)
{
	const struct feature_step *step = f->steps.at[c->place];
	struct fault why = { 0 };
	const struct json *output = content_json(&x->message, &why);

	if (!output)
		output = json_new(&x->arena, JSON_NULL);
	if (step->output) {
		callable_set(x, "response", output);
		output = callable_map(x, step->output);
		if (!output)
			return FLOW_FAULT;
	}
	c->given = json_copy(&x->arena, c->given);
	json_set(c->given, step->name, json_copy(&x->arena, output));
	return FLOW_DONE;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct feature *f = (const struct feature *)n;
	struct course *c = state;

	if (c->pausing)
		return attempt(f, c, x);
	callable_limit_clear(&c->limit);
	if (keep_output(f, c, x) == FLOW_FAULT)
		return FLOW_FAULT;
	c->place++;
	return next_step(f, c, x);
}

static enum flow fail_step(const struct feature_step *step, struct exchange *x)
{
	struct arena *a = &x->arena;
	const struct fault *f = &x->fault;
	struct json *data = f->data && f->data->kind == JSON_OBJECT
				    ? json_copy(a, f->data)
				    : json_new(a, JSON_OBJECT);

	json_set(data, STR("step"), json_string(a, step->name));
	return callable_fault(x, f->code_text ? f->code_text : "INTERNAL_ERROR", f->text,
			      data);
}

/* The next attempt would be one again. */
static bool is_recursion(const struct exchange *x)
{
	return x->fault.code_text && strcmp(x->fault.code_text, "RECURSION") == 0;
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct feature *f = (const struct feature *)n;
	struct course *c = state;
	const struct feature_step *step;

	callable_limit_clear(&c->limit);
	if (!c->started)
		return FLOW_FAULT;
	step = f->steps.at[c->place];
	if (c->attempt <= step->retries && !is_recursion(x)) {
		c->pausing = true;
		timer_set(&x->engine->timers, &c->pause,
			  x->engine->timers.now + step->retry_delay);
		return FLOW_WAIT;
	}
	if (!step->allow_fail)
		return fail_step(step, x);
	c->place++;
	return next_step(f, c, x);
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct course *c = state;

	(void)n;
	timer_clear(&x->engine->timers, &c->pause);
	callable_limit_clear(&c->limit);
	callable_set(x, "input", c->input_before);
	callable_set(x, "sequence", c->sequence_before);
}

const struct node_type feature_mediator = {
	.name = "m:feature",
	.brief = "Runs steps one after the other.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.frame_size = sizeof(struct course),
	.run = start,
	.resume = go_on,
	.rescue = rescue,
	.leave = leave,
};
