#include "base/timer.h"

#include <criterion/criterion.h>

enum { MANY = 500 };

struct due {
	struct timer timer;
	unsigned fired;
};

static unsigned fired;

static void fire(void *ctx)
{
	((struct due *)ctx)->fired = ++fired;
}

/* A sequence of numbers that looks random and is the same each time. */
static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static void let_pass(struct timers *ts, uint64_t until)
{
	struct timer *t;

	while ((t = timers_next(ts, until)))
		t->fire(t->ctx);
}

Test(timer, fires_in_order_of_time_and_then_of_setting)
{
	struct timers ts;
	struct due due[4];
	const uint64_t times[4] = { 30, 10, 20, 10 };
	const unsigned order[4] = { 4, 1, 3, 2 };

	timers_init(&ts);
	fired = 0;
	for (int i = 0; i < 4; i++) {
		timer_init(&due[i].timer, fire, &due[i]);
		timer_set(&ts, &due[i].timer, times[i]);
	}
	cr_expect_eq(timers_due(&ts), 10);
	let_pass(&ts, 30);
	for (int i = 0; i < 4; i++)
		cr_expect_eq(due[i].fired, order[i], "timer %d was number %u", i,
			     due[i].fired);
	cr_expect_eq(timers_due(&ts), UINT64_MAX);
}

Test(timer, puts_the_time_to_when_it_was_due)
{
	struct timers ts;
	struct due due;

	timers_init(&ts);
	timer_init(&due.timer, fire, &due);
	timer_set(&ts, &due.timer, 70);
	cr_assert_not_null(timers_next(&ts, 1000));
	cr_expect_eq(ts.now, 70);
	cr_assert_null(timers_next(&ts, 1000));
	cr_expect_eq(ts.now, 1000);
}

Test(timer, cleared_twice_or_never_set_is_fine)
{
	struct timers ts;
	struct due due;

	timers_init(&ts);
	timer_init(&due.timer, fire, &due);
	timer_clear(&ts, &due.timer);
	timer_set(&ts, &due.timer, 5);
	cr_expect(timer_is_set(&due.timer));
	timer_clear(&ts, &due.timer);
	timer_clear(&ts, &due.timer);
	cr_expect_not(timer_is_set(&due.timer));
	cr_expect_null(timers_next(&ts, 10));
}

/* Sets, moves and clears a crowd; what is left must come in order, all of it. */
Test(timer, a_crowd_that_is_set_moved_and_cleared_stays_in_order)
{
	static struct due crowd[MANY];
	struct timers ts;
	uint64_t seed = 42, last = 0;
	unsigned set = 0, came = 0;
	struct timer *t;

	timers_init(&ts);
	for (int i = 0; i < MANY; i++)
		timer_init(&crowd[i].timer, fire, &crowd[i]);
	for (int i = 0; i < 20 * MANY; i++) {
		struct timer *one = &crowd[next_random(&seed) % MANY].timer;

		if (next_random(&seed) % 3)
			timer_set(&ts, one, next_random(&seed) % 10000);
		else
			timer_clear(&ts, one);
	}
	for (int i = 0; i < MANY; i++)
		set += timer_is_set(&crowd[i].timer);
	while ((t = timers_next(&ts, 20000))) {
		cr_assert_geq(t->due, last);
		last = t->due;
		came++;
	}
	cr_expect_gt(set, MANY / 3);
	cr_expect_eq(came, set);
}
