/* Server and client together: a call is passed on, and its reply passed back. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/rig.h"
#include "net/tls.h"

struct passage {
	struct http_call *call;
	struct attempt *attempt;
	struct reply *reply;
};

static struct rig rig;
static struct peer client, backend;
static int listener;
static char origin[64];
static unsigned calls, finished, sent, gone;
static struct body_limits *keeping;

static struct transport *transport(void)
{
	return http_client_transport(rig.client);
}

static void on_finished(struct http_call *c, bool was_sent)
{
	struct passage *p = c->owner;

	finished++;
	sent += was_sent;
	if (p->reply)
		body_release(&p->reply->body);
}

static void on_reply(void *ctx, struct reply *reply, const struct failure *failure)
{
	struct passage *p = ctx;
	struct http_response r = { .status = 502 };

	p->attempt = NULL;
	p->reply = reply;
	if (!failure)
		r = (struct http_response){ .status = reply->status,
					    .headers = &reply->headers,
					    .body = &reply->body,
					    .has_length = true };
	http_answer(p->call, &r, on_finished);
}

static void on_gone(struct http_call *c)
{
	static const struct http_response nothing = { .status = 500 };
	struct passage *p = c->owner;

	gone++;
	if (p->attempt)
		transport()->ops->cancel(transport(), p->attempt);
	http_answer(c, &nothing, on_finished);
}

static void pass(void *ctx, struct http_call *c)
{
	struct passage *p = arena_new(&c->arena, struct passage);
	const struct request r = {
		.method = c->method,
		.url = str_of(arena_printf(&c->arena, "%s" STR_FMT, origin,
					   STR_ARG(c->target))),
		.headers = &c->headers,
		.body = &c->body,
		.arena = &c->arena,
		.tls = ctx,
	};

	calls++;
	p->call = c;
	c->owner = p;
	c->gone = on_gone;
	if (keeping)
		body_keep(&c->body, keeping);
	p->attempt = transport()->ops->send(transport(), &r, on_reply, p);
}

static void begin(void)
{
	unsigned port;

	calls = finished = sent = gone = 0;
	rig_start(&rig);
	rig_connect(&rig, &http_client_defaults);
	rig_serve(&rig, &http_default_limits, pass, NULL);
	listener = peer_listen(&port);
	snprintf(origin, sizeof(origin), "http://127.0.0.1:%u", port);
	peer_connect(&client, http_server_port(rig.server));
	backend.text = NULL;
}

static void close_backend(void)
{
	peer_close(&backend);
	backend.text = NULL;
}

static void end(void)
{
	if (client.text)
		peer_close(&client);
	if (backend.text)
		peer_close(&backend);
	close(listener);
	rig_stop(&rig);
	cr_expect_eq(calls, finished, "%u calls, %u finished", calls, finished);
}

static void meet(void)
{
	UNTIL(&rig, peer_accept(&backend, listener));
}

#define GET "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\n"

Test(proxy, bytes_pass_both_ways_as_they_are)
{
	begin();
	peer_say(&client, "POST /a?b=c HTTP/1.1\r\nHost: a\r\nX-One:  1\r\nX-two: 2\r\n"
			  "Content-Length: 3\r\n\r\nabc");
	meet();
	UNTIL(&rig, peer_heard(&backend, "abc"));
	cr_expect(peer_heard(&backend, "POST /a?b=c HTTP/1.1\r\n"));
	cr_expect(peer_heard(&backend, "\r\nX-One:  1\r\nX-two: 2\r\n"), "%s",
		  backend.text);
	peer_say(&backend, "HTTP/1.1 201 Made\r\nSet-Cookie: a\r\nset-cookie: b\r\n"
			   "Content-Length: 2\r\n\r\nok");
	UNTIL(&rig, peer_heard(&client, "\r\n\r\nok"));
	cr_expect(peer_heard(&client, "HTTP/1.1 201 "));
	cr_expect(peer_heard(&client, "\r\nSet-Cookie: a\r\nset-cookie: b\r\n"));
	cr_expect(peer_heard(&client, "\r\nDate: "), "added where there was none");
	UNTIL(&rig, finished == 1);
	cr_expect_eq(sent, 1);
	end();
}

Test(proxy, a_known_length_stays_one_and_an_unknown_one_is_chunked)
{
	begin();
	peer_say(&client, GET);
	meet();
	UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
	peer_say(&backend, OK "Content-Length: 6\r\n\r\nabc");
	UNTIL(&rig, peer_heard(&client, "abc"));
	cr_expect(peer_heard(&client, "Content-Length: 6\r\n"));
	peer_say(&backend, "def");
	UNTIL(&rig, peer_heard(&client, "abcdef"));
	peer_say(&client, GET);
	UNTIL(&rig, peer_count(&backend, "\r\n\r\n") == 2);
	peer_say(&backend, OK "Connection: close\r\n\r\nabc");
	UNTIL(&rig, peer_heard(&client, "\r\n\r\n3\r\nabc\r\n"));
	peer_say(&backend, "def");
	close_backend();
	UNTIL(&rig, peer_heard(&client, "3\r\ndef\r\n0\r\n\r\n"));
	cr_expect_not(peer_saw_end(&client));
	end();
}

Test(proxy, a_client_of_http_1_0_is_told_the_end_by_closing)
{
	begin();
	peer_say(&client, "GET / HTTP/1.0\r\n\r\n");
	meet();
	UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
	peer_say(&backend, OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
	UNTIL(&rig, peer_saw_end(&client));
	cr_expect_not(peer_heard(&client, "chunked"));
	cr_expect(peer_heard(&client, "\r\n\r\nabc"));
	end();
}

Test(proxy, a_reply_that_ends_too_early_is_seen_to_be_cut)
{
	static const char *const heads[] = { OK "Content-Length: 10\r\n\r\nabc",
					     OK "Transfer-Encoding: chunked\r\n\r\n"
						"3\r\nabc\r\n" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		begin();
		peer_say(&client, GET);
		meet();
		UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
		peer_say(&backend, heads[i]);
		UNTIL(&rig, peer_heard(&client, "abc"));
		close_backend();
		UNTIL(&rig, peer_saw_end(&client));
		cr_expect_not(peer_heard(&client, "\r\n0\r\n\r\n"), "%zu", i);
		cr_expect_eq(sent, 0, "%zu", i);
		end();
	}
}

Test(proxy, a_client_that_goes_away_cancels_the_attempt)
{
	begin();
	peer_say(&client, GET);
	meet();
	UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
	peer_close(&client);
	client.text = NULL;
	UNTIL(&rig, peer_saw_end(&backend));
	UNTIL(&rig, finished == 1);
	cr_expect_eq(gone, 1);
	end();
}

Test(proxy, a_client_that_goes_away_in_the_middle_stops_the_backend)
{
	begin();
	peer_say(&client, GET);
	meet();
	UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
	peer_say(&backend, OK "Content-Length: 1000\r\n\r\nabc");
	UNTIL(&rig, peer_heard(&client, "abc"));
	peer_reset(&client);
	client.text = NULL;
	UNTIL(&rig, peer_saw_end(&backend));
	UNTIL(&rig, finished == 1);
	cr_expect_eq(sent, 0);
	end();
}

Test(proxy, a_client_that_goes_away_while_it_sends_is_no_reply)
{
	begin();
	peer_say(&client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
	meet();
	UNTIL(&rig, peer_heard(&backend, "abc"));
	peer_close(&client);
	client.text = NULL;
	UNTIL(&rig, peer_saw_end(&backend));
	UNTIL(&rig, finished == 1);
	end();
}

/* As much as the connection takes; the rest is to be said later. */
static size_t say_much(struct peer *p, size_t most)
{
	static char bytes[64 * 1024];
	size_t said = 0;

	while (said < most) {
		const size_t want = most - said < sizeof(bytes) ? most - said
								: sizeof(bytes);
		const size_t n = peer_try_to_say(p, (struct str){ bytes, want });

		if (n == 0)
			break;
		said += n;
	}
	return said;
}

enum { MUCH = 64 * 1024 * 1024, HELD_BACK = 24 * 1024 * 1024 };

Test(proxy, a_client_that_does_not_read_holds_the_backend_back)
{
	size_t said = 0;

	begin();
	peer_say(&client, GET);
	meet();
	UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
	peer_say(&backend, OK "Content-Length: 67108864\r\n\r\n");
	for (unsigned idle = 0; idle < 5; idle++) {
		const size_t n = say_much(&backend, MUCH - said);

		said += n;
		idle = n ? 0 : idle;
		rig_turn(&rig);
	}
	cr_expect_lt(said, HELD_BACK, "%zu bytes were taken", said);
	for (size_t heard = 0; heard < MUCH && rig_turn(&rig);) {
		heard += peer_throw_away(&client);
		said += say_much(&backend, MUCH - said);
	}
	UNTIL(&rig, finished == 1);
	cr_expect_eq(sent, 1);
	end();
}

Test(proxy, a_backend_that_does_not_read_holds_the_client_back)
{
	size_t said = 0;

	begin();
	peer_say(&client, "POST / HTTP/1.1\r\nHost: a\r\n"
			  "Content-Length: 67108864\r\n\r\n");
	meet();
	for (unsigned idle = 0; idle < 5; idle++) {
		const size_t n = say_much(&client, MUCH - said);

		said += n;
		idle = n ? 0 : idle;
		rig_turn(&rig);
	}
	cr_expect_lt(said, HELD_BACK, "%zu bytes were taken", said);
	for (size_t heard = 0; heard < MUCH && rig_turn(&rig);) {
		heard += peer_throw_away(&backend);
		said += say_much(&client, MUCH - said);
	}
	peer_say(&backend, OK "Content-Length: 0\r\n\r\n");
	UNTIL(&rig, finished == 1);
	cr_expect_eq(sent, 1);
	cr_expect(peer_heard(&client, "200 OK"));
	end();
}

Test(proxy, an_early_reply_ends_the_upload)
{
	begin();
	peer_say(&client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
	meet();
	UNTIL(&rig, peer_heard(&backend, "abc"));
	peer_say(&backend, "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");
	UNTIL(&rig, peer_heard(&client, "HTTP/1.1 413 "));
	UNTIL(&rig, peer_saw_end(&client));
	UNTIL(&rig, peer_saw_end(&backend));
	end();
}

/* AddressSanitizer's; where it is not built in, there is nothing to count with. */
int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *at,
								size_t size),
					      void (*freed)(const volatile void *at))
	__attribute__((weak));

static unsigned allocations;

static void count_allocation(const volatile void *at, size_t size)
{
	(void)at;
	(void)size;
	allocations++;
}

static void ignore_free(const volatile void *at)
{
	(void)at;
}

static void pass_once(const char *request, unsigned number)
{
	peer_forget(&backend);
	peer_forget(&client);
	peer_say(&client, request);
	if (number == 0)
		meet();
	UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
	peer_say(&backend, OK "Content-Length: 3\r\n\r\nabc");
	UNTIL(&rig, peer_heard(&client, "\r\n\r\nabc"));
	UNTIL(&rig, finished == number + 1);
}

Test(proxy, a_plain_request_allocates_nothing)
{
	static const char *const requests[] = {
		GET, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
	};
	unsigned number = 0;

	if (!__sanitizer_install_malloc_and_free_hooks)
		return;
	begin();
	while (number < 10) {
		pass_once(requests[number % 2], number);
		number++;
	}
	__sanitizer_install_malloc_and_free_hooks(count_allocation, ignore_free);
	while (number < 60) {
		pass_once(requests[number % 2], number);
		number++;
	}
	cr_expect_eq(allocations, 0, "%u in 50 requests", allocations);
	free(malloc(1));
	cr_expect_gt(allocations, 0, "they are not counted at all");
	end();
}

Test(proxy, a_slow_client_gets_all_of_the_last_answer)
{
	static char bytes[3 * 1000 * 1000];
	size_t said = 0, heard = 0;

	begin();
	peer_say(&client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	meet();
	UNTIL(&rig, peer_heard(&backend, "\r\n\r\n"));
	peer_say(&backend, OK "Content-Length: 3000000\r\n\r\n");
	while (said < sizeof(bytes) && rig_turn(&rig)) {
		const struct str rest = { bytes + said, sizeof(bytes) - said };

		said += peer_try_to_say(&backend, rest);
		if (said < sizeof(bytes))
			heard += peer_throw_away(&client);
	}
	UNTIL(&rig, finished == 1);
	while (heard < sizeof(bytes) && rig_turn(&rig))
		heard += peer_throw_away(&client);
	cr_expect_geq(heard, sizeof(bytes));
	UNTIL(&rig, peer_saw_end(&client));
	end();
}
