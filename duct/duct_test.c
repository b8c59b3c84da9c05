#include "duct/duct.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena a;
static struct message m;

static const char variables[][2][256] = {
	{ "input",
	  "{\"amount\":2500,\"currency\":\"USD\",\"meta\":{\"a\":[1,{\"b\":null}]},"
	  "\"list\":[3,10,7],\"price\":1.50,\"name\":\"Žofie\"}" },
	{ "response", "{\"id\":\"ch_1\",\"items\":[{\"n\":1}]}" },
	{ "sequence", "{\"pay\":{\"provider\":\"stripe\"}}" },
	{ "auth", "{\"token\":\"t\"}" },
	{ "constant", "{\"stripe\":{\"v\":\"2024-01\"}}" },
	{ "session", "{\"user\":{\"email\":\"u@x.y\"}}" },
	{ "default", "{\"currency\":\"EUR\"}" },
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

/* Rows have ' where JSON has a quote, to be readable. */
static const char *quoted(const char *text)
{
	char *copy = arena_printf(&a, "%s", text);

	for (char *c = copy; *c; c++) {
		if (*c == '"')
			*c = '\'';
		else if (*c == '\'')
			*c = '"';
	}
	return copy;
}

static void expect(const char *mapping, const char *result)
{
	const char *got = map(quoted(mapping), false);

	cr_expect_str_eq(got, quoted(result), "%s gave %s", mapping, got);
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

Test(duct, roots_and_paths)
{
	static const struct {
		const char *mapping, *result;
	} rows[] = {
		{ "'$Auth{token}'", "'t'" },
		{ "'$Constant{stripe}{v}'", "'2024-01'" },
		{ "'$Session{user}{email}'", "'u@x.y'" },
		{ "{'currency':'$Default','other':'$Default'}", "{'currency':'EUR'}" },
		{ "'$Default{currency}'", "'EUR'" },
		{ "'$Now'", "'1970-01-01T00:00:00.000Z'" },
		{ "'$Secret{DUCT_TEST}-$Token{DUCT_TEST}'", "'s3-s3'" },
		{ "{'a':'$Secret{DUCT_NONE}'}", "{}" },
		{ "'$Input{ amount }'", "2500" },
		{ "'$Input{meta}[a][0]'", "1" },
		{ "'$Input{list}{1}'", "10" },
		{ "{'a':'$Input{list}{3}'}", "{}" },
		{ "{'a':'$Input{list}{x}'}", "{}" },
		{ "{'a':'$Input{list}[-1]'}", "{}" },
		{ "'$Input{amount'", "'$Input{amount'" },
		{ "'$Input{amount}[x'", "'2500[x'" },
		{ "'$Input'",
		  "{'amount':2500,'currency':'USD','meta':{'a':[1,{'b':null}]},"
		  "'list':[3,10,7],'price':1.50,'name':'Žofie'}" },
		{ "'$Length{$Input{name}}'", "5" },
		{ "'$Size{$Input{name}}'", "5" },
		{ "'$Size{$Input{meta}}'", "1" },
		{ "{'n':'$Size{$Input{none}}'}", "{}" },
		{ "'$Size{$Input{amount}}'", "$Size is of a list, an object or a text" },
		{ "'$Length of $Size'", "'$Length of $Size'" },
		{ "'$$$Input{amount}$$'", "'$2500$'" },
		{ "'$inputs $Inputs{a} $'", "'$inputs $Inputs{a} $'" },
		{ "['$Input{none}','$Input{amount}',true,1.0]", "[null,2500,true,1.0]" },
	};

	setenv("DUCT_TEST", "s3", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].mapping, rows[i].result);
}

static const struct {
	const char *mapping, *result;
} calls[] = {
	{ "'$Add(1, $Input{amount})'", "2501" },
	{ "'$Add(0.1, 0.2)'", "0.3" },
	{ "'$Add(-1, 1)'", "0" },
	{ "'$Add(1e3, 1)'", "1001" },
	{ "'$Add(9007199254740991, 0)'", "9007199254740991" },
	{ "'$Add(1, x)'", "$Add cannot work with these arguments" },
	{ "'$Add(1, $Input{none})'", "$Add cannot work with these arguments" },
	{ "'$Add(1, $Input{currency})'", "$Add cannot work with these arguments" },
	{ "'$Add(1)'", "'$Add(1)'" },
	{ "'$Add(1, 2, 3)'", "'$Add(1, 2, 3)'" },
	{ "'$Add(1, 2'", "'$Add(1, 2'" },
	{ "'$add(1, 2)'", "'$add(1, 2)'" },
	{ "'$Add($Add(1, 2), 3)'", "6" },
	{ "'Sum: $Add(1, 2).'", "'Sum: 3.'" },
	{ "'$Subtract($Input{price}, 1)'", "0.5" },
	{ "'$Subtract(1, true)'", "$Subtract cannot work with these arguments" },
	{ "'$Concat([\"a\", $Input{currency}], \"-\")'", "'a-USD'" },
	{ "'$Concat([a, b])'", "'ab'" },
	{ "'$Concat([], \",\")'", "''" },
	{ "'$Concat([$Input{none}, 1, null, true], \"|\")'", "'|1||true'" },
	{ "'$Concat([\"Hi $Input{currency}\", \"a,b)]\"], \" \")'", "'Hi USD a,b)]'" },
	{ "'$Concat($Input{list}, \", \")'", "'3, 10, 7'" },
	{ "'$Concat(a, b)'", "$Concat cannot work with these arguments" },
	{ "'$Concat([a], [b])'", "$Concat cannot work with these arguments" },
	{ "'$Substring(abcdef, 1, 3)'", "'bc'" },
	{ "'$Substring(abcdef, 4)'", "'ef'" },
	{ "'$Substring(abcdef, -2, 99)'", "'abcdef'" },
	{ "'$Substring(abcdef, 3, 3)'", "''" },
	{ "'$Substring(abcdef, 9, 12)'", "''" },
	{ "'$Substring($Input{name}, 0, 2)'", "'Žo'" },
	{ "'$Substring($Input{amount}, 0, 2)'", "'25'" },
	{ "'$Substring(abc, x, 2)'", "$Substring cannot work with these arguments" },
	{ "'$Substring($Input{list}, 0, 2)'",
	  "$Substring cannot work with these arguments" },
	{ "'$Trim(\"  x \")'", "'x'" },
	{ "'$Trim($Input{none})'", "''" },
	{ "'$Trim($Input{meta})'", "$Trim cannot work with these arguments" },
	{ "'$Split(\"a,b,,c\", \",\")'", "['a','b','','c']" },
	{ "'$Split(abc, x)'", "['abc']" },
	{ "'$Split(\"a--b\", \"--\")'", "['a','b']" },
	{ "'$Split(abc, \"\")'", "$Split cannot work with these arguments" },
	{ "'$Split($Input{list}, \",\")'", "$Split cannot work with these arguments" },
	{ "'$Pick($Input{list}, 1)'", "10" },
	{ "'$Pick($Split(\"a b c\", \" \"), 2)'", "'c'" },
	{ "'$Pick($Input{list}, 9)'", "null" },
	{ "'$Pick($Input{list}, -1)'", "null" },
	{ "'$Pick($Input{meta}, 0)'", "$Pick cannot work with these arguments" },
	{ "'$Join($Input{list}, \" \")'", "'3 10 7'" },
	{ "'$Uppercase($Input{currency})$Lowercase($Input{currency})'", "'USDusd'" },
	{ "'$Uppercase($Input{name})'", "'ŽOFIE'" },
	{ "'$Lowercase(ÀÉ)'", "'àé'" },
	{ "'$Uppercase($Input{list})'", "$Uppercase cannot work with these arguments" },
	{ "'$Replace(a.b.c, ., \"\")'", "'abc'" },
	{ "'$Replace(aaa, a, bb)'", "'bbbbbb'" },
	{ "'$Replace(abc, \"\", x)'", "'abc'" },
	{ "'$Replace($Input{meta}, a, b)'", "$Replace cannot work with these arguments" },
	{ "'$Filter($Input{list}, >, 5)'", "[10,7]" },
	{ "'$Filter($Input{list}, \">=\", 7)'", "[10,7]" },
	{ "'$Filter($Input{list}, \"<\", 7)'", "[3]" },
	{ "'$Filter($Input{list}, \"<=\", 7)'", "[3,7]" },
	{ "'$Filter($Input{list}, \"==\", 10)'", "[10]" },
	{ "'$Filter($Input{list}, \"!==\", 10)'", "[3,7]" },
	{ "'$Filter([a, b, c], \">\", a)'", "['b','c']" },
	{ "'$Filter($Input{list}, \"===\", 3)'",
	  "$Filter cannot work with these arguments" },
	{ "'$Filter($Input{meta}, \">\", 3)'",
	  "$Filter cannot work with these arguments" },
	{ "'$Find($Input{list}, \"!==\", 3)'", "10" },
	{ "'$Find($Input{list}, \">\", 99)'", "null" },
	{ "'$Dateformat(\"2026-11-21T09:05:07.123Z\", \"ddd D MMM YYYY, h:mm "
	  "a\")'",
	  "'Sat 21 Nov 2026, 9:05 am'" },
	{ "'$Dateformat(\"2026-11-21\", \"dddd DD/MM/YY HH:mm:ss\")'",
	  "'Saturday 21/11/26 00:00:00'" },
	{ "'$Dateformat(\"2024-02-29T23:30:00-01:00\", \"MMMM M D H hh A m s\")'",
	  "'March 3 1 0 12 AM 30 0'" },
	{ "'$Dateformat(\"2026-01-01T00:30+0200\", \"YYYY-MM-DD HH:mm\")'",
	  "'2025-12-31 22:30'" },
	{ "'$Dateformat(1732179600000, \"YYYY-MM-DD[T]HH:mm\")'", "'2024-11-21T09:00'" },
	{ "'$Dateformat($Now, YYYY)'", "'1970'" },
	{ "'$Dateformat(\"2023-02-29\", YYYY)'",
	  "$Dateformat cannot work with these arguments" },
	{ "'$Dateformat(soon, YYYY)'", "$Dateformat cannot work with these arguments" },
	{ "'$Base64(\"u:p\")'", "'dTpw'" },
};

Test(duct, calls_functions)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		expect(calls[i].mapping, calls[i].result);
}

Test(duct, arguments_may_be_json)
{
	cr_expect_str_eq(
		map("\"$Pick([{\\\"a\\\": \\\"$Input{amount}\\\"}, 1], 0)\"", false),
		"{\"a\":2500}");
	cr_expect_str_eq(map("\"$Concat([\\\"a\\\\nb\\\", 'it\\\\'s'])\"", false),
			 "\"a\\nbit's\"");
	cr_expect_str_eq(map("\"$Pick([{\\\"a\\\"], 0)\"", false),
			 "\"$Pick([{\\\"a\\\"], 0)\"");
}

Test(duct, secrets_may_be_files)
{
	char directory[] = "/tmp/secrets-XXXXXX";
	FILE *f;

	cr_assert(mkdtemp(directory) != NULL);
	f = fopen(arena_printf(&a, "%s/stripe", directory), "w");
	cr_assert(f != NULL);
	fputs("sk-1\n", f);
	fclose(f);
	duct_secrets_in(str_of(directory));
	expect("'$Secret{stripe}'", "'sk-1'");
	expect("{'a':'$Secret{none}','b':'$Secret{../stripe}','c':'$Secret{.}'}", "{}");
	duct_secrets_in(STR(""));
	expect("{'a':'$Secret{stripe}'}", "{}");
	remove(arena_printf(&a, "%s/stripe", directory));
	remove(directory);
}

Test(duct, too_much_text_is_refused)
{
	static const char *const rows[] = {
		"\"$Replace($Input{big}, a, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)\"",
		"\"$Concat([$Input{big}, $Input{big}, $Input{big}], '')\"",
		"\"$Input{big}$Input{big}$Input{big}\"",
		"\"$Split($Input{big}, a)\"",
	};
	struct buf big;
	struct json *input = json_new(&a, JSON_OBJECT);

	buf_init(&big, DUCT_MAX_TEXT);
	for (int i = 0; i < DUCT_MAX_TEXT / 2; i++)
		buf_add_char(&big, 'a');
	json_set(input, STR("big"), json_string(&a, arena_copy(&a, buf_str(&big))));
	buf_release(&big);
	message_set_property(&m, SCOPE_VARIABLE, STR("input"), value_json(input));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect(strstr(map(rows[i], false), "too much text") ||
				  strstr(map(rows[i], false), "cannot work"),
			  "%s gave %.40s", rows[i], map(rows[i], false));
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
