/*
 * What the tests of this room share: a loop that is driven until something is so,
 * and raw sockets for the other side.
 */
#ifndef NET_RIG_H
#define NET_RIG_H

#include "base/fault.h"
#include "base/timer.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"

struct rig {
	struct timers timers;
	struct loop *loop;
	struct http_server *server;
	struct http_client *client;
	struct timer tick;
	unsigned ticks;
	bool running;
};

void rig_start(struct rig *r);
void rig_serve(struct rig *r, const struct http_limits *limits, http_handler *handler,
	       void *ctx);
void rig_serve_tls(struct rig *r, struct tls_server *tls, http_handler *handler,
		   void *ctx);
void rig_connect(struct rig *r, const struct http_client_settings *s);
void rig_stop(struct rig *r);

/* One round of events; false, and a failed test, after 5 seconds in all. */
bool rig_turn(struct rig *r);
#define UNTIL(rig, condition)                 \
	while (!(condition) && rig_turn(rig)) \
		;

/* A raw socket: what it was told so far, and whether the other side has closed. */
struct peer {
	int socket;
	char *text;
	size_t len;
	bool ended, reset;
};

void peer_connect(struct peer *p, unsigned port);
int peer_listen(unsigned *port); /* the socket */
bool peer_accept(struct peer *p, int listener);
void peer_say(struct peer *p, const char *text);
void peer_say_bytes(struct peer *p, struct str bytes);
size_t peer_try_to_say(struct peer *p, struct str bytes); /* how many were taken */
size_t peer_throw_away(struct peer *p);                   /* what is there now */
void peer_close(struct peer *p);
void peer_reset(struct peer *p);

void peer_forget(struct peer *p);                  /* what it was told so far */
bool peer_heard(struct peer *p, const char *what); /* among all it was told */
bool peer_saw_end(struct peer *p);
unsigned peer_count(struct peer *p, const char *what);

#endif
