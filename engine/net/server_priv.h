/*
 * What the files of the HTTP server share.
 *
 *	connection:   IDLE --> (head) --> BUSY --> IDLE ...
 *	                          |         `----> LINGERING --> closed
 *	                          `- refused -------^
 *
 * What is left of a request's body when its answer is out is read and forgotten before
 *the next head; the parser knows.
 *
 * http_server.c listens, connection.c reads, answer.c writes. A call may outlive its
 * connection: it is answered all the same, into nowhere.
 */
#ifndef NET_SERVER_PRIV_H
#define NET_SERVER_PRIV_H

#include "net/http_parse.h"
#include "net/http_server.h"
#include "net/http_write.h"
#include "net/tcp.h"

enum {
	MOST_PIPELINED = 64 * 1024,
	MOST_FORGOTTEN = 256 * 1024,
	LINGER_MS = 2000,
	SPARE_CONNECTIONS = 1000,
	GRACE_MS = 200,
	FRESH_GRACE_MS = 2000,
	LOOK_MS = 20,
	LOOK_AGAIN_MS = 1000
};

/* A listening socket; the process before may have had more of them than we have loops. */
struct entrance {
	uv_tcp_t uv; /* first */
	struct http_server *server;
	struct entrance *next;
};

struct http_server {
	struct entrance *entrances;
	struct loop *loop;
	struct tls_server *tls; /* borrowed */
	struct http_limits limits;
	http_handler *handler;
	http_refused *refused;
	void *ctx;
	unsigned port;
	unsigned busy, open; /* calls, connections */
	unsigned listening;  /* entrances */
	bool draining, closed;
	struct timer grace; /* of a drain: then idle connections are closed */
	bool patient;       /* with those that have just come, for a little longer */
	struct link connections;
	struct connection *spare_connections;
	struct call *spare_calls;
};

struct connection {
	struct tcp tcp; /* first */
	struct http_server *server;
	struct link link;
	struct http_parser parser;
	struct call *call; /* being read, mediated or answered; NULL: idle */
	struct buf pending;
	size_t pending_used; /* of it, until settled */
	struct body_source source;
	struct later settle;
	struct timer timer;
	uint64_t due;
	size_t unsent; /* when it was last looked at */
	bool lingering;
	bool spoilt;    /* what still comes is not read any more */
	bool continued; /* 100 was said, or need not be */
	bool fresh;     /* had no request yet */
	bool ended;     /* the client sends no more; it may well still listen */
	unsigned looks; /* whether it does */
	uint64_t taken; /* of the answer's body, at the last look */
	char remote[48];
	unsigned remote_port;
	struct connection *spare;
};

struct call {
	struct http_call call; /* first */
	struct http_server *server;
	struct connection *connection; /* NULL: the client has gone */
	struct http_head head;
	struct out out;
	struct later later;
	void (*finished)(struct http_call *c, bool sent);
	bool handed_over, answered, sent, keep;
	struct call *spare;
};

/* --- http_server.c --- */

void server_release_if_done(struct http_server *s);

/* --- connection.c --- */

void connection_open(struct http_server *s, uv_stream_t *entrance);
void connection_adopt(struct http_server *s, int descriptor); /* accepted already */
void connection_close_if_idle(struct connection *c);
/* Its first request may well be on its way, or TLS be under way. */
bool connection_is_new(const struct connection *c);
/* Nothing more is expected of it; its call is told. */
void connection_drop(struct connection *c);
/* The answer is out (sent), or cut short. */
void connection_answered(struct connection *c, const struct call *call);
void connection_expect(struct connection *c);

/* --- answer.c --- */

struct call *call_new(struct connection *c);
void call_release(struct call *call);
/* Its connection is no more (and is not its connection any more). */
void call_orphan(struct call *call);
void call_drained(struct call *call);

#endif
