/*
 * What the files of this room share of a loop, and how they handle an event.
 *
 * Every callback of libuv opens with loop_enter() and ends with loop_leave(). What
 * must not happen in the middle of something (a callback before the call that asked
 * for it has returned) is put off with loop_later(); leave() does it, then calls the
 * hook, and last settles the bodies whose bytes nobody took.
 */
#ifndef NET_LOOP_PRIV_H
#define NET_LOOP_PRIV_H

#include <uv.h>

#include "base/memory.h"
#include "base/buf.h"
#include "base/list.h"
#include "net/loop.h"
#include "net/outbox.h"

/* What comes decrypted may be more than was read: a part of a record was there before. */
enum {
	READ_BUFFER = 256 * 1024,
	A_RECORD = 17 * 1024,
	PLAIN_BUFFER = READ_BUFFER + A_RECORD
};

/* Something put off; embedded in what it is about. */
struct later {
	struct link link;
	void (*run)(struct later *later);
};

struct loop {
	uv_loop_t uv;
	uv_timer_t timer;
	uv_check_t check;     /* after the events of a round */
	uv_prepare_t prepare; /* before the loop waits for events */
	uint64_t armed;       /* when the timer fires; UINT64_MAX: it does not */
	uv_async_t async;
	uv_mutex_t lock; /* of the mail */
	struct link mail;
	struct timers *timers;
	loop_hook *hook;
	void *hook_ctx;
	loop_slow *slow;
	void *slow_ctx;
	uint64_t slow_ms, came; /* came: when the events of this round did */
	struct link later, settling;
	char *read_buffer;       /* READ_BUFFER bytes, of whoever reads now */
	char *plain_buffer;      /* PLAIN_BUFFER, likewise; made when needed */
	struct buf head;         /* of the message being written */
	struct sockets *sockets; /* borrowed; NULL: nobody follows anybody */
	struct outbox outbox;
};

void loop_free_handle(uv_handle_t *handle); /* of a signal or a watch */

void loop_enter(struct loop *l);
void loop_leave(struct loop *l);

void later_init(struct later *later, void (*run)(struct later *later));
void loop_later(struct loop *l, struct later *later); /* once; again is fine */
/* At the very end of the event, after the hook. */
void loop_settle(struct loop *l, struct later *later);

#endif
