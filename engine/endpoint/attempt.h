/*
 * One attempt of a leaf: its frame's state, and the steps between run() and leave().
 *
 *	BEGINNING --> COLLECTING --> SENDING --> CHECKING --> (done)
 *	    `-------------------------^  |           `--> HANDLING --> (stop)
 *	                                 `---------------------^
 *
 * COLLECTING: the body must be whole before it can be sent. CHECKING: the reply's must
 * be, to see whether it is a SOAP fault. HANDLING: the endpoint's onError runs.
 */
#ifndef ENDPOINT_ATTEMPT_H
#define ENDPOINT_ATTEMPT_H

#include "endpoint/endpoint_priv.h"
#include "message/transport.h"

enum stage { BEGINNING, COLLECTING, SENDING, CHECKING, HANDLING, HANGING };

struct sending {
	enum stage stage;
	const struct leaf *leaf;
	struct exchange *x;
	struct attempt *attempt; /* NULL: none under way */
	struct timer timer;      /* the deadline */
	health_moment begun;
	bool probing; /* half open: we hold the door */
	bool expired, has_reply, has_failure;
	struct reply reply;
	struct failure failure;
	struct request request;
	struct headers headers; /* if not the message's own */
	struct message *copy;   /* what is sent instead of the message (format) */
	uint64_t duration;      /* ms */
	bool is_global;         /* the duration is the global one */
};

/* Method, URL, headers and body from leaf and message. False: *why. */
bool request_make(struct sending *s, struct fault *why);
/* Must the body be whole before that? */
bool request_needs_whole(struct exchange *x);
/* When it expires: own duration, the global one, and the groups' bound. */
uint64_t deadline_of(struct sending *s);

/* The message is the reply's now (mediation.md §3.5). */
void reply_take(struct sending *s);

/* Is an endpoint of that state told, is it logged: L1 to L8. */
void log_health(const struct leaf *leaf, struct exchange *x,
		const struct health_event *event);
const char *java_date(const struct exchange *x, int64_t at);
const char *endpoint_class(const struct endpoint *e);
void log_expiry(const struct sending *s); /* L10 */

#endif
