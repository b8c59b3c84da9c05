#include <criterion/criterion.h>

#include "base/rate.h"

/* Three in 100 ms, one asked for a row: at this time, taken or not, and for how long
 * nobody else is. */
static const struct {
	uint64_t at;
	bool taken;
	uint64_t wait;
} rows[] = {
	{ 1000, true, 0 },  { 1000, true, 0 },   { 1050, true, 0 }, { 1050, false, 50 },
	{ 1099, false, 1 }, { 999, false, 101 }, { 1100, true, 0 }, { 1199, true, 0 },
	{ 1199, true, 0 },  { 1199, false, 1 },  { 5000, true, 0 }, { 5099, true, 0 },
};

Test(rate, so_many_are_taken_in_each_window)
{
	struct rate r = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t wait = 0;

		cr_expect_eq(rate_take(&r, 3, 100, rows[i].at, &wait), rows[i].taken,
			     "row %zu", i);
		cr_expect_eq(wait, rows[i].wait, "row %zu: %llu", i,
			     (unsigned long long)wait);
	}
}

Test(rate, of_a_name_is_one_for_all)
{
	struct rates *all = rates_new();
	struct rate *one = rate_named(all, STR("Pets 5PerMin"));

	cr_expect_eq(one, rate_named(all, STR("Pets 5PerMin")));
	cr_expect_neq(one, rate_named(all, STR("Pets")));
	rates_free(all);
}
