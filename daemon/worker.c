#include "daemon/worker.h"

#include <stdio.h>

#include "daemon/inbound.h"
#include "daemon/own_listeners.h"
#include "daemon/prober.h"
#include "net/tls.h"

enum { SLOW_MS = 50, A_FEW = 8 };

static void end(struct worker *w)
{
	timer_clear(&w->engine.timers, &w->drain_end);
	loop_stop(w->loop);
}

/* The time for what is still under way is over: its clients are cut off. */
static void cut_off(void *ctx)
{
	struct worker *w = ctx;

	for (unsigned i = 0; i < w->listener_count; i++)
		http_server_close(w->listeners[i].server);
	w->listener_count = 0;
}

static bool is_through(const struct worker *w)
{
	for (unsigned i = 0; i < w->listener_count; i++)
		if (http_server_busy(w->listeners[i].server) > 0)
			return false;
	return w->under_way == 0 && list_is_empty(&w->engine.detached);
}

static void after_event(void *ctx, uint64_t now)
{
	struct worker *w = ctx;

	engine_advance(&w->engine, now);
	inbound_after_event(w);
	own_listeners_tidy(w);
	if (w->draining && is_through(w))
		end(w);
}

/* Nothing may hold a loop up; what did is told, to be found and sent off the loop. */
static void tell_slow(void *ctx, uint64_t milliseconds)
{
	const struct worker *w = ctx;

	log_line(LOG_WARN, "org.apache.synapse.transport.passthru.ServerWorker",
		 "worker %u was held up for %llu ms by one round of events", w->number,
		 (unsigned long long)milliseconds);
}

static void work_elsewhere(void *ctx, void (*work)(void *ctx), void (*done)(void *ctx),
			   void *thing)
{
	const struct worker *w = ctx;

	loop_work(w->loop, work, done, thing);
}

bool worker_init(struct worker *w, const struct settings *s, unsigned number,
		 struct tls_trust *trust, struct fault *why)
{
	struct http_client_settings client = s->client;

	*w = (struct worker){ .settings = s, .number = number, .answer = http_answer };
	client.trust = trust;
	w->most = s->exchanges;
	engine_init(&w->engine);
	stats_init(&w->stats);
	prober_init(&w->prober, w);
	list_init(&w->inbounds);
	list_init(&w->fresh);
	timer_init(&w->drain_end, cut_off, w);
	w->loop = loop_new(&w->engine.timers);
	if (!w->loop) {
		why->text = "no event loop can be made";
		return false;
	}
	w->engine.elsewhere = work_elsewhere;
	w->engine.elsewhere_ctx = w;
	w->client = http_client_new(w->loop, &client);
	w->engine.transport = http_client_transport(w->client);
	loop_on_event(w->loop, after_event, w);
	loop_on_slow(w->loop, SLOW_MS, tell_slow, w);
	return true;
}

void worker_release(struct worker *w)
{
	for (unsigned i = 0; i < w->listener_count; i++)
		http_server_close(w->listeners[i].server);
	w->listener_count = 0;
	prober_stop(&w->prober);
	engine_release(&w->engine);
	if (w->client)
		http_client_free(w->client);
	if (w->loop)
		loop_free(w->loop);
	if (w->served)
		served_let_go(w, w->served);

	struct deployment *mailed = atomic_exchange(&w->mailed, NULL);

	if (mailed)
		deployment_unref(mailed);
	stats_release(&w->stats);
	arena_release(&w->arena);
}

static void tell_refused(void *ctx, unsigned status, const char *why, const char *remote,
			 unsigned remote_port)
{
	struct worker *w = ctx;

	refusals_tell(&w->refusals, w->engine.timers.now,
		      &(struct refusal){ status, why, remote, remote_port });
}

struct listener *worker_listener(struct worker *w, unsigned port)
{
	for (unsigned i = 0; i < w->listener_count; i++)
		if (w->listeners[i].port == port && !w->listeners[i].leaving)
			return &w->listeners[i];
	return NULL;
}

static bool share(struct listener *l, bool secure, struct fault *why)
{
	why->text = "an artifact asks for it with the other of HTTP and HTTPS";
	l->own = l->own && l->secure != secure;
	return l->secure == secure;
}

bool worker_listen(struct worker *w, const char *address, unsigned *port,
		   struct tls_server *tls, struct fault *why)
{
	struct listener *open = *port ? worker_listener(w, *port) : NULL;
	struct http_server *s;

	if (open && strcmp(open->address, address) == 0)
		return share(open, tls, why);
	if (w->listener_count == WORKER_LISTENERS) {
		why->text = "too many listeners";
		return false;
	}
	s = http_server_open(w->loop, address, *port, tls, &w->settings->limits,
			     inbound_take, w, why);
	if (!s)
		return false;
	http_server_on_refused(s, tell_refused);
	*port = http_server_port(s);
	open = &w->listeners[w->listener_count++];
	*open = (struct listener){ .server = s, .port = *port, .secure = tls };
	snprintf(open->address, sizeof(open->address), "%s", address);
	return true;
}

bool worker_listen_more(struct worker *w)
{
	bool any = false;

	for (unsigned i = 0; i < w->listener_count; i++)
		if (http_server_take_more(w->listeners[i].server))
			any = true;
	return any;
}

static void *run(void *ctx)
{
	struct worker *w = ctx;

	loop_run(w->loop);
	worker_release(w);
	w->ended(w->ctx);
	body_trim();
	arena_trim();
	return NULL;
}

bool worker_start(struct worker *w, void (*ended)(void *ctx), void *ctx)
{
	w->ended = ended;
	w->ctx = ctx;
	return pthread_create(&w->thread, NULL, run, w) == 0;
}

void worker_join(struct worker *w)
{
	pthread_join(w->thread, NULL);
}

struct served *served_hold(struct worker *w)
{
	w->served->users++;
	return w->served;
}

void served_let_go(struct worker *w, struct served *s)
{
	if (--s->users > 0)
		return;
	deployment_unref(s->deployment);
	arena_trim(); /* it came from another thread, and would only pile up here */
	s->deployment = NULL;
	s->next_free = w->free;
	w->free = s;
}

static void take_mail(void *ctx)
{
	struct worker *w = ctx;
	struct deployment *d = atomic_exchange(&w->mailed, NULL);
	struct served *old = w->served, *s = w->free;

	if (!d)
		return;
	if (s)
		w->free = s->next_free;
	else
		s = arena_new(&w->arena, struct served);
	*s = (struct served){
		.deployment = d,
		.around = { .clock = &w->engine.timers,
			    .local_entry = deployment_local_entry,
			    .ctx = d },
		.users = 1,
	};
	w->served = s;
	if (w->number == 0 && !w->draining)
		prober_serve(&w->prober, s);
	if (old)
		served_let_go(w, old);
	if (w->draining)
		return;
	own_listeners_follow(w);
}

void worker_serve(struct worker *w, struct deployment *d)
{
	struct deployment *late = atomic_exchange(&w->mailed, deployment_ref(d));

	if (late)
		deployment_unref(late);
	loop_mail(w->loop, take_mail, w);
}

void worker_serve_first(struct worker *w, struct deployment *d)
{
	atomic_store(&w->mailed, deployment_ref(d));
	take_mail(w);
}

static void take_crowd(void *ctx)
{
	struct worker *w = ctx;
	const uint64_t all = w->settings->exchanges;

	w->crowded = atomic_load(&w->crowd_mailed);
	w->most = w->crowded && all > A_FEW ? A_FEW : all;
}

void worker_crowd(struct worker *w, bool crowded)
{
	atomic_store(&w->crowd_mailed, crowded);
	loop_mail(w->loop, take_crowd, w);
}

static void drain(void *ctx)
{
	struct worker *w = ctx;
	struct timers *timers = &w->engine.timers;

	w->draining = true;
	prober_stop(&w->prober);
	for (unsigned i = 0; i < w->listener_count; i++)
		http_server_drain(w->listeners[i].server);
	http_client_close_idle(w->client);
	timer_set(timers, &w->drain_end, timers->now + w->settings->drain_ms);
}

void worker_drain(struct worker *w)
{
	loop_mail(w->loop, drain, w);
}
