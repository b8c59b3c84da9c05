/* Object stores and caches. */
#include "translate.h"

/* In milliseconds; what is smaller counts as one. 0: there is no such unit. */
static uint64_t unit_of(struct str unit)
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = { { "NANOSECONDS", 1 }, { "MICROSECONDS", 1 }, { "MILLISECONDS", 1 },
		      { "SECONDS", 1000 },  { "MINUTES", 60000 },  { "HOURS", 3600000 },
		      { "DAYS", 86400000 } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq_nocase(unit, str_of(units[i].name)))
			return units[i].ms;
	return unit.len ? 0 : 1000;
}

static struct str milliseconds(struct translation *t, const struct element *store)
{
	const uint64_t unit = unit_of(mule_attribute(store, "entryTtlUnit"));
	uint64_t n;

	if (!str_to_uint(mule_attribute(store, "entryTtl"), &n) || n > 1000000000000)
		return STR("");
	return str_of(arena_printf(t->arena, "%llu", (unsigned long long)(n * unit)));
}

/* What the store's definition says, on each word that uses it. NULL: the default one. */
static void set_facts(struct translation *t, const struct element *store,
		      struct element *to, bool expires)
{
	const struct str most = store ? mule_attribute(store, "maxEntries") : STR("");
	uint64_t n;

	if (!store || !str_eq(mule_attribute(store, "persistent"), STR("false")))
		mule_set_text(t, to, "persistent", "true");
	if (str_to_uint(most, &n) && n)
		mule_set(t, to, "most", most);
	if (expires && store && milliseconds(t, store).len)
		mule_set(t, to, "expires", milliseconds(t, store));
}

/* A number where there has to be one, a unit of those that there are. */
static bool is_sound(struct translation *t, const struct element *store)
{
	static const char *const numbers[] = { "maxEntries", "entryTtl",
					       "expirationInterval", NULL };
	static const char *const units[] = { "entryTtlUnit", "expirationIntervalUnit",
					     NULL };
	bool fine = true;
	uint64_t n;

	for (unsigned i = 0; numbers[i]; i++) {
		const struct str text = mule_attribute(store, numbers[i]);

		if (text.len && !str_to_uint(text, &n))
			fine = mule_complain(t, store, "%s=\"" STR_FMT "\" is no number",
					     numbers[i], STR_ARG(text));
	}
	for (unsigned i = 0; units[i]; i++) {
		const struct str text = mule_attribute(store, units[i]);

		if (text.len && !unit_of(text))
			fine = mule_complain(
				t, store,
				"%s=\"" STR_FMT
				"\" is not one of NANOSECONDS, MICROSECONDS, "
				"MILLISECONDS, SECONDS, MINUTES, HOURS, DAYS",
				units[i], STR_ARG(text));
	}
	return fine;
}

bool mule_store(struct translation *t, const struct element *e)
{
	return is_sound(t, e);
}

/* False: there is no such store. */
static bool set_store(struct translation *t, const struct element *e, struct str name,
		      struct element *to, bool expires)
{
	const struct element *store = mule_project_find(t, "os:object-store", name);

	if (name.len && !store)
		return mule_complain(t, e,
				     "there is no <os:object-store> named '" STR_FMT "'",
				     STR_ARG(name));
	if (name.len)
		mule_set(t, to, "store", name);
	set_facts(t, store, to, expires);
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

		if (own && !is_sound(t, own))
			return false;
		if (own || named)
			set_facts(t, own ? own : named, memo, true);
		if (!key.len)
			key = mule_attribute(strategy, "keyGenerationExpression");
	}
	if (key.len)
		mule_set_value(t, memo, "key", key);
	if (mule_attribute(e, "filterExpression").len)
		mule_set_expression(t, memo, "when",
				    mule_attribute(e, "filterExpression"));
	element_add(to, memo);
	return mule_steps(t, e, memo);
}

/* Lets an id through once: putting what is there already is the error. */
bool mule_idempotent(struct translation *t, const struct element *e, struct element *to)
{
	struct element *attempt = mule_word(t, e, "try"), *kv = mule_word(t, e, "kv");
	struct element *caught = mule_word(t, e, "catch"), *r = mule_word(t, e, "raise");
	const struct str id = mule_attribute(e, "idExpression"),
			 value = mule_attribute(e, "valueExpression");

	mule_set_text(t, kv, "op", "put");
	mule_set_value(t, kv, "key", id.len ? id : STR("#[correlationId]"));
	mule_set_text(t, kv, "failIfPresent", "true");
	mule_set_expression(t, kv, "expression", value.len ? value : STR("#[true]"));
	if (!set_store(t, e, mule_attribute(e, "objectStore"), kv, true))
		return false;
	mule_set_text(t, caught, "errors", "OS:KEY_ALREADY_EXISTS");
	mule_set_text(t, r, "type", "MULE:DUPLICATE_MESSAGE");
	mule_set_text(t, r, "description", "a message with this id was here before");
	element_add(to, attempt);
	element_add(attempt, kv);
	element_add(attempt, caught);
	element_add(caught, r);
	return true;
}
