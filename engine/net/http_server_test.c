#include "net/http_server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/rig.h"

/* A handler that answers "METHOD target body" once the body is whole. */
struct echo {
	unsigned calls, finished, sent, gone;
	bool hold; /* do not answer yet */
	struct http_call *held;
};

static struct rig rig;
static struct echo echo;
static struct peer peer;

static void count_finished(struct http_call *c, bool sent)
{
	(void)c;
	echo.finished++;
	echo.sent += sent;
}

static void answer(struct http_call *c)
{
	struct body *b = arena_new(&c->arena, struct body);
	const struct str bytes = body_bytes(&c->body);
	const char *text = arena_printf(
		&c->arena, STR_FMT " " STR_FMT " %.*s", STR_ARG(c->method),
		STR_ARG(c->target), (int)(bytes.len < 1000 ? bytes.len : 1000), bytes.at);
	const struct http_response r = { .status = 200, .body = b };

	body_init(b, &c->arena);
	body_set(b, str_of(text));
	http_answer(c, &r, count_finished);
}

static void answer_later(void *call)
{
	answer(call);
}

static void count_gone(struct http_call *c)
{
	static const struct http_response nothing = { .status = 500 };

	echo.gone++;
	body_collect(&c->body, NULL, NULL);
	http_answer(c, &nothing, count_finished);
}

static void handle(void *ctx, struct http_call *c)
{
	(void)ctx;
	echo.calls++;
	c->gone = count_gone;
	if (echo.hold)
		echo.held = c;
	else if (c->body.state == BODY_ARRIVING)
		body_collect(&c->body, answer_later, c);
	else
		answer(c);
}

static void begin(const struct http_limits *limits)
{
	echo = (struct echo){ 0 };
	rig_start(&rig);
	rig_serve(&rig, limits, handle, NULL);
	peer_connect(&peer, http_server_port(rig.server));
}

static void end(void)
{
	peer_close(&peer);
	rig_stop(&rig);
	cr_expect_eq(echo.calls, echo.finished, "%u calls, %u finished", echo.calls,
		     echo.finished);
}

#define GET "GET / HTTP/1.1\r\nHost: a\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

/* What is refused, with which status, before anybody hears of it. */
static const struct {
	const char *name, *bytes, *status;
} refused[] = {
	{ "length and encoding",
	  POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	  "400" },
	{ "encoding and length",
	  POST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
	  "400" },
	{ "two lengths", POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
	  "400" },
	{ "two equal lengths", POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
	  "400" },
	{ "a list of lengths", POST "Content-Length: 3, 3\r\n\r\nabc", "400" },
	{ "a length with a sign", POST "Content-Length: +3\r\n\r\nabc", "400" },
	{ "a negative length", POST "Content-Length: -3\r\n\r\nabc", "400" },
	{ "a hexadecimal length", POST "Content-Length: 0x3\r\n\r\nabc", "400" },
	{ "an empty length", POST "Content-Length: \r\n\r\nabc", "400" },
	{ "a length with a blank in it", POST "Content-Length: 1 2\r\n\r\nabc", "400" },
	{ "a length beyond 64 bits",
	  POST "Content-Length: 18446744073709551617\r\n\r\nabc", "400" },
	{ "another encoding", POST "Transfer-Encoding: gzip\r\n\r\n", "400" },
	{ "two encodings", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
	  "501" },
	{ "a line that begins with CR", GET "\rX: y\r\n\r\n", "400" },
	{ "a Host that is none", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400" },
	{ "a user in Host", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "400" },
	{ "a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "a star for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "an authority", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", "400" },
	{ "a URL without a host", "GET http:///b HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "a URL with a user", "GET http://u@a/b HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "a URL of another kind", "GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "a blank before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "chunked twice",
	  POST
	  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	  "400" },
	{ "chunked, not last", POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
	  "400" },
	{ "an encoding spelt oddly", POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
	  "400" },
	{ "an encoding with a vertical tab",
	  POST "Transfer-Encoding: \x0b"
	       "chunked\r\n\r\n0\r\n\r\n",
	  "400" },
	{ "an encoding in HTTP/1.0",
	  "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400" },
	{ "bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", "400" },
	{ "bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", "400" },
	{ "bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", "400" },
	{ "bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", "400" },
	{ "bare CR in a field", GET "X: a\rb\r\n\r\n", "400" },
	{ "bare CR before a field", GET "X: a\r\rY: b\r\n\r\n", "400" },
	{ "CR CR LF", GET "X: a\r\r\n\r\n", "400" },
	{ "space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400" },
	{ "tab before colon", GET "X\t: a\r\n\r\n", "400" },
	{ "space before the colon of a length", POST "Content-Length : 3\r\n\r\nabc",
	  "400" },
	{ "a folded line", GET "X: a\r\n b\r\n\r\n", "400" },
	{ "a line folded by a tab", GET "X: a\r\n\tb\r\n\r\n", "400" },
	{ "a blank before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400" },
	{ "no colon", GET "X\r\n\r\n", "400" },
	{ "no name", GET ": a\r\n\r\n", "400" },
	{ "a blank in a name", GET "X Y: a\r\n\r\n", "400" },
	{ "a bracket in a name", GET "X(Y): a\r\n\r\n", "400" },
	{ "a control character in a value", GET "X: a\x01\r\n\r\n", "400" },
	{ "no Host", "GET / HTTP/1.1\r\n\r\n", "400" },
	{ "two Hosts", GET "Host: b\r\n\r\n", "400" },
	{ "no version", "GET /\r\n\r\n", "400" },
	{ "HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505" },
	{ "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400" },
	{ "HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505" },
	{ "HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", "505" },
	{ "two blanks before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "a blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
	{ "an unknown method", "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", "501" },
	{ "a method in small letters", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "501" },
	{ "a tunnel", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "405" },
	{ "TLS where plain was asked for", "\x16\x03\x01\x02\r\n\r\n", "400" },
	{ "five empty lines", "\r\n\r\n\r\n\r\n\r\n" GET "\r\n", "400" },
};

Test(http_server, what_is_no_proper_request_is_refused_and_the_connection_closed)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		char line[64];

		begin(&http_default_limits);
		peer_say(&peer, refused[i].bytes);
		UNTIL(&rig, peer_saw_end(&peer));
		snprintf(line, sizeof(line), "HTTP/1.1 %s ", refused[i].status);
		cr_expect(str_starts(str_of(peer.text), str_of(line)), "%s: %s",
			  refused[i].name, peer.text);
		cr_expect(peer_heard(&peer, "Connection: close"), "%s", refused[i].name);
		cr_expect_not(peer.reset, "%s", refused[i].name);
		cr_expect_eq(echo.calls, 0, "%s", refused[i].name);
		end();
	}
}

/* Bodies whose chunks are not as they should be; the head was fine. */
static const struct {
	const char *name, *bytes;
} odd_chunks[] = {
	{ "no number", "x\r\nabc\r\n0\r\n\r\n" },
	{ "0x", "0x3\r\nabc\r\n0\r\n\r\n" },
	{ "a sign", "+3\r\nabc\r\n0\r\n\r\n" },
	{ "a minus", "-1\r\nabc\r\n0\r\n\r\n" },
	{ "a blank before", " 3\r\nabc\r\n0\r\n\r\n" },
	{ "a blank after", "3 \r\nabc\r\n0\r\n\r\n" },
	{ "bare LF after the size", "3\nabc\r\n0\r\n\r\n" },
	{ "bare CR after the size", "3\rXabc\r\n0\r\n\r\n" },
	{ "bare LF after the data", "3\r\nabc\n0\r\n\r\n" },
	{ "no line end after the data", "3\r\nabcd\r\n0\r\n\r\n" },
	{ "beyond 64 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n" },
	{ "of 64 bits", "ffffffffffffffff\r\nabc\r\n0\r\n\r\n" },
	{ "a folded trailer", "3\r\nabc\r\n0\r\nX: y\r\n z\r\n\r\n" },
	{ "no size", "\r\nabc\r\n0\r\n\r\n" },
	{ "bare LF in an extension", "3;a\nabc\r\n0\r\n\r\n" },
	{ "bare CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n" },
	{ "bare LF after the last", "3\r\nabc\r\n0\n\r\n" },
	{ "bare LF in the trailer", "3\r\nabc\r\n0\r\nX: y\n\r\n" },
	{ "no colon in the trailer", "3\r\nabc\r\n0\r\nX\r\n\r\n" },
	{ "bare LF at the end", "3\r\nabc\r\n0\r\n\n" },
};

Test(http_server, odd_chunks_are_refused)
{
	for (size_t i = 0; i < sizeof(odd_chunks) / sizeof(odd_chunks[0]); i++) {
		begin(&http_default_limits);
		peer_say(&peer, CHUNKED);
		peer_say(&peer, odd_chunks[i].bytes);
		UNTIL(&rig, peer_saw_end(&peer));
		cr_expect(str_starts(str_of(peer.text), STR("HTTP/1.1 400 ")), "%s: %s",
			  odd_chunks[i].name, peer.text);
		end();
	}
}

/* What is taken, and what was made of it. */
static const struct {
	const char *name, *bytes, *answer;
} taken[] = {
	{ "a plain one", GET "\r\n", "GET / " },
	{ "an empty line before", "\r\n" GET "\r\n", "GET / " },
	{ "a length", POST "Content-Length: 3\r\n\r\nabc", "POST / abc" },
	{ "a length of nothing", POST "Content-Length: 0\r\n\r\n", "POST / " },
	{ "no length", POST "\r\n", "POST / " },
	{ "chunks", CHUNKED "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "POST / abcde" },
	{ "a size in any case", CHUNKED "00A\r\n0123456789\r\n0\r\n\r\n",
	  "POST / 0123456789" },
	{ "an extension", CHUNKED "3;a=b\r\nabc\r\n0;c\r\n\r\n", "POST / abc" },
	{ "a trailer", CHUNKED "3\r\nabc\r\n0\r\nX: y\r\n\r\n", "POST / abc" },
	{ "no blank after a colon", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", "GET / " },
	{ "a blank after a value", "GET / HTTP/1.1\r\nHost: a \r\n\r\n", "GET / " },
	{ "an empty value", GET "X:\r\n\r\n", "GET / " },
	{ "letters beyond ASCII", GET "X: \xc3\xa4\r\n\r\n", "GET / " },
	{ "an absolute target", "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n",
	  "GET /b?c " },
	{ "a host and a query", "GET http://a?b=/c HTTP/1.1\r\nHost: a\r\n\r\n",
	  "GET /?b=/c " },
	{ "HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / " },
	{ "a host alone", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / " },
	{ "an asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * " },
	{ "an upgrade that is not taken up",
	  GET "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n", "GET / " },
	{ "a body on GET", GET "Content-Length: 2\r\n\r\nxy", "GET / xy" },
};

Test(http_server, what_is_unusual_but_proper_is_taken)
{
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		begin(&http_default_limits);
		peer_say(&peer, taken[i].bytes);
		UNTIL(&rig, peer_heard(&peer, taken[i].answer) || peer_saw_end(&peer));
		cr_expect(peer_heard(&peer, taken[i].answer), "%s: %s", taken[i].name,
			  peer.text);
		cr_expect_not(peer.ended, "%s", taken[i].name);
		end();
	}
}

Test(http_server, a_request_may_come_byte_by_byte)
{
	const char *bytes = CHUNKED "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" GET "\r\n";

	begin(&http_default_limits);
	for (const char *at = bytes; *at; at++) {
		peer_say_bytes(&peer, (struct str){ at, 1 });
		rig_turn(&rig);
	}
	UNTIL(&rig, peer_heard(&peer, "GET / "));
	cr_expect(peer_heard(&peer, "POST / abcde"));
	end();
}

Test(http_server, requests_in_a_row_are_answered_in_their_order)
{
	begin(&http_default_limits);
	peer_say(&peer, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
			"POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
			"GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
			"GET /4 HTTP/1.1\r\nHost: a\r\n\r\n");
	UNTIL(&rig, peer_saw_end(&peer));
	cr_expect_eq(peer_count(&peer, "HTTP/1.1 200"), 3);
	cr_expect_lt(strstr(peer.text, "GET /1 "), strstr(peer.text, "POST /2 x"));
	cr_expect_lt(strstr(peer.text, "POST /2 x"), strstr(peer.text, "GET /3 "));
	cr_expect_null(strstr(peer.text, "/4"), "closed after the third");
	end();
}

Test(http_server, the_next_request_waits_for_the_answer)
{
	begin(&http_default_limits);
	echo.hold = true;
	peer_say(&peer, GET "\r\n" GET "\r\n");
	UNTIL(&rig, echo.calls == 1);
	peer_say(&peer, GET "\r\n");
	rig_turn(&rig);
	cr_expect_eq(echo.calls, 1);
	echo.hold = false;
	answer(echo.held);
	UNTIL(&rig, peer_count(&peer, "HTTP/1.1 200") == 3);
	cr_expect_eq(echo.calls, 3);
	end();
}

/* How long a connection lives, and what is said of it. */
static const struct {
	const char *name, *bytes, *says;
	bool closes;
} lives[] = {
	{ "1.1", GET "\r\n", "200 OK", false },
	{ "1.1, close", GET "Connection: close\r\n\r\n", "Connection: close", true },
	{ "1.1, close in a list", GET "Connection: x, close\r\n\r\n", "Connection: close",
	  true },
	{ "1.0", "GET / HTTP/1.0\r\n\r\n", "Connection: close", true },
	{ "1.0, keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
	  "Connection: keep-alive", false },
};

Test(http_server, a_connection_is_kept_or_closed_as_the_client_wants)
{
	for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		begin(&http_default_limits);
		peer_say(&peer, lives[i].bytes);
		UNTIL(&rig, peer_heard(&peer, "GET / "));
		cr_expect(peer_heard(&peer, lives[i].says), "%s: %s", lives[i].name,
			  peer.text);
		cr_expect_eq(peer_saw_end(&peer), lives[i].closes, "%s", lives[i].name);
		end();
	}
}

Test(http_server, a_head_only_answer_has_no_body)
{
	begin(&http_default_limits);
	peer_say(&peer, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" GET "\r\n");
	UNTIL(&rig, peer_heard(&peer, "GET / "));
	cr_expect_not(peer_heard(&peer, "HEAD / "));
	end();
}

Test(http_server, a_client_that_expects_100_is_told_to_go_on)
{
	begin(&http_default_limits);
	peer_say(&peer, POST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
	UNTIL(&rig, peer_heard(&peer, "HTTP/1.1 100 Continue\r\n\r\n"));
	peer_say(&peer, "abc");
	UNTIL(&rig, peer_heard(&peer, "POST / abc"));
	cr_expect_eq(peer_count(&peer, "HTTP/1.1"), 2);
	end();
}

Test(http_server, a_body_that_came_along_needs_no_100)
{
	begin(&http_default_limits);
	peer_say(&peer, POST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");
	UNTIL(&rig, peer_heard(&peer, "POST / abc"));
	cr_expect_eq(peer_count(&peer, "HTTP/1.1"), 1);
	end();
}

/* Small limits, and the answer to what is beyond. */
static const struct {
	const char *name, *bytes, *status;
} beyond[] = {
	{ "a long target", "GET /0123456789012345678901234567890123456789", "414" },
	{ "a long field",
	  GET "X: 012345678901234567890123456789012345678901234567890123456789"
	      "012345678901234567890123456789012345678901234567890123456789",
	  "431" },
	{ "many fields", GET "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", "431" },
	{ "a long body", POST "Content-Length: 11\r\n\r\n", "413" },
	{ "a long body in chunks", CHUNKED "6\r\n012345\r\n6\r\n012345\r\n", "413" },
};

Test(http_server, beyond_a_limit_each_has_its_answer)
{
	const struct http_limits small = { .head = 120,
					   .line = 32,
					   .headers = 4,
					   .max_body = 10,
					   .head_ms = 10000,
					   .idle_ms = 10000,
					   .connections = 10 };

	for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
		begin(&small);
		peer_say(&peer, beyond[i].bytes);
		UNTIL(&rig, peer_saw_end(&peer));
		cr_expect(peer_heard(&peer, beyond[i].status), "%s: %s", beyond[i].name,
			  peer.text);
		end();
	}
}

Test(http_server, a_head_that_does_not_come_to_its_end_is_answered_408)
{
	struct http_limits hasty = http_default_limits;

	hasty.head_ms = 20;
	begin(&hasty);
	peer_say(&peer, "GET / HTTP/1.1\r\nHos");
	UNTIL(&rig, peer_saw_end(&peer));
	cr_expect(peer_heard(&peer, "HTTP/1.1 408 "));
	end();
}

Test(http_server, a_body_that_does_not_come_to_its_end_is_answered_408)
{
	struct http_limits hasty = http_default_limits;

	hasty.idle_ms = 20;
	begin(&hasty);
	peer_say(&peer, POST "Content-Length: 3\r\n\r\na");
	UNTIL(&rig, peer_saw_end(&peer));
	cr_expect(peer_heard(&peer, "HTTP/1.1 408 "));
	cr_expect_eq(echo.sent, 0);
	end();
}

Test(http_server, a_client_that_says_nothing_is_closed_without_a_word)
{
	struct http_limits hasty = http_default_limits;

	hasty.idle_ms = 20;
	begin(&hasty);
	UNTIL(&rig, peer_saw_end(&peer));
	cr_expect_eq(peer.len, 0);
	end();
}

Test(http_server, too_many_connections_are_answered_503)
{
	struct http_limits few = http_default_limits;
	struct peer second;

	few.connections = 1;
	begin(&few);
	peer_say(&peer, GET "\r\n");
	UNTIL(&rig, peer_heard(&peer, "200 OK"));
	peer_connect(&second, http_server_port(rig.server));
	UNTIL(&rig, peer_saw_end(&second));
	cr_expect(peer_heard(&second, "HTTP/1.1 503 "));
	peer_say(&peer, GET "\r\n");
	UNTIL(&rig, peer_count(&peer, "200 OK") == 2);
	peer_close(&second);
	end();
}

Test(http_server, a_client_that_goes_away_is_told_of)
{
	begin(&http_default_limits);
	echo.hold = true;
	peer_say(&peer, GET "\r\n");
	UNTIL(&rig, echo.calls == 1);
	cr_expect_eq(http_server_busy(rig.server), 1);
	peer_reset(&peer);
	UNTIL(&rig, echo.finished == 1);
	cr_expect_eq(echo.gone, 1);
	cr_expect_eq(echo.sent, 0);
	cr_expect_eq(http_server_busy(rig.server), 0);
	rig_stop(&rig);
}

Test(http_server, draining_lets_what_is_under_way_end)
{
	struct peer idle;

	begin(&http_default_limits);
	peer_connect(&idle, http_server_port(rig.server));
	peer_say(&idle, GET "\r\n");
	UNTIL(&rig, peer_heard(&idle, "200 OK"));
	echo.hold = true;
	peer_say(&peer, GET "\r\n");
	UNTIL(&rig, echo.held != NULL);
	http_server_drain(rig.server);
	UNTIL(&rig, peer_saw_end(&idle));
	answer(echo.held);
	UNTIL(&rig, peer_saw_end(&peer));
	cr_expect(peer_heard(&peer, "GET / "));
	cr_expect(peer_heard(&peer, "Connection: close"));
	peer_close(&idle);
	end();
}
