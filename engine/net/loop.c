#include "net/loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#include "message/body.h"
#include "net/loop_priv.h"

enum { MOST_HEAD = 1024 * 1024 };

struct letter {
	struct link link;
	void (*fn)(void *ctx);
	void *ctx;
};

static int64_t wall_clock(void)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	return (int64_t)tv.tv_sec * 1000 + tv.tv_usec / 1000;
}

void loop_enter(struct loop *l)
{
	const uint64_t now = uv_now(&l->uv);

	if (now <= l->timers->now)
		return;
	l->timers->now = now;
	l->timers->wall = wall_clock() - (int64_t)now;
}

void later_init(struct later *later, void (*run)(struct later *later))
{
	list_init(&later->link);
	later->run = run;
}

void loop_later(struct loop *l, struct later *later)
{
	list_remove(&later->link);
	list_add_last(&l->later, &later->link);
}

void loop_settle(struct loop *l, struct later *later)
{
	list_remove(&later->link);
	list_add_last(&l->settling, &later->link);
}

static void run_all(struct link *list)
{
	while (!list_is_empty(list)) {
		struct later *later = list_item(list->next, struct later, link);

		list_remove(&later->link);
		later->run(later);
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct loop *l = timer->data;

	l->armed = UINT64_MAX;
	loop_enter(l);
	loop_leave(l);
}

/* A timer that fires too early costs a round; one that is moved each time, more. */
static void arm(struct loop *l)
{
	const uint64_t due = timers_due(l->timers), now = uv_now(&l->uv);

	if (due >= l->armed)
		return;
	if (due <= now) { /* not a timer of libuv: it would run before any event */
		uv_async_send(&l->async);
		return;
	}
	l->armed = due;
	uv_timer_start(&l->timer, on_timer, due - now, 0);
}

void loop_leave(struct loop *l)
{
	do {
		run_all(&l->later);
		if (l->hook)
			l->hook(l->hook_ctx, uv_now(&l->uv));
	} while (!list_is_empty(&l->later));
	run_all(&l->settling);
	arm(l);
}

static void on_mail(uv_async_t *async)
{
	struct loop *l = async->data;
	struct link letters;

	list_init(&letters);
	uv_mutex_lock(&l->lock);
	while (!list_is_empty(&l->mail)) {
		struct link *first = l->mail.next;

		list_remove(first);
		list_add_last(&letters, first);
	}
	uv_mutex_unlock(&l->lock);
	loop_enter(l);
	while (!list_is_empty(&letters)) {
		struct letter *letter = list_item(letters.next, struct letter, link);

		list_remove(&letter->link);
		letter->fn(letter->ctx);
		free(letter);
	}
	loop_leave(l);
}

void loop_mail(struct loop *l, void (*fn)(void *ctx), void *ctx)
{
	struct letter *letter = memory_new(sizeof(*letter));

	*letter = (struct letter){ .fn = fn, .ctx = ctx };
	list_init(&letter->link);
	uv_mutex_lock(&l->lock);
	list_add_last(&l->mail, &letter->link);
	uv_mutex_unlock(&l->lock);
	uv_async_send(&l->async);
}

/* The events of a round were handled; libuv's clock still says when they came. */
static void on_check(uv_check_t *check)
{
	struct loop *l = check->data;

	outbox_send(&l->outbox);
	l->came = uv_now(&l->uv);
}

static void tell_if_slow(struct loop *l)
{
	uint64_t took;

	uv_update_time(&l->uv);
	took = uv_now(&l->uv) - l->came;
	if (took > l->slow_ms)
		l->slow(l->slow_ctx, took);
}

/* Timers have run since; now it waits for events. */
static void on_prepare(uv_prepare_t *prepare)
{
	struct loop *l = prepare->data;

	outbox_send(&l->outbox);
	if (l->slow)
		tell_if_slow(l);
}

/* Neither keeps the loop alive. */
static void begin_rounds(struct loop *l)
{
	uv_check_init(&l->uv, &l->check);
	uv_prepare_init(&l->uv, &l->prepare);
	uv_check_start(&l->check, on_check);
	uv_prepare_start(&l->prepare, on_prepare);
	uv_unref((uv_handle_t *)&l->check);
	uv_unref((uv_handle_t *)&l->prepare);
}

struct loop *loop_new(struct timers *timers)
{
	struct loop *l = memory_new(sizeof(*l));

	/* Whoever writes to a closed connection hears of it from the write. */
	signal(SIGPIPE, SIG_IGN);
	if (uv_loop_init(&l->uv) != 0 || uv_mutex_init(&l->lock) != 0 ||
	    uv_timer_init(&l->uv, &l->timer) != 0 ||
	    uv_async_init(&l->uv, &l->async, on_mail) != 0) {
		fputs("no event loop to be had: out of descriptors?\n", stderr);
		abort();
	}
	begin_rounds(l);
	l->timer.data = l->async.data = l->check.data = l->prepare.data = l;
	l->armed = UINT64_MAX;
	l->timers = timers;
	list_init(&l->mail);
	list_init(&l->later);
	list_init(&l->settling);
	l->read_buffer = memory_new(READ_BUFFER);
	buf_init(&l->head, MOST_HEAD);
	loop_enter(l);
	return l;
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, uv_handle_get_type(handle) == UV_SIGNAL
					 ? loop_free_handle
					 : NULL);
}

static void throw_away(struct link *letters)
{
	while (!list_is_empty(letters)) {
		struct letter *letter = list_item(letters->next, struct letter, link);

		list_remove(&letter->link);
		free(letter);
	}
}

void loop_free(struct loop *l)
{
	uv_close((uv_handle_t *)&l->timer, NULL);
	uv_close((uv_handle_t *)&l->check, NULL);
	uv_close((uv_handle_t *)&l->prepare, NULL);
	uv_close((uv_handle_t *)&l->async, NULL);
	while (uv_loop_alive(&l->uv)) {
		uv_walk(&l->uv, close_handle, NULL);
		uv_run(&l->uv, UV_RUN_DEFAULT);
	}
	uv_loop_close(&l->uv);
	throw_away(&l->mail);
	uv_mutex_destroy(&l->lock);
	buf_release(&l->head);
	free(l->read_buffer);
	free(l->plain_buffer);
	free(l);
}

void loop_on_event(struct loop *l, loop_hook *hook, void *ctx)
{
	l->hook = hook;
	l->hook_ctx = ctx;
}

void loop_on_slow(struct loop *l, uint64_t milliseconds, loop_slow *slow, void *ctx)
{
	l->slow = slow;
	l->slow_ms = milliseconds;
	l->slow_ctx = ctx;
	l->came = uv_now(&l->uv);
}

void loop_share_sockets(struct loop *l, struct sockets *s)
{
	l->sockets = s;
}

struct timers *loop_timers(struct loop *l)
{
	return l->timers;
}

/* What was begun before the loop ran (a request, a timer) is begun in earnest here. */
void loop_run(struct loop *l)
{
	uv_update_time(&l->uv);
	loop_enter(l);
	loop_leave(l);
	uv_run(&l->uv, UV_RUN_DEFAULT);
	outbox_send(&l->outbox);
}

void loop_stop(struct loop *l)
{
	uv_stop(&l->uv);
}
