/*
 * Listeners that APIs ask for (m:listen): open while one of what serves names them,
 * drained and closed when none does any more.
 */
#ifndef DAEMON_OWN_LISTENERS_H
#define DAEMON_OWN_LISTENERS_H

#include "daemon/worker.h"

/* On the worker's thread, when it has got another deployment. */
void own_listeners_follow(struct worker *w);
/* After each event: those that are drained are closed. */
void own_listeners_tidy(struct worker *w);

#endif
