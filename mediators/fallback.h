/* A fallback: its options, and the record it keeps while it runs. */
#ifndef MEDIATORS_FALLBACK_H
#define MEDIATORS_FALLBACK_H

#include "action.h"
#include "callable.h"
#include "base/record.h"
#include "endpoint/probe.h"

struct fallback_option {
	struct node node; /* runs the option once: maps, calls, maps */
	unsigned type;    /* of fallback_option_types */
	struct str provider, app, event, healthcheck;
	struct str part;                                /* its name in the record */
	uint64_t retries, retry_delay, timeout, weight; /* ms; 0: none */
	uint64_t check_interval;                        /* ms; 0: the check's own */
	struct codes no_retry, abort_on;
	const struct expr *input, *output;
	struct ref *target; /* the action or feature */
	struct ref *check;  /* the health check; NULL: none */
};

enum pick { FALLBACK_ORDERED, FALLBACK_WEIGHTED };

struct fallback {
	struct node node;
	struct str name, product, tag;
	unsigned pick; /* enum pick */
	struct str schema_text;
	const struct json *schema, *defaults; /* defaults: of the schema's fields */
	struct items options;                 /* of struct fallback_option */
	struct record *record;                /* NULL: nothing is remembered */
};

extern const struct node_type fallback_option_type;
extern const char *const fallback_option_types[]; /* "action" …; NULL at the end */

/* The action it runs; NULL: it is something else. */
const struct action *fallback_option_action(const struct fallback_option *o);
bool fallback_option_has_address(const struct fallback_option *o, struct exchange *x);
/* Has it an address in the run's env, and does its check not say no? */
bool fallback_option_may_be_tried(const struct fallback_option *o, struct exchange *x);

/* Numbers of the options, the first to be tried first. The exchange's. */
unsigned *fallback_order(const struct fallback *f, struct exchange *x);

/* What a feature expects of its input; NULL: nothing. */
const struct json *feature_schema(const struct node *feature);

/* Of its health check in this env; NULL: there is none. */
struct probe *fallback_option_probe(const struct fallback_option *o, struct str env);
/* What health checks say of an option in the run's env; true if there is none. */
bool fallback_option_is_healthy(const struct fallback_option *o, struct exchange *x);

#endif
