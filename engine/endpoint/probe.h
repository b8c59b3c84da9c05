/*
 * Health by asking: what is known of a target from probes sent to it, whether or
 * not traffic goes there. (What endpoints learn from traffic itself is health.h.)
 *
 *	            good                    bad, `fall` times
 *	 UNKNOWN ----------> UP  <------------------------------> DOWN
 *	    `------------------- bad ---------------------------->  good, `rise` times
 *
 * The first result counts at once. UNKNOWN is usable. No clock, no timers, no
 * sockets: daemon/ runs the probes and says how they went (frontends.md §3.6, §4.2).
 */
#ifndef ENDPOINT_PROBE_H
#define ENDPOINT_PROBE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum probe_state { PROBE_UNKNOWN, PROBE_UP, PROBE_DOWN };

struct probe_policy {
	uint64_t interval;       /* ms from one probe's beginning to the next */
	uint64_t doubt_interval; /* ms while a change is in the air; 0: interval */
	uint64_t timeout;        /* ms */
	unsigned rise, fall;     /* results in a row until it is UP, or DOWN; 0 is 1 */
	bool first_is_patient;   /* the first bad result needs `fall` of them as well */
	unsigned jitter_percent; /* of the interval, added at random from the second on */
};

enum { PROBE_LATENCIES = 20 };

/*
 * Shared by all threads: the state is one atomic load; the rest belongs to the
 * thread that runs the probes, and is read by others only through probe_look().
 */
struct probe {
	_Atomic int state;
	_Atomic uint64_t checked_at; /* wall clock, ms since 1970; 0: never */
	_Atomic uint64_t latency;    /* ms, of the last one that was answered */
	_Atomic uint64_t average;    /* ms, of the last PROBE_LATENCIES */
	unsigned row;                /* results in a row that speak against the state */
	uint64_t latencies[PROBE_LATENCIES];
	unsigned samples;
};

struct probe_look {
	enum probe_state state;
	uint64_t checked_at, latency, average;
};

bool probe_is_usable(const struct probe *p); /* UP or UNKNOWN */

/* One result. True if the state changed. */
bool probe_result(struct probe *p, const struct probe_policy *policy, bool good,
		  uint64_t wall_ms, uint64_t latency_ms);
/* Traffic found it dead: DOWN at once; probes bring it back. */
void probe_mark_down(struct probe *p);

/* How long to wait after a probe before the next; random: any number. */
uint64_t probe_pause(const struct probe *p, const struct probe_policy *policy,
		     uint64_t random);

struct probe_look probe_look(const struct probe *p);

/*
 * The probes of the process, counted, by what they ask: who names the same target
 * in the same way shares a probe, and a redeployment finds it again. Thread-safe.
 */
struct probes;
struct probes *probes_new(void);
void probes_free(struct probes *ps);
struct probe *probe_ref(struct probes *ps, struct str identity);
void probe_unref(struct probes *ps, struct probe *p);

#endif
