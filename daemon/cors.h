/*
 * Requests of other origins: what the APIs of Synapse say to browsers (mediation.md
 * §2.7; synapse.rest.CORSConfig.*). Nothing is refused but an OPTIONS that the engine
 * answers itself; all other requests are served, and their answers say who may read
 * them. APIs with a listener of their own are other front ends', which see to it
 * themselves.
 */
#ifndef DAEMON_CORS_H
#define DAEMON_CORS_H

#include "daemon/inbound.h"

/* A resource was found: its answer will say who may read it. */
void cors_begin(struct inbound *in);
/* An OPTIONS that no resource takes; allow: the methods there are. */
void cors_answer_options(struct inbound *in, struct str allow);
/* Just before an answer goes out. */
void cors_mark(struct inbound *in);

#endif
