#include "tests/network.h"

#include <stdlib.h>

/* One request under way; on the heap, as it may be taken back at any time. */
struct attempt {
	struct network *network;
	struct timer timer;
	const struct request *request;
	struct behaviour does;
	struct str host;
	unsigned port;
	struct str body;
	attempt_done *done;
	void *ctx;
};

struct parts {
	struct str authority, host, path;
	unsigned port;
};

static struct parts take_apart(struct str url)
{
	const bool tls = str_starts(url, STR("https://"));
	struct str rest = str_from(url, str_find_str(url, STR("://")) + 3);
	const size_t slash = str_find(rest, '/');
	struct str authority = str_first(rest, slash);
	const size_t colon = str_find(authority, ':');
	uint64_t port = tls ? 443 : 80;

	str_to_uint(str_from(authority, colon + 1), &port);
	return (struct parts){ authority, str_first(authority, colon),
			       str_from(rest, slash), (unsigned)port };
}

static struct str body_text(struct body *body, struct arena *a)
{
	struct buf text;
	struct str piece, copy;

	if (!body || body->state == BODY_EMPTY)
		return STR("");
	buf_init(&text, 64 << 20);
	while ((piece = body_next(body)).len)
		buf_add(&text, piece);
	copy = arena_copy(a, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void fail(struct attempt *a, enum failure_kind kind, enum send_phase phase,
		 const char *text)
{
	const struct failure failure = {
		.kind = kind,
		.phase = phase,
		.text = text,
		.host = a->host,
		.address = STR("127.0.0.1"),
		.port = a->port,
	};

	a->done(a->ctx, NULL, &failure);
}

static void reply(struct attempt *a, unsigned status, struct str body)
{
	struct arena *arena = a->request->arena;
	struct reply *r = arena_new(arena, struct reply);

	r->status = status;
	r->reason = STR("OK");
	headers_init(&r->headers, arena);
	for (const struct field_line *f = a->does.fields; f; f = f->next)
		headers_add(&r->headers, f->name, f->value);
	if (body.len && !headers_find(&r->headers, STR("Content-Type")))
		headers_add(&r->headers, STR("Content-Type"), scenario_media_type(body));
	body_init(&r->body, arena);
	if (body.len)
		body_set(&r->body, arena_copy(arena, body));
	a->done(a->ctx, r, NULL);
}

/* The peer does it now. The attempt is gone afterwards. */
static void act(void *ctx)
{
	struct attempt *a = ctx;

	switch (a->does.kind) {
	case BEHAVES_ANSWERS:
		reply(a, a->does.status, a->does.body);
		break;
	case BEHAVES_ECHOES:
		reply(a, 200, a->body);
		break;
	case BEHAVES_REFUSES:
		fail(a, FAILURE_REFUSED, PHASE_CONNECTING, "Connection refused");
		break;
	case BEHAVES_RESETS:
		fail(a, FAILURE_READ, PHASE_REQUEST_DONE, "Connection reset by peer");
		break;
	case BEHAVES_CLOSES:
		fail(a, FAILURE_CLOSED, PHASE_REQUEST_DONE, "closed without an answer");
		break;
	case BEHAVES_BABBLES:
		fail(a, FAILURE_PROTOCOL, PHASE_REQUEST_DONE, "what came is no HTTP");
		break;
	case BEHAVES_HANGS:
		fail(a, FAILURE_IDLE, PHASE_REQUEST_DONE, "nothing came");
		break;
	}
	free(a);
}

/* When: after its time, or, if it never answers, when patience with it ends. */
static void arm(struct attempt *a)
{
	struct timers *timers = a->network->timers;
	const uint64_t idle = a->request->idle_ms;

	timer_init(&a->timer, act, a);
	if (a->does.kind != BEHAVES_HANGS && (!idle || a->does.after < idle)) {
		timer_set(timers, &a->timer, timers->now + a->does.after);
	} else if (idle) {
		a->does.kind = BEHAVES_HANGS;
		timer_set(timers, &a->timer, timers->now + idle);
	}
}

/* What the peer gets to see: a head as net/ would write it. */
static struct received received(const struct attempt *a, const struct parts *parts)
{
	const struct request *r = a->request;
	struct received got = { r->method, parts->path, { 0 }, a->body };

	headers_clone(&got.headers, r->headers, &a->network->play->arena);
	headers_set(&got.headers, STR("Host"), r->host.len ? r->host : parts->authority);
	return got;
}

static void narrate(struct play *p, const struct peer *peer, struct str url)
{
	if (p->say)
		p->say(p, str_of(arena_printf(&p->arena, "asks " STR_FMT " (" STR_FMT ")",
					      STR_ARG(peer ? peer->name : STR("nobody")),
					      STR_ARG(url))));
}

static struct behaviour ask(const struct attempt *a, const struct peer *peer,
			    const struct parts *parts)
{
	const struct received got = received(a, parts);

	return play_ask(a->network->play, peer, &got);
}

static struct attempt *network_send(struct transport *t, const struct request *r,
				    attempt_done *done, void *ctx)
{
	struct network *n = (struct network *)t;
	const struct parts parts = take_apart(r->url);
	const struct peer *peer = scenario_peer(n->play->scenario, parts.host, parts.port,
						parts.path);
	struct attempt *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	*a = (struct attempt){ .network = n,
			       .request = r,
			       .host = parts.host,
			       .port = parts.port,
			       .done = done,
			       .ctx = ctx,
			       .does = { .kind = BEHAVES_REFUSES } };
	if (r->only_connect) {
		if (peer && play_listens(n->play, peer))
			a->does = (struct behaviour){ .kind = BEHAVES_ANSWERS };
		arm(a);
		return a;
	}
	a->body = body_text(r->body, &n->play->arena);
	narrate(n->play, peer, r->url);
	if (peer)
		a->does = ask(a, peer, &parts);
	arm(a);
	return a;
}

static void network_cancel(struct transport *t, struct attempt *a)
{
	struct network *n = (struct network *)t;

	timer_clear(n->timers, &a->timer);
	free(a);
}

void network_init(struct network *n, struct play *p, struct timers *timers)
{
	static const struct transport_ops ops = { network_send, network_cancel };

	*n = (struct network){ .transport = { &ops }, .play = p, .timers = timers };
}
