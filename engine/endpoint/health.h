/*
 * The health of an endpoint, as a state machine without a clock (endpoints.md §4).
 *
 *	            timeout code             retries used up
 *	  ACTIVE ---------------> TIMEOUT ------------------> SUSPENDED
 *	    ^  \                  |  ^  (retries left) `---------.|   ^
 *	    |   `--- any other code, suspends at once -----------'|---'  each longer
 *	    |                     |                               |      than the last
 *	    `------- success -----+-------------------------------'
 *
 * OFF is set and cleared by an operator. Time is always an argument, in
 * milliseconds; nothing here reads a clock or arms a timer. An endpoint whose time
 * has come is merely ready; it becomes active by answering. The arithmetic is
 * binary32, and every oddity of the original's is kept, because artifacts show it.
 */
#ifndef ENDPOINT_HEALTH_H
#define ENDPOINT_HEALTH_H

#include <stdatomic.h>

#include "base/fault.h"
#include "schema/schema.h" /* struct codes */

enum health_state { HEALTH_ACTIVE = 1, HEALTH_TIMEOUT, HEALTH_SUSPENDED, HEALTH_OFF };

enum { HEALTH_UNSET = -1 };

/* What the definition says; a leaf's, never changed. */
struct health_policy {
	struct codes mark;    /* markForSuspension; empty: 101504, 101505 */
	struct codes suspend; /* suspendOnFailure; empty: every code */
	int retries;          /* before suspension */
	int64_t retry_delay;  /* ms */
	int64_t initial;      /* ms; HEALTH_UNSET: 30 s, once */
	float factor;
	int64_t maximum; /* ms */
	bool in_group;   /* inline in a failover or loadbalance: the recursive limit */
	int limit, recursive_limit; /* errors; HEALTH_UNSET: off */
	int64_t limit_duration, recursive_limit_duration;
	struct where mark_rule, suspend_rule; /* line 0: the defaults */
};

/* The variables of §4.1. */
struct vitals {
	enum health_state state;
	int64_t next, last; /* HEALTH_UNSET: none */
	int remaining, limit_left, recursive_left;
};

/* What happened, for who writes the log lines (§13). */
enum health_note {
	NOTE_NOTHING,
	NOTE_SUSPENDED,  /* L1, then L2 or L3 */
	NOTE_RETRIES,    /* L4 */
	NOTE_NO_RETRIES, /* L5, then L2 or L3 */
	NOTE_LIMIT,      /* L7 */
	NOTE_RECOVERED,  /* L6 */
	NOTE_OFF,        /* L8 */
	NOTE_ON,
	NOTE_STALE, /* F10, F11: the result of an attempt begun too long ago */
};

struct health_event {
	enum health_note note;
	enum health_state before;
	int64_t last;     /* the suspension before this one; not positive: the first */
	int64_t duration; /* of this one */
	int64_t next;
	int remaining;
	struct where rule; /* the line that made it so; line 0: the default */
};

void vitals_init(struct vitals *v, const struct health_policy *p);
bool vitals_are_ready(const struct vitals *v, int64_t now);
/* code NULL: an error without a code, or with one that is no number. */
struct health_event vitals_failed(struct vitals *v, const struct health_policy *p,
				  const int *code, int64_t now);
struct health_event vitals_succeeded(struct vitals *v, const struct health_policy *p);
struct health_event vitals_switched(struct vitals *v, const struct health_policy *p,
				    bool on);

const char *health_state_name(enum health_state s); /* OFF is "MAINTNENCE", sic */

/*
 * One a process and endpoint, shared by all workers and by all deployments in which
 * the endpoint's definition is the same. Whether it is ready is one atomic load;
 * transitions take a small lock.
 */
struct health;

/* What is known, in one moment. */
struct health_report {
	struct vitals vitals;
	int code;      /* of the last failure; 0: none */
	char text[96]; /* of it */
	struct where rule;
	char rule_file[128]; /* rule.file points here: it outlives the deployment */
	int64_t since;       /* when it came into its state */
	int64_t failed_at;   /* HEALTH_UNSET: never */
	uint64_t successes, failures, suspensions;
};

/* When an attempt began: results of older attempts than the state are stale (F10). */
typedef uint64_t health_moment;

bool health_is_ready(const struct health *h, int64_t now);
enum health_state health_state(const struct health *h);
/* Time until ready, from TIMEOUT only; -1: not in TIMEOUT (decisions.md F1). */
int64_t health_wait(const struct health *h, int64_t now);
void health_read(const struct health *h, struct health_report *r);

/*
 * An attempt begins. half_open: while it probes an endpoint whose time has come,
 * nobody else finds it ready; health_end() must follow then, whatever happens.
 */
health_moment health_begin(struct health *h, bool half_open);
void health_end(struct health *h);

/* stale_count: results of old attempts count as well, as in the original. */
struct health_event health_failed(struct health *h, const struct health_policy *p,
				  const struct fault *f, health_moment begun,
				  bool stale_count, int64_t now);
struct health_event health_succeeded(struct health *h, const struct health_policy *p,
				     health_moment begun, bool stale_count, int64_t now);
struct health_event health_switch(struct health *h, const struct health_policy *p,
				  bool on, int64_t now);

/* The registry's: found by identity and definition, or made; counted. */
struct healths;
struct health *health_ref(struct healths *hs, struct str identity, uint64_t definition,
			  const struct health_policy *p);
void health_unref(struct health *h);

#endif
