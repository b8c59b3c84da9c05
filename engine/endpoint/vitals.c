#include "endpoint/health.h"

#include <math.h>

enum { SUSPENSION_IF_UNSET = 30000 };

const char *health_state_name(enum health_state s)
{
	switch (s) {
	case HEALTH_ACTIVE:
		return "ACTIVE";
	case HEALTH_TIMEOUT:
		return "TIMEOUT";
	case HEALTH_SUSPENDED:
		return "SUSPENDED";
	case HEALTH_OFF:
		return "MAINTNENCE";
	}
	return "";
}

void vitals_init(struct vitals *v, const struct health_policy *p)
{
	*v = (struct vitals){
		.state = HEALTH_ACTIVE,
		.next = HEALTH_UNSET,
		.last = HEALTH_UNSET,
		.remaining = HEALTH_UNSET,
		.limit_left = p->limit,
		.recursive_left = p->recursive_limit,
	};
}

bool vitals_are_ready(const struct vitals *v, int64_t now)
{
	if (v->state == HEALTH_ACTIVE || v->state == HEALTH_OFF)
		return v->state == HEALTH_ACTIVE;
	return now >= v->next;
}

static int64_t add_saturated(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b > 0 ? INT64_MAX : INT64_MIN;
}

/* As Java casts: toward zero, saturated, NaN is 0. */
static int64_t truncate_float(float f)
{
	if (isnan(f))
		return 0;
	if (f >= 9223372036854775808.0f)
		return INT64_MAX;
	if (f < -9223372036854775808.0f)
		return INT64_MIN;
	return (int64_t)f;
}

/* The formula of §4.4. What is unset becomes 30 s and is not held to the maximum. */
static int64_t next_duration(const struct vitals *v, const struct health_policy *p)
{
	const volatile float product = (float)v->last * p->factor;
	const int64_t d = v->last > 0 ? truncate_float(product) : p->initial;

	if (d > p->maximum)
		return p->maximum;
	return d < 0 ? SUSPENSION_IF_UNSET : d;
}

static void suspend(struct vitals *v, int64_t duration, int64_t now,
		    struct health_event *event)
{
	event->last = v->last;
	event->duration = duration;
	v->state = HEALTH_SUSPENDED;
	v->last = duration;
	v->next = add_saturated(now, duration);
}

static void time_out(struct vitals *v, const struct health_policy *p, int64_t now,
		     struct health_event *event)
{
	const int left = v->remaining == HEALTH_UNSET ? p->retries : v->remaining;

	v->state = HEALTH_TIMEOUT;
	if (left <= 0) {
		event->note = NOTE_NO_RETRIES;
		suspend(v, next_duration(v, p), now, event);
		return;
	}
	event->note = NOTE_RETRIES;
	v->remaining = left - 1;
	v->next = add_saturated(now, p->retry_delay);
}

/* The error budget of §4.2 A. True: it is used up, and the endpoint suspended. */
static bool is_over_limit(struct vitals *v, const struct health_policy *p, int64_t now,
			  struct health_event *event)
{
	int *left = p->in_group ? &v->recursive_left : &v->limit_left;

	if (*left == HEALTH_UNSET)
		return false;
	if (*left > 0) {
		--*left;
		return false;
	}
	if (p->in_group)
		v->recursive_left = p->recursive_limit;
	event->note = NOTE_LIMIT;
	suspend(v, p->in_group ? p->recursive_limit_duration : p->limit_duration, now,
		event);
	return true;
}

static bool is_timeout(const struct health_policy *p, int code)
{
	if (p->mark.count)
		return codes_have(&p->mark, code);
	return code == FAULT_CONNECTION_TIMEOUT || code == FAULT_CONNECTION_CLOSED;
}

struct health_event vitals_failed(struct vitals *v, const struct health_policy *p,
				  const int *code, int64_t now)
{
	struct health_event event = { .before = v->state };

	if (is_over_limit(v, p, now, &event)) {
		/* neither factor nor maximum applied */
	} else if (is_timeout(p, code ? *code : 0)) {
		event.rule = p->mark_rule;
		time_out(v, p, now, &event);
	} else if (code && (!p->suspend.count || codes_have(&p->suspend, *code))) {
		event.note = NOTE_SUSPENDED;
		event.rule = p->suspend_rule;
		suspend(v, next_duration(v, p), now, &event);
	}
	event.next = v->next;
	event.remaining = v->remaining;
	return event;
}

/* The recursive limit fills the other counter: a slip of the original's that shows. */
static void reset(struct vitals *v, const struct health_policy *p, enum health_state to)
{
	v->state = to;
	v->remaining = p->retries;
	v->last = HEALTH_UNSET;
	v->limit_left = p->recursive_limit != HEALTH_UNSET ? p->recursive_limit
							   : p->limit;
}

struct health_event vitals_succeeded(struct vitals *v, const struct health_policy *p)
{
	struct health_event event = { .before = v->state };

	if (v->state == HEALTH_TIMEOUT || v->state == HEALTH_SUSPENDED) {
		reset(v, p, HEALTH_ACTIVE);
		event.note = NOTE_RECOVERED;
	}
	return event;
}

struct health_event vitals_switched(struct vitals *v, const struct health_policy *p,
				    bool on)
{
	const struct health_event event = { .note = on ? NOTE_ON : NOTE_OFF,
					    .before = v->state };

	reset(v, p, on ? HEALTH_ACTIVE : HEALTH_OFF);
	return event;
}
