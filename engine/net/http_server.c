#define _DEFAULT_SOURCE /* SO_REUSEPORT */
#include "net/http_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "net/server_priv.h"
#include "net/sockets.h"

enum { BACKLOG = 4096 };

const struct http_limits http_default_limits = {
	.head = 64 * 1024,
	.line = 8 * 1024,
	.headers = 256,
	.whole = { 1024 * 1024, 1024 * 1024 * 1024 },
	.head_ms = 10 * 1000,
	.idle_ms = 60 * 1000,
	.connections = 20000,
};

void server_release_if_done(struct http_server *s)
{
	if (!s->closed || s->listening > 0 || s->open > 0 || s->busy > 0)
		return;
	while (s->spare_connections) {
		struct connection *c = s->spare_connections;

		s->spare_connections = c->spare;
		free(c);
	}
	while (s->spare_calls) {
		struct call *call = s->spare_calls;

		s->spare_calls = call->spare;
		free(call);
	}
	free(s);
}

static void on_connection(uv_stream_t *stream, int status)
{
	struct http_server *s = ((struct entrance *)stream)->server;

	if (status != 0)
		return;
	loop_enter(s->loop);
	connection_open(s, stream);
	loop_leave(s->loop);
}

static int set_options(int descriptor)
{
	const int on = 1;

	if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0)
		return -errno;
	return 0;
}

/* By hand, because libuv knows no SO_REUSEPORT before 1.49. */
static int open_socket(struct entrance *e, const struct sockaddr *a)
{
	const int descriptor = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int status;

	if (descriptor < 0)
		return -errno;
	status = set_options(descriptor);
	if (status == 0)
		status = uv_tcp_open(&e->uv, descriptor);
	if (status != 0)
		close(descriptor);
	else
		status = uv_tcp_bind(&e->uv, a, 0);
	return status;
}

/* -1: none was left to us. */
static int take_socket(struct http_server *s, const struct sockaddr *a)
{
	struct sockets *sockets = s->loop->sockets;

	return sockets ? sockets_take(sockets, a) : -1;
}

/* What is listened on can be left to who follows. */
static void enter_in_list(struct entrance *e)
{
	struct sockets *sockets = e->server->loop->sockets;
	int descriptor;

	if (sockets && uv_fileno((uv_handle_t *)&e->uv, &descriptor) == 0)
		sockets_add(sockets, descriptor);
}

static struct entrance *entrance_new(struct http_server *s)
{
	struct entrance *e = memory_new(sizeof(*e));

	e->server = s;
	e->next = s->entrances;
	s->entrances = e;
	s->listening++;
	uv_tcp_init(&s->loop->uv, &e->uv);
	return e;
}

static int open_entrance(struct http_server *s, int left, const struct sockaddr *a)
{
	struct entrance *e = entrance_new(s);
	int status = left >= 0 ? uv_tcp_open(&e->uv, left) : open_socket(e, a);

	if (status == 0)
		status = uv_listen((uv_stream_t *)&e->uv, BACKLOG, on_connection);
	else if (left >= 0)
		close(left);
	if (status == 0)
		enter_in_list(e);
	return status;
}

static int listen_on(struct http_server *s, const char *address, unsigned port)
{
	struct sockaddr_storage a;
	int status, len = sizeof(a);

	if (uv_ip4_addr(address, (int)port, (struct sockaddr_in *)&a) != 0 &&
	    uv_ip6_addr(address, (int)port, (struct sockaddr_in6 *)&a) != 0)
		return UV_EINVAL;
	status = open_entrance(s, take_socket(s, (const struct sockaddr *)&a),
			       (const struct sockaddr *)&a);
	if (status == 0)
		status = uv_tcp_getsockname(&s->entrances->uv, (struct sockaddr *)&a,
					    &len);
	s->port = ntohs(((const struct sockaddr_in *)&a)->sin_port);
	return status;
}

bool http_server_take_more(struct http_server *s)
{
	struct sockaddr_storage a;
	int len = sizeof(a), left;

	if (uv_tcp_getsockname(&s->entrances->uv, (struct sockaddr *)&a, &len) != 0)
		return false;
	left = take_socket(s, (const struct sockaddr *)&a);
	return left >= 0 && open_entrance(s, left, NULL) == 0;
}

static void on_entrance_closed(uv_handle_t *handle)
{
	struct entrance *e = (struct entrance *)handle;
	struct http_server *s = e->server;

	free(e);
	s->listening--;
	server_release_if_done(s);
}

static void close_entrance(struct entrance *e)
{
	struct sockets *sockets = e->server->loop->sockets;
	int descriptor;

	if (sockets && uv_fileno((uv_handle_t *)&e->uv, &descriptor) == 0)
		sockets_remove(sockets, descriptor);
	uv_close((uv_handle_t *)&e->uv, on_entrance_closed);
}

static void stop_listening(struct http_server *s)
{
	while (s->entrances) {
		struct entrance *e = s->entrances;

		s->entrances = e->next;
		close_entrance(e);
	}
}

/* A request that was on its way when we began to drain has come by now. */
static void close_idle(void *ctx)
{
	struct http_server *s = ctx;
	struct timers *timers = s->loop->timers;
	struct link *next;

	for (struct link *at = s->connections.next; at != &s->connections; at = next) {
		struct connection *c = list_item(at, struct connection, link);

		next = at->next;
		if (!s->patient || !connection_is_new(c))
			connection_close_if_idle(c);
	}
	if (s->patient && s->open > 0)
		timer_set(timers, &s->grace, timers->now + FRESH_GRACE_MS);
	s->patient = false;
}

struct http_server *http_server_open(struct loop *l, const char *address, unsigned port,
				     struct tls_server *tls,
				     const struct http_limits *limits,
				     http_handler *handler, void *ctx, struct fault *why)
{
	static _Thread_local char text[256];
	struct http_server *s = memory_new(sizeof(*s));
	int status;

	*s = (struct http_server){
		.loop = l, .tls = tls, .limits = *limits, .handler = handler, .ctx = ctx
	};
	list_init(&s->connections);
	timer_init(&s->grace, close_idle, s);
	status = listen_on(s, address, port);
	if (status == 0)
		return s;
	snprintf(text, sizeof(text), "cannot listen on %s:%u: %s", address, port,
		 uv_strerror(status));
	*why = (struct fault){ .text = text };
	http_server_close(s);
	return NULL;
}

void http_server_on_refused(struct http_server *s, http_refused *refused)
{
	s->refused = refused;
}

unsigned http_server_port(const struct http_server *s)
{
	return s->port;
}

/* Who is connected but was not accepted yet would be reset with the listener. */
static void accept_all(struct entrance *e)
{
	int listener, descriptor, most = BACKLOG;

	if (uv_fileno((uv_handle_t *)&e->uv, &listener) != 0)
		return;
	while (most-- > 0 && (descriptor = accept(listener, NULL, NULL)) >= 0) {
		fcntl(descriptor, F_SETFD, FD_CLOEXEC);
		connection_adopt(e->server, descriptor);
	}
}

void http_server_drain(struct http_server *s)
{
	struct timers *timers = s->loop->timers;

	if (s->draining)
		return;
	s->draining = s->patient = true;
	for (struct entrance *e = s->entrances; e; e = e->next)
		accept_all(e);
	stop_listening(s);
	timer_set(timers, &s->grace, timers->now + GRACE_MS);
}

unsigned http_server_busy(const struct http_server *s)
{
	return s->busy + (timer_is_set(&s->grace) ? s->open : 0);
}

void http_server_close(struct http_server *s)
{
	struct link *next;

	s->draining = s->closed = true;
	timer_clear(s->loop->timers, &s->grace);
	stop_listening(s);
	for (struct link *at = s->connections.next; at != &s->connections; at = next) {
		next = at->next;
		connection_drop(list_item(at, struct connection, link));
	}
	server_release_if_done(s);
}
