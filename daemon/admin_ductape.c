/*
 * Definitions of fallbacks, read and changed while they serve: fallback/rest.h says
 * what is to be done, here it is done.
 */
#include "base/log.h"
#include "daemon/admin_priv.h"
#include "daemon/reload.h"
#include "fallback/fallback.h"
#include "fallback/rest.h"

enum { MOST_BODY = 1 << 20 };

/* One request: its body is awaited, then a load or a probe. */
struct asked {
	struct server *server;
	struct http_call *call;
	struct fallback_answer answer;
	struct edit edit;
	struct settled settled; /* the edit was kept */
	struct question question;
	struct loop *home; /* a worker's, where it came from; NULL: the main one */
};

static struct str parameter(struct http_call *c, struct str name)
{
	const struct str value = call_parameter(c, name);

	return value.at ? value : STR("");
}

/* Strict JSON, or an object literal as it stands in code. */
static const struct json *body_of(struct http_call *c, struct fault *why)
{
	const struct str text = body_bytes(&c->body);
	const struct str type = headers_get(&c->headers, STR("Content-Type"));
	const bool literal = str_find_str(type, STR("json5")) < type.len;

	if (!text.len)
		return NULL;
	return fallback_read(literal ? STR("body.json5") : STR("body.json"), text,
			     &c->arena, why);
}

static struct fallback_answer ask(struct asked *asked)
{
	struct server *s = asked->server;
	struct http_call *c = asked->call;
	struct fault why = { 0 };
	const struct json *body = body_of(c, &why);
	const struct fallback_request r = {
		.method = c->method,
		.path = str_from(call_path(c), strlen("/ductape")),
		.product = parameter(c, STR("product")),
		.env = parameter(c, STR("env")),
		.limit = parameter(c, STR("limit")),
		.if_match = headers_get(&c->headers, STR("If-Match")),
		.body = body,
		.body_fault = why,
		.deployment = s->deployment,
		.shared = &s->shared,
		.now = s->timers.now,
		.wall = s->timers.wall,
	};

	return fallback_rest(&r, &c->arena);
}

/* What If-Match may say of a definition. */
static struct str revision_in(const struct json *body, struct arena *a)
{
	const struct json *revision = body && body->kind == JSON_OBJECT
					      ? json_get(body, STR("revision"))
					      : NULL;

	return revision ? str_of(arena_printf(a, "\"" STR_FMT "\"",
					      STR_ARG(revision->text)))
			: STR("");
}

/* "/ductape/fallbacks/pay?product=shop" */
static struct str location_of(const struct asked *asked)
{
	struct str tag = asked->edit.change.name, product, kind;

	str_cut(&tag, '/', &product);
	str_cut(&tag, '/', &kind);
	return str_of(arena_printf(&asked->call->arena,
				   "/ductape/" STR_FMT "s/" STR_FMT "?product=" STR_FMT,
				   STR_ARG(kind), STR_ARG(tag), STR_ARG(product)));
}

static void send(void *ctx)
{
	struct asked *asked = ctx;
	struct http_call *c = asked->call;
	const struct fallback_answer *a = &asked->answer;
	const struct reply_field fields[] = {
		{ "Allow", str_of(a->allow ? a->allow : "") },
		{ "ETag", revision_in(a->body, &c->arena) },
		{ "Location", a->status == 201 ? location_of(asked) : STR("") },
	};

	reply_json_with(c, a->status, a->body, fields,
			sizeof(fields) / sizeof(fields[0]));
}

/* On the thread that the call came from. */
static void give(struct asked *asked, unsigned status, const struct json *body)
{
	asked->answer.status = status;
	asked->answer.body = body;
	if (asked->home)
		loop_mail(asked->home, send, asked);
	else
		send(asked);
}

static void fail(struct asked *asked, unsigned status, const char *code, const char *text)
{
	give(asked, status, fallback_error(&asked->call->arena, code, text));
}

/* What was created is asked for by its name, what was changed as it is now. */
static const struct json *body_now(struct asked *asked)
{
	const struct fallback_change *change = &asked->edit.change;
	struct fallback_answer now;
	struct str path = change->name, product, kind;

	str_cut(&path, '/', &product);
	str_cut(&path, '/', &kind);

	const struct fallback_request r = {
		.method = STR("GET"),
		.path = str_of(arena_printf(&asked->call->arena, "/" STR_FMT "s/" STR_FMT,
					    STR_ARG(kind), STR_ARG(path))),
		.product = product,
		.env = parameter(asked->call, STR("env")),
		.deployment = asked->server->deployment,
		.shared = &asked->server->shared,
		.now = asked->server->timers.now,
		.wall = asked->server->timers.wall,
	};

	now = fallback_rest(&r, &asked->call->arena);
	return now.body;
}

static void log_edit(const struct edit *e)
{
	const char *what = !e->change.definition    ? "deleted"
			   : e->change.revision > 1 ? "updated"
						    : "created";

	log_line(LOG_INFO, "org.wso2.micro.integrator.management.apis.ManagementApi",
		 STR_FMT " has been %s, revision %llu", STR_ARG(e->change.name), what,
		 (unsigned long long)e->change.revision);
}

static void refuse(struct asked *asked)
{
	const struct edit *e = &asked->edit;

	if (e->failure.text)
		fail(asked, 500, "NOT_STORED", e->failure.text);
	else if (e->breaks)
		fail(asked, 409, "CONFLICT", e->breaks);
	else
		give(asked, 400,
		     fallback_complaints(&asked->call->arena, &e->said, &e->change));
}

static void give_kept(void *ctx)
{
	struct asked *asked = ctx;

	give(asked, asked->answer.status, asked->answer.body);
}

/* The answer tells of this change, not of one that comes until all workers serve it. */
static void edited(struct edit *e)
{
	struct asked *asked = e->ctx;
	struct arena *a = &asked->call->arena;

	if (!e->kept) {
		refuse(asked);
		return;
	}
	log_edit(e);
	asked->answer.status = e->change.definition ? asked->answer.status : 204;
	asked->answer.body = e->change.definition ? json_clone(a, body_now(asked)) : NULL;
	asked->settled = (struct settled){ .done = give_kept, .ctx = asked };
	reload_tell_when_taken(asked->server, &asked->settled);
}

/* Others may have changed it since it was asked for. */
static bool prepare(struct edit *e)
{
	struct asked *asked = e->ctx;

	asked->answer = ask(asked);
	e->change = asked->answer.change;
	e->base = asked->answer.base;
	if (!asked->answer.is_change)
		give(asked, asked->answer.status, asked->answer.body);
	return asked->answer.is_change;
}

static void begin_edit(struct asked *asked)
{
	asked->edit = (struct edit){
		.prepare = prepare,
		.done = edited,
		.ctx = asked,
	};
	report_init(&asked->edit.said, &asked->call->arena);
	reload_with(asked->server, &asked->edit);
}

static void probed(void *question)
{
	struct asked *asked = ((struct question *)question)->ctx;

	if (asked->question.answered)
		give(asked, 200,
		     fallback_probed(&asked->call->arena, asked->question.probe));
	else
		fail(asked, 503, "NOT_PROBED", "the health check changed meanwhile");
}

/* On the first worker's thread. */
static void put_question(void *ctx)
{
	struct asked *asked = ctx;

	prober_ask(&asked->server->workers[0].prober, &asked->question);
}

static void begin_probe(struct asked *asked)
{
	asked->question = (struct question){
		.probe = asked->answer.probe,
		.home = asked->server->loop,
		.done = probed,
		.ctx = asked,
	};
	loop_mail(asked->server->workers[0].loop, put_question, asked);
}

static void take(void *ctx)
{
	struct asked *asked = ctx;

	asked->answer = ask(asked);
	if (asked->answer.is_change)
		begin_edit(asked);
	else if (asked->answer.probe)
		begin_probe(asked);
	else
		give(asked, asked->answer.status, asked->answer.body);
}

static void begin(struct server *s, struct http_call *c, struct loop *home,
		  void (*go_on)(void *asked))
{
	static const struct body_limits small = { MOST_BODY, MOST_BODY };
	struct asked *asked = arena_new(&c->arena, struct asked);

	asked->server = s;
	asked->call = c;
	asked->home = home;
	c->body.limits = &small;
	if (c->body.state == BODY_ARRIVING)
		body_collect(&c->body, go_on, asked);
	else
		go_on(asked);
}

void admin_ductape(struct server *s, struct http_call *c)
{
	begin(s, c, NULL, take);
}

/* On the worker's thread: the body is there, and none of it is its loop's any more. */
static void take_to_main(void *ctx)
{
	struct asked *asked = ctx;

	body_bytes(&asked->call->body);
	loop_mail(asked->server->loop, take, asked);
}

static bool is_run(const struct http_call *c)
{
	return str_eq(c->method, STR("POST")) && str_ends(call_path(c), STR("/run")) &&
	       !str_starts(call_path(c), STR("/ductape/healthchecks/"));
}

bool admin_ductape_divert(struct server *s, struct worker *w, struct http_call *c)
{
	if (!str_starts(call_path(c), STR("/ductape/")) || is_run(c))
		return false;
	begin(s, c, w->loop, take_to_main);
	return true;
}
