#include "tests/player.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/store.h"
#include "daemon/front_ends.h"
#include "daemon/inbound.h"
#include "deploy/shared.h"
#include "endpoint/probe.h"
#include "synapse-xml/synapse_xml.h"
#include "tests/network.h"
#include "tests/play.h"

/* A day somebody wrote a log line; and no answer may take longer than this. */
static const int64_t first_day = 1763719932557;
enum { PATIENCE_MS = 24 * 3600 * 1000, STORE_BYTES = 16 << 20 };

/* A client's request; first in, first answered. */
struct visit {
	struct http_call call; /* first */
	struct visitors *visitors;
	struct visit *next;
	uint64_t began;
	struct play_answer answer;
};

struct visitors {
	struct play play; /* first */
	struct settings settings;
	struct worker worker;
	struct network network;
	struct healths *healths;
	struct shared shared;
	struct loader *loader;
	struct visit *first, **last;
	bool trace;
};

/* --- what can be seen of it --- */

static void trace_line(struct play *p, struct str line)
{
	const struct visitors *v = (const struct visitors *)p;

	printf("%8" PRIu64 " ms  " STR_FMT "\n", v->worker.engine.timers.now,
	       STR_ARG(line));
}

static unsigned depth_of(const struct exchange *x)
{
	unsigned depth = 0;

	for (const struct frame *f = x->top; f; f = f->below)
		depth++;
	return depth;
}

/* The stack as a path of elements, outermost first. */
static void print_path(const struct frame *f)
{
	if (f->below) {
		print_path(f->below);
		fputs("/", stdout);
	}
	fputs(f->node->type->name, stdout);
}

static void trace_step(const struct exchange *x, const struct node *n, void *ctx)
{
	const struct visitors *v = ctx;

	printf("%8" PRIu64 " ms  %*s%s:%u  ", v->worker.engine.timers.now,
	       2 * (int)depth_of(x), "", n->where.file ? n->where.file : "-",
	       n->where.line);
	print_path(x->top);
	putchar('\n');
}

static void log_taken(void *ctx, enum log_level level, const char *logger,
		      struct str text)
{
	struct visitors *v = ctx;

	play_log(&v->play, level, str_of(logger), text);
	if (v->trace)
		printf("%8" PRIu64 " ms  %5s {%s} - " STR_FMT "\n",
		       v->worker.engine.timers.now, log_level_name(level), logger,
		       STR_ARG(text));
}

static bool log_wanted(void *ctx, enum log_level level, const char *logger)
{
	(void)ctx;
	(void)logger;
	return level >= LOG_INFO;
}

/* --- clients --- */

static void answered(struct http_call *c, const struct http_response *r,
		     void (*finished)(struct http_call *c, bool sent))
{
	struct visit *visit = (struct visit *)c;
	struct visitors *v = visit->visitors;
	struct play_answer *a = &visit->answer;
	struct buf body;
	struct str piece;

	buf_init(&body, 64 << 20);
	while (r->body && (piece = body_next(r->body)).len)
		buf_add(&body, piece);
	a->status = r->status;
	a->body = arena_copy(&v->play.arena, buf_str(&body));
	buf_release(&body);
	headers_init(&a->headers, &v->play.arena);
	if (r->headers)
		headers_clone(&a->headers, r->headers, &v->play.arena);
	a->took = v->worker.engine.timers.now - visit->began;
	a->came = true;
	finished(c, true);
}

static void run(struct visitors *v, uint64_t now)
{
	engine_advance(&v->worker.engine, now);
	inbound_after_event(&v->worker);
}

static void write_head(struct visit *visit, const struct step *s)
{
	struct http_call *c = &visit->call;

	c->method = s->method;
	c->target = s->path;
	c->minor = 1;
	c->remote = STR("127.0.0.1");
	c->port = s->port ? s->port : 8290;
	headers_init(&c->headers, &c->arena);
	headers_add(&c->headers, STR("Host"), STR("localhost:8290"));
	for (const struct field_line *f = s->fields; f; f = f->next)
		headers_add(&c->headers, f->name, f->value);
	body_init(&c->body, &c->arena);
	if (!s->text.len)
		return;
	if (!headers_find(&c->headers, STR("Content-Type")))
		headers_add(&c->headers, STR("Content-Type"),
			    scenario_media_type(s->text));
	body_set(&c->body, s->text);
}

static bool player_request(struct play *p, const struct step *s)
{
	struct visitors *v = (struct visitors *)p;
	struct visit *visit = calloc(1, sizeof(*visit));

	if (!visit)
		abort();
	visit->visitors = v;
	visit->began = v->worker.engine.timers.now;
	*v->last = visit;
	v->last = &visit->next;
	write_head(visit, s);
	if (p->say)
		p->say(p, str_of(arena_printf(&p->arena, STR_FMT " " STR_FMT,
					      STR_ARG(s->method), STR_ARG(s->path))));
	inbound_take(&v->worker, &visit->call);
	run(v, visit->began);
	return true;
}

static void end_visit(struct visitors *v)
{
	struct visit *visit = v->first;

	v->first = visit->next;
	if (!v->first)
		v->last = &v->first;
	if (!visit->answer.came && visit->call.gone)
		visit->call.gone(&visit->call);
	arena_release(&visit->call.arena);
	free(visit);
}

static bool player_answer(struct play *p)
{
	struct visitors *v = (struct visitors *)p;
	struct timers *timers = &v->worker.engine.timers;

	if (!v->first)
		return play_fail(p, "no request is under way");
	while (!v->first->answer.came) {
		const uint64_t due = timers_due(timers);

		if (due == UINT64_MAX)
			return play_fail(p,
					 "it is never answered: nobody is busy with it");
		if (due - v->first->began > PATIENCE_MS)
			return play_fail(p, "it is not answered within a day");
		run(v, due);
	}
	p->answer = v->first->answer;
	if (p->say)
		p->say(p,
		       str_of(arena_printf(&p->arena, "answered %u", p->answer.status)));
	end_visit(v);
	return true;
}

static bool player_pass(struct play *p, uint64_t ms)
{
	struct visitors *v = (struct visitors *)p;

	run(v, v->worker.engine.timers.now + ms);
	return true;
}

static bool player_patience(struct play *p, unsigned looks)
{
	(void)p;
	(void)looks;
	return false;
}

/* --- what is deployed --- */

static void print_complaints(const struct report *r)
{
	for (const struct complaint *c = r->first; c; c = c->next)
		fprintf(stderr, "%s:%u: %s%s\n", c->where.file, c->where.line,
			c->severity == SEVERITY_WARNING ? "warning: " : "", c->text);
}

static bool deploy(struct visitors *v)
{
	struct report r;
	struct deployment *d;

	report_init(&r, &v->play.arena);
	d = loader_build(v->loader, &r);
	worker_serve_first(&v->worker, d);
	deployment_unref(d);
	if (r.errors == 0)
		return true;
	print_complaints(&r);
	return play_fail(&v->play, "the artifacts have mistakes");
}

static bool player_put(struct play *p, const struct step *s)
{
	struct visitors *v = (struct visitors *)p;
	const struct str folder = p->scenario->folder;
	const char *to = arena_printf(&p->arena, STR_FMT "/" STR_FMT, STR_ARG(folder),
				      STR_ARG(s->path));
	const char *from = arena_printf(&p->arena, STR_FMT "/" STR_FMT, STR_ARG(folder),
					STR_ARG(s->text));
	struct str text = { 0 };

	if (s->text.at && !play_read_file(from, &p->arena, &text))
		return play_fail(p, "%s cannot be read", from);
	loader_put(v->loader, str_of(to), text);
	return deploy(v);
}

struct turning {
	struct visitors *visitors;
	struct str name;
	bool on, found;
};

static void turn_endpoint(void *ctx, const struct endpoint_view *view)
{
	struct turning *t = ctx;

	if (!view->health || !str_eq(view->name, t->name))
		return;
	t->found = true;
	endpoint_switch(view->node, t->on, t->visitors->worker.engine.timers.now);
}

static bool player_turn(struct play *p, struct str endpoint, bool on)
{
	struct visitors *v = (struct visitors *)p;
	struct turning t = { .visitors = v, .name = endpoint, .on = on };

	for (const struct artifact *a =
		     deployment_artifacts(v->worker.served->deployment);
	     a; a = a->next)
		if (a->kind == ARTIFACT_ENDPOINT && a->node)
			endpoint_each(a->node, turn_endpoint, &t);
	return t.found || play_fail(p,
				    "there is no endpoint '" STR_FMT "' in a file of "
				    "its own",
				    STR_ARG(endpoint));
}

static bool settle(struct visitors *v)
{
	struct report r;

	settings_init(&v->settings);
	report_init(&r, &v->play.arena);
	for (const struct field_line *f = v->play.scenario->settings; f; f = f->next)
		settings_set(&v->settings,
			     arena_printf(&v->play.arena, STR_FMT "=" STR_FMT,
					  STR_ARG(f->name), STR_ARG(f->value)),
			     &r);
	if (settings_apply(&v->settings, &r))
		return true;
	print_complaints(&r);
	return false;
}

static bool open_house(struct visitors *v)
{
	struct fault why = { 0 };

	if (!settle(v))
		return false;
	if (!worker_init(&v->worker, &v->settings, 0, NULL, &why))
		return play_fail(&v->play, "%s", why.text);
	v->worker.answer = answered;
	v->worker.engine.timers.now = 0; /* the loop's clock is not asked again */
	v->worker.engine.timers.wall = first_day;
	network_init(&v->network, &v->play, &v->worker.engine.timers);
	v->worker.engine.transport = &v->network.transport;
	if (v->trace) {
		v->worker.engine.trace = trace_step;
		v->worker.engine.trace_ctx = v;
		v->play.say = trace_line;
	}
	front_ends_init();
	front_ends_settings(&v->settings);
	v->healths = healths_new();
	v->shared.store = store_new(STORE_BYTES);
	v->shared.probes = probes_new();
	v->shared.rates = rates_new();
	v->loader = loader_new(&(struct loader_settings){
		.vocabulary = &synapse_vocabulary,
		.front_ends = front_ends,
		.healths = v->healths,
		.shared = &v->shared,
		.endpoints = &v->settings.endpoints,
		.refuse_missing_keys = v->settings.missing_keys,
	});
	loader_scan(v->loader, arena_copy(&v->play.arena, v->play.scenario->folder).at);
	return deploy(v);
}

static void close_house(struct visitors *v)
{
	while (v->first)
		end_visit(v);
	if (v->worker.loop)
		worker_release(&v->worker);
	if (v->loader)
		loader_free(v->loader);
	if (v->healths)
		healths_free(v->healths);
	if (v->shared.probes)
		probes_free(v->shared.probes);
	if (v->shared.store)
		store_free(v->shared.store);
	if (v->shared.rates)
		rates_free(v->shared.rates);
	front_ends_settings(NULL);
	settings_release(&v->settings);
}

bool player_play(const struct scenario *s, const struct player_options *o)
{
	static const struct play_ways ways = {
		.request = player_request,
		.answer = player_answer,
		.pass = player_pass,
		.turn = player_turn,
		.put = player_put,
		.patience = player_patience,
		.exact = true,
	};
	struct visitors *v = calloc(1, sizeof(*v));
	const struct log_sink sink = { log_taken, log_wanted, v };
	bool fine;

	if (!v)
		abort();
	play_init(&v->play, s, &ways);
	v->last = &v->first;
	v->trace = o->trace;
	log_to(&sink);
	fine = open_house(v) && play_steps(&v->play);
	close_house(v);
	log_to(NULL);
	play_release(&v->play);
	free(v);
	return fine;
}
