/* Object stores and caches. */
#include "translate.h"

static uint64_t unit_of(struct str unit)
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = { { "MILLISECONDS", 1 },
		      { "SECONDS", 1000 },
		      { "MINUTES", 60000 },
		      { "HOURS", 3600000 },
		      { "DAYS", 86400000 } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq_nocase(unit, str_of(units[i].name)))
			return units[i].ms;
	return unit.len ? 1 : 1000; /* smaller than a millisecond is one */
}

static void set_expiry(struct translation *t, const struct element *store,
		       struct element *to)
{
	uint64_t n;

	if (store && str_to_uint(mule_attribute(store, "entryTtl"), &n) &&
	    n < 1000000000000)
		mule_set(t, to, "expires",
			 str_of(arena_printf(
				 t->arena, "%llu",
				 (unsigned long long)(n *
						      unit_of(mule_attribute(
							      store, "entryTtlUnit"))))));
}

/* Sets store and expiry; false: there is no such store. */
static bool set_store(struct translation *t, const struct element *e, struct str name,
		      struct element *to, bool expires)
{
	const struct element *store = mule_project_find(t, "os:object-store", name);

	if (!name.len)
		return true;
	if (!store)
		return mule_complain(t, e,
				     "there is no <os:object-store> named '" STR_FMT "'",
				     STR_ARG(name));
	mule_set(t, to, "store", name);
	if (expires)
		set_expiry(t, store, to);
	return true;
}

static const struct {
	const char *word, *op;
} operations[] = { { "store", "put" },
		   { "retrieve", "get" },
		   { "contains", "has" },
		   { "remove", "remove" },
		   { "clear", "clear" },
		   { "retrieve-all", "all" },
		   { "retrieve-all-keys", "keys" } };

static void set_put(struct translation *t, const struct element *e, struct element *to)
{
	const struct element *value = mule_child_of(e, "value");

	if (str_eq(mule_attribute(e, "failIfPresent"), STR("true")))
		mule_set_text(t, to, "failIfPresent", "true");
	if (str_eq(mule_attribute(e, "failOnNullValue"), STR("false")))
		mule_set_text(t, to, "failOnNull", "false");
	if (!value || str_eq(str_trim(value->text), STR("#[payload]")))
		return;
	mule_set_meaning(t, to, "value", "expression", value->text);
}

bool mule_store_operation(struct translation *t, const struct element *e,
			  struct element *to)
{
	struct element *kv = mule_word(t, e, "kv");
	const struct element *fallback = mule_child_of(e, "default-value");
	const char *op = NULL;

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (str_eq(e->name, str_of(operations[i].word)))
			op = operations[i].op;
	if (!op)
		return mule_complain(t, e, "<os:" STR_FMT "> is not supported",
				     STR_ARG(e->name));
	mule_set_text(t, kv, "op", op);
	if (mule_attribute(e, "key").at)
		mule_set_value(t, kv, "key", mule_attribute(e, "key"));
	if (!set_store(t, e, mule_attribute(e, "objectStore"), kv,
		       strcmp(op, "put") == 0))
		return false;
	if (strcmp(op, "put") == 0)
		set_put(t, e, kv);
	if (fallback) {
		const struct meaning m = mule_meaning_of(t, fallback->text);

		mule_set(t, kv, "default",
			 m.is_expression
				 ? m.text
				 : str_of(arena_printf(t->arena, "#[" STR_FMT "]",
						       STR_ARG(mule_quoted(t, m.text)))));
	}
	if (mule_attribute(e, "target").len && !mule_attribute(e, "targetValue").len) {
		mule_set(t, kv, "target", mule_attribute(e, "target"));
		element_add(to, kv);
	} else {
		element_add(mule_kept(t, e, to), kv);
	}
	return true;
}

bool mule_cache(struct translation *t, const struct element *e, struct element *to)
{
	struct element *memo = mule_word(t, e, "memo");
	const struct str name = mule_attribute(e, "cachingStrategy-ref");
	const struct element *strategy = mule_project_find(
		t, "ee:object-store-caching-strategy", name);
	struct str key = mule_attribute(e, "keyExpression");

	if (name.len && !strategy)
		return mule_complain(
			t, e,
			"there is no <ee:object-store-caching-strategy> named '" STR_FMT
			"'",
			STR_ARG(name));
	if (name.len)
		mule_set(t, memo, "store", name);
	if (strategy) {
		const struct element *own = mule_child_of(strategy,
							  "private-object-store");
		const struct element *named = mule_project_find(
			t, "os:object-store", mule_attribute(strategy, "objectStore"));

		set_expiry(t, own ? own : named, memo);
		if (!key.len)
			key = mule_attribute(strategy, "keyGenerationExpression");
	}
	if (key.len)
		mule_set_value(t, memo, "key", key);
	if (mule_attribute(e, "filterExpression").len)
		mule_set_meaning(t, memo, "when", "when",
				 mule_attribute(e, "filterExpression"));
	element_add(to, memo);
	return mule_steps(t, e, memo);
}
