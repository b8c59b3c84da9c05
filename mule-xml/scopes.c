/* Scopes and routers: what runs its inside more than once, or in several ways. */
#include "translate.h"

bool mule_foreach_scope(struct translation *t, const struct element *e,
			struct element *to)
{
	struct element *each = mule_word(t, e, "each");
	const struct str collection = mule_attribute(e, "collection");

	mule_set_expression(t, each, "collection",
			    collection.len ? collection : STR("#[payload]"));
	if (mule_attribute(e, "counterVariableName").len)
		mule_set(t, each, "counter", mule_attribute(e, "counterVariableName"));
	if (mule_attribute(e, "rootMessageVariableName").len)
		mule_set(t, each, "root", mule_attribute(e, "rootMessageVariableName"));
	if (mule_attribute(e, "batchSize").len)
		mule_set(t, each, "batch", mule_attribute(e, "batchSize"));
	element_add(to, each);
	return mule_steps(t, e, each);
}

bool mule_until_successful(struct translation *t, const struct element *e,
			   struct element *to)
{
	struct element *retry = mule_word(t, e, "retry");

	if (mule_attribute(e, "maxRetries").len)
		mule_set_value(t, retry, "most", mule_attribute(e, "maxRetries"));
	if (mule_attribute(e, "millisBetweenRetries").len)
		mule_set_value(t, retry, "pause",
			       mule_attribute(e, "millisBetweenRetries"));
	element_add(to, retry);
	return mule_steps(t, e, retry);
}

static bool routes(struct translation *t, const struct element *e, struct element *scope)
{
	bool fine = true;

	element_each(r, e)
	{
		struct element *route;

		if (!str_eq(r->name, STR("route"))) {
			fine = mule_unsupported(t, r);
			continue;
		}
		route = mule_word(t, r, "route");
		element_add(scope, route);
		fine = mule_steps(t, r, route) && fine;
	}
	return fine;
}

bool mule_first_successful(struct translation *t, const struct element *e,
			   struct element *to)
{
	struct element *scope = mule_word(t, e, "first");

	element_add(mule_kept(t, e, to), scope);
	return routes(t, e, scope);
}

bool mule_round_robin(struct translation *t, const struct element *e, struct element *to)
{
	struct element *scope = mule_word(t, e, "rotate");

	element_add(mule_kept(t, e, to), scope);
	return routes(t, e, scope);
}

bool mule_scatter_gather(struct translation *t, const struct element *e,
			 struct element *to)
{
	struct element *scope = mule_word(t, e, "scatter");

	if (mule_attribute(e, "timeout").len)
		mule_set(t, scope, "timeout", mule_attribute(e, "timeout"));
	if (mule_attribute(e, "maxConcurrency").len)
		mule_set(t, scope, "most", mule_attribute(e, "maxConcurrency"));
	element_add(mule_kept(t, e, to), scope);
	return routes(t, e, scope);
}

bool mule_parallel_foreach(struct translation *t, const struct element *e,
			   struct element *to)
{
	struct element *scope = mule_word(t, e, "scatter"),
		       *route = mule_word(t, e, "route");
	const struct str collection = mule_attribute(e, "collection");

	mule_set_expression(t, scope, "collection",
			    collection.len ? collection : STR("#[payload]"));
	if (mule_attribute(e, "timeout").len)
		mule_set(t, scope, "timeout", mule_attribute(e, "timeout"));
	if (mule_attribute(e, "maxConcurrency").len)
		mule_set(t, scope, "most", mule_attribute(e, "maxConcurrency"));
	element_add(mule_kept(t, e, to), scope);
	element_add(scope, route);
	return mule_steps(t, e, route);
}

/* Around what is to run so often at a time; *to is its inside. False: no number. */
bool mule_gate(struct translation *t, const struct element *e, bool wait,
	       struct element **to)
{
	const struct str most = mule_attribute(e, "maxConcurrency");
	struct element *g;
	uint64_t n;

	if (!most.len)
		return true;
	if (!str_to_uint(most, &n) || !n)
		return mule_complain(t, e,
				     "maxConcurrency=\"" STR_FMT "\" is no number from 1",
				     STR_ARG(most));
	g = mule_word(t, e, "gate");
	mule_set(t, g, "most", most);
	if (mule_attribute(e, "name").len)
		mule_set(t, g, "name", mule_attribute(e, "name"));
	if (wait)
		mule_set_text(t, g, "wait", "true");
	element_add(*to, g);
	*to = g;
	return true;
}

bool mule_async(struct translation *t, const struct element *e, struct element *to)
{
	struct element *scope = mule_word(t, e, "async");

	element_add(to, scope);
	return mule_gate(t, e, true, &scope) && mule_steps(t, e, scope);
}
