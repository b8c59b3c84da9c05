/*
 * The running server: what serve, and a test of it, start and stop.
 *
 * The main thread has a loop of its own for what is not traffic: watching files,
 * loading them (on the pool), administration, probes, signals. Workers hear from it
 * by mail.
 */
#ifndef DAEMON_SERVER_H
#define DAEMON_SERVER_H

#include "daemon/crowd.h"
#include "daemon/front_ends.h"
#include "daemon/settings.h"
#include "daemon/worker.h"
#include "deploy/shared.h"

struct keeper;
struct watcher;
struct sockets;
struct tls_server;

struct server {
	const struct settings *settings; /* borrowed */
	const char *const *paths;        /* borrowed: what to serve */
	unsigned path_count;
	bool keep_going; /* also if nothing at all can be served */

	struct arena arena;
	struct timers timers;
	struct loop *loop;
	struct sockets *sockets; /* listened on by all; left to who follows */
	struct healths *healths;
	struct shared shared;          /* what outlives deployments */
	struct keeper *keeper;         /* what of it outlives the process */
	struct fallback_state *stored; /* likewise the pool's */
	struct front_ends_stored front_ends;
	struct link edits, waiting;    /* reload.h; to be loaded, to be told */
	struct loader *loader;         /* the pool's while a load is under way */
	struct deployment *deployment; /* what serves; one reference */
	bool loading, load_again;      /* reload.h */
	struct watcher *watcher;
	struct crowd crowd;
	struct tls_server *tls;
	struct tls_trust *trust;
	struct worker *workers;
	unsigned worker_count, running;
	struct http_server *admin, *probe;
	struct admin *house; /* sessions and users of administration */
	unsigned port, tls_port, admin_port, probe_port; /* the real ones */
	bool ready, settled, draining; /* settled: once ready, and all asked once */
	unsigned deployed, refused;    /* units */
};

/*
 * Loads, opens and starts everything. False: it was said why; nothing is left
 * running, but server_release() is still to be called.
 */
bool server_start(struct server *s, const struct settings *settings,
		  const char *const *paths, unsigned path_count, bool keep_going);
/* Until SIGTERM, SIGINT or server_stop(), and what was under way is done. */
void server_run(struct server *s);
/* From any thread. */
void server_stop(struct server *s);
void server_release(struct server *s);

#endif
