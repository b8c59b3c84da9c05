/*
 * Opening the ports: traffic on every worker, administration and probes on the main
 * loop, and the certificate that is made at the first start.
 */
#ifndef DAEMON_LISTENERS_H
#define DAEMON_LISTENERS_H

#include "daemon/server.h"

/* Before anything else is done: is each port that was asked for free, and asked for once?
 * Says which is not and which option changes it. */
bool listeners_check(const struct settings *s);
/* The certificate (made if none is configured) and whom we believe. */
bool listeners_trust(struct server *s);
/* The files are read again; new connections use what they hold now. */
void listeners_renew_trust(struct server *s);
/* Asks the process that we are to follow for its sockets, if there is one. */
void listeners_follow(struct server *s);
bool listeners_open(struct server *s);
void listeners_close(struct server *s);

#endif
