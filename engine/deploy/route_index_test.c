#include <criterion/criterion.h>

#include "deploy/match_fixture.h"
#include "deploy/route_index.h"

/* As declared: the first that fits wins. Empty: the default. */
static const char *const patterns[] = {
	"/menu",
	"/menu/special",
	"/order/all",
	"/order/{id}",
	"/order/{id}/items",
	"/{a}/x/{b}",
	"/file/{name}.json",
	"/file/{name}",
	"/any/*",
	"/",
	"/late/{x}",
	"/late/first",
	"/{odd/one}/y",
	"",
};

/* A path as received, and the pattern that takes it. */
static const struct {
	const char *path, *pattern, *values;
} rows[] = {
	{ "/menu", "/menu", "" },
	{ "/menu/?q=/order/1", "/menu", "" },
	{ "/menu/special", "/menu/special", "" },
	{ "/order/all", "/order/all", "" },
	{ "/order/7", "/order/{id}", "uri.var.id=7 " },
	{ "/order/7/items", "/order/{id}/items", "uri.var.id=7 " },
	{ "/order/x/9", "/{a}/x/{b}", "uri.var.a=order uri.var.b=9 " },
	{ "/file/a.json", "/file/{name}.json", "uri.var.name=a " },
	{ "/file/a.xml", "/file/{name}", "uri.var.name=a.xml " },
	{ "/any", "/any/*", "" },
	{ "/any/1/2/3", "/any/*", "" },
	{ "/", "/", "" },
	{ "", "/", "" },
	{ "/late/first", "/late/{x}", "uri.var.x=first " },
	{ "/order/", "", "" },
	{ "/order//items", "", "" },
	{ "/nope", "", "" },
	{ "/menu/special/more", "", "" },
};

static unsigned asked;

static bool accept_and_count(const struct api_resource *r, const struct question *q)
{
	(void)r;
	(void)q;
	asked++;
	return true;
}

static struct api_resource *resource_new(struct arena *a, const char *pattern)
{
	struct api_resource *r = arena_new(a, struct api_resource);
	struct fault why = { 0 };

	r->pattern = str_of(pattern);
	r->mapping = *pattern ? MAPPING_PATH : MAPPING_DEFAULT;
	if (*pattern)
		r->path_pattern = path_compile(r->pattern, a, &why);
	return r;
}

static const struct api_resource *find(const struct route_index *i, const char *path,
				       struct template_match *match)
{
	struct incoming in = { .sub_path = str_of(path) };
	const struct question q = { .in = &in };

	return route_index_find(i, &q, accept_and_count, match);
}

Test(route_index, finds_what_is_declared_first_of_those_that_fit)
{
	struct arena a = { 0 };
	struct api_resource *first = NULL, **last = &first;
	const struct route_index *index;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		*last = resource_new(&a, patterns[i]);
		last = &(*last)->next;
	}
	index = route_index_of(first, &a);
	cr_assert(index);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct template_match m;
		const struct api_resource *r = find(index, rows[i].path, &m);

		cr_assert(r, "%s", rows[i].path);
		cr_expect(str_eq(r->pattern, str_of(rows[i].pattern)), "%s: " STR_FMT,
			  rows[i].path, STR_ARG(r->pattern));
		cr_expect_str_eq(values_of(&m, &a), rows[i].values, "%s", rows[i].path);
	}
	arena_release(&a);
}

Test(route_index, asks_few_of_many)
{
	enum { MANY = 20000 };
	struct arena a = { 0 };
	struct api_resource *first = NULL, **last = &first;
	struct template_match m;
	const struct api_resource *r;

	for (unsigned i = 0; i < MANY; i++) {
		*last = resource_new(&a, arena_printf(&a, "/{any}/item%u/{id}", i));
		last = &(*last)->next;
	}
	asked = 0;
	r = find(route_index_of(first, &a), "/x/item19999/7", &m);
	cr_assert(r);
	cr_expect(str_eq(r->pattern, STR("/{any}/item19999/{id}")));
	cr_expect_eq(asked, 1);
	arena_release(&a);
}

Test(route_index, is_not_made_of_other_kinds_of_resources)
{
	struct arena a = { 0 };
	struct api_resource *first = NULL, **last = &first;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		*last = resource_new(&a, patterns[i]);
		last = &(*last)->next;
	}
	first->next->mapping = MAPPING_TEMPLATE;
	cr_expect_null(route_index_of(first, &a));
	arena_release(&a);
}
