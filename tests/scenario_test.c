#include <criterion/criterion.h>

#include "tests/scenario.h"

/* What is written, and what is said about which line. */
static const struct {
	const char *text, *complaint;
} lines[] = {
	{ "backend a at localhost:8080/a 200 fine\nGET /a -> 200 fine\nsent a", "" },
	{ "backend a at localhost:8080/a refuses\n  then after 2s resets", "" },
	{ "# a remark\n\nGET /a", "" },
	{ "sned a", "1: 'sned' begins no line of a scenario" },
	{ "\nsent a", "2: there is no backend 'a'" },
	{ "backend a localhost:8080 200",
	  "1: write: backend NAME at HOST:PORT[/PATH] …" },
	{ "backend a at localhost 200",
	  "1: 'localhost' is no address; write host:port/path" },
	{ "backend a at localhost:8080 sleeps",
	  "1: 'sleeps' is nothing a backend does; a status, echoes, refuses, resets, "
	  "closes, hangs or babbles" },
	{ "backend a at localhost:8080 2000", "1: '2000' is no HTTP status" },
	{ "pass 20", "1: '20' is no time; write 20ms or 3s" },
	{ "GET a -> 200", "1: 'a' is no path" },
	{ "GET /a -> fine", "1: 'fine' is no HTTP status" },
	{ "then resets",
	  "1: 'then' goes on with a backend's script; there is none above" },
	{ "pass 1s\nwith A: b",
	  "2: there is nothing above that a header could belong to" },
	{ "switch First", "1: write: switch on ENDPOINT, or switch off ENDPOINT" },
};

Test(scenario, is_read_or_complained_about)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct arena a = { 0 };
		struct report r;
		const char *said = "";

		report_init(&r, &a);
		scenario_read("s.txt", str_of(lines[i].text), &a, &r);
		if (r.first)
			said = arena_printf(&a, "%u: %s", r.first->where.line,
					    r.first->text);
		cr_expect_str_eq(said, lines[i].complaint, "%s: %s", lines[i].text, said);
		arena_release(&a);
	}
}

static const struct {
	const char *pattern, *text;
	bool matches;
} patterns[] = {
	{ "b", "abc", true },           { "", "abc", true },
	{ "abcd", "abc", false },       { "a … d", "a b c d", true },
	{ "a ... d", "a b c d", true }, { "d … a", "a b c d", false },
	{ "a … a", "a b", false },
};

Test(scenario, patterns_match_what_they_leave_out)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		cr_expect_eq(scenario_matches(str_of(patterns[i].pattern),
					      str_of(patterns[i].text)),
			     patterns[i].matches, "%s in %s", patterns[i].pattern,
			     patterns[i].text);
}

Test(scenario, an_address_belongs_to_the_longest_path)
{
	static const char text[] = "backend a at localhost:80 200\n"
				   "backend b at localhost:80/b 200\n"
				   "backend c at other:80/b 200\n";
	struct arena a = { 0 };
	struct report r;
	const struct scenario *s;

	report_init(&r, &a);
	s = scenario_read("s.txt", str_of(text), &a, &r);
	cr_assert(s);
	cr_expect(str_eq(scenario_peer(s, STR("127.0.0.1"), 80, STR("/b/x"))->name,
			 STR("b")));
	cr_expect(str_eq(scenario_peer(s, STR("localhost"), 80, STR("/x"))->name,
			 STR("a")));
	cr_expect_null(scenario_peer(s, STR("localhost"), 81, STR("/b")));
	arena_release(&a);
}
