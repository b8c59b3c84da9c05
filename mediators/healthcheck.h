/* A health check: what it asks in each environment, and what it knows. */
#ifndef MEDIATORS_HEALTHCHECK_H
#define MEDIATORS_HEALTHCHECK_H

#include "callable.h"
#include "endpoint/probe.h"

struct healthcheck;
struct build;

struct healthcheck_at {
	struct node node; /* one probe */
	struct str env;
	const struct expr *input; /* NULL: an empty one */
	struct probe *probe;      /* shared; the deployment's reference */
	const struct healthcheck *check;
};

struct healthcheck {
	struct node node;
	struct str name, product, tag, title;
	uint64_t interval, timeout; /* ms */
	uint64_t retries;
	struct ref *target;
	struct items at;               /* of struct healthcheck_at */
	const struct node *on_failure; /* steps to run when it goes down; NULL: none */
};

extern const struct node_type healthcheck_at_type;

/* When all is linked: has its probes run as long as the deployment is there. */
void healthcheck_deploy(struct build *build, struct healthcheck *c);
uint64_t healthcheck_timeout(const struct healthcheck *c); /* ms */

/* NULL: it does not look there. */
struct probe *healthcheck_probe(const struct healthcheck *c, struct str env);

#endif
