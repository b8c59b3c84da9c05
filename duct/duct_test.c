#include "duct/duct.h"

#include <criterion/criterion.h>

static struct arena a;
static struct message m;

static const char variables[][2][256] = {
	{ "input",
	  "{\"amount\":2500,\"currency\":\"USD\",\"meta\":{\"a\":[1,{\"b\":null}]},"
	  "\"list\":[3,10,7],\"price\":1.50}" },
	{ "response", "{\"id\":\"ch_1\",\"items\":[{\"n\":1}]}" },
	{ "sequence", "{\"pay\":{\"provider\":\"stripe\"}}" },
	{ "variable", "{\"stripe\":{\"account\":\"acct_1\"}}" },
	{ "run", "{\"id\":\"r-1\",\"attempt\":2}" },
};

static void set_up(void)
{
	static const struct incoming nothing;
	static struct timers clock;
	static const struct surroundings around = { .clock = &clock };
	struct fault why = { 0 };

	message_init(&m, &a, &nothing, &around);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		message_set_property(
			&m, SCOPE_VARIABLE, str_of(variables[i][0]),
			value_json(json_parse(str_of(variables[i][1]), &a, &why)));
}

static void tear_down(void)
{
	message_release(&m);
	arena_release(&a);
}

TestSuite(duct, .init = set_up, .fini = tear_down);

static const char *map(const char *mapping, bool output)
{
	struct fault why = { 0 };
	bool missing;
	const struct json *j = json_parse(str_of(mapping), &a, &why);
	const struct duct *d = j ? duct_compile(j, &a, &why) : NULL;
	const struct json *result = d ? duct_map(d, &m, output, &missing, &why) : NULL;

	return result ? json_text(result, &a).at : why.text;
}

Test(duct, maps_as_the_manual_says)
{
	static const struct {
		const char *mapping, *result;
	} rows[] = {
		{ "\"$Input{amount}\"", "2500" },
		{ "\"$Input{price}\"", "1.50" },
		{ "\"$Input{meta}\"", "{\"a\":[1,{\"b\":null}]}" },
		{ "\"$Input{meta}{a}[1]\"", "{\"b\":null}" },
		{ "\"$Input{meta}{a}{0}\"", "1" },
		{ "\"Order $Input{amount} in $Input{currency}!\"",
		  "\"Order 2500 in USD!\"" },
		{ "\"$Input{meta} $Input{none}.\"",
		  "\"{\\\"a\\\":[1,{\\\"b\\\":null}]} .\"" },
		{ "{\"a\":\"$Input{amount}\",\"b\":\"$Input{none}\",\"c\":[\"x\",2,null]"
		  "}",
		  "{\"a\":2500,\"c\":[\"x\",2,null]}" },
		{ "\"$Response{}\"", "{\"id\":\"ch_1\",\"items\":[{\"n\":1}]}" },
		{ "\"$Response{items}[0]{n}\"", "1" },
		{ "\"$Sequence{pay}{provider}\"", "\"stripe\"" },
		{ "\"$Sequence{main}{pay}{provider}\"", "\"stripe\"" },
		{ "\"$Variable{stripe}{account}\"", "\"acct_1\"" },
		{ "\"$Run{id}-$Run{attempt}\"", "\"r-1-2\"" },
		{ "\"$Size{$Input{list}}\"", "3" },
		{ "\"$Length{$Input{currency}}\"", "3" },
		{ "\"$$Input{amount}\"", "\"$Input{amount}\"" },
		{ "\"5$ and $Unknown{x}\"", "\"5$ and $Unknown{x}\"" },
		{ "\"$\"", "\"$\"" },
		{ "\"\"", "\"\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_str_eq(map(rows[i].mapping, false), rows[i].result,
				 "%s gave %s", rows[i].mapping,
				 map(rows[i].mapping, false));
	cr_expect_str_eq(map("{\"b\":\"$Response{none}\"}", true), "{\"b\":null}");
}

Test(duct, calls_functions)
{
	static const struct {
		const char *mapping, *result;
	} rows[] = {
		{ "\"$Add(1, $Input{amount})\"", "2501" },
		{ "\"$Subtract($Input{price}, 1)\"", "0.5" },
		{ "\"$Concat(['a', $Input{currency}], '-')\"", "\"a-USD\"" },
		{ "\"$Substring(abcdef, 1, 3)\"", "\"bc\"" },
		{ "\"$Trim('  x ')\"", "\"x\"" },
		{ "\"$Split('a,b,,c', ',')\"", "[\"a\",\"b\",\"\",\"c\"]" },
		{ "\"$Pick($Input{list}, 1)\"", "10" },
		{ "\"$Pick($Input{list}, 9)\"", "null" },
		{ "\"$Join($Input{list}, ' ')\"", "\"3 10 7\"" },
		{ "\"$Uppercase($Input{currency})$Lowercase($Input{currency})\"",
		  "\"USDusd\"" },
		{ "\"$Replace('a.b.c', '.', '')\"", "\"abc\"" },
		{ "\"$Filter($Input{list}, '>', 5)\"", "[10,7]" },
		{ "\"$Find($Input{list}, '!==', 3)\"", "10" },
		{ "\"$Add($Add(1, 2), 3)\"", "6" },
		{ "\"$Dateformat('2026-11-21T09:05:07.123Z', 'ddd D MMM YYYY, h:mm a')\"",
		  "\"Sat 21 Nov 2026, 9:05 am\"" },
		{ "\"$Add(1, x)\"", "$Add cannot work with these arguments" },
		{ "\"$Dateformat('soon', 'YYYY')\"",
		  "$Dateformat cannot work with these arguments" },
		{ "\"$Add(1)\"", "\"$Add(1)\"" },
		{ "\"$Add(1, 2\"", "\"$Add(1, 2\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_str_eq(map(rows[i].mapping, false), rows[i].result,
				 "%s gave %s", rows[i].mapping,
				 map(rows[i].mapping, false));
}

Test(duct, nesting_is_bounded)
{
	struct buf b;

	buf_init(&b, 100000);
	buf_add_char(&b, '"');
	for (int i = 0; i < 5000; i++)
		buf_add(&b, STR("$Trim("));
	for (int i = 0; i < 5000; i++)
		buf_add_char(&b, ')');
	buf_add(&b, STR("\""));
	buf_add_char(&b, '\0');
	cr_expect_not_null(map(buf_str(&b).at, false));
	buf_clear(&b);
	for (int i = 0; i < 100; i++)
		buf_add_char(&b, '[');
	for (int i = 0; i < 100; i++)
		buf_add_char(&b, ']');
	buf_add_char(&b, '\0');
	cr_expect_str_eq(map(buf_str(&b).at, false),
			 "a mapping is nested deeper than 64");
	buf_release(&b);
}
