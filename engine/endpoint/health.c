/*
 * The healths of the process: vitals behind a lock, and the one number that is read
 * without it. They outlive deployments, so they are counted and come from malloc.
 */
#include "endpoint/health.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "endpoint/endpoint.h"

struct health {
	_Atomic int64_t ready_at; /* INT64_MIN: active; INT64_MAX: off */
	_Atomic uint64_t moment;  /* counts: became SUSPENDED, ACTIVE or OFF */
	_Atomic bool probing;     /* half open: somebody is at the door */
	pthread_mutex_t lock;     /* of the report */
	struct health_report report;
	/* Written by all workers at each success: away from what they read. */
	char apart[64];
	_Atomic uint64_t successes;
	char apart_too[64];

	struct healths *house; /* borrowed; what follows is under its lock */
	struct health *next;
	unsigned references;
	uint64_t definition;
	struct str identity; /* behind this struct */
};

struct healths {
	pthread_mutex_t lock;
	struct health *first;
};

struct healths *healths_new(void)
{
	struct healths *hs = memory_new(sizeof(*hs));

	pthread_mutex_init(&hs->lock, NULL);
	return hs;
}

static void free_health(struct health *h)
{
	pthread_mutex_destroy(&h->lock);
	free(h);
}

void healths_free(struct healths *hs)
{
	for (struct health *h = hs->first, *next; h; h = next) {
		next = h->next;
		free_health(h);
	}
	pthread_mutex_destroy(&hs->lock);
	free(hs);
}

/* What is asked without the lock; to be called with it, after every change. */
static void publish(struct health *h)
{
	const struct vitals *v = &h->report.vitals;
	const int64_t at = v->state == HEALTH_ACTIVE ? INT64_MIN
			   : v->state == HEALTH_OFF  ? INT64_MAX
						     : v->next;

	atomic_store(&h->ready_at, at);
}

static struct health *make(struct healths *hs, struct str identity, uint64_t definition,
			   const struct health_policy *p)
{
	struct health *h = memory_new(sizeof(*h) + identity.len);

	memcpy(h + 1, identity.at, identity.len);
	h->identity = (struct str){ (const char *)(h + 1), identity.len };
	h->definition = definition;
	h->house = hs;
	pthread_mutex_init(&h->lock, NULL);
	vitals_init(&h->report.vitals, p);
	h->report.failed_at = HEALTH_UNSET;
	publish(h);
	h->next = hs->first;
	hs->first = h;
	return h;
}

struct health *health_ref(struct healths *hs, struct str identity, uint64_t definition,
			  const struct health_policy *p)
{
	struct health *h;

	pthread_mutex_lock(&hs->lock);
	for (h = hs->first; h; h = h->next)
		if (h->definition == definition && str_eq(h->identity, identity))
			break;
	if (!h)
		h = make(hs, identity, definition, p);
	h->references++;
	pthread_mutex_unlock(&hs->lock);
	return h;
}

void health_unref(struct health *h)
{
	struct healths *hs = h->house;
	struct health **at = &hs->first;

	pthread_mutex_lock(&hs->lock);
	if (--h->references == 0) {
		while (*at != h)
			at = &(*at)->next;
		*at = h->next;
		free_health(h);
	}
	pthread_mutex_unlock(&hs->lock);
}

bool health_is_ready(const struct health *h, int64_t now)
{
	const int64_t at = atomic_load_explicit(&h->ready_at, memory_order_relaxed);

	if (at == INT64_MIN)
		return true;
	return at != INT64_MAX && now >= at && !atomic_load(&h->probing);
}

static pthread_mutex_t *lock_of(const struct health *h)
{
	return &((struct health *)h)->lock; /* readers lock as well */
}

void health_read(const struct health *h, struct health_report *r)
{
	pthread_mutex_lock(lock_of(h));
	*r = h->report;
	r->successes = atomic_load(&h->successes);
	pthread_mutex_unlock(lock_of(h));
	if (r->rule.file)
		r->rule.file = r->rule_file;
}

enum health_state health_state(const struct health *h)
{
	enum health_state state;

	pthread_mutex_lock(lock_of(h));
	state = h->report.vitals.state;
	pthread_mutex_unlock(lock_of(h));
	return state;
}

int64_t health_wait(const struct health *h, int64_t now)
{
	int64_t wait = -1;

	pthread_mutex_lock(lock_of(h));
	if (h->report.vitals.state == HEALTH_TIMEOUT)
		wait = h->report.vitals.next > now ? h->report.vitals.next - now : 0;
	pthread_mutex_unlock(lock_of(h));
	return wait;
}

health_moment health_begin(struct health *h, bool half_open)
{
	if (half_open && atomic_load(&h->ready_at) != INT64_MIN)
		atomic_store(&h->probing, true);
	return atomic_load_explicit(&h->moment, memory_order_acquire);
}

void health_end(struct health *h)
{
	atomic_store(&h->probing, false);
}

static void note_failure(struct health_report *r, const struct fault *f, int64_t now)
{
	r->failures++;
	r->code = f->code;
	r->failed_at = now;
	snprintf(r->text, sizeof(r->text), "%s", f->text ? f->text : "");
}

static void note_event(struct health *h, const struct health_event *event, int64_t now)
{
	struct health_report *r = &h->report;
	const enum health_state state = r->vitals.state;

	if (event->note == NOTE_NOTHING)
		return;
	if (state != event->before || state == HEALTH_SUSPENDED)
		r->since = now;
	r->suspensions += state == HEALTH_SUSPENDED;
	r->rule = event->rule;
	snprintf(r->rule_file, sizeof(r->rule_file), "%s",
		 event->rule.file ? event->rule.file : "");
	publish(h);
	/* Last: who begins at this moment sees what is published. */
	if (state != HEALTH_TIMEOUT)
		atomic_fetch_add(&h->moment, 1);
}

/* F10, F11: a result from before it last became SUSPENDED, ACTIVE or OFF. */
static bool is_stale(const struct health *h, health_moment begun)
{
	return begun != atomic_load(&h->moment);
}

struct health_event health_failed(struct health *h, const struct health_policy *p,
				  const struct fault *f, health_moment begun,
				  bool stale_count, int64_t now)
{
	struct health_event event = { .note = NOTE_STALE };

	pthread_mutex_lock(&h->lock);
	note_failure(&h->report, f, now);
	if (stale_count || !is_stale(h, begun)) {
		event = vitals_failed(&h->report.vitals, p,
				      f->code_text ? NULL : &f->code, now);
		note_event(h, &event, now);
	}
	pthread_mutex_unlock(&h->lock);
	return event;
}

struct health_event health_succeeded(struct health *h, const struct health_policy *p,
				     health_moment begun, bool stale_count, int64_t now)
{
	struct health_event event = { .note = NOTE_NOTHING };

	atomic_fetch_add_explicit(&h->successes, 1, memory_order_relaxed);
	if (atomic_load_explicit(&h->ready_at, memory_order_relaxed) == INT64_MIN)
		return event;
	pthread_mutex_lock(&h->lock);
	if (stale_count || !is_stale(h, begun)) {
		event = vitals_succeeded(&h->report.vitals, p);
		note_event(h, &event, now);
	} else {
		event.note = NOTE_STALE;
	}
	pthread_mutex_unlock(&h->lock);
	return event;
}

struct health_event health_switch(struct health *h, const struct health_policy *p,
				  bool on, int64_t now)
{
	struct health_event event;

	pthread_mutex_lock(&h->lock);
	event = vitals_switched(&h->report.vitals, p, on);
	note_event(h, &event, now);
	pthread_mutex_unlock(&h->lock);
	return event;
}
