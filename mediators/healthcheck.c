/*
 * # m:healthcheck
 *
 * Runs an action or feature at intervals, in each of its environments, and remembers
 * whether it worked: fallbacks leave out options whose check says no. Before the first
 * result an option counts as usable; it becomes unavailable after `retries` failures in
 * a row and is back after one success.
 *
 *	<m:healthcheck xmlns:m="urn:myelin" name="shop/healthcheck/stripe-health"
 *	               product="shop" tag="stripe-health" target="shop/action/stripe/ping"
 *	               interval="60000" retries="2">
 *	    <m:at env="prd"><m:input>duct-in:{"deep": true}</m:input></m:at>
 *	    <m:onFailure><call><endpoint key="AlertEP"/></call></m:onFailure>
 *	</m:healthcheck>
 */
#include "healthcheck.h"

#include "action.h"
#include "common.h"
#include "deploy/compile.h"
#include "deploy/deployment.h"
#include "fallback.h"
#include "mediators.h"

enum { DOUBT_MS = 1000, JITTER_PERCENT = 10 };

/* clang-format off */
static const struct field at_fields[] = {
	{ ATTR_STR(struct healthcheck_at, env, "env"), .required = true,
	  .doc = "The environment that is looked at; * is all others." },
	{ CHILD_VALUE(struct healthcheck_at, input, "input"), .ours = true,
	  .doc = "What the target is given, as a mapping." },
	{ NULL },
};
/* clang-format on */

static bool check_at(void *self, const struct element *e, struct binder *b)
{
	struct healthcheck_at *at = self;

	(void)b;
	at->node = (struct node){ &healthcheck_at_type, e->where, NEEDS_NOTHING };
	return true;
}

static const struct schema at_schema = {
	.element = "m:at",
	.doc = "Where a health check looks.",
	.size = sizeof(struct healthcheck_at),
	.fields = at_fields,
	.check = check_at,
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct healthcheck, name, "name"), .required = true,
	  .doc = "product/healthcheck/tag." },
	{ ATTR_STR(struct healthcheck, product, "product"), .doc = "Whose it is." },
	{ ATTR_STR(struct healthcheck, tag, "tag"), .required = true, .doc = "Its tag." },
	{ ATTR_REF(struct healthcheck, target, "target"), .refers = REF_DEFINITION,
	  .required = true, .must_exist = true, .doc = "What is run to find out." },
	{ ATTR_UINT(struct healthcheck, interval, "interval"), .fallback = "60000",
	  .least = 10, .most = 24 * 3600 * 1000, .doc = "Between two probes, in ms." },
	{ ATTR_UINT(struct healthcheck, timeout, "timeout"), .fallback = "0",
	  .most = 3600 * 1000, .doc = "Of one probe, in ms; 0: interval, 10000 at most." },
	{ ATTR_UINT(struct healthcheck, retries, "retries"), .fallback = "0", .most = 1000,
	  .doc = "Failures in a row until it is unavailable; 0 is 1." },
	{ CHILD_IGNORED("definition"), .ours = true,
	  .doc = "What it was translated from, for those who ask." },
	{ ATTR_IGNORED("revision"), .doc = "Of the definition; it counts its changes." },
	{ CHILD_LIST(struct healthcheck, at, "at"), .ours = true, .schema = &at_schema,
	  .doc = "The environments; without one, all that the action has." },
	{ CHILD_STEPS(struct healthcheck, on_failure, "onFailure"), .ours = true,
	  .doc = "Runs once each time it becomes unavailable." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct healthcheck *c = self;

	(void)e;
	(void)b;
	for (unsigned i = 0; i < c->at.count; i++)
		((struct healthcheck_at *)c->at.at[i])->check = c;
	return true;
}

static const struct schema schema = {
	.element = "m:healthcheck",
	.doc = "Runs an action or feature at intervals and remembers whether it worked.",
	.size = sizeof(struct healthcheck),
	.fields = fields,
	.check = check,
};

struct probe *healthcheck_probe(const struct healthcheck *c, struct str env)
{
	struct probe *everywhere = NULL;

	for (unsigned i = 0; i < c->at.count; i++) {
		const struct healthcheck_at *at = c->at.at[i];

		if (str_eq(at->env, env))
			return at->probe;
		if (str_eq(at->env, STR("*")))
			everywhere = at->probe;
	}
	return everywhere;
}

uint64_t healthcheck_timeout(const struct healthcheck *c)
{
	if (c->timeout)
		return c->timeout;
	return c->interval < 10000 ? c->interval : 10000;
}

/* As the target's action has them. */
static void add_envs(struct healthcheck *c, struct arena *a)
{
	const struct node *target = c->target->target;
	const struct action *action = target && target->type == &action_mediator
					      ? (const struct action *)target
					      : NULL;
	void **all;

	if (!action || c->at.count)
		return;
	all = arena_alloc(a, (action->at.count + 1) * sizeof(*all));
	for (unsigned i = 0; i < action->at.count; i++) {
		struct healthcheck_at *at = arena_new(a, struct healthcheck_at);

		at->node = (struct node){ &healthcheck_at_type, c->node.where,
					  NEEDS_NOTHING };
		at->env = ((const struct action_at *)action->at.at[i])->env;
		at->check = c;
		all[i] = at;
	}
	c->at.at = all;
	c->at.count = action->at.count;
}

/* The shortest that an option that depends on it asks for. */
static uint64_t shortest_interval(const struct healthcheck *c,
				  const struct deployment *deployment)
{
	const struct artifact *artifact = deployment_artifacts(deployment);
	uint64_t shortest = c->interval;

	for (; artifact; artifact = artifact->next) {
		const struct fallback *f = (const struct fallback *)artifact->node;

		if (!f || f->node.type != &fallback_mediator)
			continue;
		for (unsigned i = 0; i < f->options.count; i++) {
			const struct fallback_option *o = f->options.at[i];

			if (o->check && o->check->target == c && o->check_interval &&
			    o->check_interval < shortest)
				shortest = o->check_interval;
		}
	}
	return shortest;
}

static void add_probe(struct build *build, const struct healthcheck *c,
		      struct healthcheck_at *at)
{
	const char *identity = arena_printf(build_arena(build), STR_FMT " in " STR_FMT,
					    STR_ARG(c->name), STR_ARG(at->env));
	const struct probed probed = {
		.policy = {
			.interval = c->interval,
			.doubt_interval = DOUBT_MS,
			.timeout = healthcheck_timeout(c),
			.fall = (unsigned)c->retries,
			.first_is_patient = true,
			.jitter_percent = JITTER_PERCENT,
		},
		.node = &at->node,
		.on_down = c->on_failure,
		.name = str_of(identity),
		.where = c->node.where,
	};

	at->probe = build_add_probe(build, probed.name, &probed);
}

void healthcheck_deploy(struct build *build, struct healthcheck *c)
{
	add_envs(c, build_arena(build));
	c->interval = shortest_interval(c, build_deployment(build));
	for (unsigned i = 0; i < c->at.count; i++)
		add_probe(build, c, c->at.at[i]);
}

/* One probe: the target with the input of this environment. */
static enum flow ask(const struct node *n, struct exchange *x, void *state)
{
	const struct healthcheck_at *at = (const struct healthcheck_at *)n;
	const struct healthcheck *c = at->check;
	struct json *run = json_new(&x->arena, JSON_OBJECT);
	const struct node *target = c->target->target;
	const struct json *input;

	(void)state;
	if (!target)
		return callable_fault(x, "NOT_FOUND", "there is nothing to run", NULL);
	json_set(run, STR("env"), json_string(&x->arena, at->env));
	json_set(run, STR("product"), json_string(&x->arena, c->product));
	json_set(run, STR("timeout"),
		 json_int(&x->arena, (int64_t)healthcheck_timeout(c)));
	callable_set(x, "run", run);
	if (target->type == &action_mediator &&
	    !action_show_data((const struct action *)target, x))
		return FLOW_FAULT;
	input = at->input ? callable_map(x, at->input) : json_new(&x->arena, JSON_OBJECT);
	if (!input)
		return FLOW_FAULT;
	callable_set(x, "input", input);
	callable_put(x, input);
	exchange_push(x, target);
	return FLOW_CHILD;
}

const struct node_type healthcheck_at_type = {
	.name = "m:healthcheck at",
	.brief = "Asks once, in one environment.",
	.run = ask,
};

const struct node_type healthcheck_mediator = {
	.name = "m:healthcheck",
	.brief =
		"Runs an action or feature at intervals and remembers whether it worked.",
	.schema = &schema,
	.run = mediator_pass,
};
