/*
 * From files to what serves: the first load, and every later one.
 *
 * Loading is done on the pool; the main loop then tells what changed, and mails the
 * new deployment to the workers. One load at a time; what changes meanwhile is
 * loaded after it.
 */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "daemon/server.h"

/* At the start, on the main thread. False: there were artifacts and none can be
 * served. */
bool reload_first(struct server *s);
/* A load of all paths is begun, or follows the one under way. */
void reload(struct server *s);

/* Files were changed, and somebody wants to know when what they say serves. */
struct settled {
	struct link link;
	void (*done)(void *ctx); /* on the main loop */
	void *ctx;
};
void reload_and_tell(struct server *s, struct settled *t);
/* Nothing is loaded; told when every worker has taken what serves by now. */
void reload_tell_when_taken(struct server *s, struct settled *t);

/*
 * A definition that is to be changed: it is loaded with the next load, and stays only
 * if its unit, the file it stood in and all that was served can be deployed, and it was
 * written.
 */
struct edit {
	struct link link;
	/*
	 * Its turn has come: what it changes is as it will be when it is loaded. False:
	 * there is nothing to be changed any more, and done() is not called. Main loop.
	 */
	bool (*prepare)(struct edit *e);
	struct fallback_change change;
	const char *base;     /* file that says it now; NULL: none */
	struct report said;   /* what was wrong; an arena of the caller's */
	struct fault failure; /* it could not be written; text NULL: it could */
	const char *breaks;   /* what could not be served any more; NULL: nothing */
	bool kept;
	/* On the main loop: it serves, as soon as the workers take it, or never will. */
	void (*done)(struct edit *e);
	void *ctx;
};
void reload_with(struct server *s, struct edit *e);

#endif
