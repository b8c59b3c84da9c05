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

#endif
