#include "expr/jsonpath.h"

#include <criterion/criterion.h>

static const char store[] =
	"{\"store\":{\"book\":["
	"{\"category\":\"reference\",\"title\":\"one\",\"price\":8.95},"
	"{\"category\":\"fiction\",\"title\":\"two\",\"price\":12.99,\"isbn\":\"1\"},"
	"{\"category\":\"fiction\",\"title\":\"three\",\"price\":22,\"tags\":[\"x\","
	"\"y\"]}],"
	"\"bicycle\":{\"color\":\"red\",\"price\":19.95}},"
	"\"l\":[1,2,3,4],\"n\":null,\"s\":\"Hello\",\"max\":10,\"e\":[],\"a "
	"b\":{\"it's\":7}}";

/* A path, and what it finds; NULL: nothing. */
static const struct {
	const char *path, *found;
} rows[] = {
	{ "$.store.book[0].title", "\"one\"" },
	{ "$['store']['book'][1]['title']", "\"two\"" },
	{ "$.store.book[-1].title", "\"three\"" },
	{ "$.store.book[*].title", "[\"one\",\"two\",\"three\"]" },
	{ "$.store.book[0,2].title", "[\"one\",\"three\"]" },
	{ "$.store.book[0]['title','price']", "[\"one\",8.95]" },
	{ "$..price", "[8.95,12.99,22,19.95]" },
	{ "$..book[0].title", "[\"one\"]" },
	{ "$..book.length()", "1" },
	{ "$.store.*.color", "[\"red\"]" },
	{ "$.l[1:3]", "[2,3]" },
	{ "$.l[:2]", "[1,2]" },
	{ "$.l[2:]", "[3,4]" },
	{ "$.l[-2:]", "[3,4]" },
	{ "$.l[:-1]", "[1,2,3]" },
	{ "$.l[0:4:2]", "[1,3]" },
	{ "$.l[9]", NULL },
	{ "$.l[-5]", NULL },
	{ "$.l[5:]", "[]" },
	{ "$.l.x", NULL },
	{ "$.s[0]", NULL },
	{ "$.zz[*].a", NULL },
	{ "$.zz[?(@.a)]", NULL },
	{ "$.n", "null" },
	{ "$.n.x", NULL },
	{ "$['a b']['it\\'s']", "7" },
	{ "$[\"a b\"][\"it's\"]", "7" },
	{ "$", store },
	{ "$..*.color", "[\"red\"]" },
	{ "$.store.book[?(@.price < 10)].title", "[\"one\"]" },
	{ "$.store.book[?(@.price<$.max)].title", "[\"one\"]" },
	{ "$.store.book[?(10 > @.price)].title", "[\"one\"]" },
	{ "$.store.book[?(@.isbn)].title", "[\"two\"]" },
	{ "$.store.book[?(!@.isbn)].title", "[\"one\",\"three\"]" },
	{ "$.store.book[?(@['category']=='fiction' && @.price > 20)].title",
	  "[\"three\"]" },
	{ "$.store.book[?(@.price > 20 || @.isbn == \"1\")].title",
	  "[\"two\",\"three\"]" },
	{ "$.store.book[?(@.isbn == 1)].title", "[\"two\"]" },
	{ "$.store.book[?(@.isbn != '1')].title", "[\"one\",\"three\"]" },
	{ "$.store.book[?(!(@.price > 10) || (@.title == 'two'))].title",
	  "[\"one\",\"two\"]" },
	{ "$.store.book[?(@.title =~ /T.*/i)].title", "[\"two\",\"three\"]" },
	{ "$.store.book[?(@.title =~ /w/)].title", "[]" },
	{ "$.store.book[?(@.title in ['one', 'three'])].title", "[\"one\",\"three\"]" },
	{ "$.store.book[?(@.title nin ['one'])].title", "[\"two\",\"three\"]" },
	{ "$.store.book[?(@.tags size 2)].title", "[\"three\"]" },
	{ "$.store.book[?(@.tags contains 'x')].title", "[\"three\"]" },
	{ "$.store.book[?(@.tags anyof ['y','z'])].title", "[\"three\"]" },
	{ "$.store.book[?(@.tags subsetof ['x','y','z'])].title", "[\"three\"]" },
	{ "$.store.book[?(@.tags noneof ['z'])].title", "[\"three\"]" },
	{ "$.store.book[?(@.tags empty false)].title", "[\"three\"]" },
	{ "$.store.book[?(@.price >= 22)].price", "[22]" },
	{ "$.store.book[?(@.title > 'one')].title", "[\"two\",\"three\"]" },
	{ "$.store.book[?(@.title > 1)].title", "[]" },
	{ "$..[?(@.color)].price", "[19.95]" },
	{ "$.l[?(@ > 2)]", "[3,4]" },
	{ "$.store.book.length()", "3" },
	{ "$.s.length()", "5" },
	{ "$.l.sum()", "10.0" },
	{ "$.l.avg()", "2.5" },
	{ "$.l.min()", "1.0" },
	{ "$.l.max()", "4.0" },
	{ "$.store.book[*].price.max()", "22.0" },
	{ "$.l.stddev()", "1.118033988749895" },
	{ "$.store.bicycle.keys()", "[\"color\",\"price\"]" },
	{ "$.l.first()", "1" },
	{ "$.l.last()", "4" },
	{ "$.l.index(1)", "2" },
	{ "$.l.append(5)", "[1,2,3,4,5]" },
	{ "$.concat($.s, \" \", $.max)", "\"Hello 10\"" },
};

Test(jsonpath, finds_what_jayway_finds)
{
	struct arena a = { 0 };
	const struct json *root = json_parse(str_of(store), &a, NULL);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault why = { 0 };
		const struct jsonpath *p = jsonpath_compile(str_of(rows[i].path), &a,
							    &why);
		const struct json *found = NULL;
		struct str s;

		cr_expect(p, "%s: %s", rows[i].path, why.text);
		if (!p)
			continue;
		cr_expect(jsonpath_find(p, root, &a, &found, &why), "%s: %s",
			  rows[i].path, why.text);
		s = found ? json_text(found, &a) : STR("(nothing)");
		cr_expect(str_eq(s, str_of(rows[i].found ? rows[i].found : "(nothing)")),
			  "%s: " STR_FMT, rows[i].path, STR_ARG(s));
	}
	arena_release(&a);
}

static const char *const refused[] = {
	"",
	"a",
	"$.",
	"$.a[",
	"$.a[]",
	"$.a['b]",
	"$.a[b]",
	"$.a[?(@.b]",
	"$.a[?]",
	"$.a[?(@.b >)]",
	"$.a..",
	"$.a.f()",
	"$.a b",
	"$.a[?(@.b == oops)]",
	"$.a[?(@ =~ /[/)]",
	"$.a[3:1:-1]",
	"$.a[1:2",
};

Test(jsonpath, what_is_no_path_is_refused)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct fault why = { 0 };

		cr_expect_null(jsonpath_compile(str_of(refused[i]), &a, &why), "%s",
			       refused[i]);
		cr_expect_not_null(why.text, "%s", refused[i]);
	}
	arena_release(&a);
}

/* Each ".." multiplies what there is to look at. */
Test(jsonpath, a_path_that_takes_too_many_steps_is_a_fault)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct json *found;
	const struct jsonpath *p;
	struct buf b;

	buf_init(&b, 100000);
	for (int i = 0; i < 200; i++)
		buf_add(&b, STR("["));
	for (int i = 0; i < 200; i++)
		buf_add(&b, STR("]"));
	p = jsonpath_compile(STR("$..*..*..*..*..*"), &a, &why);
	cr_assert_not_null(p, "%s", why.text);
	cr_expect_not(
		jsonpath_find(p, json_parse(buf_str(&b), &a, &why), &a, &found, &why));
	cr_expect(why.text && strstr(why.text, "too many"), "%s", why.text);
	buf_release(&b);
	arena_release(&a);
}

Test(jsonpath, filters_nested_too_deeply_are_refused)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	struct buf b;

	buf_init(&b, 100000);
	buf_add(&b, STR("$[?("));
	for (int i = 0; i < 10000; i++)
		buf_add(&b, STR("!("));
	cr_expect_null(jsonpath_compile(buf_str(&b), &a, &why));
	cr_expect(why.text && strstr(why.text, "too deeply"), "%s", why.text);
	buf_release(&b);
	arena_release(&a);
}
