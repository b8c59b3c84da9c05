/* One client's connection: requests come in. */
#include <stdio.h>
#include <stdlib.h>

#include "net/server_priv.h"
#include "net/tls_session.h"

/* --- time --- */

static void expect_by(struct connection *c, uint64_t due)
{
	c->due = due;
	if (due != UINT64_MAX && (!timer_is_set(&c->timer) || c->timer.due > due))
		timer_set(c->server->loop->timers, &c->timer, due);
}

static bool reads_a_head(const struct connection *c)
{
	return !c->call && c->pending.len > 0;
}

/* What is it that we wait for, and for how long? */
void connection_expect(struct connection *c)
{
	const struct http_limits *limits = &c->server->limits;
	const uint64_t now = c->server->loop->timers->now;
	const bool arriving = c->call && !c->parser.complete;
	const bool leaving = c->call && c->call->answered && !tcp_is_clear(&c->tcp);

	c->unsent = tcp_unsent(&c->tcp);
	if (c->lingering)
		expect_by(c, now + (c->unsent ? limits->idle_ms : LINGER_MS));
	else if (!c->call || arriving || leaving)
		expect_by(c, now + limits->idle_ms);
	else if (c->ended)
		expect_by(c, now + (c->call->answered ? LOOK_AGAIN_MS : LOOK_MS));
	else
		expect_by(c, UINT64_MAX);
}

/* --- its end --- */

static void end_body(struct connection *c, bool complete)
{
	if (c->source.body)
		body_end(c->source.body, complete);
}

static void close_now(struct connection *c, bool cut_short)
{
	if (c->tcp.closing)
		return;
	timer_clear(c->server->loop->timers, &c->timer);
	if (cut_short)
		tcp_reset(&c->tcp);
	else
		tcp_close(&c->tcp);
}

static void orphan(struct connection *c)
{
	struct call *call = c->call;

	c->call = NULL;
	if (call)
		call->connection = NULL;
	end_body(c, false);
	if (call)
		call_orphan(call);
}

void connection_drop(struct connection *c)
{
	close_now(c, false);
	orphan(c);
}

/* We send no more, but let the client finish, lest a reset eats our answer. */
static void linger(struct connection *c)
{
	c->lingering = true;
	buf_release(&c->pending);
	c->pending_used = 0;
	tcp_shutdown(&c->tcp);
	tcp_resume(&c->tcp);
	connection_expect(c);
}

bool connection_is_new(const struct connection *c)
{
	const uint64_t now = c->server->loop->timers->now;

	/* It is given idle_ms when it comes. */
	return c->fresh && !c->lingering &&
	       c->due + FRESH_GRACE_MS > now + c->server->limits.idle_ms;
}

void connection_close_if_idle(struct connection *c)
{
	if (!c->call && !c->lingering && c->pending.len == 0)
		close_now(c, false);
}

static void tell(const struct connection *c, unsigned status, const char *why)
{
	const struct http_server *s = c->server;

	if (s->refused)
		s->refused(s->ctx, status, why, c->remote, c->remote_port);
}

/* Answered by us alone; no handler hears of it. */
static void refuse(struct connection *c, unsigned status, const char *why)
{
	const struct timers *t = c->server->loop->timers;
	struct buf *head = &c->server->loop->head;
	const struct framing f = { FRAMING_LENGTH, 0 };
	struct str text;

	tell(c, status, why);
	orphan(c);
	buf_clear(head);
	http_write_status(head, status, STR(""));
	http_write_date(head, (int64_t)t->now + t->wall);
	if (status == 405) /* CONNECT, of anything */
		buf_add(head, STR("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, "
				  "OPTIONS\r\n"));
	buf_add(head, STR("Connection: close\r\n"));
	http_write_framing(head, &f);
	text = buf_str(head);
	if (tcp_write(&c->tcp, &text, 1))
		linger(c);
	else
		close_now(c, false);
}

/* Is it not the client that keeps us waiting, or does it at least read? */
static bool is_getting_on(const struct connection *c)
{
	if (tcp_unsent(&c->tcp) > 0)
		return tcp_unsent(&c->tcp) < c->unsent;
	return c->call && (!c->tcp.reading || c->call->answered);
}

/* There is more to come, but nothing came by which it could have been found out. */
static bool answer_is_stuck(struct connection *c)
{
	const struct body *b = c->call->out.body;
	const uint64_t before = c->taken;

	if (!c->call->answered || !b || b->state != BODY_ARRIVING)
		return false;
	c->taken = b->taken;
	return c->taken == before;
}

/*
 * A client that has gone and one that has only closed its half look the same, until
 * something is written: the one resets the connection, the other must bear a 100. It
 * is not sent where the answer is quick.
 */
static void look_whether_it_listens(struct connection *c)
{
	const uint64_t now = c->server->loop->timers->now;
	const bool first = c->looks == 0 && !c->call->answered;
	const struct str go_on = STR("HTTP/1.1 100 Continue\r\n\r\n");

	if (tcp_is_reset(&c->tcp) || answer_is_stuck(c)) {
		connection_drop(c);
		return;
	}
	if (first && c->call->head.minor > 0)
		tcp_write(&c->tcp, &go_on, 1);
	c->looks++;
	expect_by(c, now + (first ? LOOK_MS : LOOK_AGAIN_MS));
}

static bool waits_at_the_end(const struct connection *c)
{
	return c->ended && c->call && !c->lingering && tcp_is_clear(&c->tcp);
}

static void time_is_over(void *ctx)
{
	struct connection *c = ctx;

	if (waits_at_the_end(c) && c->due <= c->server->loop->timers->now) {
		look_whether_it_listens(c);
		return;
	}
	if (is_getting_on(c))
		connection_expect(c);
	if (c->due > c->server->loop->timers->now)
		expect_by(c, c->due);
	else if (!c->lingering && reads_a_head(c))
		refuse(c, 408, "its head did not come in time");
	else if (!c->lingering && c->call && !c->call->answered)
		refuse(c, 408, "its body stopped coming");
	else
		connection_drop(c);
}

static void on_closed(struct tcp *t)
{
	struct connection *c = (struct connection *)t;
	struct http_server *s = c->server;

	list_remove(&c->link);
	list_remove(&c->settle.link);
	buf_release(&c->pending);
	c->spare = s->spare_connections;
	s->spare_connections = c;
	s->open--;
	server_release_if_done(s);
}

/* --- the request --- */

static void resume(struct body_source *source)
{
	struct connection *c = list_item(source, struct connection, source);

	tcp_resume(&c->tcp);
	connection_expect(c);
}

/* Nobody wants the rest: it is read, and forgotten. */
static void discard(struct body_source *source)
{
	resume(source);
}

static void fill_call(struct connection *c, struct call *call)
{
	struct http_call *h = &call->call;

	h->method = call->head.method;
	h->target = call->head.target;
	h->minor = call->head.minor;
	h->headers = call->head.headers;
	h->secure = c->tcp.tls != NULL;
	h->remote = str_of(c->remote);
	h->remote_port = c->remote_port;
	h->port = c->server->port;
	if (!call->head.has_body)
		return;
	if (c->source.body)
		body_settle(c->source.body);
	c->source = (struct body_source){ .resume = resume, .cancel = discard };
	if (c->server->limits.whole.most)
		h->body.limits = &c->server->limits.whole;
	body_start(&h->body, &c->source,
		   call->head.chunked ? BODY_LENGTH_UNKNOWN : call->head.length);
	c->parser.body = &c->source;
}

static const char too_long[] = "a body longer than http.max_body";

static bool is_too_long(const struct connection *c, uint64_t length)
{
	return c->server->limits.max_body && length > c->server->limits.max_body;
}

/* A whole head is there: the call is made. False: refused. */
static bool start_call(struct connection *c, struct str block)
{
	struct call *call = call_new(c);
	const struct str kept = arena_copy(&call->call.arena, block);

	if (http_parse_head(&c->parser, kept, &call->call.arena, &call->head) ==
	    HTTP_BAD) {
		call_release(call);
		refuse(c, c->parser.refused, c->parser.why);
		return false;
	}
	if (call->head.length > 0 && is_too_long(c, (uint64_t)call->head.length)) {
		call_release(call);
		refuse(c, 413, too_long);
		return false;
	}
	c->fresh = false;
	c->call = call;
	c->continued = !call->head.expects_continue || call->head.minor == 0;
	fill_call(c, call);
	return true;
}

/* If its answer has begun that goes on, and is the last of the connection. */
static void refuse_body(struct connection *c, unsigned status, const char *why)
{
	if (!c->call || !c->call->answered) {
		refuse(c, status, why);
		return;
	}
	c->spoilt = true;
	c->parser.complete = false;
	tell(c, status, why);
	end_body(c, false);
}

static size_t read_body(struct connection *c, struct str bytes)
{
	size_t used;
	const enum http_step step = http_parse_body(&c->parser, bytes, &used);

	if (step == HTTP_BAD) {
		refuse_body(c, c->parser.refused, c->parser.why);
		return bytes.len;
	}
	if (is_too_long(c, c->parser.came)) {
		refuse_body(c, 413, too_long);
		return bytes.len;
	}
	if (step == HTTP_DONE)
		end_body(c, true);
	else if (c->parser.paused && c->source.body)
		tcp_pause(&c->tcp);
	return used;
}

static size_t read_head(struct connection *c, struct str bytes)
{
	struct http_server *s = c->server;
	size_t len, used;

	switch (http_find_head(&c->parser, bytes, &s->limits, &len)) {
	case HTTP_MORE:
		return 0;
	case HTTP_BAD:
		refuse(c, c->parser.refused, c->parser.why);
		return bytes.len;
	case HTTP_DONE:
		break;
	}
	if (!start_call(c, str_from(str_first(bytes, len), c->parser.start)))
		return bytes.len;
	used = len + read_body(c, str_from(bytes, len));
	if (c->call) {
		c->call->handed_over = true;
		s->handler(s->ctx, &c->call->call);
	}
	return used;
}

static size_t take(struct connection *c, struct str bytes)
{
	size_t used;

	if (c->lingering || c->tcp.closing || c->spoilt)
		return bytes.len;
	if (!c->call && !c->parser.head_done)
		return read_head(c, bytes);
	if (c->parser.complete)
		return 0;
	used = read_body(c, bytes);
	if (c->call || !c->parser.complete || c->lingering)
		return used;
	/* That was the rest of a body, which nobody wanted. */
	http_parser_init(&c->parser, false);
	return used < bytes.len ? used + read_head(c, str_from(bytes, used)) : used;
}

static void take_pending(struct connection *c)
{
	const struct str rest = str_from(buf_str(&c->pending), c->pending_used);
	const size_t used = take(c, rest);

	if (c->pending.len)
		c->pending_used += used;
}

static void continue_if_expected(struct connection *c)
{
	const struct str go_on = STR("HTTP/1.1 100 Continue\r\n\r\n");

	if (c->continued || !c->call || c->lingering || c->tcp.closing)
		return;
	c->continued = true;
	if (!c->parser.complete && c->parser.came == 0 && c->source.body)
		tcp_write(&c->tcp, &go_on, 1);
}

static void settle(struct later *later)
{
	struct connection *c = list_item(later, struct connection, settle);

	if (c->source.body)
		body_settle(c->source.body);
	continue_if_expected(c);
	if (c->pending_used == 0)
		return;
	c->pending.len -= c->pending_used;
	memmove(c->pending.at, c->pending.at + c->pending_used, c->pending.len);
	c->pending_used = 0;
	if (c->pending.len == 0)
		buf_release(&c->pending);
}

static void on_bytes(struct tcp *t, struct str bytes)
{
	struct connection *c = (struct connection *)t;
	const bool head_began = reads_a_head(c);

	loop_settle(c->server->loop, &c->settle);
	if (c->pending.len == 0) {
		buf_add(&c->pending, str_from(bytes, take(c, bytes)));
	} else {
		buf_add(&c->pending, bytes);
		take_pending(c);
	}
	if (c->tcp.closing || c->lingering)
		return;
	if (c->pending.len > MOST_PIPELINED && c->call)
		tcp_pause(&c->tcp);
	if (!reads_a_head(c))
		connection_expect(c);
	else if (!head_began)
		expect_by(c, c->server->loop->timers->now + c->server->limits.head_ms);
}

/* The connection is ready for the next request, which may be there already. */
static void start_over(struct connection *c)
{
	http_parser_init(&c->parser, false);
	connection_expect(c);
	if (c->pending.len == c->pending_used) {
		tcp_resume(&c->tcp);
		return;
	}
	loop_settle(c->server->loop, &c->settle);
	take_pending(c);
	if (c->tcp.closing || c->lingering)
		return;
	if (c->call)
		connection_expect(c);
	else
		expect_by(c, c->server->loop->timers->now + c->server->limits.head_ms);
	tcp_resume(&c->tcp);
}

void connection_answered(struct connection *c, const struct call *call)
{
	if (!call->sent)
		close_now(c, call->head.minor == 0);
	else if (call->keep && c->parser.complete)
		start_over(c);
	else if (call->keep && !c->spoilt)
		resume(&c->source);
	else if (c->parser.complete && tcp_is_clear(&c->tcp) && c->pending.len == 0)
		close_now(c, false);
	else
		linger(c);
}

/* All of the request came, and it is not answered yet, or not to the end. */
static bool may_still_listen(const struct connection *c)
{
	return c->call && c->parser.complete && !c->lingering && !c->tcp.tls;
}

static void on_ended(struct tcp *t, int status)
{
	struct connection *c = (struct connection *)t;
	const bool leaves_unsent = !c->call && !tcp_is_clear(t) && !t->tls;

	if (status != 0 || !(may_still_listen(c) || leaves_unsent)) {
		connection_drop(c);
		return;
	}
	c->ended = true;
	c->lingering = c->lingering || leaves_unsent;
	c->taken = c->call && c->call->out.body ? c->call->out.body->taken : 0;
	tcp_pause(t);
	connection_expect(c);
}

static void on_drained(struct tcp *t)
{
	struct connection *c = (struct connection *)t;

	if (t->broken) {
		connection_drop(c);
		return;
	}
	if (c->lingering && c->ended) {
		close_now(c, false);
		return;
	}
	if (c->call || c->lingering)
		connection_expect(c);
	if (c->call)
		call_drained(c->call);
}

static void on_handshake(struct tcp *t, int status)
{
	struct connection *c = (struct connection *)t;

	if (status == 0)
		return;
	if (status != UV_EOF) /* somebody looked whether we are there */
		tell(c, 0, tls_why(t->tls));
	connection_drop(c);
}

static const struct tcp_ops ops = { on_handshake, on_bytes, on_ended, on_drained,
				    on_closed };

static struct connection *connection_new(struct http_server *s)
{
	struct connection *c = s->spare_connections;

	if (c)
		s->spare_connections = c->spare;
	else
		c = memory_new(sizeof(*c));
	*c = (struct connection){ .server = s, .fresh = true };
	list_init(&c->link);
	later_init(&c->settle, settle);
	timer_init(&c->timer, time_is_over, c);
	buf_init(&c->pending, s->limits.head + 2 * READ_BUFFER);
	http_parser_init(&c->parser, false);
	list_add_last(&s->connections, &c->link);
	s->open++;
	return c;
}

static void welcome(struct connection *c)
{
	struct http_server *s = c->server;

	if (s->open > s->limits.connections) {
		tcp_peer(&c->tcp, c->remote, sizeof(c->remote), &c->remote_port);
		if (s->open > s->limits.connections + SPARE_CONNECTIONS || s->tls)
			close_now(c, true);
		else
			refuse(c, 503, "more than http.max_connections");
		return;
	}
	if (s->tls)
		tcp_use_tls(&c->tcp, tls_session_accept(s->tls));
	tcp_peer(&c->tcp, c->remote, sizeof(c->remote), &c->remote_port);
	connection_expect(c);
}

void connection_open(struct http_server *s, uv_stream_t *entrance)
{
	struct connection *c = connection_new(s);

	tcp_init(&c->tcp, s->loop, &ops);
	if (tcp_accept(&c->tcp, entrance))
		welcome(c);
	else
		close_now(c, false);
}

void connection_adopt(struct http_server *s, int descriptor)
{
	struct connection *c = connection_new(s);

	tcp_init(&c->tcp, s->loop, &ops);
	if (tcp_adopt(&c->tcp, descriptor))
		welcome(c);
	else
		close_now(c, false);
}
