#include "tests/live.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/backends.h"
#include "tests/engine_process.h"
#include "tests/wire.h"

enum { PATIENCE_MS = 15000, LOOKS = 100 };

/* A request under way on a connection of its own. */
struct waiting {
	int descriptor;
	uint64_t began;
	struct waiting *next;
};

struct live {
	struct play play; /* first */
	struct engine_process engine;
	struct backends *backends;
	struct waiting *first, **last;
};

static void write_request(const struct step *s, unsigned port, struct buf *out)
{
	bool typed = false;

	buf_printf(out, STR_FMT " " STR_FMT " HTTP/1.1\r\nHost: localhost:%u\r\n",
		   STR_ARG(s->method), STR_ARG(s->path), port);
	for (const struct field_line *f = s->fields; f; f = f->next) {
		buf_printf(out, STR_FMT ": " STR_FMT "\r\n", STR_ARG(f->name),
			   STR_ARG(f->value));
		typed |= str_eq_nocase(f->name, STR("Content-Type"));
	}
	if (s->text.len && !typed)
		buf_printf(out, "Content-Type: " STR_FMT "\r\n",
			   STR_ARG(scenario_media_type(s->text)));
	if (s->text.len)
		buf_printf(out, "Content-Length: %zu\r\n", s->text.len);
	buf_add(out, STR("\r\n"));
	buf_add(out, s->text);
}

static bool live_request(struct play *p, const struct step *s)
{
	struct live *l = (struct live *)p;
	struct waiting *w = arena_new(&p->arena, struct waiting);
	struct buf out;

	backends_follow(l->backends);
	w->descriptor = wire_connect(s->port ? s->port : l->engine.port);
	if (w->descriptor < 0)
		return play_fail(p, "the engine refuses connections");
	w->began = wire_now();
	*l->last = w;
	l->last = &w->next;
	buf_init(&out, 64 << 20);
	write_request(s, l->engine.port, &out);
	wire_send(w->descriptor, buf_str(&out));
	buf_release(&out);
	return true;
}

static bool take_answer(struct play *p, int descriptor, struct wire_message *m)
{
	const uint64_t until = wire_now() + PATIENCE_MS;
	struct buf in;
	bool there = false, closed = false;

	buf_init(&in, 64 << 20);
	while (!there && !closed && wire_now() < until) {
		struct pollfd one = { .fd = descriptor, .events = POLLIN };

		poll(&one, 1, 100);
		closed = one.revents && wire_receive(descriptor, &in) == 0;
		there = wire_parse(buf_str(&in), closed, &p->arena, m) > 0;
	}
	buf_release(&in);
	return there || play_fail(p, closed ? "the engine closed without an answer"
					    : "no answer within 15 s");
}

static bool live_answer(struct play *p)
{
	struct live *l = (struct live *)p;
	struct waiting *w = l->first;
	struct wire_message m;
	uint64_t status = 0;

	if (!w)
		return play_fail(p, "no request is under way");
	if (!take_answer(p, w->descriptor, &m))
		return false;
	close(w->descriptor);
	l->first = w->next;
	if (!l->first)
		l->last = &l->first;
	str_to_uint(m.start[1], &status);
	p->answer = (struct play_answer){ .status = (unsigned)status,
					  .headers = m.headers,
					  .body = m.body,
					  .took = wire_now() - w->began,
					  .came = true };
	return true;
}

static bool live_pass(struct play *p, uint64_t ms)
{
	(void)p;
	wire_wait(ms);
	return true;
}

static bool live_turn(struct play *p, struct str endpoint, bool on)
{
	struct live *l = (struct live *)p;
	const char *body = arena_printf(&p->arena,
					"{\"name\":\"" STR_FMT "\",\"status\":\"%s\"}",
					STR_ARG(endpoint), on ? "active" : "inactive");

	return engine_process_manage(&l->engine, "/management/endpoints", body) ||
	       play_fail(p, "the management API does not switch " STR_FMT,
			 STR_ARG(endpoint));
}

static bool live_put(struct play *p, const struct step *s)
{
	(void)s;
	return play_fail(p, "files are put in virtual time only");
}

/* What was asked for may be a moment late. */
static bool live_patience(struct play *p, unsigned looks)
{
	(void)p;
	wire_wait(10);
	return looks < LOOKS;
}

static const struct play_ways ways = {
	.request = live_request,
	.answer = live_answer,
	.pass = live_pass,
	.turn = live_turn,
	.put = live_put,
	.patience = live_patience,
};

bool live_play(const struct scenario *s, const char *program)
{
	struct live *l = calloc(1, sizeof(*l));
	bool fine;

	if (!l)
		abort();
	signal(SIGPIPE, SIG_IGN);
	play_init(&l->play, s, &ways);
	l->last = &l->first;
	l->backends = backends_start(&l->play);
	fine = l->backends && engine_process_start(&l->engine, &l->play, program) &&
	       play_steps(&l->play);
	for (const struct waiting *w = l->first; w; w = w->next)
		close(w->descriptor);
	if (l->backends) {
		fine = engine_process_stop(&l->engine) && fine;
		backends_stop(l->backends);
	}
	play_release(&l->play);
	free(l);
	return fine;
}

bool live_peers(const struct scenario *s)
{
	struct live *l = calloc(1, sizeof(*l));
	sigset_t ends;
	int number;

	if (!l)
		abort();
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	play_init(&l->play, s, &ways);
	l->backends = backends_start(&l->play);

	const bool fine = l->backends;

	if (fine) {
		sigwait(&ends, &number);
		backends_stop(l->backends);
	}
	play_release(&l->play);
	free(l);
	return fine;
}
