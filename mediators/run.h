/* What a run by name needs: its request, caches and sessions. */
#ifndef MEDIATORS_RUN_H
#define MEDIATORS_RUN_H

#include "callable.h"
#include "deploy/shared.h"
#include "message/jwt.h"
#include "token.h"

struct cache {
	struct node node;
	struct str name, tag, product;
	uint64_t expiry;     /* ms */
	struct store *store; /* NULL: nothing is kept */
};

struct product {
	struct node node;
	struct str name, product, tag, envs;
};

bool product_has_env(const struct product *p, struct str env);

enum session_algorithm { SESSION_HS256, SESSION_RS256 };

struct session {
	struct node node;
	struct str name, tag, product, key, jwks, header;
	unsigned algorithm;
	struct rsa_key *rsa;
	struct issuer issuer; /* jwks empty: key or rsa it is */
	struct str document;  /* a JWKS document; empty: it is to be fetched */
};

enum { RUN_MOST_TIMEOUT = 3600 * 1000 }; /* ms */

/* Which member of a request is not what it must be, and what that is; "": none. */
const char *run_wrong_member(const struct json *request, const char **must_be);
/* The same for inputs that say the same: members in order of their names. */
struct json *run_canonical(const struct json *j, struct arena *a);

/*
 * Is the token believed now? *claims: what it claims. fetched: a JWKS document, or
 * empty. UNKNOWN_KEY: a document fetched from the session's issuer may have it.
 */
enum token_verdict session_judge(const struct session *s, struct str token,
				 struct str fetched, struct exchange *x,
				 const struct json **claims);

/* The session a run brings: its token, and the way to believing it. All zero: none. */
struct bringing {
	const struct session *session;
	struct str token;
	struct fetch fetch;
};

/*
 * Finds it in the request, or in a header of it. FLOW_DONE: it is believed and shown to
 * mappings, or there is none; FLOW_WAIT: ask again when woken; FLOW_FAULT.
 */
enum flow run_find_session(struct bringing *b, struct exchange *x,
			   const struct json *request);
enum flow run_judge_session(struct bringing *b, struct exchange *x);

#endif
