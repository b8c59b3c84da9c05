#include "net/http_client.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/rig.h"

/* What came of a request. */
struct outcome {
	unsigned done, whole;
	struct failure failure;
	char text[64], address[64];
	struct reply *reply;
};

static struct rig rig;
static struct arena arena;
static struct headers headers;
static struct outcome outcome;
static struct peer backend;
static int listener;
static char url[64];

static void count_whole(void *ctx)
{
	(void)ctx;
	outcome.whole++;
}

static void note(void *ctx, struct reply *reply, const struct failure *failure)
{
	(void)ctx;
	outcome.done++;
	outcome.reply = reply;
	if (failure) {
		outcome.failure = *failure;
		snprintf(outcome.text, sizeof(outcome.text), "%s", failure->text);
		snprintf(outcome.address, sizeof(outcome.address), STR_FMT,
			 STR_ARG(failure->address));
	} else if (reply->body.state == BODY_ARRIVING) {
		body_collect(&reply->body, count_whole, NULL);
	} else {
		outcome.whole++;
	}
}

static struct attempt *ask(const char *method, const char *to, struct body *body)
{
	struct transport *t = http_client_transport(rig.client);
	const struct request r = { .method = str_of(method),
				   .url = str_of(to),
				   .headers = &headers,
				   .body = body,
				   .arena = &arena,
				   .idle_ms = 3000 };

	if (outcome.reply)
		body_release(&outcome.reply->body);
	outcome = (struct outcome){ 0 };
	return t->ops->send(t, &r, note, NULL);
}

static void begin_with(const struct http_client_settings *s)
{
	unsigned port;

	rig_start(&rig);
	rig_connect(&rig, s);
	headers_init(&headers, &arena);
	listener = peer_listen(&port);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/x", port);
	outcome = (struct outcome){ 0 };
	backend = (struct peer){ .socket = -1 };
}

static void begin(void)
{
	begin_with(&http_client_defaults);
}

static void end(void)
{
	if (outcome.reply)
		body_release(&outcome.reply->body);
	if (backend.text)
		peer_close(&backend);
	close(listener);
	rig_stop(&rig);
	arena_release(&arena);
	arena_trim();
}

static void meet(void)
{
	if (backend.text)
		peer_close(&backend);
	UNTIL(&rig, peer_accept(&backend, listener));
}

/* The request has come whole: its end is seen. */
static void hear(const char *what)
{
	UNTIL(&rig, peer_heard(&backend, what));
}

#define OK "HTTP/1.1 200 OK\r\n"
#define EMPTY OK "Content-Length: 0\r\n\r\n"

/* What the backend says before it closes, and what that is. */
static const struct {
	const char *name, *says;
	enum failure_kind kind;
	enum send_phase phase;
} bad[] = {
	{ "nothing", "", FAILURE_CLOSED, PHASE_REQUEST_DONE },
	{ "half a head", "HTTP/1.1 200 OK\r\nA", FAILURE_PROTOCOL, PHASE_REQUEST_DONE },
	{ "garbage", "hello\r\n\r\n", FAILURE_PROTOCOL, PHASE_REQUEST_DONE },
	{ "binary garbage", "\x16\x03\r\n\r\n", FAILURE_PROTOCOL, PHASE_REQUEST_DONE },
	{ "bare LF", "HTTP/1.1 200 OK\n\n", FAILURE_PROTOCOL, PHASE_REQUEST_DONE },
	{ "a folded line", OK "A: b\r\n c\r\n\r\n", FAILURE_PROTOCOL,
	  PHASE_REQUEST_DONE },
	{ "space before colon", OK "A : b\r\n\r\n", FAILURE_PROTOCOL,
	  PHASE_REQUEST_DONE },
	{ "length and encoding",
	  OK "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", FAILURE_PROTOCOL,
	  PHASE_REQUEST_DONE },
	{ "two lengths", OK "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
	  FAILURE_PROTOCOL, PHASE_REQUEST_DONE },
	{ "a length that is none", OK "Content-Length: abc\r\n\r\n", FAILURE_PROTOCOL,
	  PHASE_REQUEST_DONE },
	{ "an upgrade", "HTTP/1.1 101 Switching\r\n\r\n", FAILURE_PROTOCOL,
	  PHASE_REQUEST_DONE },
	{ "another version", "HTTP/3.0 200 OK\r\n\r\n", FAILURE_PROTOCOL,
	  PHASE_REQUEST_DONE },
	{ "a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", FAILURE_PROTOCOL,
	  PHASE_REQUEST_DONE },
	{ "only 100", "HTTP/1.1 100 Continue\r\n\r\n", FAILURE_CLOSED,
	  PHASE_REQUEST_DONE },
};

Test(http_client, what_is_no_reply_is_told_with_its_phase)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin();
		ask("GET", url, NULL);
		meet();
		hear("\r\n\r\n");
		peer_say(&backend, bad[i].says);
		peer_close(&backend);
		backend.text = NULL;
		UNTIL(&rig, outcome.done);
		cr_expect_null(outcome.reply, "%s", bad[i].name);
		cr_expect_eq(outcome.failure.kind, bad[i].kind, "%s: %s", bad[i].name,
			     outcome.text);
		cr_expect_eq(outcome.failure.phase, bad[i].phase, "%s: phase %u",
			     bad[i].name, outcome.failure.phase);
		cr_expect_eq(outcome.done, 1, "%s", bad[i].name);
		end();
	}
}

Test(http_client, a_reset_is_not_an_end)
{
	begin();
	ask("GET", url, NULL);
	meet();
	hear("\r\n\r\n");
	peer_reset(&backend);
	backend.text = NULL;
	UNTIL(&rig, outcome.done);
	cr_expect_eq(outcome.failure.kind, FAILURE_READ);
	cr_expect_eq(outcome.failure.phase, PHASE_REQUEST_DONE);
	end();
}

/* What cannot even be begun. */
static const struct {
	const char *name, *url;
	enum failure_kind kind;
} hopeless[] = {
	{ "another scheme", "htp://localhost/", FAILURE_BAD_URL },
	{ "no scheme", "localhost:8080/x", FAILURE_BAD_URL },
	{ "no host", "http:///x", FAILURE_BAD_URL },
	{ "a port that is none", "http://localhost:99999/", FAILURE_BAD_URL },
	{ "a blank", "http://localhost/a b", FAILURE_BAD_URL },
	{ "a line end", "http://localhost/a\r\nX: y", FAILURE_BAD_URL },
	{ "a name that is nobody's", "http://nobody.invalid/", FAILURE_DNS },
	{ "a port nobody listens on", "http://127.0.0.1:1/", FAILURE_REFUSED },
	{ "no TLS there", "https", FAILURE_TLS },
};

Test(http_client, what_cannot_be_begun_is_told_after_send_has_returned)
{
	for (size_t i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++) {
		char secure[80];

		begin();
		snprintf(secure, sizeof(secure), "https%s", url + 4);
		if (strcmp(hopeless[i].url, "https") == 0) {
			ask("GET", secure, NULL);
			meet();
			peer_say(&backend, EMPTY);
		} else {
			ask("GET", hopeless[i].url, NULL);
		}
		cr_expect_eq(outcome.done, 0, "%s", hopeless[i].name);
		UNTIL(&rig, outcome.done);
		cr_expect_eq(outcome.failure.kind, hopeless[i].kind, "%s: %s",
			     hopeless[i].name, outcome.text);
		cr_expect_eq(outcome.failure.phase, PHASE_CONNECTING, "%s",
			     hopeless[i].name);
		end();
	}
}

Test(http_client, a_failure_names_host_address_and_port)
{
	begin();
	ask("GET", "http://localhost:1/", NULL);
	UNTIL(&rig, outcome.done);
	cr_expect_eq(outcome.failure.kind, FAILURE_REFUSED);
	cr_expect_str_eq(outcome.text, "Connection refused");
	cr_expect(outcome.address[0], "the last address that was tried");
	cr_expect_eq(outcome.failure.port, 1);
	end();
}

/* Replies as they may come, and what is made of them. */
static const struct {
	const char *name, *method, *says;
	unsigned status;
	const char *body;
	bool closes, complete, reused;
} good[] = {
	{ "a length", "GET", OK "Content-Length: 3\r\n\r\nabc", 200, "abc", false, true,
	  true },
	{ "no body", "GET", EMPTY, 200, "", false, true, true },
	{ "chunks", "GET",
	  OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", 200,
	  "abcd", false, true, true },
	{ "until the end", "GET", OK "\r\nabc", 200, "abc", true, true, false },
	{ "HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", 200, "a",
	  false, true, false },
	{ "closing", "GET", OK "Connection: close\r\nContent-Length: 1\r\n\r\na", 200,
	  "a", false, true, false },
	{ "100 first", "GET", "HTTP/1.1 100 Continue\r\n\r\n" EMPTY, 200, "", false, true,
	  true },
	{ "103 and 100 first", "GET",
	  "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 "
	  "Continue\r\n\r\n" EMPTY,
	  200, "", false, true, true },
	{ "HEAD", "HEAD", OK "Content-Length: 3\r\n\r\n", 200, "", false, true, true },
	{ "204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", false, true, true },
	{ "304 with a length", "GET",
	  "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", false, true,
	  true },
	{ "no reason", "GET", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, "", false,
	  true, true },
	{ "too little", "GET", OK "Content-Length: 5\r\n\r\nabc", 200, NULL, true, false,
	  false },
	{ "too few chunks", "GET", OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
	  200, NULL, true, false, false },
	{ "odd chunks", "GET", OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabcX", 200,
	  NULL, false, false, false },
	{ "too much", "GET", EMPTY "more", 200, "", false, true, false },
	{ "twice", "GET", EMPTY EMPTY, 200, "", false, true, false },
	{ "soon to be closed", "GET",
	  OK "Keep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n", 200, "", false, true,
	  false },
};

static void say_bytewise(const char *text)
{
	for (; *text; text++) {
		peer_say_bytes(&backend, (struct str){ text, 1 });
		rig_turn(&rig);
	}
}

static void check_reply(size_t i, bool bytewise)
{
	begin();
	ask(good[i].method, url, NULL);
	meet();
	hear("\r\n\r\n");
	if (bytewise)
		say_bytewise(good[i].says);
	else
		peer_say(&backend, good[i].says);
	if (good[i].closes) {
		peer_close(&backend);
		backend.text = NULL;
	}
	UNTIL(&rig, outcome.whole);
	cr_assert_not_null(outcome.reply, "%s", good[i].name);
	cr_expect_eq(outcome.reply->status, good[i].status, "%s", good[i].name);
	cr_expect_eq(outcome.reply->body.state != BODY_BROKEN, good[i].complete, "%s",
		     good[i].name);
	if (good[i].body)
		cr_expect(str_eq(body_bytes(&outcome.reply->body), str_of(good[i].body)),
			  "%s", good[i].name);
	if (!good[i].closes)
		cr_expect_neq(peer_saw_end(&backend), good[i].reused, "%s", good[i].name);
	end();
}

Test(http_client, replies_are_taken_as_they_come)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check_reply(i, false);
}

Test(http_client, replies_may_come_byte_by_byte)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (good[i].complete && good[i].reused)
			check_reply(i, true);
}

Test(http_client, a_connection_is_used_again)
{
	begin();
	ask("GET", url, NULL);
	meet();
	hear("\r\n\r\n");
	peer_say(&backend, EMPTY);
	UNTIL(&rig, outcome.whole);
	ask("GET", url, NULL);
	UNTIL(&rig, peer_count(&backend, "GET /x HTTP/1.1") == 2);
	peer_say(&backend, EMPTY);
	UNTIL(&rig, outcome.whole);
	http_client_close_idle(rig.client);
	UNTIL(&rig, peer_saw_end(&backend));
	end();
}

/* A reused connection that dies without an answer (decisions.md F13). */
static const struct {
	const char *name, *method, *body;
	bool keep, again;
} stale[] = {
	{ "GET", "GET", NULL, false, true },
	{ "POST without a body", "POST", NULL, false, true },
	{ "POST", "POST", "abc", false, false },
	{ "PUT, kept", "PUT", "abc", true, true },
};

Test(http_client, a_stale_connection_is_replaced_once_if_that_is_safe)
{
	for (size_t i = 0; i < sizeof(stale) / sizeof(stale[0]); i++) {
		struct body body;

		begin();
		body_init(&body, &arena);
		ask("GET", url, NULL);
		meet();
		hear("\r\n\r\n");
		peer_say(&backend, EMPTY);
		UNTIL(&rig, outcome.whole);
		if (stale[i].body)
			body_set(&body, str_of(stale[i].body));
		ask(stale[i].method, url, &body);
		UNTIL(&rig, peer_count(&backend, "\r\n\r\n") == 2);
		peer_close(&backend);
		backend.text = NULL;
		if (stale[i].again) {
			meet();
			hear("\r\n\r\n");
			peer_say(&backend, EMPTY);
		}
		UNTIL(&rig, outcome.done);
		cr_expect_eq(outcome.reply != NULL, stale[i].again, "%s", stale[i].name);
		end();
	}
}

Test(http_client, what_was_replaced_once_is_not_replaced_again)
{
	begin();
	ask("GET", url, NULL);
	meet();
	hear("\r\n\r\n");
	peer_say(&backend, EMPTY);
	UNTIL(&rig, outcome.whole);
	ask("GET", url, NULL);
	UNTIL(&rig, peer_count(&backend, "\r\n\r\n") == 2);
	meet();
	hear("\r\n\r\n");
	peer_close(&backend);
	backend.text = NULL;
	UNTIL(&rig, outcome.done);
	cr_expect_null(outcome.reply);
	cr_expect_eq(outcome.failure.kind, FAILURE_CLOSED);
	end();
}

Test(http_client, silence_is_a_failure_after_its_time)
{
	struct transport *t;
	struct request r;

	begin();
	t = http_client_transport(rig.client);
	r = (struct request){ .method = STR("GET"),
			      .url = str_of(url),
			      .headers = &headers,
			      .arena = &arena,
			      .idle_ms = 20 };
	t->ops->send(t, &r, note, NULL);
	UNTIL(&rig, outcome.done);
	cr_expect_eq(outcome.failure.kind, FAILURE_IDLE);
	cr_expect_eq(outcome.failure.phase, PHASE_REQUEST_DONE);
	end();
}

Test(http_client, beyond_the_limit_of_connections_it_fails_at_once)
{
	struct http_client_settings few = http_client_defaults;

	few.per_host = 1;
	begin_with(&few);
	ask("GET", url, NULL);
	meet();
	hear("\r\n\r\n");
	ask("GET", url, NULL);
	UNTIL(&rig, outcome.done);
	cr_expect_eq(outcome.failure.kind, FAILURE_POOL_FULL);
	end();
}

Test(http_client, an_attempt_that_is_cancelled_drops_its_connection)
{
	struct attempt *a;

	begin();
	a = ask("GET", url, NULL);
	meet();
	hear("\r\n\r\n");
	http_client_transport(rig.client)
		->ops->cancel(http_client_transport(rig.client), a);
	UNTIL(&rig, peer_saw_end(&backend));
	cr_expect_eq(outcome.done, 0);
	a = ask("GET", "http://nobody.invalid/", NULL);
	http_client_transport(rig.client)
		->ops->cancel(http_client_transport(rig.client), a);
	a = ask("GET", "no url", NULL);
	http_client_transport(rig.client)
		->ops->cancel(http_client_transport(rig.client), a);
	rig_turn(&rig);
	cr_expect_eq(outcome.done, 0);
	end();
}

Test(http_client, letting_go_of_a_reply_drops_its_connection)
{
	begin();
	ask("GET", url, NULL);
	meet();
	hear("\r\n\r\n");
	peer_say(&backend, OK "Content-Length: 10\r\n\r\nabc");
	UNTIL(&rig, outcome.done);
	body_release(&outcome.reply->body);
	UNTIL(&rig, peer_saw_end(&backend));
	end();
}

Test(http_client, a_reply_that_is_there_before_the_request_is_taken)
{
	struct body_source source = { 0 };
	struct body body;

	begin();
	body_init(&body, &arena);
	body_start(&body, &source, 100);
	body_feed(&body, STR("abc"));
	ask("POST", url, &body);
	meet();
	hear("abc");
	peer_say(&backend, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
	UNTIL(&rig, outcome.whole);
	cr_expect_eq(outcome.reply->status, 413);
	UNTIL(&rig, peer_saw_end(&backend));
	cr_expect_null(body.sink, "nobody waits for the rest");
	body_end(&body, true);
	body_release(&body);
	end();
}

/* How a body is announced. */
static const struct {
	const char *name, *method;
	int64_t length;
	const char *says, *sends;
} announced[] = {
	{ "a known length", "POST", 6, "Content-Length: 6\r\n", "\r\n\r\nabcdef" },
	{ "an unknown one", "POST", BODY_LENGTH_UNKNOWN, "Transfer-Encoding: chunked\r\n",
	  "\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n" },
};

static void nothing(struct body_source *s)
{
	(void)s;
}

Test(http_client, a_body_is_passed_on_as_it_comes)
{
	for (size_t i = 0; i < sizeof(announced) / sizeof(announced[0]); i++) {
		struct body_source source = { .resume = nothing, .cancel = nothing };
		struct body body;

		begin();
		body_init(&body, &arena);
		body_start(&body, &source, announced[i].length);
		body_feed(&body, STR("abc"));
		ask(announced[i].method, url, &body);
		meet();
		hear("abc");
		cr_expect(peer_heard(&backend, announced[i].says), "%s: %s",
			  announced[i].name, backend.text);
		body_feed(&body, STR("def"));
		body_end(&body, true);
		hear(announced[i].sends);
		peer_say(&backend, EMPTY);
		UNTIL(&rig, outcome.whole);
		cr_expect_not(peer_saw_end(&backend), "%s", announced[i].name);
		body_release(&body);
		end();
	}
}

Test(http_client, what_frames_and_what_is_of_the_hop_is_not_passed_on)
{
	static const struct {
		const char *name, *value;
	} fields[] = {
		{ "Host", "other" },
		{ "Connection", "X-Drop, keep-alive" },
		{ "X-Drop", "dropped" },
		{ "Keep-Alive", "timeout=5" },
		{ "Transfer-Encoding", "gzip" },
		{ "Content-Length", "7777777" }, /* no port has it in it */
		{ "TE", "trailers" },
		{ "Trailer", "X-Trailer" },
		{ "Upgrade", "h2c" },
		{ "Proxy-Connection", "close" },
		{ "Expect", "100-continue" },
		{ "X-Pass", "passed" },
	};

	begin();
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		headers_add(&headers, str_of(fields[i].name), str_of(fields[i].value));
	ask("GET", url, NULL);
	meet();
	hear("\r\n\r\n");
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		cr_expect_eq(peer_heard(&backend, fields[i].value),
			     strcmp(fields[i].name, "X-Pass") == 0, "%s: %s",
			     fields[i].name, backend.text);
	end();
}

/* Fields that would be more than one. */
static const struct {
	const char *name, *value;
} injected[] = {
	{ "X", "a\r\nY: b" }, { "X", "a\nY: b" }, { "X", "a\rb" },
	{ "X\r\nY", "b" },    { "X Y", "b" },     { "", "b" },
};

Test(http_client, a_field_that_would_be_two_is_not_sent)
{
	for (size_t i = 0; i < sizeof(injected) / sizeof(injected[0]); i++) {
		begin();
		headers_add(&headers, str_of(injected[i].name),
			    str_of(injected[i].value));
		ask("GET", url, NULL);
		UNTIL(&rig, outcome.done);
		cr_expect_null(outcome.reply, "%zu", i);
		cr_expect_eq(outcome.failure.kind, FAILURE_UNSENDABLE, "%zu", i);
		end();
	}
}
