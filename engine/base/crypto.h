/*
 * Digests, signatures, random bytes: the door to OpenSSL's libcrypto. (TLS has its
 * own, net/tls.h.)
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "base/arena.h"

enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512 };

struct str digest_of(enum digest d, struct str bytes, struct arena *a);
struct str hmac_of(enum digest d, struct str key, struct str bytes, struct arena *a);
struct str hex_of(struct str bytes, struct arena *a); /* lower case */

/* From the system's generator. */
void random_bytes(void *to, size_t len);
/* "0a1b2c3d-…" version 4, 36 letters and a NUL; cheap enough for each request. */
void uuid_make(char to[37]);

/* In time that does not depend on where they differ. */
bool bytes_are_equal(struct str a, struct str b);

/* An RSA key: public (of others), or a pair (our own). */
struct rsa_key;
struct rsa_key *rsa_from_certificate(struct str pem); /* NULL: no certificate with RSA */
struct rsa_key *rsa_from_public(struct str pem);
struct rsa_key *rsa_from_private(struct str pem);
struct rsa_key *rsa_from_numbers(struct str modulus,
				 struct str exponent); /* big endian */
struct rsa_key *rsa_make(void);                        /* a pair of 2048 bits */
void rsa_free(struct rsa_key *k);
/* RS256: PKCS#1 v1.5 over SHA-256. */
bool rsa_verify(const struct rsa_key *k, struct str bytes, struct str signature);
struct str rsa_sign(const struct rsa_key *k, struct str bytes, struct arena *a);
struct str rsa_private_pem(const struct rsa_key *k, struct arena *a);
/* The public half's modulus and exponent, big endian, for a JWKS. */
void rsa_numbers(const struct rsa_key *k, struct arena *a, struct str *modulus,
		 struct str *exponent);

#endif
