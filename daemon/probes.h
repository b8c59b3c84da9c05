/* The probe port: liveness, readiness, health, metrics (mediation.md §7.7). */
#ifndef DAEMON_PROBES_H
#define DAEMON_PROBES_H

#include "net/http_server.h"

/* An http_handler; ctx is the server. */
void probes_take(void *ctx, struct http_call *c);

#endif
