/* What else a loop offers: work off the loop, signals, watching a directory. */
#include <stdlib.h>
#include <string.h>

#include "net/loop_priv.h"

struct work {
	uv_work_t uv;
	struct loop *loop;
	void (*work)(void *ctx);
	void (*done)(void *ctx);
	void *ctx;
};

struct signal {
	uv_signal_t uv;
	struct loop *loop;
	void (*fn)(void *ctx);
	void *ctx;
};

struct watch {
	uv_fs_event_t uv;
	struct loop *loop;
	void (*fn)(void *ctx);
	void *ctx;
};

static void on_work(uv_work_t *uv)
{
	struct work *w = (struct work *)uv;

	w->work(w->ctx);
}

static void on_worked(uv_work_t *uv, int status)
{
	struct work *w = (struct work *)uv;
	struct loop *l = w->loop;

	(void)status;
	loop_enter(l);
	w->done(w->ctx);
	free(w);
	loop_leave(l);
}

void loop_work(struct loop *l, void (*work)(void *ctx), void (*done)(void *ctx),
	       void *ctx)
{
	struct work *w = memory_new(sizeof(*w));

	w->loop = l;
	w->work = work;
	w->done = done;
	w->ctx = ctx;
	uv_queue_work(&l->uv, &w->uv, on_work, on_worked);
}

static void on_signal(uv_signal_t *uv, int number)
{
	struct signal *s = (struct signal *)uv;
	struct loop *l = s->loop;

	(void)number;
	loop_enter(l);
	s->fn(s->ctx);
	loop_leave(l);
}

void loop_free_handle(uv_handle_t *handle)
{
	free(handle->data);
}

void loop_on_signal(struct loop *l, int number, void (*fn)(void *ctx), void *ctx)
{
	struct signal *s = memory_new(sizeof(*s));

	s->loop = l;
	s->fn = fn;
	s->ctx = ctx;
	s->uv.data = s;
	uv_signal_init(&l->uv, &s->uv);
	uv_signal_start(&s->uv, on_signal, number);
}

static void on_change(uv_fs_event_t *uv, const char *name, int events, int status)
{
	struct watch *w = (struct watch *)uv;
	struct loop *l = w->loop;

	(void)name;
	(void)events;
	(void)status;
	loop_enter(l);
	w->fn(w->ctx);
	loop_leave(l);
}

struct watch *watch_start(struct loop *l, const char *directory, void (*fn)(void *ctx),
			  void *ctx)
{
	struct watch *w = memory_new(sizeof(*w));

	w->loop = l;
	w->fn = fn;
	w->ctx = ctx;
	w->uv.data = w;
	uv_fs_event_init(&l->uv, &w->uv);
	if (uv_fs_event_start(&w->uv, on_change, directory, 0) == 0)
		return w;
	uv_close((uv_handle_t *)&w->uv, loop_free_handle);
	return NULL;
}

void watch_cancel(struct watch *w)
{
	uv_close((uv_handle_t *)&w->uv, loop_free_handle);
}
