/*
 * Throttling tiers: x-wso2-throttling-tier, api.yaml's policies. What a tier is worth
 * says openapi.tier.NAME, else its name: the usual ones, and all like 5PerMin,
 * 20KPerHour.
 */
#include "openapi/openapi_priv.h"

#include "base/rate.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const struct unit {
	const char *name;
	uint64_t ms;
} units[] = {
	{ "ms", 1 },       { "s", SECOND },      { "sec", SECOND }, { "second", SECOND },
	{ "min", MINUTE }, { "minute", MINUTE }, { "h", HOUR },     { "hour", HOUR },
	{ "d", DAY },      { "day", DAY },
};

static const struct {
	const char *name;
	uint64_t most;
} usual[] = {
	{ "Bronze", 1000 },
	{ "Silver", 2000 },
	{ "Gold", 5000 },
	{ "Unauthenticated", 500 },
};

/* "min", "10s". False: no such unit. */
static bool take_unit(struct str text, uint64_t *ms)
{
	const size_t digits = str_digits(text);
	uint64_t count = 1;

	if (digits &&
	    (!str_to_uint(str_first(text, digits), &count) || !count || count > 366))
		return false;
	text = str_trim(str_from(text, digits));
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!str_eq_nocase(text, str_of(units[i].name)))
			continue;
		*ms = count * units[i].ms;
		return true;
	}
	return false;
}

/* "5", "10K", "2M". */
static bool take_count(struct str text, uint64_t *count)
{
	const char last = text.len ? (char)(text.at[text.len - 1] | 0x20) : 0;
	const uint64_t times = last == 'k' ? 1000 : last == 'm' ? 1000000 : 1;

	if (times > 1)
		text.len--;
	return str_to_uint(text, count) && *count > 0 && *count <= RATE_MOST / times &&
	       (*count *= times) > 0;
}

static size_t per_at(struct str name)
{
	size_t at = 0;

	while (at < name.len &&
	       !str_eq_nocase(str_first(str_from(name, at), 3), STR("per")))
		at++;
	return at;
}

bool tier_parse(struct str text, struct tier *t)
{
	const size_t slash = str_find(text, '/');

	return slash < text.len &&
	       take_count(str_trim(str_first(text, slash)), &t->most) &&
	       take_unit(str_trim(str_from(text, slash + 1)), &t->per);
}

static bool tier_of_name(struct str name, struct tier *t)
{
	const size_t at = per_at(name);

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (!str_eq_nocase(name, str_of(usual[i].name)))
			continue;
		*t = (struct tier){ .most = usual[i].most, .per = MINUTE };
		return true;
	}
	return at < name.len && take_count(str_first(name, at), &t->most) &&
	       take_unit(str_from(name, at + 3), &t->per);
}

bool tier_find(struct str name, struct tier *t)
{
	const struct settings *s = openapi_settings();

	for (unsigned i = 0; i < s->tier_count; i++) {
		if (!str_eq_nocase(s->tiers[i].name, name))
			continue;
		*t = s->tiers[i];
		return true;
	}
	return tier_of_name(name, t);
}

/* The text of the newer or the older extension; NULL: none, or none that limits. */
static const struct json *tier_in(const struct json *place, const char *const *names)
{
	for (; *names; names++) {
		const struct json *j = member(place, *names);

		if (j)
			return j->kind == JSON_STRING &&
					       (!j->text.len ||
						str_eq_nocase(j->text, STR("Unlimited")))
				       ? NULL
				       : j;
	}
	return NULL;
}

/* False: it is no tier, or nobody says what it allows; that was said. */
static bool take_tier(struct translation *t, const struct json *j, const char *file,
		      struct tier *tier)
{
	const struct where where = where_of(file, j);

	if (j->kind != JSON_STRING)
		return report_error(t->report, where,
				    STR_FMT " must be the name of a tier",
				    STR_ARG(j->key));
	if (tier_find(j->text, tier))
		return true;
	report_warning(t->report, where,
		       "nobody says what tier '" STR_FMT
		       "' allows, so nothing is limited; set openapi.tier." STR_FMT
		       " = \"100/min\"",
		       STR_ARG(j->text), STR_ARG(j->text));
	return false;
}

static void add_throttle(struct translation *t, struct element *steps,
			 const struct tier *tier, struct str name, const char *code,
			 struct where where)
{
	struct element *e = our_word(t, "throttle", where);

	put(t, e, "name", name);
	put_number(t, e, "most", tier->most);
	put_number(t, e, "per", tier->per);
	put(t, e, "code", str_of(code));
	element_add(steps, e);
}

static const char *const extensions[] = { "x-wso2-throttling-tier", "x-throttling-tier",
					  NULL };

void take_tiers(struct translation *t)
{
	static const char *const names[] = { "apiThrottlingPolicy", NULL };
	const struct json *own = tier_in(t->document, extensions);
	const struct json *j = own ? own : tier_in(t->meta, names);
	const char *file = own ? t->file : t->meta_file;

	t->tiered = j && take_tier(t, j, file, &t->tier);
	t->tier_at = where_of(file, j);
}

void add_tiers(struct translation *t, struct element *steps, struct str path,
	       const struct json *operation)
{
	static const char *const names[] = { "throttlingPolicy", NULL };
	const struct json *own = tier_in(operation, extensions);
	const char *file = own ? t->file : t->meta_file;
	struct tier tier;

	if (!own)
		own = tier_in(listed_operation(t, path, operation), names);
	if (t->tiered)
		add_throttle(t, steps, &t->tier, t->full_name, "900800", t->tier_at);
	if (own && take_tier(t, own, file, &tier))
		add_throttle(t, steps, &tier,
			     print_text(t, STR_FMT " " STR_FMT " " STR_FMT,
					STR_ARG(t->full_name), STR_ARG(operation->key),
					STR_ARG(path)),
			     "900802", where_of(file, own));
}
