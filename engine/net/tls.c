#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/loop_priv.h"
#include "net/tls_session.h"

/* OpenSSL counts who uses a context; the lock is for whoever is about to. */
struct shared_context {
	pthread_mutex_t lock;
	SSL_CTX *context;
};

struct tls_server {
	struct shared_context shared;
};

struct tls_trust {
	struct shared_context shared;
};

struct tls_session {
	SSL *ssl;
	BIO *in, *out; /* ssl's */
	char why[160];
};

/* One SSL_write of a head and the first bytes of a body: one record, one write. */
enum { RECORD = 16 * 1024, MOST_BALLAST = 64 * 1024 };

static bool explain(struct fault *why, const char *what, const char *file)
{
	static _Thread_local char text[512];
	const unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code);

	snprintf(text, sizeof(text), "%s %s: %s", what, file ? file : "",
		 reason ? reason : "cannot be read");
	ERR_clear_error();
	*why = (struct fault){ .text = text };
	return false;
}

static bool show(SSL_CTX *c, const struct tls_files *files, struct fault *why)
{
	const char *key = files->key ? files->key : files->certificate;

	if (!files->certificate)
		return true;
	if (SSL_CTX_use_certificate_chain_file(c, files->certificate) != 1)
		return explain(why, "certificate", files->certificate);
	if (SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) != 1)
		return explain(why, "key", key);
	if (SSL_CTX_check_private_key(c) != 1)
		return explain(why, "key does not belong to the certificate:", key);
	return true;
}

/* All certificates of a text. */
static bool believe_text(SSL_CTX *c, const char *pem, struct fault *why)
{
	BIO *in = BIO_new_mem_buf(pem, -1);
	X509_STORE *store = SSL_CTX_get_cert_store(c);
	unsigned count = 0;
	X509 *one;

	while ((one = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		count += X509_STORE_add_cert(store, one) == 1;
		X509_free(one);
	}
	BIO_free(in);
	if (!count)
		return explain(why, "authorities", "given as text");
	ERR_clear_error(); /* the end of the text */
	return true;
}

static bool believe(SSL_CTX *c, const char *authorities, struct fault *why)
{
	if (authorities && strncmp(authorities, "-----BEGIN", 10) == 0)
		return believe_text(c, authorities, why);
	if (authorities && SSL_CTX_load_verify_locations(c, authorities, NULL) != 1)
		return explain(why, "authorities", authorities);
	return true;
}

/* A key in a cipher of its own cannot be read; nobody sits there to be asked. */
static int no_password(char *to, int size, int writing, void *ctx)
{
	(void)to;
	(void)size;
	(void)writing;
	(void)ctx;
	return 0;
}

static SSL_CTX *context_new(const SSL_METHOD *method)
{
	SSL_CTX *c = SSL_CTX_new(method);

	if (!c)
		return NULL;
	SSL_CTX_set_default_passwd_cb(c, no_password);
	SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	return c;
}

/* HTTP/1.1 is all we speak; who offers only others is refused. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *len,
			   const unsigned char *in, unsigned in_len, void *ctx)
{
	static const unsigned char ours[] = "\x08http/1.1\x08http/1.0";
	unsigned char *chosen;

	(void)ssl;
	(void)ctx;
	if (SSL_select_next_proto(&chosen, len, ours, sizeof(ours) - 1, in, in_len) !=
	    OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *server_context(const struct tls_files *files, struct fault *why)
{
	SSL_CTX *c = context_new(TLS_server_method());

	if (!c || !show(c, files, why) || !believe(c, files->authorities, why)) {
		SSL_CTX_free(c);
		return NULL;
	}
	SSL_CTX_set_alpn_select_cb(c, choose_protocol, NULL);
	SSL_CTX_set_session_id_context(c, (const unsigned char *)"myelin", 6);
	if (files->authorities)
		SSL_CTX_set_client_CA_list(c,
					   SSL_load_client_CA_file(files->authorities));
	if (files->verify)
		SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
				   NULL);
	return c;
}

static SSL_CTX *trust_context(const struct tls_files *files, struct fault *why)
{
	SSL_CTX *c = context_new(TLS_client_method());

	if (!c || !show(c, files, why) || !believe(c, files->authorities, why)) {
		SSL_CTX_free(c);
		return NULL;
	}
	if (!files->authorities)
		SSL_CTX_set_default_verify_paths(c);
	/* Whoever is named is believed, whoever vouches for him. */
	if (files->authorities)
		X509_STORE_set_flags(SSL_CTX_get_cert_store(c),
				     X509_V_FLAG_PARTIAL_CHAIN);
	SSL_CTX_set_verify(c, files->verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
	return c;
}

static bool swap(struct shared_context *shared, SSL_CTX *fresh)
{
	SSL_CTX *old;

	if (!fresh)
		return false;
	pthread_mutex_lock(&shared->lock);
	old = shared->context;
	shared->context = fresh;
	pthread_mutex_unlock(&shared->lock);
	SSL_CTX_free(old);
	return true;
}

static void *shared_new(SSL_CTX *context)
{
	struct shared_context *shared;

	if (!context)
		return NULL;
	shared = memory_new(sizeof(*shared));
	pthread_mutex_init(&shared->lock, NULL);
	shared->context = context;
	return shared;
}

static void shared_free(struct shared_context *shared)
{
	SSL_CTX_free(shared->context);
	pthread_mutex_destroy(&shared->lock);
	free(shared);
}

struct tls_server *tls_server_new(const struct tls_files *files, struct fault *why)
{
	return shared_new(server_context(files, why));
}

bool tls_server_renew(struct tls_server *s, const struct tls_files *files,
		      struct fault *why)
{
	return swap(&s->shared, server_context(files, why));
}

void tls_server_free(struct tls_server *s)
{
	if (s)
		shared_free(&s->shared);
}

struct tls_trust *tls_trust_new(const struct tls_files *files, struct fault *why)
{
	return shared_new(trust_context(files, why));
}

bool tls_trust_renew(struct tls_trust *t, const struct tls_files *files,
		     struct fault *why)
{
	return swap(&t->shared, trust_context(files, why));
}

void tls_trust_free(struct tls_trust *t)
{
	if (t)
		shared_free(&t->shared);
}

static struct tls_session *session_new(struct shared_context *shared)
{
	struct tls_session *s = memory_new(sizeof(*s));

	pthread_mutex_lock(&shared->lock);
	s->ssl = SSL_new(shared->context);
	pthread_mutex_unlock(&shared->lock);
	s->in = BIO_new(BIO_s_mem());
	s->out = BIO_new(BIO_s_mem());
	if (!s->ssl || !s->in || !s->out) {
		fputs("out of memory\n", stderr);
		abort();
	}
	SSL_set_bio(s->ssl, s->in, s->out);
	return s;
}

struct tls_session *tls_session_accept(struct tls_server *server)
{
	struct tls_session *s = session_new(&server->shared);

	SSL_set_accept_state(s->ssl);
	return s;
}

/* The name must be in the certificate; an address as an address. */
static void expect_host(SSL *ssl, const char *host)
{
	if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1)
		return;
	SSL_set1_host(ssl, host);
	SSL_set_tlsext_host_name(ssl, host);
}

struct tls_session *tls_session_connect(const struct tls_trust *t, struct str host)
{
	static const unsigned char protocols[] = "\x08http/1.1";
	struct tls_session *s = session_new((struct shared_context *)&t->shared);
	char name[256];

	snprintf(name, sizeof(name), STR_FMT, STR_ARG(host));
	expect_host(s->ssl, name);
	SSL_set_alpn_protos(s->ssl, protocols, sizeof(protocols) - 1);
	SSL_set_connect_state(s->ssl);
	return s;
}

void tls_session_free(struct tls_session *s)
{
	SSL_free(s->ssl);
	free(s);
}

bool tls_is_ready(const struct tls_session *s)
{
	return SSL_is_init_finished(s->ssl);
}

static enum tls_progress failed(struct tls_session *s)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());
	const long verified = SSL_get_verify_result(s->ssl);

	if (verified != X509_V_OK)
		reason = X509_verify_cert_error_string(verified);
	snprintf(s->why, sizeof(s->why), "%s", reason ? reason : "TLS handshake failed");
	ERR_clear_error();
	return TLS_FAILED;
}

static enum tls_progress progress(struct tls_session *s, int result)
{
	switch (SSL_get_error(s->ssl, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return TLS_MORE;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_CLOSED;
	default:
		return failed(s);
	}
}

enum tls_progress tls_handshake(struct tls_session *s)
{
	int result;

	ERR_clear_error();
	result = SSL_do_handshake(s->ssl);
	return result == 1 ? TLS_READY : progress(s, result);
}

/* A large message leaves a large buffer behind, for as long as the connection is. */
static bool is_ballast(BIO *b)
{
	BUF_MEM *memory = NULL;

	BIO_get_mem_ptr(b, &memory);
	return memory && memory->max > MOST_BALLAST && BIO_pending(b) == 0;
}

static void drop_ballast(struct tls_session *s)
{
	BIO *fresh;

	if (is_ballast(s->in) && (fresh = BIO_new(BIO_s_mem()))) {
		SSL_set0_rbio(s->ssl, fresh);
		s->in = fresh;
	}
	if (is_ballast(s->out) && (fresh = BIO_new(BIO_s_mem()))) {
		SSL_set0_wbio(s->ssl, fresh);
		s->out = fresh;
	}
}

void tls_came(struct tls_session *s, struct str wire)
{
	BIO_write(s->in, wire.at, (int)wire.len);
}

enum tls_progress tls_decrypt(struct tls_session *s, char *to, size_t room, size_t *len)
{
	ERR_clear_error();
	while (*len < room) {
		size_t n = 0;
		const int result = SSL_read_ex(s->ssl, to + *len, room - *len, &n);

		if (result != 1)
			return progress(s, result);
		*len += n;
	}
	return TLS_READY;
}

static bool write_all(struct tls_session *s, struct str bytes)
{
	while (bytes.len > 0) {
		size_t n = 0;

		if (SSL_write_ex(s->ssl, bytes.at, bytes.len, &n) != 1) {
			failed(s);
			return false;
		}
		bytes = str_from(bytes, n);
	}
	return true;
}

/* Small pieces are joined, so that they share a record. */
bool tls_encrypt(struct tls_session *s, const struct str *pieces, unsigned count)
{
	char record[RECORD];
	size_t len = 0;

	ERR_clear_error();
	for (unsigned i = 0; i < count; i++) {
		struct str piece = pieces[i];

		while (piece.len > 0) {
			const struct str part = str_first(piece, RECORD - len);

			memcpy(record + len, part.at, part.len);
			len += part.len;
			piece = str_from(piece, part.len);
			if (len == RECORD && !write_all(s, (struct str){ record, len }))
				return false;
			len %= RECORD;
		}
	}
	return write_all(s, (struct str){ record, len });
}

void tls_say_goodbye(struct tls_session *s)
{
	SSL_shutdown(s->ssl);
	ERR_clear_error();
}

struct str tls_outgoing(struct tls_session *s)
{
	char *at = NULL;
	const long len = BIO_get_mem_data(s->out, &at);

	return (struct str){ at, len > 0 ? (size_t)len : 0 };
}

void tls_sent(struct tls_session *s)
{
	(void)BIO_reset(s->out);
	drop_ballast(s);
}

const char *tls_why(const struct tls_session *s)
{
	return s->why;
}
