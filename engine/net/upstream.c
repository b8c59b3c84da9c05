/*
 * One connection to a backend: a request goes out, a reply comes in.
 *
 *	  connecting --> sending --> receiving --> idle --> sending ...
 *	       `------------'------------'-----------'----> closed
 */
#include <stdlib.h>

#include "net/client_priv.h"
#include "net/tls_session.h"

/* --- its end --- */

static void end_body(struct upstream *u, bool complete)
{
	u->receiving = false;
	if (u->source.body)
		body_end(u->source.body, complete);
}

/* The reply's body breaks off: why, for who wants to know. */
static void tell_break(struct upstream *u, enum failure_kind kind, const char *text)
{
	struct body *b = u->source.body;
	struct failure *f;

	if (!b || !u->receiving)
		return;
	f = arena_new(b->arena, struct failure);
	*f = (struct failure){
		.kind = kind,
		.phase = PHASE_RESPONSE_BODY,
		.text = arena_copy(b->arena, str_of(text)).at,
		.host = str_of(u->destination->host),
		.port = u->destination->port,
	};
	b->broke = f;
}

void upstream_close(struct upstream *u)
{
	struct destination *d = u->destination;

	if (u->tcp.closing)
		return;
	if (u->is_idle) {
		list_remove(&u->idle);
		d->idle--;
		u->is_idle = false;
	}
	d->open--;
	u->client->open--;
	timer_clear(u->client->loop->timers, &u->timer);
	tcp_close(&u->tcp);
	end_body(u, false);
}

/* --- time --- */

/* The timer is moved only to something sooner; fired too early, it is set again. */
static void expect_by(struct upstream *u, uint64_t due)
{
	u->due = due;
	if (due != UINT64_MAX && (!timer_is_set(&u->timer) || u->timer.due > due))
		timer_set(u->client->loop->timers, &u->timer, due);
}

static void expect_bytes(struct upstream *u)
{
	const uint64_t now = u->client->loop->timers->now;

	expect_by(u, u->idle_ms ? now + u->idle_ms : UINT64_MAX);
}

static void time_is_over(void *ctx)
{
	struct upstream *u = ctx;
	struct timers *timers = u->client->loop->timers;

	if (!u->is_idle && !u->attempt && !u->tcp.reading)
		expect_bytes(u);
	if (u->due > timers->now) {
		expect_by(u, u->due);
	} else if (u->attempt) {
		attempt_fail(u->attempt, FAILURE_IDLE, "no data in time");
	} else {
		tell_break(u, FAILURE_IDLE, "no data in time");
		upstream_close(u);
	}
}

static void on_closed(struct tcp *t)
{
	struct upstream *u = (struct upstream *)t;
	struct http_client *c = u->client;

	list_remove(&u->settle.link);
	list_remove(&u->link);
	buf_release(&u->pending);
	if (!c) {
		free(u);
		return;
	}
	u->spare = c->spare_upstreams;
	c->spare_upstreams = u;
}

/* --- the reply --- */

static void settle(struct later *later)
{
	struct upstream *u = list_item(later, struct upstream, settle);

	if (u->source.body)
		body_settle(u->source.body);
	if (!u->attempt)
		buf_release(&u->pending);
}

static void resume(struct body_source *s)
{
	struct upstream *u = list_item(s, struct upstream, source);

	tcp_resume(&u->tcp);
	expect_bytes(u);
}

static void cancel(struct body_source *s)
{
	upstream_close(list_item(s, struct upstream, source));
}

static void start_body(struct upstream *u, struct reply *reply, const struct http_head *h)
{
	if (!h->has_body)
		return;
	if (u->source.body)
		body_settle(u->source.body);
	body_start(&reply->body, &u->source,
		   h->chunked ? BODY_LENGTH_UNKNOWN : h->length);
	u->parser.body = &u->source;
	u->receiving = true;
}

static struct reply *make_reply(struct upstream *u, const struct http_head *h,
				struct arena *a)
{
	struct reply *reply = arena_new(a, struct reply);

	reply->status = h->status;
	reply->reason = h->reason;
	reply->headers = h->headers;
	body_init(&reply->body, a);
	start_body(u, reply, h);
	return reply;
}

/* "Keep-Alive: timeout=5" of the peer, less a second, so that we go first. */
static uint64_t keep_time(const struct upstream *u, const struct headers *h)
{
	const uint64_t ours = u->client->settings.idle_ms;
	const struct header *f = headers_known(h, HEADER_KEEP_ALIVE);
	struct str rest = f ? f->value : STR(""), part;
	uint64_t seconds;

	while (str_cut(&rest, ',', &part)) {
		part = str_trim(part);
		if (!str_eq_nocase(str_first(part, 8), STR("timeout=")) ||
		    !str_to_uint(str_from(part, 8), &seconds) || seconds > ours / 1000)
			continue;
		return seconds > 1 ? (seconds - 1) * 1000 : 0;
	}
	return ours;
}

/* The reply is over. Is the connection good for another? */
static void finish(struct upstream *u, bool more_came)
{
	struct http_client *c = u->client;

	end_body(u, true);
	if (u->tcp.closing)
		return;
	if (!u->keep || !u->sent_all || more_came || u->tcp.broken || !u->keep_ms) {
		upstream_close(u);
		return;
	}
	tcp_resume(&u->tcp);
	destination_put_idle(u->destination, u);
	if (u->is_idle)
		expect_by(u, c->loop->timers->now + u->keep_ms);
}

static void take_body(struct upstream *u, struct str bytes)
{
	size_t used;
	const enum http_step step = http_parse_body(&u->parser, bytes, &used);

	switch (step) {
	case HTTP_DONE:
		finish(u, used < bytes.len);
		break;
	case HTTP_MORE:
		if (u->parser.paused)
			tcp_pause(&u->tcp);
		break;
	case HTTP_BAD:
		tell_break(u, FAILURE_PROTOCOL, u->parser.why);
		upstream_close(u);
		break;
	}
}

/* A reply that is there before the request is: the rest of that is not sent. */
static void see_whether_all_was_sent(struct upstream *u)
{
	u->sent_all = u->attempt->phase >= PHASE_REQUEST_DONE;
}

static void take_reply(struct upstream *u, const struct http_head *h, struct str rest)
{
	struct attempt *a = u->attempt;
	struct reply *reply = make_reply(u, h, a->request.arena);

	see_whether_all_was_sent(u);
	u->keep = h->keep_alive;
	u->keep_ms = keep_time(u, &h->headers);
	u->attempt = NULL;
	a->upstream = NULL;
	/* First what is there of the body, so that head and body go on in one. */
	take_body(u, rest);
	attempt_replied(a, reply);
}

/*
 * Heads of 100 and the like are skipped, as long as it does not go on for ever. Gives
 * what follows the reply's head.
 */
static enum http_step take_head(struct upstream *u, struct str *bytes,
				struct http_head *h)
{
	struct http_limits limits = http_default_limits;
	struct arena *a = u->attempt->request.arena;
	size_t len;

	for (;;) {
		enum http_step step = http_find_head(&u->parser, *bytes, &limits, &len);

		if (step == HTTP_DONE) {
			const struct str head = str_first(*bytes, len);

			step = http_parse_head(&u->parser, arena_copy(a, head), a, h);
			*bytes = str_from(*bytes, len);
		}
		if (step != HTTP_DONE || h->status >= 200)
			return step;
		if (++u->interim > MOST_INTERIM) {
			u->parser.why = "interim replies without end";
			return HTTP_BAD;
		}
		http_parser_init(&u->parser, true);
		u->parser.no_body = str_eq(u->attempt->request.method, STR("HEAD"));
	}
}

static void wait_for_reply(struct upstream *u, struct str bytes)
{
	struct http_head h;
	const bool whole = u->pending.len == 0;

	if (!whole)
		buf_add(&u->pending, bytes);

	struct str rest = whole ? bytes : buf_str(&u->pending);

	switch (take_head(u, &rest, &h)) {
	case HTTP_DONE:
		take_reply(u, &h, rest);
		break;
	case HTTP_MORE:
		if (whole) {
			buf_add(&u->pending, rest);
		} else {
			memmove(u->pending.at, rest.at, rest.len);
			u->pending.len = rest.len;
		}
		break;
	case HTTP_BAD:
		attempt_fail(u->attempt, FAILURE_PROTOCOL, u->parser.why);
		break;
	}
}

static void on_bytes(struct tcp *t, struct str bytes)
{
	struct upstream *u = (struct upstream *)t;

	u->got_bytes = true;
	loop_settle(u->client->loop, &u->settle);
	expect_bytes(u);
	if (u->attempt)
		wait_for_reply(u, bytes);
	else if (u->receiving)
		take_body(u, bytes);
	else
		upstream_close(u); /* nobody asked */
}

static void on_ended(struct tcp *t, int status)
{
	struct upstream *u = (struct upstream *)t;

	if (u->attempt) {
		attempt_ended(u->attempt, status);
		return;
	}
	loop_settle(u->client->loop, &u->settle);
	if (u->receiving && status == 0 && http_parse_end(&u->parser) == HTTP_DONE)
		end_body(u, true);
	tell_break(u, status ? FAILURE_READ : FAILURE_CLOSED,
		   status ? strerror(-status) : "closed before its end");
	upstream_close(u);
}

static void on_drained(struct tcp *t)
{
	struct upstream *u = (struct upstream *)t;

	if (!u->attempt || u->tcp.broken)
		return;
	expect_bytes(u);
	out_drained(&u->attempt->out);
}

static void on_connected(struct tcp *t, int status)
{
	struct upstream *u = (struct upstream *)t;

	if (u->attempt)
		attempt_connected(u->attempt, status);
	else
		upstream_close(u);
}

static const struct tcp_ops ops = { on_connected, on_bytes, on_ended, on_drained,
				    on_closed };

static struct upstream *upstream_new(struct http_client *c)
{
	struct upstream *u = c->spare_upstreams;

	if (u)
		c->spare_upstreams = u->spare;
	else
		u = memory_new(sizeof(*u));
	*u = (struct upstream){ .client = c, .due = UINT64_MAX };
	u->source = (struct body_source){ .resume = resume, .cancel = cancel };
	later_init(&u->settle, settle);
	timer_init(&u->timer, time_is_over, u);
	list_init(&u->idle);
	list_init(&u->link);
	buf_init(&u->pending, http_default_limits.head + READ_BUFFER);
	return u;
}

struct upstream *upstream_open(struct destination *d, const struct sockaddr *to,
			       int *status)
{
	struct http_client *c = d->client;
	struct upstream *u = upstream_new(c);
	struct tls_session *tls = NULL;

	u->destination = d;
	list_add_last(&c->upstreams, &u->link);
	d->open++;
	c->open++;
	tcp_init(&u->tcp, c->loop, &ops);
	if (d->tls)
		tls = tls_session_connect(d->trust ? d->trust : c->trust,
					  str_of(d->host));
	*status = tcp_connect(&u->tcp, to, tls);
	if (*status == 0)
		return u;
	upstream_close(u);
	return NULL;
}

void upstream_send(struct upstream *u, struct attempt *a)
{
	if (u->pending.len > 0) {
		/* Of the last reply, in this very event; its body may still lie there. */
		settle(&u->settle);
		buf_clear(&u->pending);
	}
	u->attempt = a;
	u->got_bytes = u->receiving = false;
	u->interim = 0;
	u->idle_ms = a->request.idle_ms;
	http_parser_init(&u->parser, true);
	u->parser.no_body = str_eq(a->request.method, STR("HEAD"));
	expect_bytes(u);
}
