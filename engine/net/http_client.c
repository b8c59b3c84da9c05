#include "net/http_client.h"

#include <stdlib.h>

#include "net/client_priv.h"
#include "net/tls.h"
#include "net/tls_session.h"

const struct http_client_settings http_client_defaults = {
	.per_host = 10000,
	.in_all = 20000,
	.idle_per_host = 256,
	.idle_ms = 60 * 1000,
	.dns_ms = 30 * 1000,
};

/* --- the end of an attempt --- */

static void attempt_release(struct attempt *a)
{
	struct http_client *c = a->client;

	list_remove(&a->link);
	list_remove(&a->waiting);
	list_remove(&a->later.link);
	timer_clear(c->loop->timers, &a->timer);
	out_cancel(&a->out);
}

static void attempt_recycle(struct attempt *a)
{
	struct http_client *c = a->client;

	a->link.next = (struct link *)c->spare_attempts;
	c->spare_attempts = a;
}

static void drop_upstream(struct attempt *a)
{
	struct upstream *u = a->upstream;

	a->upstream = NULL;
	if (!u)
		return;
	u->attempt = NULL;
	upstream_close(u);
}

static void tell_failure(struct later *later)
{
	struct attempt *a = list_item(later, struct attempt, later);

	attempt_release(a);
	a->done(a->ctx, NULL, &a->failure);
	attempt_recycle(a);
}

void attempt_fail(struct attempt *a, enum failure_kind kind, const char *text)
{
	snprintf(a->text, sizeof(a->text), "%s", text);
	a->failure = (struct failure){
		.kind = kind,
		.phase = a->phase,
		.text = a->text,
		.host = a->url.host,
		.address = str_of(a->last_address),
		.port = a->url.port,
	};
	list_remove(&a->waiting);
	timer_clear(a->client->loop->timers, &a->timer);
	out_cancel(&a->out);
	drop_upstream(a);
	loop_later(a->client->loop, &a->later);
}

void attempt_replied(struct attempt *a, struct reply *reply)
{
	attempt_release(a);
	a->done(a->ctx, reply, NULL);
	attempt_recycle(a);
}

static void cancel(struct transport *t, struct attempt *a)
{
	(void)t;
	drop_upstream(a);
	attempt_release(a);
	attempt_recycle(a);
}

/* --- the request goes out --- */

static bool expects_a_body(struct str method)
{
	return str_eq(method, STR("POST")) || str_eq(method, STR("PUT")) ||
	       str_eq(method, STR("PATCH"));
}

static bool has_body(const struct body *b)
{
	return b && b->state != BODY_EMPTY && !(b->state == BODY_WHOLE && !b->received);
}

static struct framing framing_for(const struct request *r)
{
	if (!has_body(r->body) && !expects_a_body(r->method))
		return (struct framing){ FRAMING_NONE, 0 };
	return framing_of(has_body(r->body) ? r->body : NULL);
}

static bool write_target(struct buf *out, const struct attempt *a)
{
	const struct request *r = &a->request;
	char *target;

	if (a->url.target.at[0] == '/')
		return http_write_request(out, r->method, a->url.target, !r->http_1_0);
	target = arena_printf(r->arena, "/" STR_FMT, STR_ARG(a->url.target));
	return http_write_request(out, r->method, str_of(target), !r->http_1_0);
}

static bool write_head(struct buf *out, const struct attempt *a, const struct framing *f)
{
	const struct request *r = &a->request;
	const struct str host = r->host.len ? r->host : a->url.authority;

	buf_clear(out);
	if (!write_target(out, a) || !http_write_field(out, STR("Host"), host) ||
	    !http_write_fields(out, r->headers, true))
		return false;
	if (r->close || r->http_1_0)
		buf_add(out, STR("Connection: close\r\n"));
	http_write_framing(out, f);
	return !buf_is_full(out);
}

static void went_out(struct attempt *a, enum out_state state)
{
	switch (state) {
	case OUT_GOING:
		a->phase = PHASE_REQUEST_HEAD;
		break;
	case OUT_COMPLETE:
		a->phase = PHASE_REQUEST_DONE;
		break;
	case OUT_BODY_BROKE:
		a->phase = PHASE_REQUEST_HEAD;
		attempt_fail(a, FAILURE_WRITE, "the request's body ended too early");
		break;
	case OUT_WRITE_FAILED:
		/* What the backend had to say before it closed may still be read. */
		if (a->phase == PHASE_CONNECTING)
			attempt_ended(a, UV_EPIPE);
		break;
	}
}

static void body_went_out(struct out *o)
{
	went_out(list_item(o, struct attempt, out), o->state);
}

/* It takes connections: that was all. */
static void answer_probe(struct attempt *a)
{
	struct reply reply = { 0 };

	drop_upstream(a);
	headers_init(&reply.headers, a->request.arena);
	body_init(&reply.body, a->request.arena);
	attempt_replied(a, &reply);
}

static void send_on(struct attempt *a, struct upstream *u)
{
	struct buf *head = &a->client->loop->head;
	const struct framing f = framing_for(&a->request);
	struct body *b = has_body(a->request.body) ? a->request.body : NULL;

	a->upstream = u;
	timer_clear(a->client->loop->timers, &a->timer);
	if (a->request.only_connect) {
		answer_probe(a);
		return;
	}
	upstream_send(u, a);
	if (f.kind == FRAMING_CHUNKED &&
	    (a->request.http_1_0 || a->request.chunked_never)) {
		attempt_fail(a, FAILURE_UNSENDABLE,
			     "the length of the body is not known");
		return;
	}
	if (!write_head(head, a, &f)) {
		attempt_fail(a, FAILURE_UNSENDABLE,
			     "the request has a field no head can hold");
		return;
	}
	a->out = (struct out){ .chunked = f.kind == FRAMING_CHUNKED,
			       .over = body_went_out };
	a->body_begun = b != NULL;
	went_out(a, out_start(&a->out, &u->tcp, buf_str(head), b));
}

/* --- a connection for it --- */

/* An address that is silent does not use up the time of those behind it. */
static void give_it_time(struct attempt *a)
{
	struct timers *timers = a->client->loop->timers;
	const uint64_t now = timers->now;
	const unsigned left = a->destination->address_count - a->address + 1;
	const uint64_t all = a->connect_by > now ? a->connect_by - now : 0;

	if (left > 1)
		timer_set(timers, &a->timer,
			  now + (all / left < ADDRESS_MS ? all / left : ADDRESS_MS));
	else if (a->connect_by != UINT64_MAX)
		timer_set(timers, &a->timer, a->connect_by);
	else
		timer_clear(timers, &a->timer);
}

static void connect_next(struct attempt *a)
{
	struct destination *d = a->destination;
	int status = UV_EADDRNOTAVAIL;

	while (a->address < d->address_count) {
		const struct sockaddr *to = (const struct sockaddr *)&d
						    ->addresses[a->address++];

		/* IPv4 comes first, and is what is told: people know their 127.0.0.1. */
		if (to->sa_family == AF_INET || !a->last_address[0])
			uv_ip_name(to, a->last_address, sizeof(a->last_address));
		a->upstream = upstream_open(d, to, &status);
		if (a->upstream) {
			a->upstream->attempt = a;
			if (d->address_count > 1)
				give_it_time(a);
			return;
		}
	}
	attempt_fail(a, FAILURE_REFUSED, strerror(-status));
}

void attempt_resolved(struct attempt *a, int status)
{
	if (status != 0)
		attempt_fail(a, FAILURE_DNS, uv_strerror(status));
	else
		connect_next(a);
}

void attempt_connected(struct attempt *a, int status)
{
	struct upstream *u = a->upstream;
	char why[160];

	if (status == 0) {
		send_on(a, u);
	} else if (u->tcp.open) {
		snprintf(why, sizeof(why), "%s",
			 status == UV_EOF ? "closed during the TLS handshake"
					  : tls_why(u->tcp.tls));
		attempt_fail(a, FAILURE_TLS, why);
	} else if (a->address < a->destination->address_count) {
		drop_upstream(a);
		connect_next(a);
	} else {
		attempt_fail(a, FAILURE_REFUSED, strerror(-status));
	}
}

static bool is_full(struct destination *d)
{
	struct http_client *c = d->client;

	if (d->open >= c->settings.per_host)
		return true;
	return c->open >= c->settings.in_all && !destination_make_room(c);
}

static void connect_timed_out(void *ctx)
{
	struct attempt *a = ctx;

	if (a->upstream && a->address < a->destination->address_count) {
		drop_upstream(a);
		connect_next(a);
		return;
	}
	attempt_fail(a, FAILURE_CONNECT_TIMEOUT, "Connection timed out");
}

static void connect_fresh(struct attempt *a)
{
	struct timers *timers = a->client->loop->timers;

	if (is_full(a->destination)) {
		attempt_fail(a, FAILURE_POOL_FULL, "no connection is free");
		return;
	}
	a->phase = PHASE_CONNECTING;
	a->address = 0;
	a->connect_by = UINT64_MAX;
	if (a->request.connect_ms) {
		a->connect_by = timers->now + a->request.connect_ms;
		timer_set(timers, &a->timer, a->connect_by);
	}
	if (destination_resolve(a->destination, a))
		connect_next(a);
}

/* --- a connection that was stale --- */

static bool is_idempotent(struct str method)
{
	return str_eq(method, STR("GET")) || str_eq(method, STR("HEAD")) ||
	       str_eq(method, STR("PUT")) || str_eq(method, STR("DELETE")) ||
	       str_eq(method, STR("OPTIONS")) || str_eq(method, STR("TRACE"));
}

static bool may_send_again(struct attempt *a)
{
	const struct upstream *u = a->upstream;

	if (a->retried || !u->reused || u->got_bytes)
		return false;
	if (!a->body_begun)
		return true;
	out_cancel(&a->out);
	return is_idempotent(a->request.method) && body_rewind(a->request.body);
}

void attempt_ended(struct attempt *a, int status)
{
	if (may_send_again(a)) {
		a->retried = true;
		drop_upstream(a);
		connect_fresh(a);
	} else if (a->phase == PHASE_CONNECTING && status == UV_EPIPE) {
		attempt_fail(a, FAILURE_WRITE, strerror(-status));
	} else if (status != 0) {
		attempt_fail(a, FAILURE_READ, strerror(-status));
	} else if (a->upstream->pending.len > 0) {
		attempt_fail(a, FAILURE_PROTOCOL, "the reply ended within its head");
	} else {
		attempt_fail(a, FAILURE_CLOSED, "closed without a reply");
	}
}

/* --- the transport --- */

static struct attempt *attempt_new(struct http_client *c)
{
	struct attempt *a = c->spare_attempts;

	if (a)
		c->spare_attempts = (struct attempt *)a->link.next;
	else
		a = memory_new(sizeof(*a));
	*a = (struct attempt){ .client = c };
	list_init(&a->link);
	list_init(&a->waiting);
	later_init(&a->later, tell_failure);
	timer_init(&a->timer, connect_timed_out, a);
	list_add_last(&c->attempts, &a->link);
	return a;
}

static bool has_trust(struct http_client *c, const struct request *r)
{
	static const struct tls_files usual = { .verify = true };
	struct fault why;

	if (!c->trust && !r->tls) {
		c->trust = tls_trust_new(&usual, &why);
		c->trust_is_ours = c->trust != NULL;
	}
	return c->trust || r->tls;
}

static void start(struct attempt *a)
{
	const struct request *r = &a->request;
	struct upstream *u;

	if (!url_parse(r->url, &a->url)) {
		attempt_fail(a, FAILURE_BAD_URL, "no http or https URL");
		return;
	}
	if (a->url.tls && !has_trust(a->client, r)) {
		attempt_fail(a, FAILURE_TLS, "no certificates to trust");
		return;
	}
	a->destination = destination_of(a->client, r, &a->url);
	u = r->only_connect ? NULL : destination_take_idle(a->destination);
	if (!u) {
		connect_fresh(a);
		return;
	}
	u->reused = true;
	send_on(a, u);
}

static struct attempt *send_request(struct transport *t, const struct request *r,
				    attempt_done *done, void *ctx)
{
	struct attempt *a = attempt_new((struct http_client *)t);

	a->request = *r;
	a->done = done;
	a->ctx = ctx;
	start(a);
	return a;
}

static const struct transport_ops ops = { send_request, cancel };

struct http_client *http_client_new(struct loop *l, const struct http_client_settings *s)
{
	struct http_client *c = memory_new(sizeof(*c));

	c->transport.ops = &ops;
	c->loop = l;
	c->settings = *s;
	c->trust = s->trust;
	map_init(&c->destinations, &c->arena);
	list_init(&c->upstreams);
	list_init(&c->attempts);
	return c;
}

struct transport *http_client_transport(struct http_client *c)
{
	return &c->transport;
}

void http_client_close_idle(struct http_client *c)
{
	for (struct destination *d = c->newest; d; d = d->older)
		destination_close_idle(d);
}

/* Those that are closing outlive the client. */
static void leave_upstreams(struct http_client *c)
{
	while (!list_is_empty(&c->upstreams)) {
		struct upstream *u = list_item(c->upstreams.next, struct upstream, link);

		list_remove(&u->link);
		upstream_close(u);
		u->client = NULL;
	}
}

void http_client_free(struct http_client *c)
{
	while (!list_is_empty(&c->attempts))
		cancel(&c->transport, list_item(c->attempts.next, struct attempt, link));
	leave_upstreams(c);
	for (struct destination *d = c->newest; d; d = d->older)
		destination_forget(d);
	while (c->spare_upstreams) {
		struct upstream *u = c->spare_upstreams;

		c->spare_upstreams = u->spare;
		free(u);
	}
	while (c->spare_attempts) {
		struct attempt *a = c->spare_attempts;

		c->spare_attempts = (struct attempt *)a->link.next;
		free(a);
	}
	if (c->trust_is_ours)
		tls_trust_free(c->trust);
	arena_release(&c->arena);
	free(c);
}
