/*
 * A small world to test in: an engine, a clock that only moves when told to, and
 * backends that answer as scripted. What runs in it is the real engine.
 *
 *	world_init(&w);
 *	w.backend[0] = (struct backend){ "http://foo", .fails = true };
 *	node = world_compile(&w, "<call><endpoint><http uri-template=…");
 *	cr_expect_str_eq(world_run(&w, node, 100), "fault 101503 Error connecting …");
 *	cr_expect_str_eq(w.sent, "http://foo ");
 *	world_release(&w);
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "endpoint/endpoint.h"
#include "flow/exchange.h"
#include "message/transport.h"
#include "schema/report.h"

enum { WORLD_BACKENDS = 16, WORLD_ATTEMPTS = 64, WORLD_SEEN = 512 };

/*
 * How what is sent to an address that begins with url is answered, the first that
 * fits; those nobody lists refuse. May be changed at any time.
 */
struct backend {
	const char *url;
	uint64_t after; /* ms until it answers */
	bool silent;    /* it never does */
	bool fails;     /* with failure, in that phase; zero: refused */
	bool dns;       /* fails to be resolved (that failure's number is zero) */
	enum failure_kind failure;
	enum send_phase phase;
	unsigned status;     /* of the reply; 0: 200 */
	const char *headers; /* "Name: value\n"…; NULL: none */
	const char *body;    /* NULL: none */
	unsigned times;      /* holds that often, then the next that fits; 0: always */
};

/* A request as a backend saw it. Texts are the world's. */
struct seen {
	uint64_t at;
	struct str method, url, host;
	struct str headers; /* "Name: value\n"… as they were handed over */
	struct str body;
	bool body_complete;
	uint64_t connect_ms, idle_ms;
};

struct world_attempt {
	struct body_sink sink; /* first: of the request's body */
	struct world *world;
	struct timer timer;
	struct backend backend;
	struct request request;
	struct seen *seen;
	struct buf body;
	attempt_done *done;
	void *ctx;
	bool busy;
};

struct world {
	struct transport transport; /* first */
	struct engine engine;
	struct arena arena;
	struct report report;
	struct surroundings around;
	struct incoming incoming; /* of every run; may be set before it */
	struct endpoint_settings settings;
	struct healths *healths;
	struct endpoint_house house;
	struct deployment *deployment; /* world_deploy(); NULL before */
	struct loader *loader;
	void (*undeploy)(struct world *w);
	struct backend backend[WORLD_BACKENDS];
	struct world_attempt attempts[WORLD_ATTEMPTS];
	struct seen seen[WORLD_SEEN];
	unsigned seen_count;
	char sent[4096];    /* the addresses tried, each followed by a blank */
	unsigned cancelled; /* attempts that were taken back */
	unsigned under_way; /* attempts nobody answered yet */
	struct buf log;     /* "WARN EndpointContext text\n"…; INFO and above */
	enum log_level log_level;
	char ending[1024];
};

void world_init(struct world *w);
void world_release(struct world *w);
void world_pass(struct world *w, uint64_t milliseconds);

/* One exchange; its message may be set up between _begin and _start. */
struct run {
	struct exchange x;
	bool ended;
};
void world_begin(struct world *w, struct run *r);
void world_start(struct run *r, const struct node *node);
/*
 * "waits", "done", "fault 101503 text", "dropped", "status 500", or for an answer
 * "200 body": its HTTP_SC and its body. Good until the next call.
 */
const char *world_ending(struct world *w, struct run *r);
void world_end(struct run *r); /* releases; cancels what is not over */

/* Runs node once, passes that much time, and tells how it ended. */
const char *world_run(struct world *w, const struct node *node, uint64_t milliseconds);

/* How many lines of the log have this in them; and the log is empty after clearing. */
unsigned world_logged(const struct world *w, const char *text);
const char *world_log(struct world *w);
void world_clear(struct world *w); /* log, sent, seen */

/* --- with definitions, in world_deploy.c --- */

/* Adds artifacts ("<api>…", "<endpoint name=…>…"), each a file: "1.xml", "2.xml" … */
bool world_deploy(struct world *w, const char *xml);
/*
 * One mediator, or several, as a sequence; or an endpoint. The namespace may be left
 * out. NULL if it complained. Undeclared: it is in a file "t.xml".
 */
const struct node *world_compile(struct world *w, const char *xml);
const void *world_find(struct world *w, enum ref_kind kind, const char *name);
/* The first complaint as "line: text", or "". */
const char *world_complaint(const struct world *w);
/* A request as the listener would take it: "GET /test/a?b=c". The answer as text. */
const char *world_request(struct world *w, const char *line, const char *body,
			  uint64_t milliseconds);

#endif
