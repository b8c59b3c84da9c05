/* A certificate of our own making, for a first start without one. */
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/tls.h"

enum { VALID_SECONDS = 10 * 365 * 24 * 3600 };

static bool add_extension(X509 *x, int kind, const char *value)
{
	X509V3_CTX ctx;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);

	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, kind, value);
	const bool fine = e && X509_add_ext(x, e, -1) == 1;

	X509_EXTENSION_free(e);
	return fine;
}

static bool describe(X509 *x, EVP_PKEY *key)
{
	X509_NAME *name = X509_get_subject_name(x);
	uint64_t serial;

	if (RAND_bytes((unsigned char *)&serial, sizeof(serial)) != 1)
		return false;
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), VALID_SECONDS);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
				   (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(x, name);
	return X509_set_pubkey(x, key) == 1 &&
	       add_extension(x, NID_subject_alt_name,
			     "DNS:localhost,IP:127.0.0.1,IP:::1") &&
	       add_extension(x, NID_basic_constraints, "CA:TRUE") &&
	       X509_sign(x, key, EVP_sha256()) > 0;
}

static FILE *create(const char *path, mode_t mode)
{
	const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	return descriptor < 0 ? NULL : fdopen(descriptor, "w");
}

static bool write_certificate(const char *path, X509 *x)
{
	FILE *f = create(path, 0644);
	const bool fine = f && PEM_write_X509(f, x) == 1;

	return f && fclose(f) == 0 && fine;
}

static bool write_key(const char *path, EVP_PKEY *key)
{
	FILE *f = create(path, 0600);
	const bool fine = f &&
			  PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1;

	return f && fclose(f) == 0 && fine;
}

bool tls_make_certificate(const char *certificate, const char *key, struct fault *why)
{
	EVP_PKEY *pair = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	bool fine = pair && x && describe(x, pair);

	if (!fine)
		*why = (struct fault){ .text = "a certificate cannot be made" };
	else if (!write_key(key, pair) || !write_certificate(certificate, x)) {
		*why = (struct fault){
			.text = "the certificate or its key cannot be written there; "
				"choose "
				"another directory (--state), or one's own "
				"(tls.certificate, tls.key)"
		};
		fine = false;
	}
	X509_free(x);
	EVP_PKEY_free(pair);
	return fine;
}
