/*
 * A worker: one thread, one loop, its own listeners, connections and exchanges.
 *
 * What serves comes to it by mail and is swapped between two events. Each exchange
 * holds on to what it began with; the count is the worker's own, so that requests
 * share nothing. Workers are made and opened on the main thread, and belong to their
 * own from worker_start() to worker_join().
 */
#ifndef DAEMON_WORKER_H
#define DAEMON_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "daemon/prober.h"
#include "daemon/refusals.h"
#include "daemon/settings.h"
#include "daemon/stats.h"
#include "deploy/deployment.h"
#include "net/loop.h"

struct server;
struct tls_server;

enum { WORKER_LISTENERS = 32 };

/* One worker's hold on a deployment. */
struct served {
	struct deployment *deployment; /* one reference */
	struct surroundings around;
	unsigned users; /* exchanges, and the worker while it is the current one */
	struct served *next_free;
};

struct listener {
	struct http_server *server;
	char address[48];
	unsigned port;
	bool secure;
	bool own;             /* asked for by an API: comes and goes with it */
	bool wanted, leaving; /* by the present deployment; drained, soon closed */
};

struct worker {
	const struct settings *settings; /* borrowed */
	unsigned number;
	pthread_t thread;
	struct loop *loop;
	struct engine engine;
	struct http_client *client;
	struct tls_server *tls; /* borrowed; of listeners that APIs ask for */
	struct listener listeners[WORKER_LISTENERS];
	unsigned listener_count;
	struct stats stats;
	struct refusals refusals;

	struct served *served, *free; /* the current one; spare ones */
	struct arena arena;
	_Atomic(struct deployment *) mailed; /* not yet taken */

	struct prober
		prober; /* the first worker's asks; the others' have nothing to do */
	struct link inbounds; /* under way */
	struct link fresh;    /* of them, those that have not slept yet */
	unsigned under_way;
	uint64_t most; /* under way; beyond: 503 */
	bool crowded;  /* there are to be but a few */
	_Atomic(bool) crowd_mailed;
	bool draining;
	struct timer drain_end;
	/* What is not for routes, if it takes the call; NULL: all is for them. */
	bool (*divert)(struct server *s, struct worker *w, struct http_call *c);
	struct server *diverted_to;
	/* How answers go out: http_answer(), unless time and clients are played. */
	void (*answer)(struct http_call *c, const struct http_response *r,
		       void (*finished)(struct http_call *c, bool sent));
	/* Told on the worker's thread when it is through. */
	void (*ended)(void *ctx);
	void *ctx;
};

/* False: *why. The settings are borrowed. */
bool worker_init(struct worker *w, const struct settings *s, unsigned number,
		 struct tls_trust *trust, struct fault *why);
void worker_release(struct worker *w);

/* What listens on the port and stays; NULL: nothing. */
struct listener *worker_listener(struct worker *w, unsigned port);
/*
 * Opens a listener; before worker_start(). *port: the real one if 0 was asked. Nothing is
 * opened twice: what an API has opened there already is no more the API's own. *why:
 * that speaks HTTP where HTTPS is asked for, or the other way round.
 */
bool worker_listen(struct worker *w, const char *address, unsigned *port,
		   struct tls_server *tls, struct fault *why);

/* Takes over more sockets of the process before: one for each listener, while there are.
 * Before worker_start(). False: there were none. */
bool worker_listen_more(struct worker *w);

bool worker_start(struct worker *w, void (*ended)(void *ctx), void *ctx);
void worker_join(struct worker *w);

/* What serves at the start; before worker_start(). Takes its own reference. */
void worker_serve_first(struct worker *w, struct deployment *d);
/* From any thread. What serves from now on; takes its own reference. */
void worker_serve(struct worker *w, struct deployment *d);
/* From any thread. Ends when what is under way is done, or after drain_ms. */
void worker_drain(struct worker *w);

/* From any thread. While memory is short, new messages are taken but a few at a time. */
void worker_crowd(struct worker *w, bool crowded);

/* For exchanges. */
struct served *served_hold(struct worker *w);
void served_let_go(struct worker *w, struct served *s);

#endif
