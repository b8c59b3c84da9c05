/*
 * A loop: one thread's events. uv.h stays behind this door.
 *
 * After each event that was handled, and once a timer is due, the hook is called:
 * daemon/worker.c sets it to engine_advance(). Bytes in the loop's read buffer are
 * good until the hook has returned, so what runs in it can pass them on uncopied.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/timer.h"

struct loop;
struct sockets;

/* Called with the clock, in milliseconds that never go back. */
typedef void loop_hook(void *ctx, uint64_t now);

/* The timers are borrowed; the loop wakes for them. SIGPIPE is ignored from here on. */
struct loop *loop_new(struct timers *timers);
void loop_free(struct loop *l); /* everything on it is closed first */
void loop_on_event(struct loop *l, loop_hook *hook, void *ctx);
struct timers *loop_timers(struct loop *l);

void loop_run(struct loop *l);  /* until loop_stop() */
void loop_stop(struct loop *l); /* from its own thread */

/* Runs fn on the loop's thread, soon; may be called from any thread. In order. */
void loop_mail(struct loop *l, void (*fn)(void *ctx), void *ctx);

/*
 * Runs work on a thread of the pool and then done on the loop's thread. For files,
 * large XML, whatever blocks. Between loop_work() and done, ctx must live.
 */
void loop_work(struct loop *l, void (*work)(void *ctx), void (*done)(void *ctx),
	       void *ctx);

/* Told of each round of events (all that came while the loop waited) whose handling took
 * longer than so many milliseconds. */
typedef void loop_slow(void *ctx, uint64_t milliseconds);
void loop_on_slow(struct loop *l, uint64_t milliseconds, loop_slow *slow, void *ctx);

/* What listens on it is left to the process that follows, and taken from the one before.
 * Borrowed; before anything listens. */
void loop_share_sockets(struct loop *l, struct sockets *s);

/* Signals, on one loop only. */
void loop_on_signal(struct loop *l, int number, void (*fn)(void *ctx), void *ctx);

/* Watches a directory (not those below it); calls fn for every change in it. */
struct watch;
struct watch *watch_start(struct loop *l, const char *directory, void (*fn)(void *ctx),
			  void *ctx); /* NULL: cannot be watched */
void watch_cancel(struct watch *w);

#endif
