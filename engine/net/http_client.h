/*
 * HTTP/1.1 towards backends: our own client with pooled connections, one a loop.
 *
 * Implements message/transport.h. Idle connections are kept last in, first out, per
 * destination, in reading state, so that their end is seen at once. A reused one
 * that dies without a byte of answer is replaced once, silently (decisions.md F13).
 */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include "message/transport.h"

struct loop;
struct tls_trust;

struct http_client_settings {
	unsigned per_host, in_all; /* connections; beyond: FAILURE_POOL_FULL */
	unsigned idle_per_host;    /* kept */
	uint64_t idle_ms;          /* an idle connection is closed after this */
	uint64_t dns_ms;           /* how long a resolved name is believed */
	struct tls_trust *trust;   /* borrowed; NULL: the system's */
};

extern const struct http_client_settings http_client_defaults;

struct http_client;

struct http_client *http_client_new(struct loop *l, const struct http_client_settings *s);
void http_client_free(struct http_client *c);
struct transport *http_client_transport(struct http_client *c);
/* Idle connections go now (drain). */
void http_client_close_idle(struct http_client *c);

#endif
