#include "daemon/watch.h"

#include <dirent.h>
#include <sys/stat.h>

#include "daemon/reload.h"
#include "daemon/server.h"

enum { MAX_DEPTH = 32 };

struct watched {
	struct watch *watch;
	bool seen; /* still there when we last looked */
};

struct watcher {
	struct server *server;
	struct timer settled;
	struct map directories; /* path → struct watched */
	struct arena arena;
};

static void changed(void *ctx)
{
	struct watcher *w = ctx;
	struct timers *timers = &w->server->timers;

	timer_set(timers, &w->settled, timers->now + w->server->settings->settle_ms);
}

static void watch_directory(struct watcher *w, const char *path)
{
	struct watched *d = map_get(&w->directories, str_of(path));

	if (!d) {
		d = arena_new(&w->arena, struct watched);
		map_add(&w->directories, arena_copy(&w->arena, str_of(path)), d);
	}
	if (!d->watch)
		d->watch = watch_start(w->server->loop, path, changed, w);
	d->seen = true;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void watch_below(struct watcher *w, const char *path, unsigned depth)
{
	struct arena a = { 0 };
	DIR *dir = depth < MAX_DEPTH ? opendir(path) : NULL;
	struct dirent *e;

	if (!dir)
		return;
	watch_directory(w, path);
	while ((e = readdir(dir))) {
		const char *child = arena_printf(&a, "%s/%s", path, e->d_name);

		if (e->d_name[0] != '.' && is_directory(child))
			watch_below(w, child, depth + 1);
	}
	closedir(dir);
	arena_release(&a);
}

/* A file is watched by its directory. */
static void watch_path(struct watcher *w, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (is_directory(path))
		watch_below(w, path, 0);
	else if (slash)
		watch_directory(
			w, arena_printf(&w->arena, "%.*s", (int)(slash - path), path));
	else
		watch_directory(w, ".");
}

static void look_again(struct watcher *w)
{
	map_each(e, &w->directories)((struct watched *)e->value)->seen = false;
	for (unsigned i = 0; i < w->server->path_count; i++)
		watch_path(w, w->server->paths[i]);
	map_each(e, &w->directories)
	{
		struct watched *d = e->value;

		if (!d->seen && d->watch) {
			watch_cancel(d->watch);
			d->watch = NULL;
		}
	}
}

static void settled(void *ctx)
{
	struct watcher *w = ctx;

	look_again(w);
	reload(w->server);
}

struct watcher *watcher_start(struct server *s)
{
	struct watcher *w = arena_new(&s->arena, struct watcher);

	w->server = s;
	timer_init(&w->settled, settled, w);
	map_init(&w->directories, &w->arena);
	if (s->settings->watch)
		look_again(w);
	return w;
}

void watcher_cancel(struct watcher *w)
{
	timer_clear(&w->server->timers, &w->settled);
	map_each(e, &w->directories)
	{
		struct watched *d = e->value;

		if (d->watch)
			watch_cancel(d->watch);
	}
	arena_release(&w->arena);
}

void watcher_touch(struct watcher *w)
{
	changed(w);
}
