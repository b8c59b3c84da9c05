#include "daemon/reload.h"

#include "daemon/deploy_log.h"

/* One load; lives in its own arena. */
struct load {
	struct arena arena;
	struct server *server;
	struct report report;
	struct deployment *deployment;
	unsigned deployed, refused;
};

static struct load *load_new(struct server *s)
{
	struct arena a = { 0 };
	struct load *l = arena_new(&a, struct load);

	l->arena = a;
	l->server = s;
	report_init(&l->report, &l->arena);
	return l;
}

static void load_free(struct load *l)
{
	struct arena a = l->arena;

	arena_release(&a);
}

/* On the pool. The loader is nobody else's meanwhile. */
static void read_and_build(void *ctx)
{
	struct load *l = ctx;
	struct server *s = l->server;

	for (unsigned i = 0; i < s->path_count; i++)
		loader_scan(s->loader, s->paths[i]);
	l->deployment = loader_build(s->loader, &l->report);
	loader_count(s->loader, &l->deployed, &l->refused);
}

/* On the main loop: it serves from now on. */
static void take(struct load *l)
{
	struct server *s = l->server;
	struct deployment *old = s->deployment;

	deploy_log_complaints(&l->report);
	deploy_log_changes(old, l->deployment);
	s->deployment = l->deployment;
	s->deployed = l->deployed;
	s->refused = l->refused;
	for (unsigned i = 0; i < s->worker_count; i++) {
		if (s->ready)
			worker_serve(&s->workers[i], s->deployment);
		else
			worker_serve_first(&s->workers[i], s->deployment);
	}
	if (old)
		deployment_unref(old);
}

static void loaded(void *ctx)
{
	struct load *l = ctx;
	struct server *s = l->server;

	s->loading = false;
	if (s->draining) {
		deployment_unref(l->deployment);
		load_free(l);
		return;
	}
	take(l);
	load_free(l);
	if (s->load_again)
		reload(s);
}

void reload(struct server *s)
{
	if (s->draining)
		return;
	s->load_again = s->loading;
	if (s->loading)
		return;
	s->loading = true;
	loop_work(s->loop, read_and_build, loaded, load_new(s));
}

bool reload_first(struct server *s)
{
	struct load *l = load_new(s);
	bool fine;

	read_and_build(l);
	take(l);
	fine = l->refused == 0 || l->deployed > 0;
	load_free(l);
	return fine;
}
