/*
 * Which resource of which API a request is for (mediation.md §2.2-2.6).
 *
 * Immutable once a deployment is sealed. Every front end's routes are in here: the
 * address a request came in at is part of the key.
 */
#ifndef DEPLOY_ROUTES_H
#define DEPLOY_ROUTES_H

#include "flow/resource.h"
#include "message/message.h"

enum route_result {
	ROUTE_FOUND,
	ROUTE_NO_API,      /* nothing has this context: the main sequence, else 404 */
	ROUTE_NO_RESOURCE, /* 404 */
	ROUTE_BAD_METHOD,  /* 405, with Allow */
	ROUTE_BAD_REQUEST, /* 400: content-type, user-agent or protocol did not fit */
	ROUTE_FORBIDDEN,   /* 403: restricted transport */
	ROUTE_OPTIONS,     /* answered by the API itself, with Allow */
};

struct route {
	enum route_result result;
	const struct resource *resource;
	const struct origin *origin;
	bool is_plain;    /* the API has no listener of its own: CORS is the engine's */
	struct str allow; /* "GET, POST" of BAD_METHOD and OPTIONS; the exchange's */
	const char *status_sequence; /* "_resource_mismatch_handler_" … or NULL */
};

struct routes;

/*
 * Fills in->api and what belongs to it, and sets uri.var.* and query.param.* on m.
 * in is m's incoming, still being made.
 */
struct route routes_find(const struct routes *r, struct incoming *in, struct message *m);

/* A listener that APIs ask for by m:listen, beside the usual ones. */
struct listened {
	struct str address; /* as written: "8081", "127.0.0.1:8081" */
	unsigned port;
	bool secure; /* https only */
	struct where where;
};
/* Once for each API that does; several may ask for the same. */
void routes_listeners(const struct routes *r,
		      void (*fn)(void *ctx, const struct listened *l), void *ctx);

#endif
