#include <criterion/criterion.h>

#include "openapi/openapi_priv.h"

/* A tier, what it allows in how many ms; 0: nobody says. */
static const struct {
	const char *name;
	uint64_t most, per;
} rows[] = {
	{ "5PerMin", 5, 60000 },
	{ "10KPerMin", 10000, 60000 },
	{ "10kpermin", 10000, 60000 },
	{ "1MPerHour", 1000000, 3600000 },
	{ "3PerSec", 3, 1000 },
	{ "7PerDay", 7, 86400000 },
	{ "Gold", 5000, 60000 },
	{ "bronze", 1000, 60000 },
	{ "Mine", 2, 10000 },
	{ "20KPerMin", 1, 1000 },
	{ "Platinum", 0, 0 },
	{ "PerMin", 0, 0 },
	{ "0PerMin", 0, 0 },
	{ "5Per", 0, 0 },
	{ "5PerFortnight", 0, 0 },
	{ "-5PerMin", 0, 0 },
	{ "99999999999PerMin", 0, 0 },
	{ "17MPerMin", 0, 0 },
	{ "", 0, 0 },
};

Test(tiers, are_worth_what_their_setting_or_name_says)
{
	openapi_defaults();
	cr_expect(openapi_set(STR("openapi.tier.Mine"), STR("2/10s")));
	cr_expect(openapi_set(STR("openapi.tier.20KPerMin"), STR("9/min")));
	cr_expect(openapi_set(STR("openapi.tier.20KPerMin"), STR("1 / second")));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tier t = { .most = 0 };
		const bool known = tier_find(str_of(rows[i].name), &t);

		cr_expect_eq(known, rows[i].most > 0, "%s", rows[i].name);
		if (!known)
			continue;
		cr_expect_eq(t.most, rows[i].most, "%s: %llu", rows[i].name,
			     (unsigned long long)t.most);
		cr_expect_eq(t.per, rows[i].per, "%s: %llu", rows[i].name,
			     (unsigned long long)t.per);
	}
}

Test(tiers, settings_that_say_nothing_are_refused)
{
	static const char *const wrong[] = { "",       "5",      "5/",     "/min",
					     "0/min",  "5/0s",   "x/min",  "5/min/2",
					     "5/367d", "-1/min", "1.5/min" };

	openapi_defaults();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_not(openapi_set(STR("openapi.tier.X"), str_of(wrong[i])), "%s",
			      wrong[i]);
}
