/* What serves after each of a row of changes, and what is said about them. */
#include "fixture.h"

#include <criterion/criterion.h>

enum { MOST_STEPS = 8 };

#define S(name, steps) "<sequence " XMLNS " name='" name "'>" steps "</sequence>"
#define RUN(key) "<sequence key='" key "'/>"
#define BOTH(a, b) "<definitions " XMLNS ">" a b "</definitions>"

struct step {
	const char *file, *text; /* NULL: it is gone */
	const char *said;
	const char *serve; /* the names of sequences; one after the other */
};

static const struct {
	const char *name;
	struct step steps[MOST_STEPS];
} rows[] = {
	{ "added, broken, mended, removed",
	  { { "1.xml", S("a", ""), "", "a" },
	    { "2.xml", S("b", ""), "", "a b" },
	    { "2.xml", S("b", "<lgo/>"),
	      "2.xml:1: unknown mediator <lgo>; did you mean 'log'?\n", "a b" },
	    { "2.xml", S("b", "<log/>"), "", "a b" },
	    { "2.xml", NULL, "", "a" } } },
	{ "removed while it is broken: what it was goes as well",
	  { { "1.xml", S("a", ""), "", "a" },
	    { "1.xml", "<", "1.xml:1: ", "a" },
	    { "1.xml", NULL, "", "" } } },
	{ "broken from the start, and then whole",
	  { { "1.xml", S("a", "<lgo/>"), "1.xml:1: unknown mediator <lgo>", "" },
	    { "1.xml", S("a", ""), "", "a" } } },
	{ "renamed file, the new one first",
	  { { "old.xml", S("a", ""), "", "a" },
	    { "new.xml", S("a", ""),
	      "new.xml:1: there is a sequence 'a' already, at old.xml:1\n", "a" },
	    { "old.xml", NULL, "", "a" } } },
	{ "renamed file, the old one first",
	  { { "old.xml", S("a", ""), "", "a" },
	    { "old.xml", NULL, "", "" },
	    { "new.xml", S("a", ""), "", "a" } } },
	{ "renamed sequence: the other name is free",
	  { { "1.xml", S("a", ""), "", "a" },
	    { "1.xml", S("b", ""), "", "b" },
	    { "2.xml", S("a", ""), "", "a b" } } },
	{ "a name moves from one file to another",
	  { { "1.xml", BOTH(S("a", ""), S("b", "")), "", "a b" },
	    { "2.xml", S("b", ""),
	      "2.xml:1: there is a sequence 'b' already, at 1.xml:1\n", "a b" },
	    { "1.xml", S("a", ""), "", "a b" },
	    { "2.xml", NULL, "", "a" } } },
	{ "a name that a broken file still serves is taken",
	  { { "1.xml", S("a", ""), "", "a" },
	    { "1.xml", BOTH(S("b", ""), "<lgo/>"), "1.xml:1: unknown artifact <lgo>",
	      "a" },
	    { "2.xml", S("a", ""),
	      "2.xml:1: there is a sequence 'a' already, at 1.xml:1\n", "a" },
	    { "2.xml", S("b", ""), "", "a b" },
	    { "1.xml", BOTH(S("b", ""), ""),
	      "1.xml:1: there is a sequence 'b' already, at 2.xml:1\n", "a b" } } },
	{ "a key arrives later, and leaves",
	  { { "1.xml", S("a", RUN("b")), "1.xml:1: warning: there is no sequence 'b'\n",
	      "a" },
	    { "2.xml", S("b", ""), "", "a b" },
	    { "3.xml", S("c", ""), "", "a b c" },
	    { "2.xml", NULL, "1.xml:1: warning: there is no sequence 'b'", "a c" },
	    { "2.xml", S("b", ""), "", "a b c" } } },
	{ "a round that the last one closes: who was there before serves on",
	  { { "1.xml", S("a", RUN("b")), "1.xml:1: warning: ", "a" },
	    { "2.xml", S("b", RUN("a")),
	      "2.xml:1: sequence 'b' runs itself without end: a -> b -> a\n", "a" },
	    { "2.xml", S("b", ""), "", "a b" } } },
	{ "one of several is wrong: none of them serves",
	  { { "1.xml", BOTH(S("a", ""), S("b", "<lgo/>")),
	      "1.xml:1: unknown mediator <lgo>", "" },
	    { "1.xml", BOTH(S("a", ""), S("b", "")), "", "a b" },
	    { "1.xml", BOTH(S("c", ""), S("c", "")),
	      "1.xml:1: there is a sequence 'c' already, at 1.xml:1\n", "a b" } } },
	{ "no artifact any more",
	  { { "1.xml", S("a", ""), "", "a" },
	    { "1.xml", "<project xmlns='http://maven.apache.org/POM/4.0.0'/>", "",
	      "" } } },
};

/* The names that serve, of those there may be. */
static const char *serving(struct fixture *f)
{
	static const char *const all[] = { "a", "b", "c" };
	const char *names = "";

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (fixture_find(f, REF_SEQUENCE, all[i]))
			names = arena_printf(&f->arena, "%s%s%s", names,
					     *names ? " " : "", all[i]);
	return names;
}

static bool is_said(const char *said, const char *wanted)
{
	return *wanted ? str_starts(str_of(said), str_of(wanted)) : !*said;
}

Test(reload, serves_what_is_right_and_says_what_is_wrong)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f;

		fixture_init(&f);
		for (const struct step *s = rows[i].steps; s->file; s++) {
			const long number = s - rows[i].steps + 1;
			const char *said, *serve;

			fixture_put(&f, s->file, s->text);
			said = fixture_build(&f);
			serve = serving(&f);
			cr_expect(is_said(said, s->said), "%s, step %ld: said %s",
				  rows[i].name, number, said);
			cr_expect_str_eq(serve, s->serve, "%s, step %ld: serve %s",
					 rows[i].name, number, serve);
		}
		fixture_release(&f);
	}
}
