/* What serves after each of a row of changes, and what is said about them. */
#include "fixture.h"

#include <criterion/criterion.h>

#include "deploy/zip_fixture.h"

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

/* --- archives: one unit, whatever is in them --- */

static void put_car(struct fixture *f, const char *first, const char *second)
{
	const char *const texts[] = { first, second };
	struct packing p = { .len = 0 };

	for (unsigned i = 0; i < 2; i++) {
		const char *list = arena_printf(
			&f->arena,
			"<artifact name=\"%u\" type=\"synapse/sequence\">"
			"<file>%u.xml</file></artifact>",
			i, i);

		packing_add(&p, arena_printf(&f->arena, "%u/artifact.xml", i), list,
			    strlen(list));
		packing_add(&p, arena_printf(&f->arena, "%u/%u.xml", i, i), texts[i],
			    strlen(texts[i]));
	}
	loader_put(f->loader, STR("x.car"), packing_finish(&p));
}

static const struct {
	const char *name, *first, *second, *said, *serve;
} cars[] = {
	{ "both are right", S("a", RUN("b")), S("b", ""), "", "a b" },
	{ "the second is wrong: what it was serves", S("c", ""), S("b", "<lgo/>"),
	  "x.car/1/1.xml:1: unknown mediator <lgo>", "a b" },
	{ "one is no XML", S("c", ""), "<", "x.car/1/1.xml:1: ", "a b" },
	{ "one name twice", S("c", ""), S("c", ""),
	  "x.car/1/1.xml:1: there is a sequence 'c' already, at x.car/0/0.xml:1\n",
	  "a b" },
	{ "right again", S("c", ""), S("b", ""), "", "b c" },
};

Test(reload, takes_an_archive_whole_or_not_at_all)
{
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < sizeof(cars) / sizeof(cars[0]); i++) {
		const char *said;

		put_car(&f, cars[i].first, cars[i].second);
		said = fixture_build(&f);
		cr_expect(is_said(said, cars[i].said), "%s: said %s", cars[i].name, said);
		cr_expect_str_eq(serving(&f), cars[i].serve, "%s: serve %s", cars[i].name,
				 serving(&f));
	}
	fixture_release(&f);
}

Test(reload, leaves_an_archive_alone_that_leads_out_of_itself)
{
	struct packing p = { .len = 0 };
	struct fixture f;

	fixture_init(&f);
	put_car(&f, S("a", ""), S("b", ""));
	cr_expect_str_eq(fixture_build(&f), "");
	packing_add(&p, "../a.xml", "<a/>", 4);
	loader_put(f.loader, STR("x.car"), packing_finish(&p));
	cr_expect(strstr(fixture_build(&f), "leads out of it"));
	cr_expect_str_eq(serving(&f), "a b");
	fixture_release(&f);
}
