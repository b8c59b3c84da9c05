#include "tests/world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "message/content.h"

enum { LOG_MOST = 4 << 20, BODY_MOST = 64 << 20 };

/* 2026-11-21 10:00:00 UTC, when every world begins. */
static const int64_t beginning = 1795255200000;

static bool take_body(struct body_sink *s, struct str bytes)
{
	buf_add(&((struct world_attempt *)s)->body, bytes);
	return true;
}

static void end_body(struct body_sink *s, bool complete)
{
	((struct world_attempt *)s)->seen->body_complete = complete;
}

static void note_body(struct world_attempt *a)
{
	a->seen->body = arena_copy(&a->world->arena, buf_str(&a->body));
}

static void let_go(struct world_attempt *a)
{
	struct body *body = a->request.body;

	timer_clear(&a->world->engine.timers, &a->timer);
	note_body(a);
	if (body && body->sink == &a->sink)
		body_detach(body);
	buf_release(&a->body);
	a->busy = false;
	a->world->under_way--;
}

static void add_headers(struct headers *h, struct arena *a, const char *lines)
{
	struct str rest = arena_copy(a, str_of(lines)), line, name;

	while (str_cut(&rest, '\n', &line)) {
		struct str value = line;

		if (str_cut(&value, ':', &name) && value.at)
			headers_add(h, str_trim(name), str_trim(value));
	}
}

static const char *const failure_texts[] = {
	[FAILURE_DNS] = "Name or service not known",
	[FAILURE_REFUSED] = "Connection refused",
	[FAILURE_CONNECT_TIMEOUT] = "Connection timed out",
	[FAILURE_CANCELLED] = "Operation canceled",
	[FAILURE_TLS] = "certificate has expired",
	[FAILURE_POOL_FULL] = "no connection free",
	[FAILURE_QUEUE_FULL] = "too many wait",
	[FAILURE_READ] = "Connection reset by peer",
	[FAILURE_WRITE] = "Broken pipe",
	[FAILURE_IDLE] = "no byte came",
	[FAILURE_CLOSED] = "closed",
	[FAILURE_PROTOCOL] = "Invalid status line",
	[FAILURE_BAD_URL] = "no URL",
	[FAILURE_UNSENDABLE] = "no head can hold it",
};

static void give_failure(struct world_attempt *a)
{
	const enum failure_kind kind = a->backend.dns       ? FAILURE_DNS
				       : a->backend.failure ? a->backend.failure
							    : FAILURE_REFUSED;
	const struct failure f = {
		.kind = kind,
		.phase = a->backend.phase,
		.text = failure_texts[kind],
		.host = STR("localhost"),
		.address = STR("127.0.0.1"),
		.port = 8080,
	};

	a->done(a->ctx, NULL, &f);
}

static void give_reply(struct world_attempt *a)
{
	struct reply reply = { .status = a->backend.status ? a->backend.status : 200,
			       .reason = STR("OK") };
	const char *body = a->backend.body;

	headers_init(&reply.headers, a->request.arena);
	if (a->backend.headers)
		add_headers(&reply.headers, a->request.arena, a->backend.headers);
	body_init(&reply.body, a->request.arena);
	if (body)
		body_set(&reply.body, arena_copy(a->request.arena, str_of(body)));
	a->done(a->ctx, &reply, NULL);
}

static void give(void *ctx)
{
	struct world_attempt *a = ctx;

	let_go(a);
	if (a->backend.fails)
		give_failure(a);
	else
		give_reply(a);
}

static struct backend backend_of(struct world *w, struct str url)
{
	for (int i = 0; i < WORLD_BACKENDS && w->backend[i].url; i++) {
		struct backend *b = &w->backend[i];
		const struct backend found = *b;

		if (!str_starts(url, str_of(b->url)))
			continue;
		if (b->times && --b->times == 0)
			memmove(b, b + 1, (size_t)(WORLD_BACKENDS - 1 - i) * sizeof(*b));
		return found;
	}
	return (struct backend){ .fails = true };
}

static struct seen *see(struct world *w, const struct request *r)
{
	struct seen *s = &w->seen[w->seen_count++ % WORLD_SEEN];
	struct buf lines;

	buf_init(&lines, BODY_MOST);
	for (unsigned i = 0; r->headers && i < r->headers->count; i++)
		buf_printf(&lines, STR_FMT ": " STR_FMT "\n",
			   STR_ARG(r->headers->at[i].name),
			   STR_ARG(r->headers->at[i].value));
	*s = (struct seen){
		.at = w->engine.timers.now,
		.method = arena_copy(&w->arena, r->method),
		.url = arena_copy(&w->arena, r->url),
		.host = arena_copy(&w->arena, r->host),
		.headers = arena_copy(&w->arena, buf_str(&lines)),
		.connect_ms = r->connect_ms,
		.idle_ms = r->idle_ms,
	};
	buf_release(&lines);
	return s;
}

static void read_body(struct world_attempt *a)
{
	struct body *body = a->request.body;
	struct str bytes;

	if (!body || body->state == BODY_EMPTY) {
		a->seen->body_complete = true;
		return;
	}
	while ((bytes = body_next(body)).len)
		buf_add(&a->body, bytes);
	if (body_is_taken(body))
		a->seen->body_complete = true;
	else
		body_attach(body, &a->sink);
}

static struct attempt *world_send(struct transport *t, const struct request *r,
				  attempt_done *done, void *ctx)
{
	struct world *w = (struct world *)t;
	struct world_attempt *a = w->attempts;

	while (a->busy)
		a++;
	assert(a < w->attempts + WORLD_ATTEMPTS);
	*a = (struct world_attempt){
		.sink = { take_body, end_body },
		.world = w,
		.request = *r,
		.backend = backend_of(w, r->url),
		.seen = see(w, r),
		.done = done,
		.ctx = ctx,
		.busy = true,
	};
	w->under_way++;
	buf_init(&a->body, BODY_MOST);
	read_body(a);
	timer_init(&a->timer, give, a);
	if (!a->backend.silent)
		timer_set(&w->engine.timers, &a->timer,
			  w->engine.timers.now + a->backend.after);
	snprintf(w->sent + strlen(w->sent), sizeof(w->sent) - strlen(w->sent),
		 STR_FMT " ", STR_ARG(r->url));
	return (struct attempt *)a;
}

static void world_cancel(struct transport *t, struct attempt *attempt)
{
	let_go((struct world_attempt *)attempt);
	((struct world *)t)->cancelled++;
}

static void take_line(void *ctx, enum log_level level, const char *logger,
		      struct str text)
{
	struct world *w = ctx;
	const char *dot = strrchr(logger, '.');
	const bool is_class = dot && strncmp(logger, "org.", 4) == 0;

	buf_printf(&w->log, "%s %s " STR_FMT "\n", log_level_name(level),
		   is_class ? dot + 1 : logger, STR_ARG(text));
}

static bool line_is_on(void *ctx, enum log_level level, const char *logger)
{
	(void)logger;
	return level >= ((struct world *)ctx)->log_level;
}

static struct log_sink sink = { take_line, line_is_on, NULL };

static struct value no_entry(const void *ctx, struct str key, struct arena *a)
{
	(void)ctx;
	(void)key;
	(void)a;
	return VALUE_NONE;
}

void world_init(struct world *w)
{
	static const struct transport_ops ops = { world_send, world_cancel };

	memset(w, 0, sizeof(*w));
	setenv("TZ", "UTC", 1);
	tzset();
	w->transport.ops = &ops;
	engine_init(&w->engine);
	w->engine.timers.wall = beginning;
	w->engine.transport = &w->transport;
	report_init(&w->report, &w->arena);
	w->around = (struct surroundings){ &w->engine.timers, no_entry, NULL };
	w->settings = endpoint_defaults;
	w->healths = healths_new();
	w->house = (struct endpoint_house){ .settings = &w->settings,
					    .healths = w->healths,
					    .unit = STR("t.xml") };
	w->log_level = LOG_INFO;
	buf_init(&w->log, LOG_MOST);
	sink.ctx = w;
	log_to(&sink);
}

void world_release(struct world *w)
{
	engine_release(&w->engine);
	if (w->undeploy)
		w->undeploy(w);
	log_to(NULL);
	buf_release(&w->log);
	arena_release(&w->arena);
	healths_free(w->healths);
}

void world_pass(struct world *w, uint64_t milliseconds)
{
	const uint64_t then = w->engine.timers.now + milliseconds;

	do {
		engine_advance(&w->engine, then);
	} while (timers_due(&w->engine.timers) <= then);
}

static void note_ending(struct exchange *x, void *ctx)
{
	(void)x;
	((struct run *)ctx)->ended = true;
}

void world_begin(struct world *w, struct run *r)
{
	r->ended = false;
	exchange_init(&r->x, &w->engine, &w->incoming, &w->around);
	r->x.names = (const struct names *)w->deployment;
	r->x.done = note_ending;
	r->x.ctx = r;
}

void world_start(struct run *r, const struct node *node)
{
	exchange_start(&r->x, node);
}

static void describe_answer(struct world *w, struct exchange *x)
{
	struct message *m = &x->message;
	const struct value v = message_property(m, SCOPE_AXIS2, STR("HTTP_SC"));
	struct fault why = { 0 };
	struct str status, body = { "", 0 };

	status = v.kind == VALUE_NULL ? STR("200") : value_text(v, &x->arena);
	if (content_serialize(m, &why) && m->body.state == BODY_WHOLE)
		body = body_bytes(&m->body);
	snprintf(w->ending, sizeof(w->ending), STR_FMT "%s" STR_FMT, STR_ARG(status),
		 body.len ? " " : "", STR_ARG(body));
}

const char *world_ending(struct world *w, struct run *r)
{
	struct exchange *x = &r->x;
	char *to = w->ending;
	const size_t room = sizeof(w->ending);

	if (!r->ended)
		snprintf(to, room, "waits");
	else if (x->flow == FLOW_FAULT)
		snprintf(to, room, "fault %d %s", x->fault.code, x->fault.text);
	else if (x->answer == ANSWER_STATUS)
		snprintf(to, room, "status %u", x->answer_status);
	else if (x->answer == ANSWER_DROP)
		snprintf(to, room, "dropped");
	else if (x->flow == FLOW_DONE && x->answer == ANSWER_NONE)
		snprintf(to, room, "done");
	else
		describe_answer(w, x);
	return to;
}

void world_end(struct run *r)
{
	exchange_release(&r->x);
}

const char *world_run(struct world *w, const struct node *node, uint64_t milliseconds)
{
	struct run r;

	world_begin(w, &r);
	world_start(&r, node);
	world_pass(w, milliseconds);
	world_ending(w, &r);
	world_end(&r);
	return w->ending;
}

const char *world_log(struct world *w)
{
	buf_add_char(&w->log, '\0');
	w->log.len--;
	return w->log.at;
}

unsigned world_logged(const struct world *w, const char *text)
{
	struct str rest = buf_str(&w->log), line;
	unsigned count = 0;

	while (str_cut(&rest, '\n', &line))
		count += str_find_str(line, str_of(text)) < line.len;
	return count;
}

void world_clear(struct world *w)
{
	buf_clear(&w->log);
	w->sent[0] = '\0';
	w->seen_count = 0;
}
