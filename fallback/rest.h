/*
 * Reading and changing definitions (frontends.md §4.6), below /ductape: a request in,
 * an answer out. What takes time is left to the caller: a change is to be loaded and
 * kept (state.h), a probe to be asked, and then the same path to be asked again.
 */
#ifndef FALLBACK_REST_H
#define FALLBACK_REST_H

#include "fallback/state.h"
#include "message/json.h"

struct fallback_request {
	struct str method, path;                  /* path: behind /ductape, no query */
	struct str product, env, limit, if_match; /* empty: not given */
	const struct json *body;                  /* NULL: none, or no JSON: body_fault */
	struct fault body_fault;
	const struct deployment *deployment; /* borrowed */
	const struct shared *shared;         /* borrowed */
	uint64_t now;                        /* of the engine's clock */
	int64_t wall;                        /* now + wall: ms since 1970 */
};

struct fallback_answer {
	unsigned status;
	const struct json *body; /* NULL: none */
	const char *allow;       /* with 405 */
	bool is_change;          /* `change` first; `body` is then asked for again */
	struct fallback_change change;
	const char *base;    /* the file that says it now; NULL: none */
	struct probe *probe; /* to be asked first; NULL: none */
};

/* Everything in the answer is the arena's, or the request's. */
struct fallback_answer fallback_rest(const struct fallback_request *r, struct arena *a);
/* { status: "error", error: { code, message } } */
struct json *fallback_error(struct arena *a, const char *code, const char *message);
/* What was wrong with a change, and where in it, as the answer 400 says it. */
struct json *fallback_complaints(struct arena *a, const struct report *r,
				 const struct fallback_change *c);
/* One thing that is wrong, in the same shape. */
struct json *fallback_wrong_field(struct arena *a, const char *field,
				  const char *message);
/* What a probe on demand found. */
struct json *fallback_probed(struct arena *a, const struct probe *p);

#endif
