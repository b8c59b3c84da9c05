/* What a run by name needs: its request, caches and sessions. */
#ifndef MEDIATORS_RUN_H
#define MEDIATORS_RUN_H

#include "callable.h"
#include "deploy/shared.h"
#include "message/jwt.h"

struct cache {
	struct node node;
	struct str name, tag, product;
	uint64_t expiry;     /* ms */
	struct store *store; /* NULL: nothing is kept */
};

enum session_algorithm { SESSION_HS256, SESSION_RS256 };

struct session {
	struct node node;
	struct str name, tag, product, key;
	unsigned algorithm;
	struct rsa_key *rsa;
};

enum { RUN_MOST_TIMEOUT = 3600 * 1000 }; /* ms */

/* Which member of a request is not what it must be, and what that is; "": none. */
const char *run_wrong_member(const struct json *request, const char **must_be);
/* The same for inputs that say the same: members in order of their names. */
struct json *run_canonical(const struct json *j, struct arena *a);

/* The claims of a token that is believed now; NULL: it is not. */
const struct json *session_claims(const struct session *s, struct str token,
				  struct exchange *x);

#endif
