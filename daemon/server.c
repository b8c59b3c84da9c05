#include "daemon/server.h"

#include <signal.h>
#include <unistd.h>

#include "daemon/admin.h"
#include "daemon/deploy_log.h"
#include "daemon/front_ends.h"
#include "daemon/keeper.h"
#include "daemon/listeners.h"
#include "daemon/reload.h"
#include "daemon/watch.h"
#include "net/sockets.h"
#include "net/tls.h"
#include "net/trusts.h"
#include "own_key.h"
#include "synapse-xml/synapse_xml.h"

static const char starter[] = "org.wso2.micro.integrator.initializer.StartupFinalizer";

enum { STORE_BYTES = 64 * 1024 * 1024 };

static unsigned how_many_workers(const struct settings *s)
{
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (s->workers)
		return (unsigned)s->workers;
	return processors > 0 ? (unsigned)processors : 1;
}

static bool make_workers(struct server *s)
{
	struct fault why = { 0 };
	const unsigned count = how_many_workers(s->settings);
	const struct str open = settings_text(s->settings, "fallback.open");

	s->workers = arena_alloc(&s->arena, count * sizeof(*s->workers));
	for (unsigned i = 0; i < count; i++) {
		if (!worker_init(&s->workers[i], s->settings, i, s->trust, &why)) {
			log_line(LOG_ERROR, starter, "worker %u: %s", i, why.text);
			return false;
		}
		loop_share_sockets(s->workers[i].loop, s->sockets);
		s->workers[i].tls = s->tls;
		s->workers[i].diverted_to = s;
		if (str_eq(open, STR("true")))
			s->workers[i].divert = admin_ductape_divert;
		s->worker_count++;
	}
	return true;
}

static const char *file_or_null(struct server *s, struct str name)
{
	return name.len ? arena_copy(&s->arena, name).at : NULL;
}

static void make_loader(struct server *s)
{
	struct loader_settings settings = {
		.vocabulary = &synapse_vocabulary,
		.endpoints = &s->settings->endpoints,
		.refuse_missing_keys = s->settings->missing_keys == 1,
	};

	struct report said;

	report_init(&said, &s->arena);
	list_init(&s->edits);
	list_init(&s->waiting);
	s->stored = fallback_state_open(arena_copy(&s->arena, s->settings->state).at,
					&said);
	deploy_log_complaints(&said);
	front_ends_with(&s->front_ends, s->stored);
	settings.front_ends = s->front_ends.all;
	front_ends_init();
	front_ends_settings(s->settings);
	s->healths = healths_new();
	s->shared.probes = probes_new();
	s->shared.store = store_new(STORE_BYTES);
	s->keeper = keeper_new(s->shared.store, s->settings->state, s->loop, &s->timers);
	s->shared.records = records_new();
	s->shared.rates = rates_new();
	own_key_keep(arena_printf(&s->arena, STR_FMT "/testkey.pem",
				  STR_ARG(s->settings->state)));
	endpoint_trust_by(trusts_find);
	trusts_show(file_or_null(s, s->settings->client_certificate),
		    file_or_null(s, s->settings->client_key));
	settings.healths = s->healths;
	settings.shared = &s->shared;
	s->loader = loader_new(&settings);
}

static void fire_timers(void *ctx, uint64_t now)
{
	struct server *s = ctx;
	struct timer *t;

	while ((t = timers_next(&s->timers, now)))
		t->fire(t->ctx);
}

static void one_ended(void *ctx)
{
	struct server *s = ctx;

	if (--s->running == 0)
		loop_stop(s->loop);
}

/* On a worker's thread. */
static void worker_ended(void *ctx)
{
	struct server *s = ctx;

	loop_mail(s->loop, one_ended, s);
}

static void drain(void *ctx)
{
	struct server *s = ctx;

	if (s->draining)
		return;
	s->draining = true;
	sockets_withdraw(s->sockets);
	crowd_leave(&s->crowd);
	log_line(LOG_INFO, starter, "Shutting down; what is under way is finished first");
	for (unsigned i = 0; i < s->worker_count; i++)
		worker_drain(&s->workers[i]);
}

static void hang_up(void *ctx)
{
	struct server *s = ctx;

	listeners_renew_trust(s);
	watcher_touch(s->watcher);
}

static void handle_signals(struct server *s)
{
	loop_on_signal(s->loop, SIGTERM, drain, s);
	loop_on_signal(s->loop, SIGINT, drain, s);
	loop_on_signal(s->loop, SIGHUP, hang_up, s);
}

static bool start_workers(struct server *s)
{
	for (unsigned i = 0; i < s->worker_count; i++) {
		if (!worker_start(&s->workers[i], worker_ended, s)) {
			log_line(LOG_ERROR, starter, "worker %u: no thread can be made",
				 i);
			return false;
		}
		s->running++;
	}
	return true;
}

/* What a person looks for first. */
static void say_what_is_served(const struct server *s)
{
	if (s->deployed || s->refused)
		log_line(LOG_INFO, starter, "%u artifact file%s served, %u refused",
			 s->deployed, s->deployed == 1 ? "" : "s", s->refused);
	else
		log_line(LOG_INFO, starter, "there is nothing to serve yet in %s%s",
			 s->paths[0],
			 s->settings->watch ? "; files that are put there are taken"
					    : "");
}

bool server_start(struct server *s, const struct settings *settings,
		  const char *const *paths, unsigned path_count, bool keep_going)
{
	*s = (struct server){
		.settings = settings,
		.paths = paths,
		.path_count = path_count,
		.keep_going = keep_going,
	};
	timers_init(&s->timers);
	s->loop = loop_new(&s->timers);
	loop_on_event(s->loop, fire_timers, s);
	s->sockets = sockets_new();
	loop_share_sockets(s->loop, s->sockets);
	handle_signals(s); /* before anybody can see that we are there */
	make_loader(s);
	listeners_follow(s);
	if (!listeners_trust(s) || !make_workers(s))
		return false;
	if (!reload_first(s) && !keep_going) {
		log_line(LOG_ERROR, starter,
			 "none of the artifacts can be deployed; nothing is served");
		return false;
	}
	s->house = admin_new(s);
	if (!listeners_open(s))
		return false;
	s->watcher = watcher_start(s);
	if (!start_workers(s))
		return false;
	crowd_watch(&s->crowd, s);
	s->ready = true;
	say_what_is_served(s);
	return true;
}

void server_run(struct server *s)
{
	loop_run(s->loop);
	for (unsigned i = 0; i < s->worker_count; i++)
		worker_join(&s->workers[i]);
}

void server_stop(struct server *s)
{
	loop_mail(s->loop, drain, s);
}

void server_release(struct server *s)
{
	if (s->watcher)
		watcher_cancel(s->watcher);
	listeners_close(s);
	if (!s->ready)
		for (unsigned i = 0; i < s->worker_count; i++)
			worker_release(&s->workers[i]);
	sockets_free(s->sockets);
	if (s->loop)
		loop_free(s->loop);
	if (s->deployment)
		deployment_unref(s->deployment);
	if (s->loader)
		loader_free(s->loader);
	if (s->stored)
		fallback_state_free(s->stored);
	if (s->healths)
		healths_free(s->healths);
	if (s->shared.probes)
		probes_free(s->shared.probes);
	if (s->keeper)
		keeper_free(s->keeper);
	if (s->shared.store)
		store_free(s->shared.store);
	if (s->shared.records)
		records_free(s->shared.records);
	if (s->shared.rates)
		rates_free(s->shared.rates);
	if (s->house)
		admin_free(s->house);
	if (s->tls)
		tls_server_free(s->tls);
	if (s->trust)
		tls_trust_free(s->trust);
	trusts_free();
	arena_release(&s->arena);
}
