#include "endpoint/probe.h"

#include <criterion/criterion.h>

/* A life as a word: + is a good result, - a bad one; below it the states it leads to. */
static const struct life {
	const char *name;
	struct probe_policy policy;
	const char *results, *states; /* U up, D down, ? unknown */
} lives[] = {
	{ "the first result counts at once", { .rise = 2, .fall = 2 }, "-", "D" },
	{ "two good ones bring it back", { .rise = 2, .fall = 2 }, "-+-++", "DDDDU" },
	{ "two bad ones take it down", { .rise = 2, .fall = 2 }, "+-+--", "UUUUD" },
	{ "one of each", { 0 }, "+-+", "UDU" },
	{ "a patient first", { .fall = 2, .first_is_patient = true }, "--+", "?DU" },
};

Test(probe, changes_after_results_in_a_row)
{
	static const char letters[] = "?UD";

	for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		const struct life *life = &lives[i];
		struct probe p = { 0 };

		for (size_t k = 0; life->results[k]; k++) {
			probe_result(&p, &life->policy, life->results[k] == '+', 1000, 5);
			cr_expect_eq(letters[probe_look(&p).state], life->states[k],
				     "%s: after %zu", life->name, k + 1);
		}
	}
}

Test(probe, asks_sooner_while_a_change_is_in_the_air)
{
	const struct probe_policy policy = {
		.interval = 10000,
		.doubt_interval = 1000,
		.fall = 2,
		.jitter_percent = 10,
	};
	struct probe p = { 0 };

	probe_result(&p, &policy, true, 1, 1);
	cr_expect_eq(probe_pause(&p, &policy, 0), 10000);
	cr_expect_eq(probe_pause(&p, &policy, 1000), 11000);
	probe_result(&p, &policy, false, 2, 1);
	cr_expect_eq(probe_pause(&p, &policy, 0), 1000);
}

Test(probe, unknown_is_usable_and_traffic_can_take_it_down)
{
	const struct probe_policy policy = { .rise = 2 };
	struct probe p = { 0 };

	cr_expect(probe_is_usable(&p));
	probe_mark_down(&p);
	cr_expect_not(probe_is_usable(&p));
	probe_result(&p, &policy, true, 1, 1);
	cr_expect_not(probe_is_usable(&p));
	probe_result(&p, &policy, true, 2, 1);
	cr_expect(probe_is_usable(&p));
}

Test(probe, averages_its_last_answers)
{
	const struct probe_policy policy = { 0 };
	struct probe p = { 0 };

	for (uint64_t i = 0; i < 100; i++)
		probe_result(&p, &policy, true, i, i < 80 ? 1000 : 10);
	cr_expect_eq(probe_look(&p).average, 10);
	cr_expect_eq(probe_look(&p).latency, 10);
	cr_expect_eq(probe_look(&p).checked_at, 99);
}

Test(probe, is_shared_by_those_who_ask_the_same)
{
	struct probes *ps = probes_new();
	struct probe *one = probe_ref(ps, STR("tcp localhost:1"));
	struct probe *two = probe_ref(ps, STR("tcp localhost:2"));
	struct probe *again = probe_ref(ps, STR("tcp localhost:1"));

	cr_expect_eq(one, again);
	cr_expect_neq(one, two);
	probe_mark_down(one);
	probe_unref(ps, again);
	again = probe_ref(ps, STR("tcp localhost:1"));
	cr_expect_not(probe_is_usable(again), "its state was forgotten");
	probe_unref(ps, one);
	probe_unref(ps, again);
	probe_unref(ps, two);
	probes_free(ps);
}
