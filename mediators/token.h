/*
 * Whose tokens <m:jwt> believes, and where their keys come from: a certificate, our own
 * key, or a JWKS document that is fetched when a token needs it and kept for a while
 * by the process.
 */
#ifndef MEDIATORS_TOKEN_H
#define MEDIATORS_TOKEN_H

#include "local_answer.h"
#include "message/jwt.h"
#include "message/transport.h"

struct store;

struct issuer {
	struct str name, jwks, certificate, audience;
	const struct rsa_key *key; /* of certificate */
	bool own;                  /* its key is ours; else, without key: by jwks */
	struct store *store;       /* borrowed; NULL: nothing is kept */
	struct rate *asked;        /* how often for keys that a kept document lacks */
};

bool issuer_check(void *self, const struct element *e, struct binder *b);

enum token_verdict { TOKEN_GOOD, TOKEN_BAD, TOKEN_UNKNOWN_KEY };

/* now: seconds since 1970. fetched: a JWKS document, or empty. UNKNOWN_KEY: the JWKS
 * document may have it, if fetched anew.
 */
enum token_verdict issuer_judge(const struct issuer *i, const struct jwt *t, int64_t now,
				struct str fetched, struct exchange *x);

/* The claim scope, a text or a list, with blanks between. */
struct str token_scopes(const struct jwt *t, struct arena *a);

/* A JWKS document on its way. All zero: none. */
struct fetch {
	struct exchange *x;
	const struct issuer *issuer;
	struct attempt *attempt;
	struct request request;
	struct headers headers;
	struct body body;
	struct timer patience;
	struct str document; /* what came; the exchange's */
	bool started, over;
};

/* False: it was fetched already, in this run or too often lately. Wakes the exchange when
 * it is over. */
bool fetch_start(struct fetch *f, const struct issuer *i, struct exchange *x);
bool fetch_is_over(const struct fetch *f);
void fetch_cancel(struct fetch *f);

#endif
