/* The numbers of all workers in Prometheus' text form: MI's names, and ours beside. */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include "base/buf.h"

struct server;

void metrics_write(const struct server *s, struct buf *to);

#endif
