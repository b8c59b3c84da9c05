/*
 * The floor: a proxy with nothing in between, to measure what the I/O alone costs.
 *
 *	proxy PORT http://backend:port
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"

struct proxy {
	struct timers timers;
	struct loop *loop;
	struct http_client *client;
	const char *backend;
};

struct passage {
	struct proxy *proxy;
	struct http_call *call;
	struct attempt *attempt;
	struct reply *reply;
};

static void fire_timers(void *ctx, uint64_t now)
{
	struct proxy *p = ctx;

	for (struct timer *t; (t = timers_next(&p->timers, now));)
		t->fire(t->ctx);
}

static void finished(struct http_call *c, bool sent)
{
	struct passage *at = c->owner;

	(void)sent;
	if (at->reply)
		body_release(&at->reply->body);
}

static void replied(void *ctx, struct reply *reply, const struct failure *failure)
{
	struct passage *at = ctx;
	struct http_response r = { .status = 502 };

	at->attempt = NULL;
	at->reply = reply;
	if (failure)
		fprintf(stderr, "%s\n", failure->text);
	if (reply)
		r = (struct http_response){ .status = reply->status,
					    .reason = reply->reason,
					    .headers = &reply->headers,
					    .body = &reply->body,
					    .has_length = true };
	http_answer(at->call, &r, finished);
}

static void gone(struct http_call *c)
{
	static const struct http_response nothing = { .status = 499 };
	struct passage *at = c->owner;
	struct transport *t = http_client_transport(at->proxy->client);

	if (at->attempt)
		t->ops->cancel(t, at->attempt);
	at->attempt = NULL;
	http_answer(c, &nothing, finished);
}

static void handle(void *ctx, struct http_call *c)
{
	struct proxy *p = ctx;
	struct transport *t = http_client_transport(p->client);
	struct passage *at = arena_new(&c->arena, struct passage);
	const char *url = arena_printf(&c->arena, "%s" STR_FMT, p->backend,
				       STR_ARG(c->target));
	const struct request r = {
		.method = c->method,
		.url = str_of(url),
		.headers = &c->headers,
		.body = &c->body,
		.arena = &c->arena,
		.connect_ms = 3000,
		.idle_ms = 180000,
	};

	at->proxy = p;
	at->call = c;
	c->owner = at;
	c->gone = gone;
	at->attempt = t->ops->send(t, &r, replied, at);
}

static void stop(void *ctx)
{
	loop_stop(ctx);
}

int main(int count, char **arguments)
{
	struct proxy p = { 0 };
	struct http_server *server;
	struct fault why;
	uint64_t port = 0;

	if (count != 3 || !str_to_uint(str_of(arguments[1]), &port)) {
		fprintf(stderr, "usage: proxy PORT http://backend:port\n");
		return 2;
	}
	p.backend = arguments[2];
	timers_init(&p.timers);
	p.loop = loop_new(&p.timers);
	loop_on_event(p.loop, fire_timers, &p);
	loop_on_signal(p.loop, 15, stop, p.loop);
	p.client = http_client_new(p.loop, &http_client_defaults);
	server = http_server_open(p.loop, "127.0.0.1", (unsigned)port, NULL,
				  &http_default_limits, handle, &p, &why);
	if (!server) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	loop_run(p.loop);
	http_server_close(server);
	http_client_free(p.client);
	loop_free(p.loop);
	arena_trim();
	body_trim();
	return 0;
}
