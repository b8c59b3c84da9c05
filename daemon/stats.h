/*
 * What a worker counts: requests, failures and how long they took, for each service
 * (an API, a proxy …). One writer, its worker; the probe port reads from another
 * thread.
 */
#ifndef DAEMON_STATS_H
#define DAEMON_STATS_H

#include <stdatomic.h>

#include "base/map.h"

enum { LATENCY_BUCKETS = 14 };

/* Upper ends of the buckets, in milliseconds; the last holds the rest. */
extern const unsigned latency_ends[LATENCY_BUCKETS - 1];

struct service_stats {
	struct str name;
	const char *type; /* "api", "proxy" … */
	bool warned;      /* of its missing answer, as far as this worker knows */
	atomic_ullong requests, errors, milliseconds;
	atomic_ullong buckets[LATENCY_BUCKETS]; /* not cumulative */
	struct service_stats *next;
};

struct stats {
	struct arena arena;
	struct map by_name;                  /* the worker's alone */
	_Atomic(struct service_stats *) all; /* for readers; only grows */
	atomic_uint under_way;               /* exchanges with a client */
	atomic_ullong refused;               /* 503 for want of room */
};

void stats_init(struct stats *s);
void stats_release(struct stats *s);

/* The numbers of a service; made when it is first asked for. The type is static. */
struct service_stats *stats_service(struct stats *s, struct str name, const char *type);
/* True once for a service in this process: to warn of what need not be said again. */
bool stats_warns(struct service_stats *s);
void stats_count(struct service_stats *s, bool failed, uint64_t milliseconds);

#endif
