/*
 * TLS as a filter: what came in, decrypted; what goes out, encrypted.
 *
 * It does no I/O. The connection gives it the bytes of the wire and fetches what is
 * to be sent after every call.
 */
#ifndef NET_TLS_SESSION_H
#define NET_TLS_SESSION_H

#include "base/str.h"

struct tls_server;
struct tls_trust;
struct tls_session;

enum tls_progress { TLS_MORE, TLS_READY, TLS_FAILED, TLS_CLOSED };

struct tls_session *tls_session_accept(struct tls_server *s);
/* The host must be in the certificate. */
struct tls_session *tls_session_connect(const struct tls_trust *t, struct str host);
void tls_session_free(struct tls_session *s);

enum tls_progress tls_handshake(struct tls_session *s);
bool tls_is_ready(const struct tls_session *s);
void tls_came(struct tls_session *s, struct str wire);
/* Counts what it put to `to`. MORE: all there is was decrypted. READY: there is more. */
enum tls_progress tls_decrypt(struct tls_session *s, char *to, size_t room, size_t *len);
bool tls_encrypt(struct tls_session *s, const struct str *pieces, unsigned count);
void tls_say_goodbye(struct tls_session *s);

struct str tls_outgoing(struct tls_session *s); /* for the wire; until tls_sent() */
void tls_sent(struct tls_session *s);

const char *tls_why(const struct tls_session *s); /* why it failed */

#endif
