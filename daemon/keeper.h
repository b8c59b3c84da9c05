/*
 * Object stores that outlive the process: what changed in a kept partition of the store
 * is written to STATE/objectstore/NAME soon after, off the loop, and at the end; what
 * lies there is read when the partition is used for the first time. A crash leaves the
 * file from before or the new one, and costs what was put in the last moment.
 */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include "base/store.h"

struct loop;
struct timers;
struct keeper;

/* loop and timers: the main thread's; borrowed, like the store. */
struct keeper *keeper_new(struct store *store, struct str state, struct loop *loop,
			  struct timers *timers);
/* Writes what is not written yet. The loop is gone by now, the store is not. */
void keeper_free(struct keeper *k);

#endif
