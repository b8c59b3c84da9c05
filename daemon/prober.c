#include "daemon/prober.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "daemon/worker.h"

enum { WHY_LEN = 200 };

static const char logger[] = "org.apache.synapse.endpoints.Probe";

/* One probe of what serves: waiting for its time, or under way. */
struct asking {
	struct link link;
	struct prober *prober;
	const struct probed *probed;
	struct served *served; /* held */
	struct exchange *x;    /* under way; NULL: waiting */
	struct timer due, timeout;
	uint64_t began;
	bool counted; /* in prober->unknown */
	struct link questions;
};

/* The steps that run when something went down. */
struct alarm {
	struct link link;
	struct prober *prober;
	struct served *served;
	struct exchange x;
};

static struct timers *clock_of(const struct prober *p)
{
	return &p->worker->engine.timers;
}

/* Whom to tell at its end, x->done and x->ctx, is set already. */
static void begin_exchange(struct exchange *x, struct prober *p, const struct served *s,
			   const struct node *node)
{
	static const struct incoming nobody;
	void (*done)(struct exchange *, void *) = x->done;
	void *ctx = x->ctx;

	exchange_init(x, &p->worker->engine, &nobody, &s->around);
	x->names = &s->deployment->names;
	x->done = done;
	x->ctx = ctx;
	exchange_start(x, node);
}

static void alarm_free(struct alarm *alarm)
{
	list_remove(&alarm->link);
	exchange_release(&alarm->x);
	served_let_go(alarm->prober->worker, alarm->served);
	free(alarm);
}

static void alarm_ended(struct exchange *x, void *ctx)
{
	(void)x;
	alarm_free(ctx);
}

static void raise_alarm(struct prober *p, const struct probed *probed)
{
	struct alarm *alarm = calloc(1, sizeof(*alarm));

	if (!alarm)
		abort();
	alarm->prober = p;
	alarm->served = served_hold(p->worker);
	list_add_last(&p->alarms, &alarm->link);
	alarm->x.done = alarm_ended;
	alarm->x.ctx = alarm;
	begin_exchange(&alarm->x, p, alarm->served, probed->on_down);
}

static void count_first(struct asking *a)
{
	if (a->counted)
		atomic_fetch_sub(&a->prober->unknown, 1);
	a->counted = false;
}

static void end_exchange(struct asking *a)
{
	timer_clear(clock_of(a->prober), &a->timeout);
	if (a->x) {
		exchange_release(a->x);
		free(a->x);
	}
	a->x = NULL;
}

static void wait_for_next(struct asking *a)
{
	uint64_t random;

	random_bytes(&random, sizeof(random));
	timer_set(clock_of(a->prober), &a->due,
		  a->began + probe_pause(a->probed->probe, &a->probed->policy, random));
}

static void answer_question(struct question *q, bool answered)
{
	q->answered = answered;
	loop_mail(q->home, q->done, q);
}

static void answer_questions(struct asking *a, bool answered)
{
	while (!list_is_empty(&a->questions)) {
		struct question *q = list_item(a->questions.next, struct question, link);

		list_remove(&q->link);
		answer_question(q, answered);
	}
}

static void tell_change(const struct probed *probed, bool good, const char *why)
{
	const enum log_level level = good ? LOG_INFO : LOG_WARN;
	const char *word = good ? "available" : "unavailable";
	const char *before = good || !*why ? "" : ": ";

	if (probed->name.len)
		log_line(level, logger, STR_FMT " is %s%s%s (%s:%u)",
			 STR_ARG(probed->name), word, before, good ? "" : why,
			 probed->where.file, probed->where.line);
	else
		log_line(level, logger, "%s:%u: what is probed here is %s%s%s",
			 probed->where.file, probed->where.line, word, before,
			 good ? "" : why);
}

/* why: it is not good; the log's, shortened. */
static void conclude(struct asking *a, bool good, const char *why)
{
	char text[WHY_LEN];

	const struct probed *probed = a->probed;
	const struct timers *clock = clock_of(a->prober);
	const bool changed = probe_result(probed->probe, &probed->policy, good,
					  (uint64_t)((int64_t)clock->now + clock->wall),
					  clock->now - a->began);

	snprintf(text, sizeof(text), "%s", why); /* it goes with the exchange */
	end_exchange(a);
	count_first(a);
	wait_for_next(a);
	answer_questions(a, true);
	if (!changed)
		return;
	tell_change(probed, good, text);
	if (!good && probed->on_down)
		raise_alarm(a->prober, probed);
}

static void answered(struct exchange *x, void *ctx)
{
	conclude(ctx, x->flow != FLOW_FAULT, x->fault.text ? x->fault.text : "");
}

static void is_late(void *ctx)
{
	conclude(ctx, false, "it did not answer in time");
}

static void ask(void *ctx)
{
	struct asking *a = ctx;
	struct timers *clock = clock_of(a->prober);

	a->x = calloc(1, sizeof(*a->x));
	if (!a->x)
		abort();
	a->began = clock->now;
	a->x->done = answered;
	a->x->ctx = a;
	begin_exchange(a->x, a->prober, a->served, a->probed->node);
	timer_set(clock, &a->timeout, clock->now + a->probed->policy.timeout);
}

/* When a probe that is known already would have been asked next. */
static uint64_t first_time(const struct prober *p, const struct probed *probed)
{
	const struct timers *clock = clock_of(p);
	const uint64_t wall = (uint64_t)((int64_t)clock->now + clock->wall);
	const struct probe_look look = probe_look(probed->probe);
	const uint64_t since = wall > look.checked_at ? wall - look.checked_at : 0;

	if (!look.checked_at || since >= probed->policy.interval)
		return clock->now;
	return clock->now + probed->policy.interval - since;
}

static void add(struct prober *p, struct served *served, const struct probed *probed)
{
	struct asking *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	*a = (struct asking){ .prober = p, .probed = probed, .served = served };
	served->users++;
	list_init(&a->questions);
	timer_init(&a->due, ask, a);
	timer_init(&a->timeout, is_late, a);
	list_add_last(&p->askings, &a->link);
	a->counted = probe_look(probed->probe).state == PROBE_UNKNOWN;
	if (a->counted)
		atomic_fetch_add(&p->unknown, 1);
	timer_set(clock_of(p), &a->due, first_time(p, probed));
}

static void drop(struct asking *a)
{
	answer_questions(a, false);
	timer_clear(clock_of(a->prober), &a->due);
	end_exchange(a);
	count_first(a);
	served_let_go(a->prober->worker, a->served);
	list_remove(&a->link);
	free(a);
}

static void drop_askings(struct prober *p)
{
	while (!list_is_empty(&p->askings))
		drop(list_item(p->askings.next, struct asking, link));
}

void prober_init(struct prober *p, struct worker *w)
{
	*p = (struct prober){ .worker = w };
	list_init(&p->askings);
	list_init(&p->alarms);
}

void prober_serve(struct prober *p, struct served *served)
{
	drop_askings(p);
	for (const struct probed *i = deployment_probes(served->deployment); i;
	     i = i->next)
		add(p, served, i);
}

void prober_ask(struct prober *p, struct question *q)
{
	struct link *l = p->askings.next;
	struct asking *a = NULL;

	for (; l != &p->askings && !a; l = l->next) {
		struct asking *one = list_item(l, struct asking, link);

		if (one->probed->probe == q->probe)
			a = one;
	}
	if (!a) {
		answer_question(q, false);
		return;
	}
	list_add_last(&a->questions, &q->link);
	if (!a->x)
		timer_set(clock_of(p), &a->due, clock_of(p)->now);
}

void prober_stop(struct prober *p)
{
	drop_askings(p);
	while (!list_is_empty(&p->alarms))
		alarm_free(list_item(p->alarms.next, struct alarm, link));
}

bool prober_is_through(const struct prober *p)
{
	return atomic_load(&p->unknown) == 0;
}
