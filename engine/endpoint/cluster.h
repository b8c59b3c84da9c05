/*
 * <m:cluster>: addresses of one service, the first that is up or each in turn, with
 * probes that find out who is (probe.h), retries on statuses, and limits
 * (frontends.md §3.6). Other than in <failover>, no child is ever suspended: its probe
 * alone says whether it is up, and when none is, all are tried (panic).
 */
#ifndef ENDPOINT_CLUSTER_H
#define ENDPOINT_CLUSTER_H

#include <stdatomic.h>

#include "endpoint/endpoint_priv.h"
#include "endpoint/probe.h"

enum { PICK_PRIORITY, PICK_TURNS };
enum { ADVANCE_UNSENT, ADVANCE_NEVER };

/* <m:probe interval="10000" timeout="1000" rise="2" fall="2"/> */
struct probe_rule {
	uint64_t interval, timeout, rise, fall;
};

/* <m:retry most="3" statuses="502, 504"/> */
struct again_rule {
	uint64_t most;
	struct codes statuses;
};

/* <m:limits requests="75" pending="35" connections="1024"/> */
struct limits_rule {
	uint64_t requests, pending, connections;
};

/* Asks one address whether it takes connections. */
struct contact {
	struct node node;
	struct str url;
	uint64_t timeout;
	struct probe *probe; /* NULL: nobody asks, it counts as up */
};

struct cluster {
	struct group group; /* first: it is one */
	unsigned pick, advance;
	uint64_t timeout; /* ms, of all attempts together; 0: none */
	struct probe_rule *probing;
	struct again_rule *again;
	struct limits_rule *limits;
	struct contact *contacts;    /* of the children */
	_Atomic uint64_t *under_way; /* requests; of all workers */
};

extern const struct schema cluster_schema;
extern const struct node_type cluster_endpoint_type, contact_type;

bool cluster_check(struct cluster *c, const struct element *e, struct binder *b);

/* Asked by a leaf: does the cluster below it want to try again, after this status? */
bool cluster_wants_again(const struct exchange *x, unsigned status);

#endif
