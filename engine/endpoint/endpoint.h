/*
 * Endpoints: ways out, and how they fare (endpoints.md; decisions.md §2).
 *
 * Every kind is a node: a leaf (address, http, default) sends and waits, a group
 * (failover, loadbalance, recipientlist) pushes a child, an indirect one pushes
 * whom its key names. `call` and `send` push one and know nothing more.
 */
#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include "base/map.h"
#include "flow/exchange.h"
#include "schema/schema.h"

struct health;
struct probe;
struct probe_policy;

enum compat { COMPAT_DOCUMENTED, COMPAT_ORIGINAL };

/* The global settings of endpoints.md §3 and decisions.md §2; one a process. */
struct endpoint_settings {
	enum compat compat;
	uint64_t global_timeout; /* ms: synapse.global_timeout_interval, 120000 */
	uint64_t timeout_handler_interval; /* ms; 0: exact */
	int64_t suspend_duration;          /* -1: unset */
	float suspend_factor;              /* 1 */
	bool override_suspend;             /* the two above win over the endpoint's own */
	int max_failover_retries;          /* -1: off */
	int max_failover_recursive_retries;
	int64_t suspend_on_max_failover; /* ms */
	int64_t suspend_on_max_recursive_failover;
	bool build_message_on_failover;
	bool preserve_payload_on_timeout;
	uint64_t connect_timeout; /* ms: http.connection.timeout */
	uint64_t socket_timeout;  /* ms: http.socket.timeout */
	uint64_t failover_total;  /* ms: failover.total_ms; 0: none */
	bool half_open;
	struct body_limits replay; /* what is kept to be sent again */
};

extern const struct endpoint_settings endpoint_defaults;

/*
 * The healths of the process, by what they belong to. Deployments hold references:
 * an endpoint whose definition is unchanged finds its old health again. Thread-safe.
 */
struct healths;
struct healths *healths_new(void);
void healths_free(struct healths *h);

struct tls_files; /* net/tls.h */
struct tls_trust;
/*
 * Who makes the trust that <m:tls> asks for, once for the process. Without it, as in
 * check and simulate, nobody connects and the default one does.
 */
void endpoint_trust_by(const struct tls_trust *(*find)(const struct tls_files *files,
						       struct fault *why));

/* What compiling endpoints needs beside the binder; the binder's `endpoints`. */
struct endpoint_house {
	const struct endpoint_settings *settings; /* borrowed */
	struct healths *healths;                  /* borrowed */
	struct str unit;      /* of what is compiled: part of a health's identity */
	unsigned anonymous;   /* counts those without a name */
	struct map templates; /* of endpoints: <template> elements, borrowed */
	unsigned within;      /* so many templates: one may use another */
	/* Asks again and again by running node; NULL: nobody asks. */
	struct probe *(*add_probe)(struct binder *b, struct str identity,
				   const struct probe_policy *policy,
				   const struct node *node);
};

/*
 * Compiles an <endpoint> element, inline or an artifact of its own, by the rules of
 * §2.1. NULL if it complained.
 */
const struct node *endpoint_compile(struct binder *b, const struct element *e);

/* Is there an endpoint at or below this node that may be tried now? Changes nothing. */
bool endpoint_is_ready(const struct node *endpoint, struct exchange *x);

/* Of <endpoint>, for the manual and the XSD; its groups hold more of them. */
extern const struct schema endpoint_schema;

/* The <endpoint> it was compiled from; NULL: it is no endpoint. */
const struct element *endpoint_element(const struct node *endpoint);

/* For the management API, `status` and tests. name "" is anonymous. */
struct endpoint_view {
	struct str name, kind, address;
	struct where where;
	const struct health *health; /* leaf and group; NULL for references */
	const struct probe *probe;   /* of <m:cluster>'s; NULL: nobody asks */
	const struct node *node;
};
/* Calls fn for the endpoint and all that are inline below it. */
void endpoint_each(const struct node *endpoint,
		   void (*fn)(void *ctx, const struct endpoint_view *v), void *ctx);
/* An operator switches it off (OFF), or on again. False: a reference has no health. */
bool endpoint_switch(const struct node *endpoint, bool on, uint64_t now);

#endif
