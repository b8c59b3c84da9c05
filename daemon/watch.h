/*
 * Watches what is served: every directory below the paths. When all has been quiet
 * for a moment, reload() is called; new directories are watched from then on.
 */
#ifndef DAEMON_WATCH_H
#define DAEMON_WATCH_H

struct server;
struct watcher;

struct watcher *watcher_start(struct server *s);
void watcher_cancel(struct watcher *w);
/* As if a file had changed now (SIGHUP). */
void watcher_touch(struct watcher *w);

#endif
