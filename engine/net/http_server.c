#define _DEFAULT_SOURCE /* SO_REUSEPORT */
#include "net/http_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "net/server_priv.h"

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
	if (!s->closed || s->listening || s->open > 0 || s->busy > 0)
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

static void on_connection(uv_stream_t *listener, int status)
{
	struct http_server *s = listener->data;

	if (status != 0)
		return;
	loop_enter(s->loop);
	connection_open(s);
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
static int open_socket(struct http_server *s, const struct sockaddr *a)
{
	const int descriptor = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int status;

	if (descriptor < 0)
		return -errno;
	status = set_options(descriptor);
	if (status == 0)
		status = uv_tcp_open(&s->listener, descriptor);
	if (status != 0)
		close(descriptor);
	return status;
}

static int listen_on(struct http_server *s, const char *address, unsigned port)
{
	struct sockaddr_storage a;
	int status, len = sizeof(a);

	if (uv_ip4_addr(address, (int)port, (struct sockaddr_in *)&a) != 0 &&
	    uv_ip6_addr(address, (int)port, (struct sockaddr_in6 *)&a) != 0)
		return UV_EINVAL;
	status = open_socket(s, (const struct sockaddr *)&a);
	if (status == 0)
		status = uv_tcp_bind(&s->listener, (const struct sockaddr *)&a, 0);
	if (status == 0)
		status = uv_listen((uv_stream_t *)&s->listener, BACKLOG, on_connection);
	if (status == 0)
		status = uv_tcp_getsockname(&s->listener, (struct sockaddr *)&a, &len);
	s->port = ntohs(((const struct sockaddr_in *)&a)->sin_port);
	return status;
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct http_server *s = handle->data;

	s->listening = false;
	server_release_if_done(s);
}

static void stop_listening(struct http_server *s)
{
	if (!uv_is_closing((uv_handle_t *)&s->listener))
		uv_close((uv_handle_t *)&s->listener, on_listener_closed);
}

/* A request that was on its way when we began to drain has come by now. */
static void close_idle(void *ctx)
{
	struct http_server *s = ctx;
	struct link *next;

	for (struct link *at = s->connections.next; at != &s->connections; at = next) {
		next = at->next;
		connection_close_if_idle(list_item(at, struct connection, link));
	}
}

struct http_server *http_server_open(struct loop *l, const char *address, unsigned port,
				     struct tls_server *tls,
				     const struct http_limits *limits,
				     http_handler *handler, void *ctx, struct fault *why)
{
	static _Thread_local char text[256];
	struct http_server *s = memory_new(sizeof(*s));
	int status;

	*s = (struct http_server){ .loop = l,
				   .tls = tls,
				   .limits = *limits,
				   .handler = handler,
				   .ctx = ctx,
				   .listening = true };
	list_init(&s->connections);
	timer_init(&s->grace, close_idle, s);
	uv_tcp_init(&l->uv, &s->listener);
	s->listener.data = s;
	status = listen_on(s, address, port);
	if (status == 0)
		return s;
	snprintf(text, sizeof(text), "cannot listen on %s:%u: %s", address, port,
		 uv_strerror(status));
	*why = (struct fault){ .text = text };
	http_server_close(s);
	return NULL;
}

unsigned http_server_port(const struct http_server *s)
{
	return s->port;
}

/* Who is connected but was not accepted yet would be reset with the listener. */
static void accept_all(struct http_server *s)
{
	int listener, descriptor;

	if (uv_fileno((uv_handle_t *)&s->listener, &listener) != 0)
		return;
	while ((descriptor = accept(listener, NULL, NULL)) >= 0) {
		fcntl(descriptor, F_SETFD, FD_CLOEXEC);
		connection_adopt(s, descriptor);
	}
}

void http_server_drain(struct http_server *s)
{
	struct timers *timers = s->loop->timers;

	if (s->draining)
		return;
	s->draining = true;
	accept_all(s);
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
