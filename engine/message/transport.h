/*
 * The way out: hand over a request, get a reply or a failure later.
 *
 * Implemented by net/ over sockets and by tests/ over a script. Which code of
 * Synapse a failure is, endpoint/error_code.c knows; here it is what happened.
 */
#ifndef MESSAGE_TRANSPORT_H
#define MESSAGE_TRANSPORT_H

#include "message/body.h"
#include "message/headers.h"

/* endpoints.md §5.1; the ordinals are part of ERROR_CODE. */
enum send_phase {
	PHASE_CONNECTING = 0,   /* or connected, and no byte of the head written */
	PHASE_REQUEST_HEAD = 1, /* head written, body not finished */
	PHASE_REQUEST_DONE = 3, /* waiting for the response head */
	PHASE_RESPONSE_HEAD = 4,
	PHASE_RESPONSE_BODY = 5,
};

/* What happened; endpoints.md §5.2. */
enum failure_kind {
	FAILURE_DNS,
	FAILURE_REFUSED,         /* and unreachable, and no permission */
	FAILURE_CONNECT_TIMEOUT, /* our own timer */
	FAILURE_CANCELLED,       /* shutdown while connecting */
	FAILURE_TLS,
	FAILURE_POOL_FULL,
	FAILURE_QUEUE_FULL,
	FAILURE_READ, /* ECONNRESET and the like, seen by the reader */
	FAILURE_WRITE,
	FAILURE_IDLE,     /* no byte either way for request.idle_ms */
	FAILURE_CLOSED,   /* FIN, without a byte of the response */
	FAILURE_PROTOCOL, /* what came is no HTTP, or ended within the head */
	FAILURE_BAD_URL,
	FAILURE_UNSENDABLE, /* a method or field no head can hold, a body without a length
			     */
};

/* Borrowed for the call it comes in. */
struct failure {
	enum failure_kind kind;
	enum send_phase phase;
	const char *text;   /* short: "Connection refused" */
	struct str host;    /* as in the URL */
	struct str address; /* the last one tried, as text; "" if none was */
	unsigned port;
};

/* One request. Everything is borrowed until done() or cancel(). */
struct request {
	struct str method;
	struct str url; /* http(s)://host[:port]/path?query */
	const struct headers
		*headers;    /* hop-by-hop fields and Content-Length are dropped */
	struct str host;     /* Host field; empty: from the URL */
	struct body *body;   /* may be ARRIVING; NULL or EMPTY: none */
	struct arena *arena; /* where the reply's head and body go */
	uint64_t connect_ms; /* 0: no limit */
	uint64_t idle_ms;    /* 0: no limit */
	bool http_1_0;
	bool close;         /* Connection: close */
	bool chunked_never; /* a length is needed: body must be WHOLE */
	bool only_connect;  /* a probe: done() gets an empty reply once connected, then it
			       is closed */
	const struct tls_trust *tls; /* net/tls.h; NULL: the process's default */
};

/* A reply's head; its body may still be arriving. The request's arena's. */
struct reply {
	unsigned status;
	struct str reason;
	struct headers headers;
	struct body body;
};

struct attempt; /* one request under way; owned by the transport */

/*
 * Called exactly once for each send() that is not cancelled, and never before
 * send() has returned: with the head of the reply, or with a failure. After that
 * the attempt is gone; the reply's body goes on by itself (body_release() ends it).
 */
typedef void attempt_done(void *ctx, struct reply *reply, const struct failure *failure);

struct transport {
	const struct transport_ops *ops;
};

struct transport_ops {
	struct attempt *(*send)(struct transport *t, const struct request *r,
				attempt_done *done, void *ctx);
	/* Once this returns, done() will not be called. */
	void (*cancel)(struct transport *t, struct attempt *attempt);
};

#endif
