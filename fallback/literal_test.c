/* Object literals of code, and the JSON that they are. */
#include <criterion/criterion.h>

#include "fallback/fallback_priv.h"

static struct arena a;

static void tear_down(void)
{
	arena_release(&a);
}

TestSuite(literal, .fini = tear_down);

/* As JSON in one line, or what is wrong and where. */
static const char *read(const char *text)
{
	struct fault why = { 0 };
	const struct json *j = fallback_read(STR("x.duct"), str_of(text), &a, &why);

	return j ? json_text(j, &a).at
		 : arena_printf(&a, "%u: %s", why.where.line, why.text);
}

/* clang-format off */
static const struct {
	const char *text, *json;
} rows[] = {
	{ "{a: 1, 'b': \"x\", \"c\": [true, false, null,],}",
	  "{\"a\":1,\"b\":\"x\",\"c\":[true,false,null]}" },
	{ "{ type: FeatureEventTypes.ACTION, of: DataTypes.NUMBER }",
	  "{\"type\":\"FeatureEventTypes.ACTION\",\"of\":\"DataTypes.NUMBER\"}" },
	{ "// one\n{ a: 1, // two\n /* three\n four */ b: 2, // five\n}\n;", "{\"a\":1,\"b\":2}" },
	{ "{a: 'it\\'s \"so\"', b: \"it's\", c: `x\ny`}",
	  "{\"a\":\"it's \\\"so\\\"\",\"b\":\"it's\",\"c\":\"x\\ny\"}" },
	{ "{a: 'http://x/y', b: 'a /* b */ c', c: '# no'}",
	  "{\"a\":\"http://x/y\",\"b\":\"a /* b */ c\",\"c\":\"# no\"}" },
	{ "{a: '\\x41\\u0042\\n\\v\\q\\0', b: 'a\\\nb', c: 'a\tb'}",
	  "{\"a\":\"AB\\n\\u000bq\\u0000\",\"b\":\"ab\",\"c\":\"a\\tb\"}" },
	{ "{a: +5, b: .5, c: 5., d: -.5, e: 0x1F, f: 1e3, g: 1.50}",
	  "{\"a\":5,\"b\":0.5,\"c\":5.0,\"d\":-0.5,\"e\":31,\"f\":1e3,\"g\":1.50}" },
	{ "{a: Infinity, b: NaN, c: 1.2.3, d: 5m}",
	  "{\"a\":\"Infinity\",\"b\":\"NaN\",\"c\":\"1.2.3\",\"d\":\"5m\"}" },
	{ "{1: 'x', true: 'y', null : 'z', 0x1: 1}",
	  "{\"1\":\"x\",\"true\":\"y\",\"null\":\"z\",\"0x1\":1}" },
	{ "{a: '$Input{x}', $b: 1, c_d: 2}", "{\"a\":\"$Input{x}\",\"$b\":1,\"c_d\":2}" },
	{ "[]", "[]" },
	{ "{a: 'x\n}", "1: a string does not end" },
	{ "{\na: 1,\nb 2\n}", "3: expected ':' behind a key" },
	{ "{\na: `\n\n`,\nb: }", "5: this is not a JSON value" },
	{ "{a: 1", "1: expected ',' or '}' in an object" },
	{ "{a: 1, /* ", "1: expected a key in quotes in an object" },
	{ "", "1: the text ends where a value was expected" },
	{ "{,}", "1: expected a key in quotes in an object" },
};
/* clang-format on */

Test(literal, is_read_as_json)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_str_eq(read(rows[i].text), rows[i].json, "%s is %s",
				 rows[i].text, read(rows[i].text));
}

Test(literal, a_mark_of_byte_order_is_nothing)
{
	cr_expect_str_eq(read("\xEF\xBB\xBF{a: 1}"), "{\"a\":1}");
}
