/*
 * The management API (mediation.md §7.8): MI's paths and shapes, with additive fields
 * for the state of endpoints. Basic for /login, the Bearer token it gives for the rest.
 */
#ifndef DAEMON_ADMIN_H
#define DAEMON_ADMIN_H

#include "net/http_server.h"

struct server;
struct settings;
struct admin;
struct worker;

/* Until users are configured it is for this machine only. */
bool admin_has_users(const struct settings *s);

struct admin *admin_new(struct server *s);
void admin_free(struct admin *a);

/* An http_handler; ctx is the server. */
void admin_take(void *ctx, struct http_call *c);

/*
 * On a worker's thread: definitions of fallbacks are read and changed without asking who
 * it is (fallback.open). False: the call is for the worker itself.
 */
bool admin_ductape_divert(struct server *s, struct worker *w, struct http_call *c);

#endif
