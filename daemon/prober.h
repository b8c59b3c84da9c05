/*
 * Asks what a deployment wants asked (deployment_probes()), at its intervals: each
 * probe is an exchange of the first worker, which ends well, or in a fault, or late.
 */
#ifndef DAEMON_PROBER_H
#define DAEMON_PROBER_H

#include <stdatomic.h>

#include "deploy/deployment.h"

struct worker;
struct served;
struct asking;
struct loop;

struct prober {
	struct worker *worker; /* borrowed */
	struct link askings;   /* one for each probe of what serves */
	struct link alarms;    /* exchanges of on_down steps under way */
	atomic_uint unknown;   /* probes without a first result; read by any thread */
};

void prober_init(struct prober *p, struct worker *w);
/* What serves now. Probes that have a result already go on in their rhythm. */
void prober_serve(struct prober *p, struct served *served);
/* Nothing is asked any more; what is under way is cancelled. */
void prober_stop(struct prober *p);

/* Asked now, out of turn; the result counts like any other. */
struct question {
	struct link link;
	const struct probe *probe;
	struct loop *home; /* where done is called */
	void (*done)(void *question);
	bool answered; /* false: it is not asked any more */
	void *ctx;
};
/* On the prober's thread. */
void prober_ask(struct prober *p, struct question *q);

/* Has every probe its first result? From any thread. */
bool prober_is_through(const struct prober *p);

#endif
