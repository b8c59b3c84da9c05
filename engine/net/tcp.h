/*
 * A connection, with TLS or without: bytes in, bytes out, and its end.
 *
 * Embedded in what talks over it. It reads from the start on; reading is stopped
 * for backpressure only. What a write could not place at once is copied and queued:
 * a writer that asks tcp_is_clear() before it goes on holds no more than that.
 */
#ifndef NET_TCP_H
#define NET_TCP_H

#include "net/loop_priv.h"

struct tcp;
struct tls_session;

struct tcp_ops {
	/* connect(): 0, or an error of libuv; TLS is ready as well. */
	void (*connected)(struct tcp *t, int status);
	/* Good until the event ends. */
	void (*bytes)(struct tcp *t, struct str bytes);
	/* 0: the other side sends no more. Else an error of libuv. Close it. */
	void (*ended)(struct tcp *t, int status);
	/* All that was queued is on its way, or t->broken: it never will be. */
	void (*drained)(struct tcp *t);
	/* The last that is heard: its memory is free for others. */
	void (*closed)(struct tcp *t);
};

struct tcp {
	uv_tcp_t uv;
	struct loop *loop;
	const struct tcp_ops *ops;
	struct tls_session *tls; /* NULL: plain */
	size_t queued;           /* bytes */
	int descriptor;          /* once open; uv's */
	bool open, reading, closing, broken;
	bool posted; /* something of it is in the loop's outbox */
	uv_connect_t *connecting;
};

void tcp_init(struct tcp *t, struct loop *l, const struct tcp_ops *ops);
bool tcp_accept(struct tcp *t, uv_stream_t *listener);
bool tcp_adopt(struct tcp *t, int descriptor); /* accepted already; closed if false */
/* Takes the session over, if there is one. An error is told by connected() later. */
int tcp_connect(struct tcp *t, const struct sockaddr *to, struct tls_session *tls);
void tcp_use_tls(struct tcp *t, struct tls_session *tls);

/* At most TCP_PIECES at once. False: it is broken; what came before can be read. */
enum { TCP_PIECES = 8 };
bool tcp_write(struct tcp *t, const struct str *pieces, unsigned count);
void tcp_send(struct tcp *t, struct str bytes); /* now; the outbox's */
static inline bool tcp_is_clear(const struct tcp *t)
{
	return t->queued == 0;
}

/* Of what is queued, the bytes that are not on their way yet. */
size_t tcp_unsent(const struct tcp *t);

/* After its end: is the other side gone altogether? Found by what it was written since.
 */
bool tcp_is_reset(const struct tcp *t);

void tcp_pause(struct tcp *t);
void tcp_resume(struct tcp *t);
void tcp_shutdown(struct tcp *t); /* we send no more; after what is queued */
void tcp_close(struct tcp *t);    /* closing twice is fine; nothing but closed() comes */
void tcp_reset(struct tcp *t);    /* likewise, but the other side is told it failed */

/* The address of the other side as text, and its port. */
bool tcp_peer(const struct tcp *t, char *text, size_t size, unsigned *port);

#endif
