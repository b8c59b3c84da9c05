/*
 * # m:retry
 *
 * Runs what is inside again, from the same message, until it does not fail: so many
 * more times, after a pause each. Then the error is MULE:RETRY_EXHAUSTED and quotes the
 * last one.
 *
 *	<m:retry xmlns:m="urn:myelin" most="3" pause="500">
 *	    <call><endpoint key="OrdersEP"/></call>
 *	</m:retry>
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

static const char logger[] = "org.mule.runtime.core.internal.routing.UntilSuccessful";

struct retry_node {
	struct node node;
	const struct expr *most, *pause;
	const struct node *steps;
};

struct retrying {
	struct moment before;
	struct exchange *x;
	struct timer timer;
	uint64_t most, pause, made;
	bool asleep;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_VALUE(struct retry_node, most, "most"), .fallback = "5",
	  .doc = "How often again." },
	{ ATTR_VALUE(struct retry_node, pause, "pause"), .fallback = "60000",
	  .doc = "Milliseconds before each." },
	{ CONTENT_STEPS(struct retry_node, steps), .doc = "What may fail." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:retry",
	.doc = "Runs what is inside again until it does not fail.",
	.size = sizeof(struct retry_node),
	.fields = fields,
};

static void wake(void *ctx)
{
	exchange_wake(((struct retrying *)ctx)->x);
}

static bool number(const struct expr *e, struct exchange *x, uint64_t *n,
		   struct fault *why)
{
	struct str text;

	if (!expr_text(e, &x->message, &text, NULL, why))
		return false;
	if (str_to_uint(str_trim(text), n) && *n <= 1000000000)
		return true;
	why->text = arena_printf(&x->arena, "'" STR_FMT "' is no number of retries",
				 STR_ARG(text));
	return false;
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	const struct retry_node *r = (const struct retry_node *)n;
	struct retrying *s = state;
	struct fault why = { 0 };

	s->x = x;
	timer_init(&s->timer, wake, s);
	if (!number(r->most, x, &s->most, &why) || !number(r->pause, x, &s->pause, &why))
		return exchange_fault_with(x, &why);
	moment_take(&s->before, &x->message);
	exchange_push(x, r->steps);
	return FLOW_CHILD;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	struct retrying *s = state;

	if (!s->asleep)
		return FLOW_DONE;
	if (timer_is_set(&s->timer))
		return FLOW_WAIT;
	s->asleep = false;
	exchange_push(x, ((const struct retry_node *)n)->steps);
	return FLOW_CHILD;
}

static enum flow give_up(struct retrying *s)
{
	struct exchange *x = s->x;
	struct fault why = { .code = x->fault.code, .kind = x->fault.kind };

	exchange_log(x, LOG_ERROR, logger, "Retry attempts exhausted. Failing...");
	why.code_text = "MULE:RETRY_EXHAUSTED";
	why.text = arena_printf(
		&x->arena,
		"'until-successful' retries exhausted. Last exception message "
		"was: %s",
		x->fault.text);
	return exchange_fault_with(x, &why);
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	struct retrying *s = state;

	(void)n;
	moment_restore(&s->before, &x->message);
	moment_restore_variables(&s->before, &x->message);
	if (s->made == s->most)
		return give_up(s);
	s->made++;
	exchange_log(x, LOG_ERROR, logger,
		     "Retrying execution of event, attempt %llu of %llu.",
		     (unsigned long long)s->made, (unsigned long long)s->most);
	s->asleep = true;
	timer_set(&x->engine->timers, &s->timer, x->engine->timers.now + s->pause);
	return FLOW_WAIT;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct retrying *s = state;

	(void)n;
	if (s->x)
		timer_clear(&x->engine->timers, &s->timer);
}

const struct node_type retry_mediator = {
	.name = "m:retry",
	.brief = "Runs what is inside again until it does not fail.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.frame_size = sizeof(struct retrying),
	.run = run,
	.resume = go_on,
	.rescue = rescue,
	.leave = leave,
};
