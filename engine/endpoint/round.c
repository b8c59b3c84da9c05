/*
 * One message's stay in a group: whom it tried, how often, and when the group has
 * failed (endpoints.md §8.2 to §8.4, decisions.md F1, F4, F8).
 */
#include "endpoint/attempt.h"

static const char *kind_word(const struct group *g)
{
	return g->base.kind == KIND_FAILOVER ? "Failover" : "Loadbalance";
}

static struct endpoint const *child_at(const struct group *g, unsigned i)
{
	return g->children.at[i];
}

static enum flow fault_none(struct exchange *x, const char *kind, const char *text)
{
	const struct fault why = { .code = FAULT_NONE_READY, .text = text, .kind = kind };

	return exchange_fault_with(x, &why);
}

/* Switched off; the original says only the name (§8.2, 1). */
static enum flow fault_off(const struct group *g, struct exchange *x)
{
	const struct str name = endpoint_name(&g->base);

	return fault_none(x, "off",
			  is_documented(&g->base)
				  ? arena_printf(&x->arena,
						 "%s endpoint : " STR_FMT
						 " - is inactive",
						 kind_word(g), STR_ARG(name))
				  : arena_copy(&x->arena, g->base.name).at);
}

/* May anybody be tried a second time, so that the message must be kept? */
static bool may_repeat(const struct round *r)
{
	return r->group->children.count > 1 ||
	       endpoint_most_attempts(child_at(r->group, 0), r->x) > 1;
}

enum flow round_begin(struct round *r, const struct group *g, struct exchange *x)
{
	const struct endpoint_settings *settings = g->base.settings;

	r->group = g;
	r->x = x;
	x->endpoint_handler = NULL;
	if (!health_is_ready(g->base.health, 0)) {
		fault_off(g, x);
		return round_give_up(r);
	}
	if (settings->failover_total)
		r->give_up_at = x->engine->timers.now + settings->failover_total;
	r->tried = arena_alloc(&x->stack, g->children.count * sizeof(*r->tried));
	if (may_repeat(r)) {
		body_keep(&x->message.body, &settings->replay);
		if (is_documented(&g->base))
			snapshot_take(&r->before, x);
	}
	return FLOW_DONE;
}

bool round_may_try(const struct round *r, unsigned child)
{
	const struct endpoint *e = child_at(r->group, child);

	if (is_documented(&r->group->base) &&
	    r->tried[child] >= endpoint_most_attempts(e, r->x))
		return false;
	return endpoint_is_ready(&e->node, r->x);
}

static void hide_errors(struct exchange *x)
{
	bool known;

	properties_get(&x->message.properties[SCOPE_DEFAULT], STR("ERROR_CODE"), &known);
	if (known)
		exchange_hide_fault(x);
}

/* The same message again; false: its body was too large to be kept. */
static bool make_again(struct round *r)
{
	struct exchange *x = r->x;

	if (is_documented(&r->group->base))
		snapshot_restore(&r->before, x);
	if (body_rewind(&x->message.body))
		return true;
	log_line(LOG_WARN, endpoint_class(&r->group->base),
		 "%s endpoint : " STR_FMT " - the body of the message was too large to "
		 "be kept, it is not sent again",
		 kind_word(r->group), STR_ARG(endpoint_name(&r->group->base)));
	return false;
}

enum flow round_push(struct round *r, unsigned child)
{
	const struct group *g = r->group;
	struct exchange *x = r->x;

	if (r->attempts && !make_again(r))
		return round_give_up(r);
	if (g->base.kind != KIND_FAILOVER || g->is_dynamic || is_documented(&g->base))
		hide_errors(x);
	if (endpoint_set_properties(&g->base, x) == FLOW_FAULT)
		return FLOW_FAULT;
	r->stage = ROUND_TRYING;
	r->attempts++;
	r->tried[child]++;
	r->last = child;
	exchange_push(x, &child_at(g, child)->node);
	return FLOW_CHILD;
}

/* By the retryConfig of the leaf that failed (§8.4). */
static bool is_retry(const struct endpoint *failed, const struct fault *f)
{
	const struct retry_rule *rule = failed && endpoint_is_leaf(failed)
						? ((const struct leaf *)failed)->retry
						: NULL;

	if (!rule || f->code_text)
		return true;
	if (codes_have(&rule->disabled, f->code))
		return false;
	return !rule->enabled.count || codes_have(&rule->enabled, f->code);
}

enum flow round_failed(struct round *r)
{
	const struct group *g = r->group;
	struct exchange *x = r->x;
	const struct endpoint *child = child_at(g, r->last);
	const struct endpoint *failed = endpoint_behind(child, x);
	const struct str label = failed ? failed->label : child->label;

	if (r->stage == ROUND_HANDLING)
		return FLOW_FAULT;
	if (!is_documented(&g->base) && g->base.kind == KIND_FAILOVER && !g->is_dynamic)
		exchange_show_fault(x);
	log_line(LOG_WARN, endpoint_class(&g->base),
		 STR_FMT " Detect a Failure in a child endpoint : " STR_FMT,
		 STR_ARG(g->base.label), STR_ARG(label));
	if (g->base.kind == KIND_LOADBALANCE && !g->fails_over)
		return round_give_up(r);
	if (!is_retry(failed, &x->fault)) {
		log_line(LOG_WARN, endpoint_class(&g->base),
			 "%s endpoint : " STR_FMT
			 " - one of the child endpoints encounterd a non-retry error, "
			 "not sending message to another endpoint",
			 kind_word(g), STR_ARG(endpoint_name(&g->base)));
		return round_give_up(r);
	}
	if (r->give_up_at && x->engine->timers.now >= r->give_up_at)
		return round_give_up(r);
	return FLOW_DONE;
}

enum flow round_none_ready(struct round *r)
{
	const struct group *g = r->group;
	struct exchange *x = r->x;
	const char *text = arena_printf(
		&x->arena, "%s endpoint : " STR_FMT " - no ready child endpoints",
		kind_word(g), STR_ARG(endpoint_name(&g->base)));

	log_line(LOG_WARN, endpoint_class(&g->base), "%s", text);
	if (!r->attempts) /* else the last child's error stands (§7.4) */
		fault_none(x, "none_ready", text);
	return round_give_up(r);
}

enum flow round_give_up(struct round *r)
{
	const struct group *g = r->group;
	struct exchange *x = r->x;

	if (!x->endpoint_handler || !is_documented(&g->base))
		x->endpoint_handler = g->base.on_error;
	if (!x->endpoint_handler || (is_documented(&g->base) && group_below(x)))
		return FLOW_FAULT;
	r->stage = ROUND_HANDLING;
	return endpoint_handle(&g->base, x->endpoint_handler, x);
}

enum flow round_stopped(const struct node *n, struct exchange *x, void *state)
{
	const struct round *r = state;

	(void)n;
	return r->stage == ROUND_HANDLING ? exchange_handled(x) : FLOW_STOP;
}

void round_leave(const struct node *n, struct exchange *x, void *state)
{
	struct round *r = state;

	(void)n;
	timer_clear(&x->engine->timers, &r->timer);
}
