#define _DEFAULT_SOURCE /* memmem's friends, SO_LINGER */
#include "net/rig.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "message/body.h"

enum { MOST_HEARD = 4 * 1024 * 1024, TICK_MS = 10, PATIENCE_TICKS = 500 };

static void after_event(void *ctx, uint64_t now)
{
	struct rig *r = ctx;

	for (struct timer *t; (t = timers_next(&r->timers, now));)
		t->fire(t->ctx);
	/* The first is that of loop_run() itself, before it looked for events. */
	if (r->running)
		loop_stop(r->loop);
	r->running = true;
}

/* So that what happened outside the loop is seen as well. */
static void tick(void *ctx)
{
	struct rig *r = ctx;

	r->ticks++;
	timer_set(&r->timers, &r->tick, r->timers.now + TICK_MS);
}

void rig_start(struct rig *r)
{
	*r = (struct rig){ 0 };
	timers_init(&r->timers);
	r->loop = loop_new(&r->timers);
	loop_on_event(r->loop, after_event, r);
	timer_init(&r->tick, tick, r);
	tick(r);
}

void rig_serve(struct rig *r, const struct http_limits *limits, http_handler *handler,
	       void *ctx)
{
	struct fault why = { 0 };

	r->server = http_server_open(r->loop, "127.0.0.1", 0, NULL, limits, handler, ctx,
				     &why);
	cr_assert_not_null(r->server, "%s", why.text);
}

void rig_serve_tls(struct rig *r, struct tls_server *tls, http_handler *handler,
		   void *ctx)
{
	struct fault why = { 0 };

	r->server = http_server_open(r->loop, "127.0.0.1", 0, tls, &http_default_limits,
				     handler, ctx, &why);
	cr_assert_not_null(r->server, "%s", why.text);
}

void rig_connect(struct rig *r, const struct http_client_settings *s)
{
	r->client = http_client_new(r->loop, s);
}

void rig_stop(struct rig *r)
{
	timer_clear(&r->timers, &r->tick);
	if (r->client)
		http_client_free(r->client);
	if (r->server)
		http_server_close(r->server);
	loop_free(r->loop);
	arena_trim();
	body_trim();
}

bool rig_turn(struct rig *r)
{
	r->running = false;
	loop_run(r->loop);
	if (r->ticks >= PATIENCE_TICKS)
		cr_expect_fail("it did not happen within %d ms",
			       TICK_MS * PATIENCE_TICKS);
	return r->ticks < PATIENCE_TICKS;
}

static struct sockaddr_in here(unsigned port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((unsigned short)port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void peer_init(struct peer *p, int socket)
{
	*p = (struct peer){ .socket = socket, .text = calloc(1, MOST_HEARD + 1) };
}

void peer_connect(struct peer *p, unsigned port)
{
	const struct sockaddr_in a = here(port);

	peer_init(p, socket(AF_INET, SOCK_STREAM, 0));
	cr_assert_eq(connect(p->socket, (const struct sockaddr *)&a, sizeof(a)), 0);
}

int peer_listen(unsigned *port)
{
	struct sockaddr_in a = here(0);
	socklen_t len = sizeof(a);
	const int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	cr_assert_eq(bind(s, (const struct sockaddr *)&a, sizeof(a)), 0);
	cr_assert_eq(listen(s, 16), 0);
	getsockname(s, (struct sockaddr *)&a, &len);
	*port = ntohs(a.sin_port);
	return s;
}

bool peer_accept(struct peer *p, int listener)
{
	const int s = accept(listener, NULL, NULL);

	if (s >= 0)
		peer_init(p, s);
	return s >= 0;
}

void peer_say_bytes(struct peer *p, struct str bytes)
{
	cr_assert_eq(send(p->socket, bytes.at, bytes.len, MSG_NOSIGNAL),
		     (ssize_t)bytes.len);
}

void peer_say(struct peer *p, const char *text)
{
	peer_say_bytes(p, str_of(text));
}

size_t peer_try_to_say(struct peer *p, struct str bytes)
{
	const ssize_t n = send(p->socket, bytes.at, bytes.len,
			       MSG_NOSIGNAL | MSG_DONTWAIT);

	return n > 0 ? (size_t)n : 0;
}

size_t peer_throw_away(struct peer *p)
{
	static char bytes[256 * 1024];
	size_t len = 0;
	ssize_t n;

	while ((n = recv(p->socket, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		len += (size_t)n;
	return len;
}

void peer_close(struct peer *p)
{
	close(p->socket);
	free(p->text);
}

void peer_reset(struct peer *p)
{
	const struct linger at_once = { 1, 0 };

	setsockopt(p->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	peer_close(p);
}

static void hear(struct peer *p)
{
	ssize_t n;

	do {
		n = recv(p->socket, p->text + p->len, MOST_HEARD - p->len, MSG_DONTWAIT);
		if (n > 0)
			p->len += (size_t)n;
	} while (n > 0 && p->len < MOST_HEARD);
	if (p->len == MOST_HEARD)
		return;
	p->ended |= n == 0;
	p->reset |= n < 0 && errno == ECONNRESET;
}

void peer_forget(struct peer *p)
{
	p->len = 0;
}

bool peer_heard(struct peer *p, const char *what)
{
	const struct str all = { p->text, p->len };

	hear(p);
	return str_find_str((struct str){ all.at, p->len }, str_of(what)) < p->len;
}

bool peer_saw_end(struct peer *p)
{
	hear(p);
	return p->ended || p->reset;
}

unsigned peer_count(struct peer *p, const char *what)
{
	struct str rest;
	unsigned count = 0;

	hear(p);
	rest = (struct str){ p->text, p->len };
	for (;;) {
		const size_t at = str_find_str(rest, str_of(what));

		if (at >= rest.len)
			return count;
		count++;
		rest = str_from(rest, at + strlen(what));
	}
}
