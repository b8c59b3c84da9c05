#include "action.h"
#include "fallback.h"
#include "healthcheck.h"
#include "mediators.h"

struct probe *fallback_option_probe(const struct fallback_option *o, struct str env)
{
	const struct healthcheck *check = o->check ? o->check->target : NULL;

	return check ? healthcheck_probe(check, env) : NULL;
}

bool fallback_option_is_healthy(const struct fallback_option *o, struct exchange *x)
{
	const struct probe *probe = fallback_option_probe(o, callable_run(x, "env"));

	return !probe || probe_is_usable(probe);
}

const struct action *fallback_option_action(const struct fallback_option *o)
{
	const struct node *target = o->target->target;

	return target && target->type == &action_mediator ? (const struct action *)target
							  : NULL;
}

bool fallback_option_has_address(const struct fallback_option *o, struct exchange *x)
{
	const struct action *action = fallback_option_action(o);

	return !action || action_at_env(action, callable_run(x, "env"));
}

bool fallback_option_may_be_tried(const struct fallback_option *o, struct exchange *x)
{
	return fallback_option_has_address(o, x) && fallback_option_is_healthy(o, x);
}

/* Gives the target its mapped input. */
static enum flow call_target(const struct node *n, struct exchange *x, void *state)
{
	const struct fallback_option *o = (const struct fallback_option *)n;
	struct callable_limit *limit = state;
	const struct json *input;
	struct str key;
	const struct node *target = exchange_find(x, o->target, &key);

	callable_limit_init(limit, x, state);
	if (!target)
		return callable_fault(
			x, "NOT_FOUND",
			arena_printf(&x->arena, "there is no " STR_FMT, STR_ARG(key)),
			NULL);
	if (target->type == &action_mediator &&
	    !action_show_data((const struct action *)target, x))
		return FLOW_FAULT;
	input = o->input ? callable_map(x, o->input) : json_new(&x->arena, JSON_OBJECT);
	if (!input)
		return FLOW_FAULT;
	callable_limit(x, limit, target->type == &action_mediator, o->timeout);
	callable_put(x, input);
	exchange_push(x, target);
	return FLOW_CHILD;
}

static enum flow map_output(const struct node *n, struct exchange *x, void *state)
{
	const struct fallback_option *o = (const struct fallback_option *)n;
	struct fault why = { 0 };
	const struct json *response = content_json(&x->message, &why), *output;

	callable_limit_clear(state);
	if (response && response->kind == JSON_NULL)
		response = json_new(&x->arena, JSON_OBJECT); /* 204: done, no more */
	if (!response || (response->kind != JSON_OBJECT && response->kind != JSON_ARRAY))
		return callable_fault(x, "MAPPING_FAILED",
				      "the reply is no JSON object or list", NULL);
	callable_set(x, "response", response);
	output = o->output ? callable_map(x, o->output) : response;
	if (!output)
		return FLOW_FAULT;
	callable_put(x, output);
	return FLOW_DONE;
}

/* Its time may be up; what becomes of a failure the fallback decides. */
static enum flow pass_on(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_FAULT;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	callable_limit_clear(state);
}

const struct node_type fallback_option_type = {
	.name = "m:option",
	.brief = "Runs one option of a fallback, once.",
	.frame_size = sizeof(struct callable_limit),
	.run = call_target,
	.resume = map_output,
	.rescue = pass_on,
	.leave = leave,
};
