/*
 * HTTP/1.1 towards clients: listeners, connections, requests, answers.
 *
 * A request comes as an http_call on an arena of its own. Whoever was given it
 * answers exactly once with http_answer(); the connection keeps order, keepalive,
 * Expect and limits (decisions.md §6) to itself. What is no proper request is
 * answered 4xx here and never seen by anybody.
 */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include "message/body.h"
#include "message/headers.h"

struct loop;
struct fault;
struct tls_server;

struct http_call {
	struct arena arena; /* everything of this request; goes with it */
	struct str method, target;
	unsigned minor; /* HTTP/1.minor */
	bool secure;
	struct str remote; /* address as text */
	unsigned remote_port;
	unsigned port;          /* the listener's */
	struct headers headers; /* the body's framing (Content-Length …) included */
	struct body body;       /* may be arriving */
	void *owner;            /* the handler's */
	/* The client went away before it was answered: stop, and answer all the same,
	 * so that finished() comes. Set by the handler, or NULL. */
	void (*gone)(struct http_call *c);
};

typedef void http_handler(void *ctx, struct http_call *c);

struct http_response {
	unsigned status;
	struct str reason; /* empty: the usual one */
	const struct headers
		*headers;  /* hop-by-hop fields and framing are dropped; NULL: none */
	struct body *body; /* NULL or EMPTY: none. May be arriving: it is streamed */
	bool close;        /* then close the connection */
	bool has_length;   /* HEAD: a Content-Length in headers stands */
};

/*
 * Borrowed until finished() is called: once, when all was written or the client has
 * gone (sent is false then). The call and its arena are gone after finished().
 */
void http_answer(struct http_call *c, const struct http_response *r,
		 void (*finished)(struct http_call *c, bool sent));

/* No answer at all: the connection is closed. As http_answer() otherwise. */
void http_hang_up(struct http_call *c, void (*finished)(struct http_call *c, bool sent));

struct http_limits {
	uint64_t head, line, headers; /* bytes, bytes, fields: 431, 414, 431 */
	uint64_t max_body;            /* 0: none; 413 */
	struct body_limits whole;     /* of a body that is collected; most 0: the usual */
	uint64_t head_ms, idle_ms;    /* 408, close */
	uint64_t connections;         /* per loop; beyond: 503 and close */
};

extern const struct http_limits http_default_limits;

struct http_server;

/* On each loop its own, with SO_REUSEPORT. NULL: *why (port taken …). */
struct http_server *http_server_open(struct loop *l, const char *address, unsigned port,
				     struct tls_server *tls,
				     const struct http_limits *limits,
				     http_handler *handler, void *ctx, struct fault *why);
/* One more socket for the same address, of those that were left to us. False: none. */
bool http_server_take_more(struct http_server *s);
/*
 * Told of what is turned away before any handler sees it: the status it is answered with,
 * or 0 for a TLS handshake that failed, and why. All is borrowed for the call.
 */
typedef void http_refused(void *ctx, unsigned status, const char *why, const char *remote,
			  unsigned remote_port);
void http_server_on_refused(struct http_server *s, http_refused *refused);
unsigned http_server_port(const struct http_server *s); /* the real one if 0 was asked */
/*
 * Stops accepting. What is under way goes on, and each answer is its connection's last;
 * idle connections are closed after a moment, as a request may be on its way to us.
 */
void http_server_drain(struct http_server *s);
/* Requests under way and, in that moment, connections. */
unsigned http_server_busy(const struct http_server *s);
/* Everything is closed now; finished(c, false) for what was under way. */
void http_server_close(struct http_server *s);

#endif
