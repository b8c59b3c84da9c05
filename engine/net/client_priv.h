/*
 * What the files of the HTTP client share.
 *
 *	attempt:   RESOLVING --> CONNECTING --> SENDING --> gone (its reply goes on)
 *	               |             |             |
 *	               `---- an idle upstream -----'
 *
 * http_client.c knows attempts, destination.c names and idle connections,
 * upstream.c one connection and what comes over it.
 */
#ifndef NET_CLIENT_PRIV_H
#define NET_CLIENT_PRIV_H

#include "base/map.h"
#include "net/http_client.h"
#include "net/http_parse.h"
#include "net/http_write.h"
#include "net/tcp.h"
#include "net/url.h"

/* ADDRESS_MS: then the next one has its turn, if there is one. */
enum { MOST_ADDRESSES = 8, ADDRESS_TEXT = 64, ADDRESS_MS = 2000, MOST_INTERIM = 100 };

struct http_client {
	struct transport transport; /* first */
	struct loop *loop;
	struct http_client_settings settings;
	struct tls_trust *trust; /* the default one; made when it is first needed */
	bool trust_is_ours;
	struct arena arena; /* of the destinations */
	struct map destinations;
	struct destination *newest;
	unsigned open;
	struct link upstreams; /* all that are open */
	struct link attempts;  /* all under way */
	struct upstream *spare_upstreams;
	struct attempt *spare_attempts;
};

/* A host, a port, and how to talk to it. Lives as long as the client. */
struct destination {
	struct destination *older;    /* of the client */
	struct destination *same_url; /* with another trust */
	struct http_client *client;
	const char *host; /* NUL-terminated */
	unsigned port;
	bool tls;
	const struct tls_trust *trust;
	unsigned open, idle;
	struct link idle_first; /* last in, first out */
	/* Its addresses, IPv4 first. */
	struct sockaddr_storage addresses[MOST_ADDRESSES];
	unsigned address_count;
	uint64_t known_until;
	struct lookup *lookup; /* under way; NULL: none */
	struct link waiting;   /* attempts, for the lookup */
};

struct attempt {
	struct link link;    /* of the client */
	struct link waiting; /* of the destination */
	struct later later;
	struct timer timer;  /* until connected */
	uint64_t connect_by; /* UINT64_MAX: no limit */
	struct http_client *client;
	struct request request;
	struct url url;
	struct destination *destination;
	struct upstream *upstream;
	struct out out; /* the request's body */
	unsigned address;
	bool retried, body_begun;
	enum send_phase phase;
	attempt_done *done;
	void *ctx;
	struct failure failure;
	char last_address[ADDRESS_TEXT];
	char text[192];
};

struct upstream {
	struct tcp tcp; /* first */
	struct http_client *client;
	struct destination *destination;
	struct link link;        /* of the client */
	struct link idle;        /* of the destination */
	struct attempt *attempt; /* until the head of the reply is there */
	struct http_parser parser;
	struct body_source source; /* of the reply's body */
	struct later settle;
	struct buf pending; /* a head that is not whole yet */
	struct timer timer;
	uint64_t due, idle_ms, keep_ms;
	unsigned interim; /* replies of 1xx to this request */
	bool is_idle, reused, got_bytes, sent_all, receiving, keep;
	struct upstream *spare;
};

/* --- destination.c --- */

struct destination *destination_of(struct http_client *c, const struct request *r,
				   const struct url *u);
/* True: its addresses are known. False: attempt_resolved() will be called. */
bool destination_resolve(struct destination *d, struct attempt *a);
struct upstream *destination_take_idle(struct destination *d);
void destination_put_idle(struct destination *d, struct upstream *u);
void destination_close_idle(struct destination *d);
/* Makes room for one more by closing idle ones of others. False: none to close. */
bool destination_make_room(struct http_client *c);
void destination_forget(struct destination *d); /* before the client goes */

/* --- upstream.c --- */

/* NULL: *status is the error. */
struct upstream *upstream_open(struct destination *d, const struct sockaddr *to,
			       int *status);
void upstream_close(struct upstream *u);
void upstream_send(struct upstream *u, struct attempt *a);

/* --- http_client.c --- */

/* The status is uv_getaddrinfo()'s. */
void attempt_resolved(struct attempt *a, int status);
void attempt_connected(struct attempt *a, int status);
/* Its upstream ended, before the reply. May try once more (decisions.md F13). */
void attempt_ended(struct attempt *a, int status);
void attempt_fail(struct attempt *a, enum failure_kind kind, const char *text);
void attempt_replied(struct attempt *a, struct reply *reply);

#endif
