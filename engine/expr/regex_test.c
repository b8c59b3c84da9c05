#include <criterion/criterion.h>

#include "expr/regex.h"

/* clang-format off */
static const struct {
	const char *pattern, *text;
	unsigned group;
	bool matches;
	const char *part;
} cases[] = {
	{ "a.c", "abc", 0, true, "abc" },
	{ "a.c", "abcd", 0, false, "" },
	{ "a|ab", "ab", 0, true, "ab" },
	{ "order-(\\d+)-(.)", "order-42-x", 1, true, "42" },
	{ "order-(\\d+)-(.)", "order-42-x", 2, true, "x" },
	{ "order-(\\d+)-(.)", "order-42-x", 3, false, "" },
	{ "(a)|(b)", "b", 1, true, "" },
	{ "", "", 0, true, "" },
	{ "(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 0, false, "" },
	{ "ü.", "üß", 0, true, "üß" },
};
/* clang-format on */

Test(regex, matches_the_whole_text_and_cuts_groups_out)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		struct str part = STR("");
		const struct regex *r = regex_compile(str_of(cases[i].pattern), &a, &why);

		cr_assert(r, "%s: %s", cases[i].pattern, why.text);
		cr_expect_eq(
			regex_matches(r, str_of(cases[i].text), cases[i].group, &part),
			cases[i].matches, "%s", cases[i].pattern);
		cr_expect(str_eq(part, str_of(cases[i].part)), "%s: " STR_FMT,
			  cases[i].pattern, STR_ARG(part));
		arena_release(&a);
	}
}

Test(regex, a_broken_pattern_says_where)
{
	struct arena a = { 0 };
	struct fault why = { 0 };

	cr_expect_null(regex_compile(STR("a(b"), &a, &why));
	cr_expect_str_eq(why.text, "missing closing parenthesis at character 4");
	arena_release(&a);
}

Test(regex, finds_the_next_match)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	struct str found;
	const struct str text = STR("x1y22");
	const struct regex *r = regex_compile(STR("[0-9]+"), &a, &why);

	cr_expect(regex_find(r, text, 2, &found));
	cr_expect(str_eq(found, STR("22")));
	cr_expect_not(regex_find(r, text, 5, &found));
	arena_release(&a);
}
