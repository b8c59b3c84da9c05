#define _DEFAULT_SOURCE /* mkdtemp */
#include "net/loop.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net/rig.h"

static struct rig rig;
static char order[32];
static pthread_t worked_on;

static void write_a(void *ctx)
{
	(void)ctx;
	strncat(order, "a", sizeof(order) - strlen(order) - 1);
}

static void write_b(void *ctx)
{
	(void)ctx;
	strncat(order, "b", sizeof(order) - strlen(order) - 1);
}

static void begin(void)
{
	order[0] = '\0';
	rig_start(&rig);
}

Test(loop, a_timer_fires_when_it_is_due_and_not_before)
{
	struct timer t;
	uint64_t due;

	begin();
	timer_init(&t, write_a, NULL);
	due = rig.timers.now + 30;
	timer_set(&rig.timers, &t, due);
	UNTIL(&rig, order[0]);
	cr_expect_geq(rig.timers.now, due);
	cr_expect_leq(rig.timers.now, due + 100, "%d ms late",
		      (int)(rig.timers.now - due));
	cr_expect_gt(rig.timers.now + (uint64_t)rig.timers.wall, UINT64_C(1600000000000),
		     "the time of day is known");
	rig_stop(&rig);
}

static void *post(void *ctx)
{
	loop_mail(ctx, write_a, NULL);
	loop_mail(ctx, write_b, NULL);
	return NULL;
}

Test(loop, mail_from_another_thread_comes_in_its_order)
{
	pthread_t thread;

	begin();
	pthread_create(&thread, NULL, post, rig.loop);
	UNTIL(&rig, strlen(order) == 2);
	pthread_join(thread, NULL);
	cr_expect_str_eq(order, "ab");
	rig_stop(&rig);
}

Test(loop, mail_that_was_not_read_is_thrown_away)
{
	begin();
	loop_mail(rig.loop, write_a, NULL);
	rig_stop(&rig);
	cr_expect_str_eq(order, "");
}

static void work(void *ctx)
{
	(void)ctx;
	worked_on = pthread_self();
}

Test(loop, work_is_done_on_another_thread_and_told_on_this)
{
	begin();
	loop_work(rig.loop, work, write_b, NULL);
	cr_expect_str_eq(order, "");
	UNTIL(&rig, order[0]);
	cr_expect_not(pthread_equal(worked_on, pthread_self()));
	rig_stop(&rig);
}

Test(loop, a_signal_is_an_event_like_any_other)
{
	begin();
	loop_on_signal(rig.loop, SIGUSR1, write_a, NULL);
	raise(SIGUSR1);
	UNTIL(&rig, order[0]);
	rig_stop(&rig);
}

Test(loop, a_directory_that_changes_is_told_of)
{
	char folder[] = "/tmp/loop_test-XXXXXX", path[64];
	struct watch *w;

	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	begin();
	cr_expect_null(watch_start(rig.loop, "/nowhere", write_a, NULL));
	w = watch_start(rig.loop, folder, write_a, NULL);
	cr_assert_not_null(w);
	fclose(fopen(path, "w"));
	UNTIL(&rig, order[0]);
	watch_cancel(w);
	order[0] = '\0';
	unlink(path);
	rig_turn(&rig);
	cr_expect_str_eq(order, "", "cancelled is cancelled");
	rmdir(folder);
	rig_stop(&rig);
}

static void be_slow(void *ctx)
{
	const uint64_t until = *(uint64_t *)ctx;
	struct timespec now;

	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 < until);
}

static void note_slow(void *ctx, uint64_t milliseconds)
{
	*(uint64_t *)ctx = milliseconds;
}

Test(loop, whoever_holds_it_up_is_noticed)
{
	struct timespec now;
	uint64_t until, took = 0;

	begin();
	loop_on_slow(rig.loop, 20, note_slow, &took);
	rig_turn(&rig);
	cr_expect_eq(took, 0);
	clock_gettime(CLOCK_MONOTONIC, &now);
	until = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + 40;
	loop_mail(rig.loop, be_slow, &until);
	UNTIL(&rig, took);
	cr_expect_geq(took, 21);
	rig_stop(&rig);
}
