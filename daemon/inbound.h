/*
 * From a request to an exchange, and from the exchange's end to an answer.
 *
 *	http_call --routes_find()--> resource --exchange--> done --http_answer()--> gone
 *
 * An inbound lies in the call's arena and lives as long as the call. It is on its
 * worker's list until then. Nothing hangs: whatever way an exchange ends, its client
 * gets one answer (mediation.md §3.6, decisions.md F5, F6).
 */
#ifndef DAEMON_INBOUND_H
#define DAEMON_INBOUND_H

#include "daemon/worker.h"
#include "net/http_server.h"

struct inbound {
	struct exchange x;
	struct incoming incoming;
	struct worker *worker; /* borrowed */
	struct served *served;
	struct http_call *call;      /* borrowed; NULL: answered before its time */
	struct arena *arena;         /* the call's, or `kept` */
	struct arena kept;           /* the call's once that is gone */
	struct service_stats *stats; /* NULL: nothing was found for it */
	struct resource stray;       /* of a sequence that is no resource's */
	struct where where;          /* of what runs, for complaints */
	struct str accept, content_type, soap_action, activity, correlation, trace;
	struct str origin;       /* at NULL: none */
	struct str allow_origin; /* who may read the answer; at NULL: not to be said */
	struct http_response response;
	struct headers headers; /* of answers that are not the message */
	struct body body;
	uint64_t began;
	struct timer patience; /* until a client that is not answered is let go */
	struct link link, fresh;
	bool started;
};

/* An http_handler; ctx is the worker. */
void inbound_take(void *ctx, struct http_call *c);
/* After each event: who asked for an answer before its time (FORCE_SC_ACCEPTED). */
void inbound_after_event(struct worker *w);

/* "true", or true. */
bool property_is_true(struct value v);

/* answer.c: what the ended exchange says. */
void inbound_answer(struct inbound *in);
/* Without a body; allow may be empty. */
void inbound_answer_status(struct inbound *in, unsigned status, struct str allow);
/* fault_answer.c: the built-in answer to a fault nobody handled (F5). */
void inbound_answer_fault(struct inbound *in);
void inbound_hang_up(struct inbound *in);
/* The response is filled in: it goes. */
void inbound_send(struct inbound *in);

#endif
