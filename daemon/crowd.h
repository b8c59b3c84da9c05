/*
 * How much memory is in use, looked at by the main thread; beyond the limit workers take
 * but a few new messages and answer the others 503, until there is room again.
 *
 * A few they take always: what the system's allocator keeps after a rush must not shut
 * us for good.
 */
#ifndef DAEMON_CROWD_H
#define DAEMON_CROWD_H

#include "base/timer.h"

struct server;

struct crowd {
	struct server *server;
	struct timer timer;
	uint64_t most; /* bytes */
	bool crowded;
	bool trimming; /* on the pool */
};

void crowd_watch(struct crowd *c, struct server *s);
void crowd_leave(struct crowd *c); /* twice is fine, as before crowd_watch() */

#endif
