/* Calls, and how they are answered. */
#include <stdlib.h>

#include "net/server_priv.h"

void call_release(struct call *call)
{
	struct http_server *s = call->server;

	out_cancel(&call->out);
	body_release(&call->call.body);
	arena_release(&call->call.arena);
	list_remove(&call->later.link);
	call->spare = s->spare_calls;
	s->spare_calls = call;
	s->busy--;
}

static void finish(struct later *later)
{
	struct call *call = list_item(later, struct call, later);
	struct connection *c = call->connection;
	struct http_server *s = call->server;

	if (c)
		c->call = NULL;
	call->connection = NULL;
	out_cancel(&call->out);
	if (call->finished)
		call->finished(&call->call, call->sent);
	call_release(call);
	if (c)
		connection_answered(c, call);
	server_release_if_done(s);
}

static void went_out(struct call *call, enum out_state state)
{
	if (state == OUT_GOING) {
		connection_expect(call->connection);
		return;
	}
	call->sent = state == OUT_COMPLETE;
	loop_later(call->server->loop, &call->later);
}

static void body_went_out(struct out *o)
{
	went_out(list_item(o, struct call, out), o->state);
}

struct call *call_new(struct connection *c)
{
	struct http_server *s = c->server;
	struct call *call = s->spare_calls;

	if (call)
		s->spare_calls = call->spare;
	else
		call = memory_new(sizeof(*call));
	*call = (struct call){ .server = s, .connection = c };
	later_init(&call->later, finish);
	body_init(&call->call.body, &call->call.arena);
	s->busy++;
	return call;
}

static bool has_no_body(const struct call *call, unsigned status)
{
	return status < 200 || status == 204 || status == 304 ||
	       str_eq(call->call.method, STR("HEAD"));
}

static struct framing framing_for(const struct call *call, const struct http_response *r)
{
	struct framing f = framing_of(r->body);

	if (r->status < 200 || r->status == 204)
		return (struct framing){ FRAMING_NONE, 0 };
	if (has_no_body(call, r->status)) {
		const struct str length = r->headers && r->has_length
						  ? headers_get(r->headers,
								STR("Content-Length"))
						  : STR("");

		f.kind = str_to_uint(length, &f.length) ? FRAMING_LENGTH : FRAMING_NONE;
	} else if (f.kind == FRAMING_CHUNKED && call->call.minor == 0) {
		f.kind = FRAMING_UNTIL_CLOSE;
	}
	return f;
}

/*
 * Is so much of the request's body still to come that the connection had better end? A
 * little is read and forgotten; but who knows whether it comes at all, if 100 was not
 * said.
 */
static bool leaves_bytes(const struct connection *c, const struct http_response *r)
{
	const struct http_parser *p = &c->parser;
	const struct body *b = c->source.body;

	if (p->complete || (r->body && r->body == b))
		return false;
	if (p->came > 0 && (!b || b->taken > 0)) /* an upload broken off */
		return true;
	return !c->continued || p->chunked || p->left > MOST_FORGOTTEN;
}

static bool may_keep(const struct call *call, const struct http_response *r,
		     const struct framing *f)
{
	const struct connection *c = call->connection;

	return call->head.keep_alive && !r->close && !call->server->draining &&
	       f->kind != FRAMING_UNTIL_CLOSE && !leaves_bytes(c, r) && !c->tcp.broken;
}

static bool write_head(struct buf *out, const struct call *call,
		       const struct http_response *r, const struct framing *f)
{
	buf_clear(out);
	if (!http_write_status(out, r->status, r->reason))
		return false;
	if (r->headers && !http_write_fields(out, r->headers, false))
		return false;
	if (!r->headers || !headers_known(r->headers, HEADER_DATE)) {
		const struct timers *t = call->server->loop->timers;

		http_write_date(out, (int64_t)t->now + t->wall);
	}
	if (!call->keep)
		buf_add(out, STR("Connection: close\r\n"));
	else if (call->call.minor == 0)
		buf_add(out, STR("Connection: keep-alive\r\n"));
	http_write_framing(out, f);
	return !buf_is_full(out);
}

/* A head that cannot be written is a mistake of whoever set the field. */
static void write_answer(struct call *call, const struct http_response *r)
{
	static const struct http_response spoilt = { .status = 500, .close = true };
	struct buf *head = &call->server->loop->head;
	struct framing f = framing_for(call, r);
	struct body *body = r->body;

	call->keep = may_keep(call, r, &f);
	if (!write_head(head, call, r, &f)) {
		call->keep = false;
		f = (struct framing){ FRAMING_LENGTH, 0 };
		body = NULL;
		write_head(head, call, &spoilt, &f);
	}
	if (body && (has_no_body(call, r->status) || body->state == BODY_EMPTY))
		body = NULL;
	call->out = (struct out){ .chunked = f.kind == FRAMING_CHUNKED,
				  .over = body_went_out };
	call->connection->continued = true;
	went_out(call,
		 out_start(&call->out, &call->connection->tcp, buf_str(head), body));
}

void http_answer(struct http_call *c, const struct http_response *r,
		 void (*finished)(struct http_call *c, bool sent))
{
	struct call *call = (struct call *)c;

	call->answered = true;
	call->finished = finished;
	if (call->connection)
		write_answer(call, r);
	else
		loop_later(call->server->loop, &call->later);
}

void http_hang_up(struct http_call *c, void (*finished)(struct http_call *c, bool sent))
{
	struct call *call = (struct call *)c;

	call->answered = true;
	call->finished = finished;
	if (call->connection)
		connection_drop(call->connection);
	else
		loop_later(call->server->loop, &call->later);
}

void call_orphan(struct call *call)
{
	call->sent = false;
	if (!call->handed_over) {
		call_release(call);
	} else if (call->answered) {
		out_cancel(&call->out);
		loop_later(call->server->loop, &call->later);
	} else if (call->call.gone) {
		call->call.gone(&call->call);
	}
}

void call_drained(struct call *call)
{
	if (call->answered)
		out_drained(&call->out);
}
