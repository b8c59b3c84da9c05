/*
 * What the files of this room share: the nodes as bound from <endpoint>.
 *
 * An element is bound in two steps: the outer <endpoint> (name, onError, properties)
 * and the word in it that says of which kind it is. Both end in one node.
 */
#ifndef ENDPOINT_ENDPOINT_PRIV_H
#define ENDPOINT_ENDPOINT_PRIV_H

#include <stdatomic.h>

#include "endpoint/endpoint.h"
#include "endpoint/health.h"
#include "message/content.h"

enum kind {
	KIND_ADDRESS,
	KIND_HTTP,
	KIND_DEFAULT,
	KIND_FAILOVER,
	KIND_LOADBALANCE,
	KIND_CLUSTER,
	KIND_RECIPIENTS,
	KIND_INDIRECT,
};

enum action { ACTION_NONE, ACTION_FAULT, ACTION_DISCARD };

enum format {
	FORMAT_ASIS,
	FORMAT_POX,
	FORMAT_GET,
	FORMAT_SOAP11,
	FORMAT_SOAP12,
	FORMAT_REST
};

/* <property>: set on each message that goes through. */
struct property_rule {
	struct str name, value;
	const struct expr *expression; /* NULL: value */
	unsigned scope;                /* index into the words */
};

/* What every kind has. */
struct endpoint {
	struct node node;
	enum kind kind;
	const struct element *element; /* the <endpoint>; borrowed */
	struct str name;               /* empty: anonymous */
	struct str label;     /* "Endpoint [name]", "AnonymousEndpoint", … (§2.2) */
	struct ref *on_error; /* NULL: none */
	struct items properties;
	const struct endpoint_settings *settings; /* borrowed */
	struct health *health; /* leaf, group; counted by the deployment's arena */
	struct health_policy policy;
	bool is_inline; /* written in a group: the parent of §1 */
};

struct timeout_rule {
	struct str duration, action_word;
	const struct expr *dynamic; /* {…}; NULL: fixed */
	bool given;
	int64_t fixed;
	enum action action;
};

struct mark_rule {
	struct codes codes;
	int64_t retries, delay;
	struct where where;
};

struct suspend_rule {
	struct codes codes;
	int64_t initial;
	float factor;
	int64_t maximum;
	bool has_initial, has_factor;
	struct where where;
};

struct retry_rule {
	struct codes disabled, enabled;
};

struct basic_auth {
	const struct expr *user, *password;
};

struct authentication {
	struct basic_auth *basic;
};

struct status_range {
	unsigned from, to;
};

struct tls_rule {
	bool insecure;
	struct str trust, certificate, key;
};

struct attempts_rule {
	uint64_t most;
};

/* address, http, default: sends and waits. */
struct leaf {
	struct endpoint base;
	struct str format_word, method_word, version;
	struct str uri;      /* as written */
	struct str target;   /* what it comes to: without legacy-encoding: */
	struct str encoding; /* charset of the content type; empty: as it is */
	struct timeout_rule *timeout;
	struct mark_rule *mark;
	struct suspend_rule *suspend;
	struct retry_rule *retry;
	struct authentication *authentication;
	struct attempts_rule *attempts; /* <m:attempts most="5"/> */
	struct tls_rule *tls;           /* <m:tls trust="ca.pem"/> */
	const struct tls_trust *trust;  /* what it came to; NULL: the process's */
	struct str fail_on_status;   /* <m:failOnStatus>500-599, 404</m:failOnStatus> */
	int64_t old_suspend_seconds; /* suspendDurationOnFailure; -1: not there */
	const struct element *security, *addressing;

	bool has_template, legacy;
	enum format format;
	struct str method; /* upper case; empty: that of the message */
	const struct status_range *failing;
	unsigned failing_count;
	struct str with_address; /* " with address URL", or " " (§13) */
};

/* Where a group that takes turns stands; shared by all exchanges of a deployment. */
struct turn {
	_Atomic uint64_t at;
	_Atomic unsigned current;
};

/* failover, loadbalance, recipientlist. */
struct group {
	struct endpoint base;
	struct items children; /* const struct node * */
	struct str dynamic_word, build_word, failover_word, policy_word, algorithm;

	bool is_dynamic;         /* failover: from the top each time */
	bool fails_over;         /* loadbalance */
	const unsigned *weights; /* of the children; NULL: round robin */
	unsigned weight_sum;
	struct turn *turn;
	const struct node *const *parcels; /* recipientlist: what runs for each child */
};

/* key=, key-expression=: pushes whom the key names. */
struct indirect {
	struct endpoint base;
	struct ref *key; /* of an endpoint; or of a template that is not there */
};

extern const struct node_type address_endpoint_type, http_endpoint_type,
	default_endpoint_type;
extern const struct node_type failover_endpoint_type, loadbalance_endpoint_type,
	recipients_endpoint_type, indirect_endpoint_type;

/* NULL: it is no endpoint. */
const struct endpoint *endpoint_of(const struct node *n);
bool endpoint_is_leaf(const struct endpoint *e);
bool endpoint_is_group(const struct endpoint *e);
/* Behind references; NULL: nothing there, or too many of them. */
const struct endpoint *endpoint_behind(const struct endpoint *e, struct exchange *x);

/* Name, or AnonymousEndpoint. */
struct str endpoint_name(const struct endpoint *e);
bool is_documented(const struct endpoint *e);

/* The least time until an endpoint in TIMEOUT at or below it is ready; -1: none is. */
int64_t endpoint_wait(const struct endpoint *e, struct exchange *x);
/* How often a message may select it (decisions.md F4). */
unsigned endpoint_most_attempts(const struct endpoint *e, struct exchange *x);

/* The <property>s of an endpoint, set on the message. */
enum flow endpoint_set_properties(const struct endpoint *e, struct exchange *x);

/* Is a group below the top frame, with only references between? Its state; NULL. */
struct round *group_below(const struct exchange *x);
/* When the groups around the top frame give up (failover.total_ms); 0: never. */
uint64_t group_deadline(const struct exchange *x);

/*
 * Pushes the error sequence: FLOW_CHILD, after which the exchange is to stop; or
 * FLOW_FAULT if there is none of that name.
 */
enum flow endpoint_handle(const struct endpoint *e, const struct ref *handler,
			  struct exchange *x);

/* What the message was before the first attempt, to be put back before the next. */
struct snapshot {
	struct header *headers;
	unsigned header_count;
	struct property *properties[SCOPES];
	unsigned counts[SCOPES];
	struct content content;
	struct str to;
};
void snapshot_take(struct snapshot *s, struct exchange *x);
void snapshot_restore(const struct snapshot *s, struct exchange *x);

enum round_stage { ROUND_TRYING, ROUND_WAITING, ROUND_HANDLING };

/* One message's stay in a group; the state of its frame. */
struct round {
	enum round_stage stage;
	const struct group *group;
	struct exchange *x;
	unsigned *tried; /* how often, by child */
	unsigned attempts;
	unsigned last; /* the child that was pushed */
	struct snapshot before;
	struct timer timer;
	uint64_t give_up_at; /* failover.total_ms; 0: never */
};

/* What failover and loadbalance do alike. begin: FLOW_DONE, or a fault (OFF). */
enum flow round_begin(struct round *r, const struct group *g, struct exchange *x);
bool round_may_try(const struct round *r, unsigned child);
/* Pushes the child; or faults if the message cannot be sent again. */
enum flow round_push(struct round *r, unsigned child);
/* A child failed: FLOW_DONE: try on; FLOW_FAULT, FLOW_CHILD: it is over. */
enum flow round_failed(struct round *r);
/* Nobody is ready. */
enum flow round_none_ready(struct round *r);
/* The group has failed: its error sequence, or the fault goes on down. */
enum flow round_give_up(struct round *r);
enum flow round_stopped(const struct node *n, struct exchange *x, void *state);
void round_leave(const struct node *n, struct exchange *x, void *state);

/* Makes the nodes that run for each child of a recipient list. */
void recipients_prepare(struct group *g, struct arena *a);

#endif
