/*
 * # m:throttle
 *
 * Goes on for so many requests within a while; the others are answered 429, with the
 * header Retry-After and the code of what was used up. It is counted once for the
 * process, all workers together, whatever is deployed meanwhile; throttles of the same
 * name count together.
 *
 *	<m:throttle xmlns:m="urn:myelin" name="Orders" most="1000" per="60000"/>
 */
#include "base/rate.h"
#include "deploy/shared.h"
#include "local_answer.h"
#include "mediators.h"

enum { DAY = 24 * 3600 * 1000, YEAR_DAYS = 366 };

struct throttle {
	struct node node;
	struct str name, code;
	uint64_t most, per;
	struct rate *rate;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct throttle, name, "name"), .required = true,
	  .doc = "Those of the same name count together." },
	{ ATTR_UINT(struct throttle, most, "most"), .required = true, .most = RATE_MOST,
	  .doc = "How many requests may pass." },
	{ ATTR_UINT(struct throttle, per, "per"), .fallback = "60000", .least = 1,
	  .most = (uint64_t)YEAR_DAYS * DAY,
	  .doc = "In how many ms, from the first of them on." },
	{ ATTR_STR(struct throttle, code, "code"), .fallback = "900800",
	  .doc = "What the answer says: 900800 for an API, 900802 for a resource." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct throttle *t = self;

	(void)e;
	t->rate = b->shared && b->shared->rates ? rate_named(b->shared->rates, t->name)
						: arena_new(b->arena, struct rate);
	return true;
}

static const struct schema schema = {
	.element = "m:throttle",
	.doc = "Goes on for so many requests within a while.",
	.size = sizeof(struct throttle),
	.fields = fields,
	.check = check,
};

static enum flow refuse(const struct throttle *t, struct exchange *x, uint64_t wait)
{
	const struct local_answer a = {
		.status = 429,
		.shape = SHAPE_ENFORCER,
		.code = t->code,
		.message = STR("Message throttled out"),
		.description = STR("You have exceeded your quota"),
	};

	local_answer_set(x, &a);
	headers_set(&x->message.headers, STR("Retry-After"),
		    str_of(arena_printf(x->message.arena, "%llu",
					(unsigned long long)(wait + 999) / 1000)));
	return mediator_answer(x);
}

static enum flow take(const struct node *n, struct exchange *x, void *state)
{
	const struct throttle *t = (const struct throttle *)n;
	uint64_t wait;

	(void)state;
	return rate_take(t->rate, t->most, t->per, x->engine->timers.now, &wait)
		       ? FLOW_DONE
		       : refuse(t, x, wait);
}

const struct node_type throttle_mediator = {
	.name = "m:throttle",
	.brief = "Goes on for so many requests within a while.",
	.schema = &schema,
	.run = take,
};
