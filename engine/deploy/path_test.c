#include <criterion/criterion.h>

#include "deploy/match_fixture.h"
#include "deploy/path.h"

/* What is asked for, and what the values are then; NULL: it does not fit. */
static const struct {
	const char *pattern, *path, *values;
} rows[] = {
	{ "/menu", "/menu", "" },
	{ "/menu", "/menu/", "" },
	{ "/menu/", "/menu", "" },
	{ "/menu", "/menus", NULL },
	{ "/menu", "/menu/x", NULL },
	{ "/menu", "/", NULL },
	{ "/", "/", "" },
	{ "/", "", "" },
	{ "/order/{id}", "/order/a%20b", "uri.var.id=a%20b " },
	{ "/order/{id}", "/order/", NULL },
	{ "/order/{id}", "/order/a/b", NULL },
	{ "/file/{name}.json", "/file/a.b.json", "uri.var.name=a.b " },
	{ "/file/{name}.json", "/file/axjson", NULL },
	{ "/{a}/x/{b}", "/1/x/2/", "uri.var.a=1 uri.var.b=2 " },
	{ "/any/*", "/any", "" },
	{ "/any/*", "/any/x/y", "" },
	{ "/any/*", "/anyone", NULL },
	{ "/a+(b)/{c}", "/a+(b)/1", "uri.var.c=1 " },
	{ "/a+(b)/{c}", "/aa(b)/1", NULL },
};

Test(path, fits_the_whole_path_segment_by_segment)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		struct template_match m = { .count = 0 };
		const struct path_pattern *p = path_compile(str_of(rows[i].pattern), &a,
							    &why);
		const bool fits = p && path_matches(p, str_of(rows[i].path), &m);

		cr_expect_eq(fits, rows[i].values != NULL, "%s of %s", rows[i].path,
			     rows[i].pattern);
		if (fits && rows[i].values)
			cr_expect_str_eq(values_of(&m, &a), rows[i].values, "%s of %s",
					 rows[i].path, rows[i].pattern);
		arena_release(&a);
	}
}

Test(path, that_is_broken_is_complained_about)
{
	static const char *const broken[] = { "/a/{b", "/a/}b{" };

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };

		cr_expect_null(path_compile(str_of(broken[i]), &a, &why), "%s",
			       broken[i]);
		cr_expect_str_eq(why.text, "a brace is not closed");
		arena_release(&a);
	}
}
