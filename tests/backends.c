#include "tests/backends.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/wire.h"

enum { PORTS = 32, CONNECTIONS = 256, LARGEST = 64 << 20 };

struct port {
	unsigned number;
	int listener; /* -1: closed */
};

/* A client's connection; answering when there is something to be done at `due`. */
struct connection {
	int descriptor; /* -1: free */
	unsigned port;
	struct buf in;
	struct behaviour behaviour;
	struct str body; /* of the request; in arena */
	struct arena arena;
	uint64_t due;
	bool answering;
};

struct backends {
	struct play *play;
	pthread_t thread;
	int wake[2]; /* a pipe: closed to stop, written to follow */
	struct port ports[PORTS];
	unsigned port_count;
	struct connection connections[CONNECTIONS];
	bool started, following, followed;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static bool is_open(struct backends *b, unsigned port)
{
	bool open = false;

	pthread_mutex_lock(&b->play->lock);
	for (const struct actor *a = b->play->actors; a; a = a->beside)
		if (a->peer->port == port && a->next->kind != BEHAVES_REFUSES)
			open = true;
	pthread_mutex_unlock(&b->play->lock);
	return open;
}

static void hang_up(struct connection *c)
{
	close(c->descriptor);
	c->descriptor = -1;
	buf_release(&c->in);
	arena_release(&c->arena);
	c->arena = (struct arena){ 0 };
	c->answering = false;
}

/* Will everybody on this port answer the next request? */
static bool is_friendly(struct backends *b, unsigned port)
{
	bool friendly = true;

	pthread_mutex_lock(&b->play->lock);
	for (const struct actor *a = b->play->actors; a; a = a->beside)
		if (a->peer->port == port && a->next->kind != BEHAVES_ANSWERS &&
		    a->next->kind != BEHAVES_ECHOES)
			friendly = false;
	pthread_mutex_unlock(&b->play->lock);
	return friendly;
}

/* An idle connection is not to meet a failure: that would be tried again (F13). */
static void hang_up_idle(struct backends *b, unsigned port)
{
	for (unsigned i = 0; i < CONNECTIONS; i++)
		if (b->connections[i].descriptor >= 0 && b->connections[i].port == port &&
		    !b->connections[i].answering)
			hang_up(&b->connections[i]);
}

static void close_port(struct backends *b, struct port *p)
{
	close(p->listener);
	p->listener = -1;
	hang_up_idle(b, p->number);
}

/* False: a port that should be open cannot be. */
static bool follow(struct backends *b)
{
	for (unsigned i = 0; i < b->port_count; i++) {
		struct port *p = &b->ports[i];
		const bool open = is_open(b, p->number);

		if (open && p->listener < 0)
			p->listener = wire_listen(p->number);
		else if (!open && p->listener >= 0)
			close_port(b, p);
		else if (!is_friendly(b, p->number))
			hang_up_idle(b, p->number);
		if (open && p->listener < 0)
			return play_fail(b->play, "port %u is taken", p->number);
	}
	return true;
}

static void answer(struct backends *b, struct connection *c, const struct behaviour *does,
		   struct str body)
{
	const bool last = !is_friendly(b, c->port);
	struct headers h;
	struct buf out;

	headers_init(&h, &c->arena);
	for (const struct field_line *f = does->fields; f; f = f->next)
		headers_add(&h, f->name, f->value);
	if (body.len && !headers_find(&h, STR("Content-Type")))
		headers_add(&h, STR("Content-Type"), scenario_media_type(body));
	if (last)
		headers_add(&h, STR("Connection"), STR("close"));
	buf_init(&out, LARGEST);
	wire_response(does->kind == BEHAVES_ECHOES ? 200 : does->status, &h, body, &out);
	wire_send(c->descriptor, buf_str(&out));
	buf_release(&out);
	c->answering = false;
	if (last)
		hang_up(c);
}

static void act(struct backends *b, struct connection *c)
{
	const struct behaviour does = c->behaviour;

	switch (does.kind) {
	case BEHAVES_ANSWERS:
		answer(b, c, &does, does.body);
		break;
	case BEHAVES_ECHOES:
		answer(b, c, &does, c->body);
		break;
	case BEHAVES_REFUSES:
	case BEHAVES_RESETS:
		wire_reset(c->descriptor);
		hang_up(c);
		break;
	case BEHAVES_CLOSES:
		hang_up(c);
		break;
	case BEHAVES_BABBLES:
		wire_send(c->descriptor,
			  does.body.len ? does.body : STR("what?\r\n\r\n"));
		hang_up(c);
		break;
	case BEHAVES_HANGS:
		c->due = UINT64_MAX;
		break;
	}
}

/* The next request in the buffer, if it is all there, is for somebody. */
static void take(struct backends *b, struct connection *c)
{
	static const struct behaviour nobody = { .status = 404 };
	struct wire_message m;
	const size_t used = wire_parse(buf_str(&c->in), false, &c->arena, &m);
	const struct peer *peer;
	struct str rest;

	if (!used)
		return;
	peer = scenario_peer(b->play->scenario, STR("localhost"), c->port, m.start[1]);
	c->body = m.body;
	c->behaviour = nobody;
	if (peer)
		c->behaviour = play_ask(
			b->play, peer,
			&(struct received){ m.start[0], m.start[1], m.headers, m.body });
	c->due = wire_now() + c->behaviour.after;
	c->answering = true;
	rest = arena_copy(&c->arena, str_from(buf_str(&c->in), used));
	buf_clear(&c->in);
	buf_add(&c->in, rest);
}

static void welcome(struct backends *b, const struct port *p)
{
	const int descriptor = accept(p->listener, NULL, NULL);

	for (unsigned i = 0; descriptor >= 0 && i < CONNECTIONS; i++) {
		struct connection *c = &b->connections[i];

		if (c->descriptor < 0) {
			*c = (struct connection){ .descriptor = descriptor,
						  .port = p->number };
			buf_init(&c->in, LARGEST);
			return;
		}
	}
	if (descriptor >= 0)
		close(descriptor);
}

static void serve_connection(struct backends *b, struct connection *c, bool readable)
{
	if (readable && wire_receive(c->descriptor, &c->in) == 0) {
		hang_up(c);
		return;
	}
	if (!c->answering)
		take(b, c);
	if (c->descriptor >= 0 && c->answering && c->due <= wire_now())
		act(b, c);
}

/* How long nothing happens unless somebody writes; ms for poll. */
static int idle_time(const struct backends *b)
{
	uint64_t due = UINT64_MAX;
	const uint64_t now = wire_now();

	for (unsigned i = 0; i < CONNECTIONS; i++)
		if (b->connections[i].descriptor >= 0 && b->connections[i].answering &&
		    b->connections[i].due < due)
			due = b->connections[i].due;
	if (due == UINT64_MAX)
		return -1;
	return due <= now ? 0 : (int)(due - now);
}

static void tell_followed(struct backends *b)
{
	char byte;

	if (read(b->wake[0], &byte, 1) != 1)
		return;
	pthread_mutex_lock(&b->lock);
	b->followed = follow(b);
	b->following = false;
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
}

/* Everything one poll() told; false: it is over. */
static bool serve_round(struct backends *b)
{
	struct pollfd polled[1 + PORTS + CONNECTIONS];
	unsigned n = 0;

	polled[n++] = (struct pollfd){ .fd = b->wake[0], .events = POLLIN };
	for (unsigned i = 0; i < b->port_count; i++)
		polled[n++] = (struct pollfd){ .fd = b->ports[i].listener,
					       .events = POLLIN };
	for (unsigned i = 0; i < CONNECTIONS; i++)
		polled[n++] = (struct pollfd){ .fd = b->connections[i].descriptor,
					       .events = POLLIN };
	poll(polled, n, idle_time(b));
	for (unsigned i = 0; i < CONNECTIONS; i++)
		if (b->connections[i].descriptor >= 0)
			serve_connection(b, &b->connections[i],
					 polled[1 + b->port_count + i].revents != 0);
	for (unsigned i = 0; i < b->port_count; i++)
		if (b->ports[i].listener >= 0 && polled[1 + i].revents)
			welcome(b, &b->ports[i]);
	if (polled[0].revents & POLLIN)
		tell_followed(b);
	return !(polled[0].revents & POLLHUP);
}

static void *serve(void *ctx)
{
	while (serve_round(ctx))
		continue;
	arena_trim();
	return NULL;
}

static void add_port(struct backends *b, unsigned number)
{
	for (unsigned i = 0; i < b->port_count; i++)
		if (b->ports[i].number == number)
			return;
	if (b->port_count < PORTS)
		b->ports[b->port_count++] = (struct port){ number, -1 };
}

struct backends *backends_start(struct play *p)
{
	struct backends *b = calloc(1, sizeof(*b));

	if (!b || pipe(b->wake) != 0)
		abort();
	b->play = p;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->changed, NULL);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		b->connections[i].descriptor = -1;
	for (const struct actor *a = p->actors; a; a = a->beside)
		add_port(b, a->peer->port);
	b->started = follow(b) && pthread_create(&b->thread, NULL, serve, b) == 0;
	if (b->started)
		return b;
	backends_stop(b);
	return NULL;
}

void backends_follow(struct backends *b)
{
	pthread_mutex_lock(&b->lock);
	b->following = true;
	if (write(b->wake[1], "f", 1) == 1)
		while (b->following)
			pthread_cond_wait(&b->changed, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

void backends_stop(struct backends *b)
{
	close(b->wake[1]);
	if (b->started)
		pthread_join(b->thread, NULL);
	close(b->wake[0]);
	for (unsigned i = 0; i < b->port_count; i++)
		if (b->ports[i].listener >= 0)
			close(b->ports[i].listener);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		if (b->connections[i].descriptor >= 0)
			hang_up(&b->connections[i]);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->changed);
	free(b);
}
