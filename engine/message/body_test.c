#include "message/body.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* A producer that counts, and a consumer that writes down what it was given. */
struct producer {
	struct body_source source;
	unsigned resumed, cancelled;
};

struct consumer {
	struct body_sink sink;
	char text[256];
	size_t len;
	bool full;
	unsigned ended, complete;
};

static struct arena arena;

static void count_resume(struct body_source *s)
{
	((struct producer *)s)->resumed++;
}

static void count_cancel(struct body_source *s)
{
	((struct producer *)s)->cancelled++;
}

static bool write_down(struct body_sink *s, struct str bytes)
{
	struct consumer *c = (struct consumer *)s;
	const struct str part = str_first(bytes, sizeof(c->text) - 1 - c->len);

	memcpy(c->text + c->len, part.at, part.len);
	c->len += part.len;
	return !c->full;
}

static void write_end(struct body_sink *s, bool complete)
{
	struct consumer *c = (struct consumer *)s;

	c->ended++;
	c->complete += complete;
}

static const struct producer fresh_producer = { { NULL, count_resume, count_cancel } };
static const struct consumer fresh_consumer = { { write_down, write_end } };

static void start(struct body *b, struct producer *p)
{
	*p = fresh_producer;
	body_init(b, &arena);
	body_start(b, &p->source, BODY_LENGTH_UNKNOWN);
}

static void finish(struct body *b)
{
	body_release(b);
	arena_release(&arena);
	body_trim();
	arena_trim();
}

/* All that can be taken now, as one text. */
static const char *take(struct body *b)
{
	static char text[4096];
	size_t len = 0;

	for (struct str s = body_next(b); s.len; s = body_next(b)) {
		cr_assert_lt(len + s.len, sizeof(text));
		memcpy(text + len, s.at, s.len);
		len += s.len;
	}
	text[len] = '\0';
	return text;
}

Test(body, fresh_bytes_are_passed_on_uncopied)
{
	static const char bytes[] = "hello";
	struct producer p;
	struct body b;

	start(&b, &p);
	cr_expect(body_feed(&b, STR("")));
	cr_expect(body_feed(&b, str_of(bytes)));
	body_end(&b, true);
	cr_expect_eq(body_next(&b).at, bytes);
	cr_expect(body_is_taken(&b));
	cr_expect_eq(b.length, 5);
	finish(&b);
	cr_expect_eq(p.cancelled, 0);
}

Test(body, what_nobody_took_is_copied_when_the_event_ends)
{
	char buffer[] = "abcdef";
	struct producer p;
	struct body b;

	start(&b, &p);
	body_feed(&b, (struct str){ buffer, 3 });
	body_feed(&b, (struct str){ buffer + 3, 3 });
	body_settle(&b);
	memset(buffer, 'x', sizeof(buffer) - 1);
	body_feed(&b, (struct str){ buffer, 2 });
	cr_expect_str_eq(take(&b), "abcdefxx");
	cr_expect_eq(body_next(&b).len, 0);
	cr_expect_not(body_is_taken(&b));
	finish(&b);
	cr_expect_eq(p.cancelled, 1);
}

Test(body, a_sink_is_given_what_comes_and_then_the_end)
{
	struct consumer c = fresh_consumer;
	struct producer p;
	struct body b;

	start(&b, &p);
	body_feed(&b, STR("one "));
	take(&b);
	body_attach(&b, &c.sink);
	body_feed(&b, STR("two "));
	body_settle(&b);
	body_feed(&b, STR("three"));
	cr_expect_str_eq(c.text, "two three");
	body_end(&b, true);
	cr_expect_eq(c.ended, 1);
	cr_expect_eq(c.complete, 1);
	finish(&b);
}

Test(body, a_sink_that_is_full_stops_the_producer_until_it_wants_more)
{
	struct consumer c = fresh_consumer;
	struct producer p;
	struct body b;

	start(&b, &p);
	body_attach(&b, &c.sink);
	c.full = true;
	cr_expect_not(body_feed(&b, STR("a")));
	cr_expect_not(body_feed(&b, STR("b")));
	body_settle(&b);
	cr_expect_str_eq(c.text, "a");
	c.full = false;
	body_resume(&b);
	cr_expect_str_eq(c.text, "ab");
	cr_expect_eq(p.resumed, 1);
	cr_expect(body_feed(&b, STR("c")));
	c.full = true;
	body_feed(&b, STR("d"));
	body_feed(&b, STR("e"));
	body_end(&b, false);
	cr_expect_eq(c.ended, 0, "the end came before the last byte");
	c.full = false;
	body_resume(&b);
	cr_expect_str_eq(c.text, "abcde");
	cr_expect_eq(c.ended, 1);
	cr_expect_eq(c.complete, 0);
	finish(&b);
}

static void set_true(void *flag)
{
	*(bool *)flag = true;
}

Test(body, a_producer_nobody_takes_from_stops_at_a_window)
{
	char *bytes = calloc(1, BODY_WINDOW / 2);
	const struct str half = { bytes, BODY_WINDOW / 2 };
	struct producer p;
	struct body b;
	bool whole = false;

	start(&b, &p);
	cr_expect(body_feed(&b, half));
	body_settle(&b);
	cr_expect_not(body_feed(&b, half));
	body_settle(&b);
	cr_expect_eq(p.resumed, 0);
	while (body_next(&b).len)
		;
	cr_expect_eq(p.resumed, 1);
	body_collect(&b, set_true, &whole);
	for (int i = 0; i < 4; i++) {
		cr_expect(body_feed(&b, half), "collecting stopped the producer");
		body_settle(&b);
	}
	body_collect(&b, NULL, NULL);
	cr_expect_not(whole);
	finish(&b);
	free(bytes);
}

/* The same bytes each time, wherever they lie. */
static const struct {
	const char *name;
	struct body_limits limits;
	bool again;
} kept[] = {
	{ "in memory", { 100, 1000 }, true },
	{ "in a file after some", { 10, 1000 }, true },
	{ "in a file at once", { 0, 1000 }, true },
	{ "at the limit", { 4, 16 }, true },
	{ "over the limit", { 4, 15 }, false },
	{ "over the limit in memory", { 40, 15 }, false },
};

Test(body, what_is_kept_can_be_taken_again)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		struct consumer c = fresh_consumer;
		struct producer p;
		struct body b;

		start(&b, &p);
		body_keep(&b, &kept[i].limits);
		body_feed(&b, STR("0123"));
		cr_expect_str_eq(take(&b), "0123", "%s", kept[i].name);
		body_attach(&b, &c.sink);
		body_feed(&b, STR("4567"));
		body_settle(&b);
		c.full = true;
		body_feed(&b, STR("89ab"));
		body_feed(&b, STR("cdef"));
		body_settle(&b);
		c.full = false;
		body_resume(&b);
		body_end(&b, true);
		cr_expect_str_eq(c.text, "456789abcdef", "%s: %s", kept[i].name, c.text);
		cr_expect_eq(c.complete, 1, "%s", kept[i].name);
		cr_expect_eq(body_rewind(&b), kept[i].again, "%s", kept[i].name);
		cr_expect_eq(b.over, !kept[i].again, "%s", kept[i].name);
		if (kept[i].again) {
			cr_expect_str_eq(take(&b), "0123456789abcdef", "%s",
					 kept[i].name);
			cr_expect(body_rewind(&b));
			cr_expect_str_eq(take(&b), "0123456789abcdef", "%s",
					 kept[i].name);
			cr_expect(str_eq(body_bytes(&b), STR("0123456789abcdef")), "%s",
				  kept[i].name);
		}
		finish(&b);
	}
}

Test(body, it_can_be_taken_again_while_it_is_still_arriving)
{
	struct producer p;
	struct body b;

	start(&b, &p);
	body_keep(&b, NULL);
	body_feed(&b, STR("ab"));
	take(&b);
	body_feed(&b, STR("cd"));
	cr_expect(body_rewind(&b));
	cr_expect_str_eq(take(&b), "abcd");
	body_feed(&b, STR("ef"));
	cr_expect_str_eq(take(&b), "ef");
	finish(&b);
}

Test(body, a_body_that_is_collected_is_whole_or_broken)
{
	static const struct body_limits limits = { 2, 6 };
	struct producer p;
	struct body b;
	bool whole = false;

	start(&b, &p);
	b.limits = &limits;
	body_collect(&b, set_true, &whole);
	body_feed(&b, STR("abc"));
	body_settle(&b);
	body_feed(&b, STR("def"));
	cr_expect_not(whole);
	body_end(&b, true);
	cr_expect(whole);
	cr_expect(str_eq(body_bytes(&b), STR("abcdef")));
	cr_expect_str_eq(take(&b), "abcdef", "taking is not affected");
	finish(&b);

	whole = false;
	start(&b, &p);
	b.limits = &limits;
	body_collect(&b, set_true, &whole);
	body_feed(&b, STR("abcd"));
	body_settle(&b);
	body_feed(&b, STR("efg"));
	body_settle(&b);
	cr_expect(whole);
	cr_expect_eq(b.state, BODY_BROKEN);
	cr_expect(b.over);
	cr_expect_eq(p.cancelled, 1);
	cr_expect_null(body_bytes(&b).at);
	finish(&b);
}

Test(body, bytes_are_one_piece_whatever_was_taken_of_a_kept_body)
{
	struct producer p;
	struct body b;

	start(&b, &p);
	body_keep(&b, NULL);
	body_feed(&b, STR("ab"));
	take(&b);
	body_feed(&b, STR("cd"));
	cr_expect_null(body_bytes(&b).at, "it is not whole yet");
	body_end(&b, true);
	cr_expect(str_eq(body_bytes(&b), STR("abcd")));
	cr_expect_str_eq(take(&b), "cd");
	cr_expect(str_eq(body_bytes(&b), STR("abcd")));
	finish(&b);
}

Test(body, one_that_was_set_can_be_taken_any_number_of_times)
{
	struct body b;

	body_init(&b, &arena);
	cr_expect_eq(body_bytes(&b).len, 0);
	body_set(&b, STR("text"));
	cr_expect_eq(b.length, 4);
	cr_expect_str_eq(take(&b), "text");
	cr_expect(body_is_taken(&b));
	cr_expect(body_rewind(&b));
	cr_expect_str_eq(take(&b), "text");
	body_set(&b, STR(""));
	cr_expect(body_is_taken(&b));
	cr_expect_eq(b.state, BODY_WHOLE);
	finish(&b);
}

Test(body, a_producer_finds_a_body_that_moved)
{
	struct producer p;
	struct body from, to;

	start(&from, &p);
	body_feed(&from, STR("ab"));
	body_init(&to, &arena);
	body_set(&to, STR("old"));
	body_move(&to, &from);
	cr_expect_eq(p.source.body, &to);
	cr_expect_eq(from.state, BODY_EMPTY);
	body_feed(p.source.body, STR("cd"));
	body_end(&to, true);
	cr_expect_eq(p.source.body, &to, "it is not settled yet");
	body_settle(&to);
	cr_expect_null(p.source.body);
	cr_expect_str_eq(take(&to), "abcd");
	body_release(&from);
	finish(&to);
}
