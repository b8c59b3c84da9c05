#include "dataweave/dataweave_rows.h"

Test(dataweave, has_literals)
{
	static const struct row rows[] = {
		{ "1", "1" },
		{ "-2.5", "-2.5" },
		{ "1e3", "1e3" },
		{ "\"a\\n\\u00e9\\\"\"", "\"a\\né\\\"\"" },
		{ "'it\\'s'", "\"it's\"" },
		{ "true", "true" },
		{ "null", "null" },
		{ "[1, \"x\", [], {}]", "[1,\"x\",[],{}]" },
		{ "{a: 1, \"b c\": 2, (\"d\" ++ 1): 3}", "{\"a\":1,\"b c\":2,\"d1\":3}" },
		{ "1 // a remark", "1" },
		{ "1 /* two\nlines */ + 1", "2" },
		{ "\"n=$(vars.x)!\"", "\"n=5!\"" },
		{ "\"$(1 + 1) and $(\"a\" ++ \"b\")\"", "\"2 and ab\"" },
		{ "'\\$(1) costs $5'", "\"$(1) costs $5\"" },
		{ "|2024-01-31|", "\"2024-01-31\"" },
		{ "|2024-01-31T10:00:00Z|", "\"2024-01-31T10:00:00Z\"" },
		{ "|PT5M|", "\"PT5M\"" },
		{ "(1 to 4)", "[1,2,3,4]" },
		{ "(3 to 1)", "[3,2,1]" },
		{ "{a: 1, (b: 2) if true, (c: 3) if false}", "{\"a\":1,\"b\":2}" },
		{ "{a: 1, (payload.a)}", "{\"a\":1,\"b\":{\"c\":5}}" },
		{ "{(payload.items map {\"k$($.id)\": $.q})}",
		  "{\"k1\":1,\"k2\":2,\"k3\":5}" },
		{ "[1, (2) if (1 > 2), 3]", "[1,3]" },
	};

	EXPECT(rows);
}

Test(dataweave, binds_operators_as_the_levels_say)
{
	static const struct row rows[] = {
		{ "1 + 2 * 3", "7" },
		{ "(1 + 2) * 3", "9" },
		{ "10 / 4", "2.5" },
		{ "10 / 5", "2" },
		{ "0.1 + 0.2", "0.3" },
		{ "7 - 2 - 1", "4" },
		{ "1 < 2 and 2 < 3 or false", "true" },
		{ "not true or true", "false" },
		{ "!true or true", "true" },
		{ "not 1 == 2", "true" },
		{ "\"a\" ++ \"b\" default \"c\"", "\"ab\"" },
		{ "vars.n + 1 > 0 and true", "true" },
		{ "payload.a.b.z default \"z\"", "\"z\"" },
		{ "if (1 > 2) 1 else if (2 > 1) 2 else 3", "2" },
		{ "if (false) 1 else 2 + 3", "5" },
		{ "payload.tags map $ filter $ != \"b\"", "[\"a\",\"c\"]" },
		{ "payload.items map $.q filter $ > 1", "[2,5]" },
		{ "\"x\" ++ now() as String {format: \"yyyy\"}", "\"x2024\"" },
		{ "- (1 + 2)", "-3" },
		{ "2 as String ++ \"!\"", "\"2!\"" },
		{ "1 is Number and \"a\" is String", "true" },
		{ "[1] + 2", "[1,2]" },
		{ "[1] << 2", "[1,2]" },
		{ "0 >> [1]", "[0,1]" },
		{ "[1,2,3] -- [2]", "[1,3]" },
		{ "{a: 1, b: 2} - \"a\"", "{\"b\":2}" },
		{ "[1] ++ [2]", "[1,2]" },
		{ "{a: 1} ++ {b: 2}", "{\"a\":1,\"b\":2}" },
		{ "|2024-01-31| + |P1M|", "\"2024-02-29\"" },
		{ "|2024-01-02| - |2024-01-01|", "\"P1D\"" },
	};

	EXPECT(rows);
}

Test(dataweave, compares_and_coerces_as_defined)
{
	static const struct row rows[] = {
		{ "if (vars.x > 3) \"big\" else \"small\"", "\"big\"" },
		{ "(vars.x as Number) > 10", "false" },
		{ "\"a\" ++ 1", "\"a1\"" },
		{ "\"5\" == 5", "false" },
		{ "\"5\" ~= 5", "true" },
		{ "5 ~= \"5\"", "true" },
		{ "\"x\" ~= 5", "false" },
		{ "1 == 1.0", "true" },
		{ "{a: 1} == {a: 1}", "true" },
		{ "[1, 2] == (1 to 2)", "true" },
		{ "\"10\" < \"9\"", "true" },
		{ "10 < 9", "false" },
		{ "null ++ \"x\"", "! ++ takes text, not Null" },
		{ "\"abc\" as Number", "! cannot coerce String (abc) to Number" },
		{ "\"007\" as Number", "7" },
		{ "\"1.50\" as Number", "1.50" },
		{ "1234.5 as String {format: \"#,##0.00\"}", "\"1,234.50\"" },
		{ "0.5 as String {format: \"0.00\"}", "\"0.50\"" },
		{ "7 as String {format: \"000\"}", "\"007\"" },
		{ "\"true\" as Boolean", "true" },
		{ "\"2024-03-01\" as Date as String {format: \"dd/MM/yyyy\"}",
		  "\"01/03/2024\"" },
		{ "\"01/03/2024\" as Date {format: \"dd/MM/yyyy\"}", "\"2024-03-01\"" },
		{ "|2024-01-31T10:00:00Z| as Number", "1706695200" },
		{ "now() as Number {unit: \"milliseconds\"}", "1706749200000" },
		{ "0 as DateTime", "\"1970-01-01T00:00:00Z\"" },
		{ "|2024-02-01T01:00:00Z|.year", "2024" },
		{ "now() as String {format: \"MMMM d, EEEE\"}",
		  "\"February 1, Thursday\"" },
		{ "if (\"true\") 1 else 2", "1" },
		{ "if (1) 1 else 2", "! a condition must be true or false, not Number" },
		{ "1 / 0", "! division by zero" },
		{ "9223372036854775807 + 1", "9223372036854775808" },
	};

	EXPECT(rows);
}

Test(dataweave, selects_without_ever_failing)
{
	static const struct row rows[] = {
		{ "payload.id", "7" },
		{ "payload.price", "1.50" },
		{ "payload.\"odd name\"", "1" },
		{ "payload.'odd name'", "1" },
		{ "payload['id']", "7" },
		{ "payload.a.b.c", "5" },
		{ "payload.x.y.z", "null" },
		{ "payload.tags[0]", "\"a\"" },
		{ "payload.tags[-1]", "\"c\"" },
		{ "payload.tags[9]", "null" },
		{ "payload.tags[1 to 2]", "[\"b\",\"c\"]" },
		{ "payload.tags[-1 to 0]", "[\"c\",\"b\",\"a\"]" },
		{ "payload.name[0 to 1]", "\"An\"" },
		{ "payload.items.id", "[1,2,3]" },
		{ "payload.items.*q", "[1,2,5]" },
		{ "payload..c", "[5]" },
		{ "payload.items[?($.q > 1)].id", "[2,3]" },
		{ "payload.id?", "true" },
		{ "payload.nope?", "false" },
		{ "payload.nope!", "! there is no 'nope'" },
		{ "payload.none?", "true" },
		{ "{a: 1, a: 2}.*a", "[1,2]" },
		{ "attributes.method", "\"GET\"" },
		{ "attributes.headers['x-tenant']", "\"t1\"" },
		{ "attributes.headers.'X-TENANT'", "\"t1\"" },
		{ "attributes.queryParams.q", "\"x y\"" },
		{ "attributes.queryParams.*q", "[\"x y\",\"2\"]" },
		{ "attributes.requestPath", "\"/a/b c\"" },
		{ "attributes.statusCode", "null" },
		{ "correlationId", "\"c-1\"" },
		{ "error", "null" },
		{ "vars.nope", "null" },
		{ "payload.^mimeType", "\"application/json\"" },
		{ "message.payload.id", "7" },
	};

	EXPECT(rows);
}

Test(dataweave, has_functions)
{
	static const struct row rows[] = {
		{ "payload.items map {id: $.id, n: $$}",
		  "[{\"id\":1,\"n\":0},{\"id\":2,\"n\":1},{\"id\":3,\"n\":2}]" },
		{ "payload.items filter ($.q > 1) map {id: $.id, n: $$}",
		  "[{\"id\":2,\"n\":0},{\"id\":3,\"n\":1}]" },
		{ "payload.items map ((item, index) -> item.q * index)", "[0,2,10]" },
		{ "payload.items filter (i) -> i.q == 5", "[{\"id\":3,\"q\":5}]" },
		{ "payload.nope map $", "null" },
		{ "payload.tags map upper", "[\"A\",\"B\",\"C\"]" },
		{ "payload.items reduce ((item, sum = 0) -> sum + item.q)", "8" },
		{ "[1,2,3] reduce ($$ + $)", "6" },
		{ "payload.items groupBy $.q mod 2 == 0",
		  "! cannot coerce Object to Number" },
		{ "payload.items groupBy ($.q > 1)",
		  "{\"false\":[{\"id\":1,\"q\":1}],\"true\":[{\"id\":2,\"q\":2},{\"id\":"
		  "3,\"q\":5}]}" },
		{ "payload.items orderBy -$.q map $.id", "[3,2,1]" },
		{ "[3,1,2] orderBy $", "[1,2,3]" },
		{ "[1,1,2] distinctBy $", "[1,2]" },
		{ "{a: 1, b: 2} mapObject {(upper($$)): $}", "{\"A\":1,\"B\":2}" },
		{ "{a: 1, b: 2} mapObject ((value, key, index) -> {(key): index})",
		  "{\"a\":0,\"b\":1}" },
		{ "{a: 1, b: 2} filterObject $ > 1", "{\"b\":2}" },
		{ "{a: 1, b: 2} pluck $$", "[\"a\",\"b\"]" },
		{ "[[1],[2,3]] flatMap $", "[1,2,3]" },
		{ "flatten([[1],[2]])", "[1,2]" },
		{ "keysOf({a: 1})", "[\"a\"]" },
		{ "valuesOf({a: 1})", "[1]" },
		{ "entriesOf({a: 1})[0].key", "\"a\"" },
		{ "sizeOf(payload.items)", "3" },
		{ "sizeOf(\"é!\")", "2" },
		{ "isEmpty([]) and isEmpty(\"\") and isEmpty(null)", "true" },
		{ "upper(\"ab\") ++ lower(\"CD\") ++ capitalize(\"first_name\")",
		  "\"ABcdFirst Name\"" },
	};

	EXPECT(rows);
}

Test(dataweave, has_functions_of_texts_and_others)
{
	static const struct row rows[] = {
		{ "trim(\"  x \")", "\"x\"" },
		{ "\"abc\" contains \"b\"", "true" },
		{ "payload.tags contains \"z\"", "false" },
		{ "\"abc\" startsWith \"ab\"", "true" },
		{ "\"abc\" endsWith \"bc\"", "true" },
		{ "\"a-b-c\" splitBy \"-\"", "[\"a\",\"b\",\"c\"]" },
		{ "\"a1b22c\" splitBy /[0-9]+/", "[\"a\",\"b\",\"c\"]" },
		{ "[1,2] joinBy \",\"", "\"1,2\"" },
		{ "\"abc\" replace \"b\" with \"X\"", "\"aXc\"" },
		{ "\"a1b2\" replace /[0-9]/ with \"#\"", "\"a#b#\"" },
		{ "\"a1\" replace /([a-z])([0-9])/ with ($[2] ++ $[1])", "\"1a\"" },
		{ "(\"a\" default \"\" replace \"a\" with \"b\") replace \"b\" with "
		  "\"c\"",
		  "\"c\"" },
		{ "\"abc\" matches /a.c/", "true" },
		{ "\"x=1\" match /(\\w)=(\\d)/", "[\"x=1\",\"x\",\"1\"]" },
		{ "\"a1b2\" scan /[a-z]([0-9])/", "[[\"a1\",\"1\"],[\"b2\",\"2\"]]" },
		{ "\"abab\" find \"b\"", "[1,3]" },
		{ "sum([1,2.5])", "3.5" },
		{ "avg([1,2])", "1.5" },
		{ "min([3,1]) + max([3,1])", "4" },
		{ "abs(-1) + round(2.5) + floor(2.9) + ceil(2.1)", "9" },
		{ "mod(7, 3) + pow(2, 3)", "9" },
		{ "isBlank(\" \")", "true" },
		{ "typeOf(1)", "\"Number\"" },
		{ "read('{\"a\":[1]}', \"application/json\").a[0]", "1" },
		{ "write({a: 1}, \"application/json\", {indent: false})",
		  "\"{\\\"a\\\":1}\"" },
		{ "read(\"a=1&b=x%20y\", \"application/x-www-form-urlencoded\").b",
		  "\"x y\"" },
		{ "read(\"a,b\\n1,2\", \"application/csv\")[0].b", "\"2\"" },
		{ "encodeURIComponent(\"a b/c?\")", "\"a%20b%2Fc%3F\"" },
		{ "decodeURIComponent(\"a%20b\")", "\"a b\"" },
		{ "inPath(\"a?b#c/d\")", "\"a%3Fb%23c/d\"" },
		{ "fromBase64(toBase64(\"x\"))", "\"x\"" },
		{ "try(() -> 1 / 0).success", "false" },
		{ "try(() -> 1) orElse 2", "1" },
		{ "try(() -> 1 / 0) orElse (() -> 2)", "2" },
		{ "[1,2] zip [3,4]", "[[1,3],[2,4]]" },
		{ "dw::core::Strings::upper(\"a\")", "\"A\"" },
		{ "p(\"no such property of ours\")", "null" },
		{ "uuid() matches /[0-9a-f-]{36}/", "true" },
		{ "payload.name match { case \"Bob\" -> 1 case x if x == \"Ann\" -> 2 "
		  "else -> 3 }",
		  "2" },
		{ "5 match { case is String -> \"s\" case is Number -> $ + 1 }", "6" },
		{ "\"a1\" match { case matches /b./ -> 1 case matches /a./ -> 2 else -> "
		  "3 }",
		  "2" },
	};

	EXPECT(rows);
}

Test(dataweave, runs_scripts)
{
	static const struct row rows[] = {
		{ "%dw 2.0\noutput application/json\n---\n{a: payload.id}", "{\"a\":7}" },
		{ "output application/json --- {a: 1}", "{\"a\":1}" },
		{ "%dw 2.0\nvar x = 2\nvar y = x + 1\nfun twice(n) = n * "
		  "2\n---\ntwice(y)",
		  "6" },
		{ "fun f(n: Number): Number = if (n <= 1) 1 else n * f(n - "
		  "1)\n---\nf(10)",
		  "3628800" },
		{ "fun f(a, b = 2) = a + b\n---\nf(1)", "3" },
		{ "var f = (a) -> a + 1\n---\nf(1)", "2" },
		{ "do { var x = 1\n---\nx + 1 }", "2" },
		{ "import * from dw::core::Strings\noutput text/plain\n---\n1 + 1",
		  "\"2\"" },
		{ "output application/json skipNullOn=\"everywhere\"\n---\n{a: null, b: "
		  "1}",
		  "{\"b\":1}" },
		{ "output application/xml indent=false, writeDeclaration=false\n---\n"
		  "{r: {a @(k: 1): \"x<y\", b: [1, 2]}}",
		  "\"<r><a k=\\\"1\\\">x&lt;y</a><b>1</b><b>2</b></r>\"" },
		{ "output application/x-www-form-urlencoded\n---\n{a: \"x y\", b: 1}",
		  "\"a=x+y&b=1\"" },
		{ "output application/csv\n---\n[{a: 1, b: \"x,y\"}]",
		  "\"a,b\\n1,\\\"x,y\\\"\\n\"" },
		{ "#[payload.id]", "7" },
		{ "#[[1,2,3]]", "[1,2,3]" },
	};

	EXPECT(rows);
}

Test(dataweave, says_what_is_wrong_and_where)
{
	static const struct row rows[] = {
		{ "1 +", "? a value is missing at the end, at 1:4 of the expression" },
		{ "(1", "? ')' is missing at the end, at 1:3 of the expression" },
		{ "{a 1}",
		  "? 'a' where a key or '}' was expected, at 1:2 of the expression" },
		{ "nothingLikeThat + 1",
		  "? nothing is called 'nothingLikeThat', at 1:1 of the expression" },
		{ "1\n + unknown",
		  "? nothing is called 'unknown', at 2:4 of the expression" },
		{ "#[flowVars.x]",
		  "? 'flowVars' belongs to Mule 3's expressions (MEL), which are "
		  "not supported, at 1:1 of the expression" },
		{ "\"abc", "? a string does not end at 1:1 of the expression" },
		{ "x -> ", "? a value is missing at the end, at 1:5 of the expression" },
		{ "1 as Nonsense",
		  "? 'Nonsense' where a type was expected, at 1:6 of the expression" },
		{ "upper()",
		  "? upper takes 1 to 1 arguments, not 0, at 1:7 of the expression" },
	};

	EXPECT(rows);
}

Test(dataweave, is_bounded)
{
	struct place p;
	char deep[2001];

	place_init(&p);
	cr_expect_str_eq(outcome(&p, "fun f(n) = f(n + 1)\n---\nf(1)"),
			 "! the expression calls itself too deep");
	cr_expect_str_eq(outcome(&p, "(1 to 900000) map $ map $"),
			 "! the expression makes too much data");
	cr_expect_str_eq(outcome(&p, "fun f(x) = if (x > 25) 1 else f(x + 1) + f(x + 1)\n"
				     "---\nf(0)"),
			 "! the expression takes too long");
	cr_expect_str_eq(
		outcome(&p,
			"sizeOf((1 to 40) reduce ((i, s = \"0123456789\") -> s ++ s))"),
		"! the expression makes too much data");
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	cr_expect(strstr(outcome(&p, deep), "less nesting") != NULL);
	memset(deep, '[', sizeof(deep) - 1);
	cr_expect(strstr(outcome(&p, deep), "less nesting") != NULL);
	memset(deep, '-', sizeof(deep) - 1);
	cr_expect_eq(*outcome(&p, deep), '?');
	place_release(&p);
}

Test(dataweave, knows_whether_it_needs_the_payload)
{
	struct place p;
	struct fault why = { 0 };

	place_init(&p);
	cr_expect_eq(dataweave_compile(STR("vars.x"), &p.arena, &why)->needs,
		     NEEDS_NOTHING);
	cr_expect_eq(dataweave_compile(STR("\"$(payload.x)\""), &p.arena, &why)->needs,
		     NEEDS_VALUE);
	cr_expect_str_eq(
		dataweave_compile(STR("output application/json --- 1"), &p.arena, &why)
			->media_type.at,
		"application/json");
	place_release(&p);
}
