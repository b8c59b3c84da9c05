/*
 * An exchange: one message on its way through the configuration.
 *
 * It is a small machine with a stack of frames, one for each node being run.
 * Nodes never call each other. They push a child and return, or go to sleep
 * and return; the loop in exchange.c does the rest. So a thousand exchanges can
 * wait for slow backends on one thread, and a fault finds its handler by walking
 * down the same stack.
 */
#ifndef FLOW_EXCHANGE_H
#define FLOW_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/log.h"
#include "base/timer.h"
#include "flow/node.h"
#include "schema/schema.h" /* struct ref */

enum {
	EXCHANGE_MAX_DEPTH = 200,
	EXCHANGE_MAX_STEPS = 1000,
	EXCHANGE_MAX_CHILDREN = 20000, /* of an engine, at a time */
	EXCHANGE_MAX_GENERATIONS = 10, /* children of children */
};

struct frame {
	struct frame *below;
	const struct node *node;
	void *state;            /* right behind the frame; NULL: the node has none */
	struct arena_mark mark; /* where the stack was before this frame */
	bool entered;           /* run() was called */
};

/* What is to become of the client's request when the last frame is gone. */
enum answer {
	ANSWER_NONE,    /* nobody said: 202 without a body, and one WARN an API */
	ANSWER_MESSAGE, /* the message is the answer (respond) */
	ANSWER_DROP,    /* 202 without a body (drop) */
	ANSWER_STATUS,  /* answer_status without a body (404, 405, F6's 500) */
};

/* Names for logs: whose artifact this exchange runs. Static or the deployment's. */
struct origin {
	const char *prefix;   /* "{api:TestAPI} "; "" outside of artifacts */
	const char *logger;   /* "API_LOGGER.TestAPI"; NULL: none */
	const char *received; /* "Received through API : TestAPI" (log line L10) */
	const char *trigger;  /* "api", "proxy" … (L23) */
	const char *name;     /* "TestAPI" */
};

/* What an exchange can find by name; a deployment. */
struct names {
	const void *(*find)(const struct names *n, enum ref_kind kind, struct str key);
	/* For exchanges that may outlive the one they came from; NULL: not counted. */
	void (*hold)(const struct names *n);
	void (*let_go)(const struct names *n);
};

struct exchange {
	struct arena arena; /* lives as long as the exchange */
	struct arena stack; /* frames and their state, last in first out */
	struct frame *top;
	unsigned depth;
	enum flow flow; /* what the top frame said last */
	struct fault fault;
	struct link queued;       /* in the run queue, when it has something to do */
	bool collecting;          /* asleep until the body is whole, then run() */
	struct read_off *reading; /* flow/read_off.h; NULL: nothing is read elsewhere */
	bool interrupted;         /* exchange_interrupt() was called; rescue() is next */

	struct engine *engine;       /* borrowed */
	const struct names *names;   /* borrowed */
	const struct origin *origin; /* never NULL */

	struct message message;
	const struct node *handler; /* the error sequence that runs, or ran last */
	/* onError of the endpoint that failed last, until its group gives up (F8). */
	const struct ref *endpoint_handler;
	bool is_child;            /* nobody's request: it has no client to answer */
	unsigned char generation; /* of a child: 1, of its children 2 … */
	enum answer answer;
	unsigned answer_status;
	bool answered;   /* the client has its answer already (FORCE_SC_ACCEPTED) */
	void *group;     /* of branches (mediators/branches.h); children inherit it */
	uint64_t number; /* of this process; for traces */

	/*
	 * Called once, when the last frame is gone. x->flow says how it ended:
	 * FLOW_DONE fell off the end, FLOW_STOP responded or dropped, FLOW_FAULT
	 * found nobody to rescue it. May release x.
	 */
	void (*done)(struct exchange *x, void *ctx);
	void *ctx; /* borrowed */
};

/* What all exchanges of one thread share. */
struct engine {
	struct link ready;    /* exchanges that have something to do */
	struct link later;    /* those that had their share of this round */
	struct link detached; /* exchange_detach() */
	struct timers timers;
	struct timer again; /* due at once while somebody waits for the next round */
	struct transport *transport; /* borrowed: the way out */
	uint64_t started;            /* exchanges so far */
	unsigned children;           /* there now; at most EXCHANGE_MAX_CHILDREN run */
	/* Does work elsewhere and then calls done here; NULL: there is no elsewhere. */
	void (*elsewhere)(void *elsewhere_ctx, void (*work)(void *ctx),
			  void (*done)(void *ctx), void *ctx);
	void *elsewhere_ctx;
	/* Each step before it is run, for simulate --trace; NULL: nobody looks. */
	void (*trace)(const struct exchange *x, const struct node *n, void *ctx);
	void *trace_ctx;
};

void engine_init(struct engine *e);
void engine_release(struct engine *e); /* cancels who is detached */

/*
 * Lets it become now: fires what is due and runs who is ready. Whoever makes more than
 * EXCHANGE_MAX_STEPS steps goes on in the next round: a timer that is due at once then
 * says so, and the loop, which looks for events in between, calls again.
 */
void engine_advance(struct engine *e, uint64_t now);
void engine_run(struct engine *e); /* one round; time does not move */

/* The message is empty; incoming and around are borrowed. */
void exchange_init(struct exchange *x, struct engine *e, const struct incoming *in,
		   const struct surroundings *around);
void exchange_release(struct exchange *x);

/* Starts at node. Nothing runs until the queue is drained. */
void exchange_start(struct exchange *x, const struct node *node);

/*
 * For nodes. push() is to be followed by "return FLOW_CHILD", fault() returns
 * FLOW_FAULT itself. wake() may be called from anywhere on the loop's thread,
 * even before the node has returned FLOW_WAIT: it only queues.
 */
void exchange_push(struct exchange *x, const struct node *child);
enum flow exchange_fault(struct exchange *x, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* As why says; its texts are copied, its place is the top frame's if it has none. */
enum flow exchange_fault_with(struct exchange *x, const struct fault *why);
void exchange_wake(struct exchange *x);

/*
 * Time is up for a frame, whatever runs above it (`state` says which frame): those
 * above leave, and its rescue() is called with this fault, from the run queue. For
 * timers only; not from within a node's function.
 */
void exchange_interrupt(struct exchange *x, const void *state, const struct fault *why);

/* Ends it early: every frame leaves, done() is not called. */
void exchange_cancel(struct exchange *x);

/*
 * A child exchange (clone, iterate, scatter-gather, recipient list): the same
 * engine, names and origin, its own stack and a copy of the message. It has no
 * client. done() is called from the run queue; the one who started it releases it
 * with exchange_free(), or cancels and frees it in its leave(). One too many, as when
 * branches have branches without end, faults at once.
 */
struct exchange *exchange_child(struct exchange *parent, const struct node *node,
				void (*done)(struct exchange *x, void *ctx), void *ctx);
void exchange_free(struct exchange *child);

/*
 * As a child, but it may outlive its parent (OUT_ONLY, async, clone): it holds on to
 * the names, has its own copy of what is incoming, and frees itself after done(). done
 * NULL: nobody waits, a fault is only logged. The body must be WHOLE. Returns ctx_size
 * zeroed bytes that live as long as it does: the ctx of done().
 */
void *exchange_detach(struct exchange *parent, const struct node *node,
		      void (*done)(struct exchange *x, void *ctx), size_t ctx_size);

/*
 * ERROR_CODE, ERROR_MESSAGE, ERROR_DETAIL, ERROR_EXCEPTION, ERROR_KIND and
 * ERROR_ENDPOINT as default properties; for whoever runs a handler. An error without
 * a code of its own does not replace one that stands there (mediation.md §3.4).
 */
void exchange_show_fault(struct exchange *x);
void exchange_hide_fault(struct exchange *x); /* removes them */

/*
 * An error sequence runs: shows the fault, says so in the service log (L17) and pushes
 * it. When it ended, or was stopped, exchange_handled() is what its owner returns:
 * FLOW_STOP, and 500 for a client that got no answer (decisions.md F6).
 */
enum flow exchange_handle(struct exchange *x, const struct node *sequence,
			  struct str name);
enum flow exchange_handled(struct exchange *x);

/* What a key means: linked, or looked up now. NULL: nothing has this name, and *key says
 * it. */
const void *exchange_find(struct exchange *x, const struct ref *ref, struct str *key);

/* A line with the origin's prefix. The same without prefix to its service logger. */
void exchange_log(struct exchange *x, enum log_level level, const char *logger,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void exchange_log_service(struct exchange *x, enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
