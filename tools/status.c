/*
 * # status
 *
 * Shows how the endpoints of a running server fare: in which state, why, until when,
 * how often. It asks the management API on this machine.
 *
 *	myelin status
 *	myelin status fooEP --admin-port 9164
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "message/json.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "net/tls.h"
#include "tools/tools.h"

static const struct tool_option options[] = {
	{ "admin-port", "PORT", "of the server's management API (9164)" },
	{ "user", "NAME", "admin" },
	{ "password", "TEXT", "admin; better in the environment: MYELIN_PASSWORD" },
	{ NULL },
};

enum { PATIENCE_MS = 5000 };

/* One question, asked on a loop of its own. */
struct question {
	struct arena arena;
	struct timers timers;
	struct loop *loop;
	struct http_client *client;
	struct headers headers;
	struct body body;
	struct timer patience;
	unsigned status; /* 0: no answer */
	const char *trouble;
};

static void fire_timers(void *ctx, uint64_t now)
{
	struct timers *timers = ctx;
	struct timer *t;

	while ((t = timers_next(timers, now)))
		t->fire(t->ctx);
}

static void give_up(void *ctx)
{
	struct question *q = ctx;

	q->trouble = "no answer within 5 seconds";
	loop_stop(q->loop);
}

static void came(void *ctx)
{
	struct question *q = ctx;

	loop_stop(q->loop);
}

static void answered(void *ctx, struct reply *reply, const struct failure *failure)
{
	struct question *q = ctx;

	if (failure) {
		q->trouble = arena_copy(&q->arena, str_of(failure->text)).at;
		loop_stop(q->loop);
		return;
	}
	q->status = reply->status;
	body_move(&q->body, &reply->body);
	if (q->body.state == BODY_ARRIVING)
		body_collect(&q->body, came, q);
	else
		loop_stop(q->loop);
}

static void ask(struct question *q, const char *url, struct tls_trust *trust)
{
	struct http_client_settings settings = http_client_defaults;
	struct transport *t;
	const struct request request = {
		.method = STR("GET"),
		.url = str_of(url),
		.headers = &q->headers,
		.arena = &q->arena,
		.connect_ms = PATIENCE_MS,
		.idle_ms = PATIENCE_MS,
	};

	settings.trust = trust;
	timers_init(&q->timers);
	q->loop = loop_new(&q->timers);
	loop_on_event(q->loop, fire_timers, &q->timers);
	q->client = http_client_new(q->loop, &settings);
	t = http_client_transport(q->client);
	timer_init(&q->patience, give_up, q);
	timer_set(&q->timers, &q->patience, q->timers.now + PATIENCE_MS);

	struct attempt *attempt = t->ops->send(t, &request, answered, q);

	loop_run(q->loop);
	if (!q->status && !timer_is_set(&q->patience))
		t->ops->cancel(t, attempt);
	timer_clear(&q->timers, &q->patience);
}

static const char *text_of(const struct json *j, const char *name, struct arena *a)
{
	const struct json *m = json_get(j, str_of(name));

	return m ? arena_copy(a, m->text).at : "";
}

static const char *time_of(const struct json *j, const char *name, struct arena *a)
{
	const struct json *m = json_get(j, str_of(name));
	char text[32] = "";
	struct tm tm;
	int64_t ms;
	time_t seconds;

	if (!m || !json_to_int(m, &ms))
		return "";
	seconds = (time_t)(ms / 1000);
	localtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	return arena_copy(a, str_of(text)).at;
}

static const char *why_of(const struct json *j, struct arena *a)
{
	const char *code = text_of(j, "lastErrorCode", a);

	if (!*code)
		return "";
	return arena_printf(a, "%s %s%s%s", code, text_of(j, "lastError", a),
			    json_get(j, STR("rule")) ? ", by " : "",
			    text_of(j, "rule", a));
}

static void print_one(const struct json *j, int width, struct arena *a)
{
	const char *name = text_of(j, "name", a);

	printf("%-*s %-10s %-19s %9s %9s %9s  %s\n", width,
	       *name ? name : "AnonymousEndpoint", text_of(j, "state", a),
	       time_of(j, "until", a), text_of(j, "successes", a),
	       text_of(j, "failures", a), text_of(j, "suspensions", a), why_of(j, a));
}

static bool is_asked_for(const struct json *j, struct str name)
{
	const struct json *its = json_get(j, STR("name"));

	return !name.len || (its && str_eq(its->text, name));
}

/* Of the longest name; a very long one may stick out. */
static int width_of(const struct json *list, struct str name, struct arena *a)
{
	enum { LEAST = 24, MOST = 60 };
	size_t width = LEAST;

	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		const size_t len = strlen(text_of(j, "name", a));

		if (is_asked_for(j, name) && len > width && len <= MOST)
			width = len;
	}
	return (int)width;
}

static int print_table(const struct json *list, struct str name, struct arena *a)
{
	const int width = width_of(list, name, a);
	unsigned printed = 0;

	printf("%-*s %-10s %-19s %9s %9s %9s  %s\n", width, "NAME", "STATE", "UNTIL",
	       "SUCCESSES", "FAILURES", "SUSPENDED", "WHY");
	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		if (!is_asked_for(j, name))
			continue;
		print_one(j, width, a);
		printed++;
	}
	if (name.len && !printed)
		fprintf(stderr, "myelin status: there is no endpoint " STR_FMT "\n",
			STR_ARG(name));
	return name.len && !printed ? EXIT_ERRORS : EXIT_FINE;
}

static int report(struct question *q, const char *url, struct str name)
{
	struct fault why = { 0 };
	const struct str text = body_bytes(&q->body);
	const struct json *j = text.at ? json_parse(text, &q->arena, &why) : NULL;

	if (q->trouble) {
		fprintf(stderr, "myelin status: %s: %s; is the server running?\n", url,
			q->trouble);
		return EXIT_ERRORS;
	}
	if (q->status != 200 || !j) {
		fprintf(stderr, "myelin status: %s answered %u%s\n", url, q->status,
			q->status == 401 ? "; see --user and --password" : "");
		return EXIT_ERRORS;
	}
	return print_table(json_get(j, STR("list")), name, &q->arena);
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static void identify(struct question *q, const struct arguments *arguments)
{
	const char *user = or_else(arguments_text(arguments, "user"), "admin");
	const char *password = or_else(arguments_text(arguments, "password"),
				       or_else(getenv("MYELIN_PASSWORD"), "admin"));
	const char *both = arena_printf(&q->arena, "%s:%s", user, password);
	const struct str coded = base64_encode(str_of(both), &q->arena);

	headers_init(&q->headers, &q->arena);
	headers_add(&q->headers, STR("Authorization"),
		    str_of(arena_printf(&q->arena, "Basic " STR_FMT, STR_ARG(coded))));
}

static int run(const struct arguments *arguments)
{
	/* Its certificate is its own, and this machine is trusted. */
	const struct tls_files files = { .verify = false };
	const char *port = or_else(arguments_text(arguments, "admin-port"), "9164");
	const char *name = arguments->count ? arguments->operands[0] : "";
	struct question q = { .status = 0 };
	struct fault why = { 0 };
	struct tls_trust *trust;
	uint64_t number;
	int code;

	if (arguments->count > 1)
		return usage_error(arguments, "one name at most");
	if (!str_to_uint(str_of(port), &number) || number == 0 || number > 65535)
		return usage_error(arguments, "%s is no port", port);
	trust = tls_trust_new(&files, &why);
	body_init(&q.body, &q.arena);
	identify(&q, arguments);

	const char *url = arena_printf(&q.arena,
				       "https://127.0.0.1:%s/management/endpoints", port);

	ask(&q, url, trust);
	code = report(&q, url, str_of(name));
	body_release(&q.body);
	http_client_free(q.client);
	loop_free(q.loop);
	tls_trust_free(trust);
	arena_release(&q.arena);
	return code;
}

const struct tool status_tool = {
	.name = "status",
	.operands = "[NAME]",
	.brief = "Shows the live state of a running server's endpoints.",
	.options = options,
	.run = run,
};
