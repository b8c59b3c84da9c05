#include "base/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

/* An EVP_PKEY behind our own name. */
static EVP_PKEY *key_of(const struct rsa_key *k)
{
	return (EVP_PKEY *)(void *)(uintptr_t)k;
}

static struct rsa_key *only_rsa(EVP_PKEY *key)
{
	if (key && !EVP_PKEY_is_a(key, "RSA")) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return (struct rsa_key *)(void *)key;
}

static const EVP_MD *method(enum digest d)
{
	switch (d) {
	case DIGEST_MD5:
		return EVP_md5();
	case DIGEST_SHA1:
		return EVP_sha1();
	case DIGEST_SHA256:
		return EVP_sha256();
	case DIGEST_SHA512:
		return EVP_sha512();
	}
	return NULL;
}

static struct str copy_bytes(const unsigned char *bytes, size_t len, struct arena *a)
{
	return arena_copy(a, (struct str){ (const char *)bytes, len });
}

struct str digest_of(enum digest d, struct str bytes, struct arena *a)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	EVP_Digest(bytes.at, bytes.len, sum, &len, method(d), NULL);
	return copy_bytes(sum, len, a);
}

struct str hmac_of(enum digest d, struct str key, struct str bytes, struct arena *a)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	HMAC(method(d), key.len ? key.at : "", (int)key.len,
	     (const unsigned char *)bytes.at, bytes.len, sum, &len);
	return copy_bytes(sum, len, a);
}

struct str hex_of(struct str bytes, struct arena *a)
{
	static const char digits[] = "0123456789abcdef";
	char *to = arena_alloc(a, bytes.len * 2 + 1);

	for (size_t i = 0; i < bytes.len; i++) {
		to[2 * i] = digits[(unsigned char)bytes.at[i] >> 4];
		to[2 * i + 1] = digits[bytes.at[i] & 15];
	}
	return (struct str){ to, bytes.len * 2 };
}

void random_bytes(void *to, size_t len)
{
	if (RAND_bytes(to, (int)len) != 1) {
		fputs("no random bytes\n", stderr);
		abort();
	}
}

void uuid_make(char to[37])
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	static const char digits[] = "0123456789abcdef";
	static const unsigned char at[16] = { 0,  2,  4,  6,  9,  11, 14, 16,
					      19, 21, 24, 26, 28, 30, 32, 34 };
	static _Thread_local unsigned char pool[16 * 1024];
	static _Thread_local size_t used = sizeof(pool);

	if (used == sizeof(pool)) {
		random_bytes(pool, sizeof(pool));
		used = 0;
	}

	unsigned char *bytes = pool + used;

	used += 16;
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	memcpy(to, form, sizeof(form));
	for (size_t i = 0; i < 16; i++) {
		to[at[i]] = digits[bytes[i] >> 4];
		to[at[i] + 1] = digits[bytes[i] & 15];
	}
}

bool bytes_are_equal(struct str a, struct str b)
{
	return a.len == b.len && CRYPTO_memcmp(a.at, b.at, a.len) == 0;
}

static BIO *memory(struct str text)
{
	return BIO_new_mem_buf(text.at, (int)text.len);
}

struct rsa_key *rsa_from_certificate(struct str pem)
{
	BIO *in = memory(pem);
	X509 *certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);
	EVP_PKEY *key = certificate ? X509_get_pubkey(certificate) : NULL;

	X509_free(certificate);
	BIO_free(in);
	return only_rsa(key);
}

struct rsa_key *rsa_from_public(struct str pem)
{
	BIO *in = memory(pem);
	EVP_PKEY *key = PEM_read_bio_PUBKEY(in, NULL, NULL, NULL);

	BIO_free(in);
	return only_rsa(key);
}

struct rsa_key *rsa_from_private(struct str pem)
{
	BIO *in = memory(pem);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);

	BIO_free(in);
	return only_rsa(key);
}

struct rsa_key *rsa_from_numbers(struct str modulus, struct str exponent)
{
	BIGNUM *n = BN_bin2bn((const unsigned char *)modulus.at, (int)modulus.len, NULL);
	BIGNUM *e = BN_bin2bn((const unsigned char *)exponent.at, (int)exponent.len,
			      NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params;
	EVP_PKEY *key = NULL;

	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
	params = OSSL_PARAM_BLD_to_param(build);
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	BN_free(e);
	return only_rsa(key);
}

struct rsa_key *rsa_make(void)
{
	return only_rsa(EVP_RSA_gen(2048));
}

void rsa_free(struct rsa_key *k)
{
	EVP_PKEY_free(key_of(k));
}

bool rsa_verify(const struct rsa_key *k, struct str bytes, struct str signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const bool fits = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL,
					       key_of(k)) == 1 &&
			  EVP_DigestVerify(ctx, (const unsigned char *)signature.at,
					   signature.len, (const unsigned char *)bytes.at,
					   bytes.len) == 1;

	EVP_MD_CTX_free(ctx);
	return fits;
}

struct str rsa_sign(const struct rsa_key *k, struct str bytes, struct arena *a)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = (size_t)EVP_PKEY_get_size(key_of(k));
	unsigned char *signature = arena_alloc(a, len);

	if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key_of(k)) != 1 ||
	    EVP_DigestSign(ctx, signature, &len, (const unsigned char *)bytes.at,
			   bytes.len) != 1)
		len = 0;
	EVP_MD_CTX_free(ctx);
	return (struct str){ (const char *)signature, len };
}

struct str rsa_private_pem(const struct rsa_key *k, struct arena *a)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *text;

	PEM_write_bio_PrivateKey(out, key_of(k), NULL, NULL, 0, NULL, NULL);

	const long len = BIO_get_mem_data(out, &text);
	const struct str copy = arena_copy(a, (struct str){ text, (size_t)len });

	BIO_free(out);
	return copy;
}

static struct str number(const struct rsa_key *k, const char *name, struct arena *a)
{
	BIGNUM *n = NULL;
	unsigned char *bytes;
	int len;

	if (EVP_PKEY_get_bn_param(key_of(k), name, &n) != 1)
		return (struct str){ "", 0 };
	bytes = arena_alloc(a, (size_t)BN_num_bytes(n) + 1);
	len = BN_bn2bin(n, bytes);
	BN_free(n);
	return (struct str){ (const char *)bytes, (size_t)len };
}

void rsa_numbers(const struct rsa_key *k, struct arena *a, struct str *modulus,
		 struct str *exponent)
{
	*modulus = number(k, OSSL_PKEY_PARAM_RSA_N, a);
	*exponent = number(k, OSSL_PKEY_PARAM_RSA_E, a);
}
