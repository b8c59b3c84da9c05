/*
 * TLS: what to show and whom to trust. OpenSSL stays behind this door.
 *
 * Both are shared by all loops and can be renewed when files have changed: new
 * connections use what is new, the others end with what they began with.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/fault.h"
#include "base/str.h"

struct tls_server; /* a certificate, its key, and whose clients are believed */
struct tls_trust;  /* whom we believe, and what we show if asked */

struct tls_files {
	const char *certificate; /* PEM; NULL for a client that shows none */
	const char *key;
	const char
		*authorities; /* PEM of whom to believe, a file or (client) the text
				 itself; NULL: the system's (client), nobody (server) */
	bool verify; /* server: clients must show one. client: check the server's */
};

/* NULL or false: *why. Renewing from any thread; what was stays if it fails. */
struct tls_server *tls_server_new(const struct tls_files *files, struct fault *why);
bool tls_server_renew(struct tls_server *s, const struct tls_files *files,
		      struct fault *why);
void tls_server_free(struct tls_server *s);
struct tls_trust *tls_trust_new(const struct tls_files *files, struct fault *why);
bool tls_trust_renew(struct tls_trust *t, const struct tls_files *files,
		     struct fault *why);
void tls_trust_free(struct tls_trust *t);

/* Makes a self-signed certificate for localhost and writes both files (key: 0600). */
bool tls_make_certificate(const char *certificate, const char *key, struct fault *why);

#endif
