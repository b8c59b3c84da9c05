/*
 * JSON Web Tokens: taking one apart, and believing it or not (RFC 7519, 7515).
 *
 * Who calls decides which algorithm and key are believed; what a token's own header
 * says never does: `alg` must be the one asked for, so `none` is never accepted; nor is
 * a header with `crit`, for none of what it may name is understood here.
 */
#ifndef MESSAGE_JWT_H
#define MESSAGE_JWT_H

#include "base/crypto.h"
#include "message/json.h"

struct jwt {
	const struct json *header, *claims; /* objects */
	struct str content;                 /* what is signed: header.claims */
	struct str signature;               /* decoded */
};

enum { JWT_MAX = 16 * 1024 };

/* False: not three parts, no base64, no JSON objects, or longer than JWT_MAX. */
bool jwt_parse(struct str token, struct arena *a, struct jwt *t);

/* Of a header or claims: "" if it is not there or no string. */
struct str jwt_text(const struct json *object, struct str name);

bool jwt_is_rs256(const struct jwt *t, const struct rsa_key *key);
bool jwt_is_hs256(const struct jwt *t, struct str secret, struct arena *a);

/*
 * Is it good at this moment (seconds since 1970)? exp and nbf, where they are given,
 * with so many seconds of grace; an exp that is no number is never good.
 */
bool jwt_is_current(const struct jwt *t, int64_t now, int64_t grace);

/* Signs claims (JSON text) with RS256; kid may be empty. */
struct str jwt_sign(struct str claims, struct str kid, const struct rsa_key *key,
		    struct arena *a);

/*
 * The key of a JWKS document with this kid, or its only RSA key if kid is empty.
 * NULL: none. The caller's, rsa_free().
 */
struct rsa_key *jwks_find(const struct json *jwks, struct str kid, struct arena *a);
/* A JWKS document with this one public key. */
struct str jwks_of(const struct rsa_key *key, struct str kid, struct arena *a);

#endif
