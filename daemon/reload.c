#include "daemon/reload.h"

#include "base/map.h"
#include "daemon/adapter.h"
#include "daemon/deploy_log.h"

/* One load; lives in its own arena. */
struct load {
	struct arena arena;
	struct server *server;
	struct report report;
	struct deployment *deployment;
	unsigned deployed, refused;
	struct edit *edit; /* NULL: files have changed, or may have */
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
	arena_trim(); /* the pool's thread made it */
}

static void scan(struct server *s)
{
	for (unsigned i = 0; i < s->path_count; i++)
		loader_scan(s->loader, s->paths[i]);
	adapter_scan(s);
	fallback_state_join(s->stored, s->loader);
}

/* What must be as it was meant: the changed one, and the file that it lies over. */
struct demand {
	struct str tried, base;
	bool tried_found, refused;
};

static void demand(void *ctx, const struct unit_view *v)
{
	struct demand *d = ctx;
	const bool is_tried = str_eq(v->path, d->tried);

	d->tried_found = d->tried_found || is_tried;
	if (is_tried || str_eq(v->path, d->base))
		d->refused = d->refused || !v->is_fresh;
}

/* Files that are served as they are, which no change may spoil. */
struct spoiling {
	struct map served;
	const struct edit *edit;
	const struct fallback_state *state;
	struct arena *arena;
	const char *spoilt; /* a file; NULL: none */
};

static void note_served(void *ctx, const struct unit_view *v)
{
	struct spoiling *s = ctx;

	if (v->is_fresh && v->is_served)
		map_set(&s->served, arena_copy(s->arena, v->path), s);
}

static void find_spoilt(void *ctx, const struct unit_view *v)
{
	struct spoiling *s = ctx;
	const bool ours = str_eq(v->path, fallback_state_tried(s->state)) ||
			  str_eq(v->path, str_of(s->edit->base ? s->edit->base : ""));

	if (!ours && !v->is_fresh && map_get(&s->served, v->path))
		s->spoilt = arena_copy(s->arena, v->path).at;
}

/* Why a file cannot be served any more, for the one who would have it so. */
static const char *what_breaks(const struct edit *e, const char *file)
{
	for (const struct complaint *c = e->said.first; c; c = c->next)
		if (c->severity == SEVERITY_ERROR && c->where.file &&
		    strcmp(c->where.file, file) == 0)
			return arena_printf(e->said.arena, "%s:%u needs it: %s", file,
					    c->where.line, c->text);
	return arena_printf(e->said.arena, "%s needs it", file);
}

static bool is_accepted(const struct load *l)
{
	const struct edit *e = l->edit;
	struct demand d = {
		.tried = fallback_state_tried(l->server->stored),
		.base = str_of(e->base ? e->base : ""),
	};

	loader_each(l->server->loader, demand, &d);
	return !d.refused && (d.tried_found || !e->change.definition);
}

/* It is undone again unless all of it is well. */
static void try_edit(struct load *l)
{
	struct server *s = l->server;
	struct edit *e = l->edit;
	const struct str base = str_of(e->base ? e->base : "");
	struct spoiling spoiling = { .edit = e, .state = s->stored, .arena = &l->arena };

	map_init(&spoiling.served, &l->arena);
	loader_each(s->loader, note_served, &spoiling);
	fallback_state_try(s->stored, &e->change);
	loader_forget(s->loader, base);
	scan(s);
	l->deployment = loader_build(s->loader, &e->said);
	loader_each(s->loader, find_spoilt, &spoiling);
	if (is_accepted(l) && spoiling.spoilt)
		e->breaks = what_breaks(e, spoiling.spoilt);
	else if (is_accepted(l))
		e->kept = fallback_state_keep(s->stored, &e->failure);
	if (e->kept)
		return;
	if (e->failure.text)
		e->failure.text = arena_copy(e->said.arena, str_of(e->failure.text)).at;
	deployment_unref(l->deployment);
	l->deployment = NULL;
	fallback_state_undo(s->stored, s->loader);
	loader_forget(s->loader, base);
}

/* On the pool. The loader is nobody else's meanwhile. */
static void read_and_build(void *ctx)
{
	struct load *l = ctx;
	struct server *s = l->server;

	if (l->edit)
		try_edit(l);
	if (!l->deployment) {
		scan(s);
		l->deployment = loader_build(s->loader, &l->report);
	}
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

/* Those who wait, until each worker has taken what was mailed to it before. */
struct round {
	struct arena arena;
	struct server *server;
	struct link waiting; /* of struct settled */
	unsigned left;
};

static void tell(struct round *r)
{
	struct arena a = r->arena;

	while (!list_is_empty(&r->waiting)) {
		struct settled *t = list_item(r->waiting.next, struct settled, link);

		list_remove(&t->link);
		t->done(t->ctx);
	}
	arena_release(&a);
}

static void hear(void *ctx)
{
	struct round *r = ctx;

	if (--r->left == 0)
		tell(r);
}

/* On a worker's loop. */
static void answer(void *ctx)
{
	struct round *r = ctx;

	loop_mail(r->server->loop, hear, r);
}

/* A worker reads this letter before the one that tells it to drain. */
static void go_round(struct server *s, struct link *waiting)
{
	struct arena a = { 0 };
	struct round *r = arena_new(&a, struct round);

	*r = (struct round){ .arena = a, .server = s, .left = s->worker_count };
	list_init(&r->waiting);
	while (!list_is_empty(waiting)) {
		struct link *first = waiting->next;

		list_remove(first);
		list_add_last(&r->waiting, first);
	}
	if (s->draining) {
		tell(r);
		return;
	}
	for (unsigned i = 0; i < s->worker_count; i++)
		loop_mail(s->workers[i].loop, answer, r);
}

void reload_tell_when_taken(struct server *s, struct settled *t)
{
	struct link alone;

	list_init(&alone);
	list_add_last(&alone, &t->link);
	go_round(s, &alone);
}

static void loaded(void *ctx)
{
	struct load *l = ctx;
	struct server *s = l->server;

	s->loading = false;
	if (s->draining)
		deployment_unref(l->deployment);
	else
		take(l);
	if (l->edit)
		l->edit->done(l->edit);
	load_free(l);
	if (!s->load_again && !list_is_empty(&s->waiting))
		go_round(s, &s->waiting);
	if (s->load_again || !list_is_empty(&s->edits))
		reload(s);
}

/* NULL: none is left that has something to do. */
static struct edit *next_edit(struct server *s)
{
	while (!list_is_empty(&s->edits)) {
		struct edit *e = list_item(s->edits.next, struct edit, link);

		list_remove(&e->link);
		if (e->prepare(e))
			return e;
	}
	return NULL;
}

void reload(struct server *s)
{
	struct load *l;

	if (s->draining)
		return;
	s->load_again = s->loading;
	if (s->loading)
		return;
	s->loading = true;
	l = load_new(s);
	l->edit = next_edit(s);
	loop_work(s->loop, read_and_build, loaded, l);
}

void reload_with(struct server *s, struct edit *e)
{
	list_add_last(&s->edits, &e->link);
	if (!s->loading)
		reload(s);
}

void reload_and_tell(struct server *s, struct settled *t)
{
	list_add_last(&s->waiting, &t->link);
	reload(s);
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
