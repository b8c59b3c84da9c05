/* What a run by name needs: caches and sessions. */
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

/* The claims of a token that is believed now; NULL: it is not. */
const struct json *session_claims(const struct session *s, struct str token,
				  struct exchange *x);

#endif
