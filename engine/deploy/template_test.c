#include "deploy/match_fixture.h"
#include "deploy/template.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct {
	const char *template, *path;
	const char *values; /* "uri.var.x=1 …"; NULL: does not match */
} cases[] = {
	{ "/list", "/list", "" },
	{ "/list", "/list/", "" },
	{ "/list/", "/list", "" },
	{ "/list", "/list/x", NULL },
	{ "/list", "/listed", NULL },
	{ "/list", "/list?x=1", "" },
	{ "/", "/", "" },
	{ "/", "/?x=1", "" },
	{ "/", "/a", NULL },
	{ "/{id}", "/7", "uri.var.id=7 " },
	{ "/{id}", "/7?x=1", "uri.var.id=7 " },
	{ "/{id}", "/7/", "uri.var.id=7 " },
	{ "/{id}", "/7/8", NULL },
	{ "/a/{x}", "/a/", NULL },
	{ "/a/{x}", "/a//", "uri.var.x= " },
	{ "/a/{x}", "/a", NULL },
	{ "/{a}/{b}", "/1/2", "uri.var.a=1 uri.var.b=2 " },
	{ "/{a}-{b}", "/1-2", "uri.var.a=1 uri.var.b=2 " },
	{ "/{a}/x/{a}", "/1/x/1", "uri.var.a=1 " },
	{ "/{a}/x/{a}", "/1/x/2", NULL },
	{ "/{a,b}", "/1,2", "uri.var.a=1 uri.var.b=2 " },
	{ "/{a:3}", "/abc", "uri.var.a=abc " },
	{ "/{a:3}", "/ab", NULL },
	{ "/a/*", "/a/b/c?d=e", "" },
	{ "/a*", "/abc", "" },
	{ "/a/*", "/b", NULL },
	{ "/a/{x}/*", "/a/1/2/3", "uri.var.x=1 " },
	{ "/{+rest}", "/a/b?c=d", "uri.var.rest=a/b?c=d " },
	{ "/x{/more}", "/x/y", "uri.var.more=y " },
	{ "/file{.type}", "/file.json", "uri.var.type=json " },
	{ "/file{.type}", "/file", NULL },
	{ "/a{#part}", "/a#b", "uri.var.part=b " },
	{ "/order/{id}?q={q}", "/order/5?q=x", "uri.var.id=5 uri.var.q=x " },
	{ "/order/{id}?q={q}", "/order/5?q=", "uri.var.id=5 uri.var.q= " },
	{ "/order/{id}?q={q}", "/order/5", NULL },
	{ "/a?x={x}&y={y}", "/a?x=1&y=2", "uri.var.x=1 uri.var.y=2 " },
	{ "/a?x={x}&y={y}", "/a?y=2&x=1", NULL },
	{ "/a?*", "/a?x=1&y=2", "" },
	{ "/a b", "/a%20b", NULL },
	{ "/{x}", "/a%20b", "uri.var.x=a%20b " },
	{ "/{x}", "/a;b", NULL },
};

Test(template, takes_what_the_original_takes)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = { NULL, NULL };
		struct fault why = { 0 };
		struct template_match m;
		const struct template *t = template_compile(str_of(cases[i].template), &a,
							    &why);
		const bool fits = t && template_matches(t, str_of(cases[i].path), &m);

		cr_expect(t, "%s: %s", cases[i].template, why.text);
		cr_expect_eq(fits, cases[i].values != NULL, "%s on %s", cases[i].template,
			     cases[i].path);
		if (fits && cases[i].values)
			cr_expect_str_eq(values_of(&m, &a), cases[i].values, "%s on %s",
					 cases[i].template, cases[i].path);
		arena_release(&a);
	}
}

static const struct {
	const char *template, *complaint;
} wrong[] = {
	{ "/{?x}", "Unsupported template expression: {?x}" },
	{ "/{;x}", "Unsupported template expression: {;x}" },
	{ "/{x", "Unsupported template expression: {x" },
	{ "/{}", "Unsupported template expression: {}" },
	{ "{x}", "Unsupported template expression: {x}" },
	{ "/{a b}", "Unsupported template expression: {a b}" },
};

Test(template, that_is_none_is_refused)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct arena a = { NULL, NULL };
		struct fault why = { 0 };

		cr_expect_null(template_compile(str_of(wrong[i].template), &a, &why));
		cr_expect(why.text && str_starts(str_of(why.text),
						 str_of(wrong[i].complaint)),
			  "%s: %s", wrong[i].template, why.text);
		arena_release(&a);
	}
}
