#include "dataweave/dataweave_rows.h"

Test(dataweave, takes_values_apart_and_puts_them_together)
{
	static const struct row rows[] = {
		{ "payload update { case .name -> \"Bob\" } then $.name", "\"Bob\"" },
		{ "payload.a update { case b at .b.c -> b + 1 }", "{\"b\":{\"c\":6}}" },
		{ "payload.a update { case .b.d! -> 1 }", "{\"b\":{\"c\":5,\"d\":1}}" },
		{ "payload.a update { case .x.y -> 1 }", "{\"b\":{\"c\":5}}" },
		{ "{a: [1,2,3]} update { case x at .a[1] -> x * 10 }",
		  "{\"a\":[1,20,3]}" },
		{ "{a: 1, a: 2} update { case .*a -> 0 }", "{\"a\":0,\"a\":0}" },
		{ "{n: 7} update { case i at .n if (i > 5) -> 0 }", "{\"n\":0}" },
		{ "{n: 7} update { case .\"n\" -> 1 case .(\"n\") -> 2 }", "{\"n\":2}" },
		{ "payload.tags match { case [h ~ t] -> {h: h, t: t} else -> 0 }",
		  "{\"h\":\"a\",\"t\":[\"b\",\"c\"]}" },
		{ "{a: 1, b: 2} match { case {k: v ~ t} -> {(k): v, rest: t} }",
		  "{\"a\":1,\"rest\":{\"b\":2}}" },
		{ "[] match { case [] -> \"e\" case [h ~ t] -> h }", "\"e\"" },
		{ "payload.id match { case x if (x > 5) -> \"big\" case x if (x <"
		  "= 5) -> \"small\" }",
		  "\"big\"" },
		{ "payload.name match { case n if n startsWith \"A\" -> \"yes\" e"
		  "lse -> \"no\" }",
		  "\"yes\"" },
		{ "payload.name match { case w matches /A(.)(.)/ -> w[2] else -> "
		  "\"no\" }",
		  "\"n\"" },
		{ "payload.name match { case \"X\" -> 1 else name -> name ++ \"!"
		  "\" }",
		  "\"Ann!\"" },
		{ "payload.none match { case is Null -> \"null\" else -> \"x\" }",
		  "\"null\"" },
		{ "a: 1", "{\"a\":1}" },
		{ "payload.items map (i) -> id: i.id",
		  "[{\"id\":1},{\"id\":2},{\"id\":3}]" },
		{ "{ (payload.items map ((i) -> { (\"k\" ++ i.id): i.q })) }",
		  "{\"k1\":1,\"k2\":2,\"k3\":5}" },
		{ "{ (if (payload.id == 7) {c: 3} else {}) }", "{\"c\":3}" },
		{ "{a: 1, b: 2}[1]", "2" },
		{ "payload.items[0].id?", "true" },
		{ "payload.items[?($.id == 9)]", "null" },
		{ "payload.tags[0 to -1]", "[\"a\",\"b\",\"c\"]" },
		{ "payload.name[-1]", "\"n\"" },
		{ "payload.(\"na\" ++ \"me\")", "\"Ann\"" },
		{ "payload.items[5 to 6]", "null" },
	};

	EXPECT(rows);
}

/* Lists that share their beginning do not see each other's ends. */
Test(dataweave, adds_to_lists_without_changing_them)
{
	static const struct row rows[] = {
		{ "do { var a = [1] var b = a + 2 var c = a + 3 --- [a, b, c] }",
		  "[[1],[1,2],[1,3]]" },
		{ "do { var a = [1] var b = a + 2 var c = b + 3 var d = b + 4 --- [b, c, "
		  "d] }",
		  "[[1,2],[1,2,3],[1,2,4]]" },
		{ "do { var a = {x: 1} var b = a ++ {y: 2} var c = a ++ {z: 3} "
		  "var d = b ++ {w: 1} --- [a, b, c, d] }",
		  "[{\"x\":1},{\"x\":1,\"y\":2},{\"x\":1,\"z\":3},{\"x\":1,\"y\":"
		  "2,\"w\":1}]" },
		{ "do { var a = payload.tags var b = a + 1 --- [payload.tags, b] }",
		  "[[\"a\",\"b\",\"c\"],[\"a\",\"b\",\"c\",1]]" },
		{ "{a: 1, b: 2} -- {b: 2}", "{\"a\":1}" },
		{ "{a: 1, b: 2} -- {b: 3}", "{\"a\":1,\"b\":2}" },
		{ "{a: 1, b: 2} -- [\"b\"]", "{\"a\":1}" },
		{ "[1, 2.0, \"2\", {a: 1}] -- [2, {a: 1}]", "[1,\"2\"]" },
		{ "[1, 1.0, \"1\", true, null, null] distinctBy $",
		  "[1,\"1\",true,null]" },
		{ "sizeOf((1 to 20000) reduce ((x, a = []) -> a + x))", "20000" },
		{ "sizeOf((1 to 20000) reduce ((x, a = {}) -> a ++ {(x as String): 1}))",
		  "20000" },
		{ "sizeOf((1 to 20000) groupBy $)", "20000" },
		{ "sizeOf((1 to 20000) distinctBy $)", "20000" },
		{ "sizeOf((1 to 20000) -- (2 to 20000))", "1" },
	};

	EXPECT(rows);
}

Test(dataweave, names_types_and_namespaces)
{
	static const struct row rows[] = {
		{ "%dw 2.0\nvar x = payload.id\nfun add(a: Number, b: Number) = a"
		  " + b\noutput application/json\n---\n{ r: add(x, 1) }",
		  "{\"r\":8}" },
		{ "%dw 2.0\noutput application/json\nimport * from dw::core::Stri"
		  "ngs\nimport first, last as l from dw::core::Arrays\n---\n{a: c"
		  "apitalize(\"x y\")}",
		  "{\"a\":\"X Y\"}" },
		{ "%dw 2.0\ntype Money = Number {format: \"0.00\"}\ntype U = {nam"
		  "e: String, age?: Number}\nfun f<T>(x: T): T = x\nvar y: U = {n"
		  "ame: \"a\"}\noutput application/json\n---\n{a: f(payload.price"
		  ") as Money, b: y}",
		  "{\"a\":1.50,\"b\":{\"name\":\"a\"}}" },
		{ "%dw 2.0\ntype Size = \"S\" | \"M\"\n---\n\"S\" is Size", "true" },
		{ "%dw 2.0\nvar f: (n: Number) -> Number = (n) -> n + 1\n---\nf(1"
		  ")",
		  "2" },
		{ "%dw 2.0\nns soap http://schemas.xmlsoap.org/soap/envelope/\nns"
		  " b urn:b\noutput application/xml indent=false, writeDeclaratio"
		  "n=false\n---\n{soap#Envelope: {soap#Body: {b#a @(b#x: 1, y: 2)"
		  ": 1}}}",
		  "\"<soap:Envelope xmlns:soap=\\\"http://schemas.xmlsoap.org/soa"
		  "p/envelope/\\\"><soap:Body><b:a xmlns:b=\\\"urn:b\\\" b:x="
		  "\\\"1\\\" y=\\\"2\\\">1</b:a></soap:Body></soap:Envelope>\"" },
		{ "%dw 2.0\noutput application/xml\n---\n{x#a: 1}",
		  "? 'x' where the prefix of an 'ns' line was expected, at 4:2 of"
		  " the expression" },
		{ "%dw 2.0\noutput application/xml\n---\nroot: { a: [1, 2], b: nu"
		  "ll }",
		  "\"<?xml version='1.0' encoding='UTF-8'?>\\n<root>\\n  <a>1</a>"
		  "\\n  <a>2</a>\\n  <b/>\\n</root>\"" },
		{ "%dw 2.0\noutput application/xml\n---\npayload",
		  "! XML has one root; wrap the value in an object with one key" },
		{ "output application/json --- \"Ann\"", "\"Ann\"" },
		{ "output application/json --- \"123\"", "\"123\"" },
		{ "output application/json --- null", "null" },
		{ "typeOf(1) == Number", "true" },
		{ "typeOf(\"a\") as String", "\"String\"" },
		{ "typeOf(payload.items) == Array", "true" },
		{ "1 is Number | String", "true" },
	};

	EXPECT(rows);
}

Test(dataweave, tells_the_time_everywhere)
{
	static const struct row rows[] = {
		{ "now() >> \"America/New_York\"", "\"2024-01-31T20:00:00-05:00\"" },
		{ "now() >> \"Asia/Kolkata\"", "\"2024-02-01T06:30:00+05:30\"" },
		{ "now() >> \"+05:30\"", "\"2024-02-01T06:30:00+05:30\"" },
		{ "now() >> \"UTC\"", "\"2024-02-01T01:00:00Z\"" },
		{ "now() >> \"../../etc/passwd\"",
		  "! '../../etc/passwd' is no time zone" },
		{ "now() >> \"CET\" as String {format: \"HH:mm\"}",
		  "\"2024-02-01T02:00:00+01:00\"" },
		{ "|2024-07-01T00:00:00Z| >> \"Europe/Berlin\"",
		  "\"2024-07-01T02:00:00+02:00\"" },
		{ "|2024-03-01| - |2024-02-01|", "\"P29D\"" },
		{ "(|2024-03-01| - |2024-02-01|).days", "29" },
		{ "daysBetween(|2024-02-01|, |2024-03-01|)", "29" },
		{ "isLeapYear(|2024-02-01|)", "true" },
		{ "today()", "\"2024-02-01\"" },
		{ "|P1Y2M3DT4H|", "\"P1Y2M3DT4H\"" },
		{ "|PT90S|", "\"PT1M30S\"" },
		{ "|PT0.5S|", "\"PT0.500S\"" },
		{ "|PT1H30M| as Number {unit: \"seconds\"}", "5400" },
		{ "\"2024-02-29\" as Date", "\"2024-02-29\"" },
		{ "\"2023-02-29\" as Date",
		  "! cannot coerce String (2023-02-29) to Date" },
		{ "\"Jan 31, 2024\" as Date {format: \"MMM d, yyyy\"}",
		  "\"2024-01-31\"" },
		{ "\"31/01/2024 10:20\" as LocalDateTime {format: \"dd/MM/yyyy HH"
		  ":mm\"}",
		  "\"2024-01-31T10:20:00\"" },
		{ "now() as String {format: \"EEE, dd MMM yyyy HH:mm:ss.SSS\"}",
		  "\"Thu, 01 Feb 2024 01:00:00.000\"" },
		{ "now() - |PT1H|", "\"2024-02-01T00:00:00Z\"" },
		{ "|2024-01-31| + |P1M|", "\"2024-02-29\"" },
	};

	EXPECT(rows);
}

Test(dataweave, has_functions_over_arrays)
{
	static const struct row rows[] = {
		{ "payload.items countBy ($.q > 1)", "2" },
		{ "payload.items sumBy $.q", "8" },
		{ "payload.items partition ((item) -> item.q > 1)",
		  "{\"success\":[{\"id\":2,\"q\":2},{\"id\":3,\"q\":5}],\"failure"
		  "\":[{\"id\":1,\"q\":1}]}" },
		{ "payload.tags indexWhere (item) -> item == \"b\"", "1" },
		{ "slice(payload.tags, 0, 2)", "[\"a\",\"b\"]" },
		{ "[1,2,3,4,5] divideBy 2", "[[1,2],[3,4],[5]]" },
		{ "payload.items dropWhile $.q < 2",
		  "[{\"id\":2,\"q\":2},{\"id\":3,\"q\":5}]" },
		{ "payload.items takeWhile $.q < 2", "[{\"id\":1,\"q\":1}]" },
		{ "unzip([[1, \"a\"], [2, \"b\"]])", "[[1,2],[\"a\",\"b\"]]" },
		{ "join([{id: 1}], [{id: 1, n: \"x\"}, {id: 2}], (l) -> l.id, (r)"
		  " -> r.id)",
		  "[{\"l\":{\"id\":1},\"r\":{\"id\":1,\"n\":\"x\"}}]" },
		{ "[3,1,2] orderBy -$", "[3,2,1]" },
		{ "{b: 1, a: 2} orderBy $$", "{\"a\":2,\"b\":1}" },
		{ "payload.tags reduce (a, b) -> a ++ b", "\"cba\"" },
		{ "payload.items reduce ((item, acc = {}) -> acc ++ {(item.id as "
		  "String): item.q})",
		  "{\"1\":1,\"2\":2,\"3\":5}" },
		{ "payload.items groupBy (item) -> if (item.q > 1) \"big\" else "
		  "\"small\"",
		  "{\"small\":[{\"id\":1,\"q\":1}],\"big\":[{\"id\":2,\"q\":2},{"
		  "\"id\":3,\"q\":5}]}" },
		{ "payload.items distinctBy (i) -> i.q > 1",
		  "[{\"id\":1,\"q\":1},{\"id\":2,\"q\":2}]" },
		{ "payload.items maxBy $.q", "{\"id\":3,\"q\":5}" },
		{ "payload.items filter not ($.q == 1)",
		  "[{\"id\":2,\"q\":2},{\"id\":3,\"q\":5}]" },
		{ "sum([])", "0" },
		{ "max([])", "null" },
		{ "sizeOf(null)", "0" },
	};

	EXPECT(rows);
}

Test(dataweave, has_functions_over_texts)
{
	static const struct row rows[] = {
		{ "repeat(\"ab\", 3)", "\"ababab\"" },
		{ "substring(\"hello\", 1, 3)", "\"el\"" },
		{ "words(\" a  b c\")", "[\"a\",\"b\",\"c\"]" },
		{ "lines(\"a\\nb\")", "[\"a\",\"b\"]" },
		{ "\"abcabc\" lastIndexOf \"c\"", "5" },
		{ "reverse(\"héy\")", "\"yéh\"" },
		{ "reverse([1, 2])", "[2,1]" },
		{ "\"aXbX\" countMatches \"X\"", "2" },
		{ "wrapWith(\"a\", \"|\")", "\"|a|\"" },
		{ "appendIfMissing(\"a/\", \"/\")", "\"a/\"" },
		{ "prependIfMissing(\"a\", \"/\")", "\"/a\"" },
		{ "isAlpha(\"abc\")", "true" },
		{ "isAlphanumeric(\"a1\")", "true" },
		{ "isUpperCase(\"AB\")", "true" },
		{ "isWhitespace(\" \")", "true" },
		{ "pluralize(\"box\")", "\"boxes\"" },
		{ "pluralize(\"city\")", "\"cities\"" },
		{ "ordinalize(22)", "\"22nd\"" },
		{ "ordinalize(11)", "\"11th\"" },
		{ "\"1,234.5\" as Number {format: \"#,###.#\"}", "1234.5" },
		{ "pow(10, 1000000)", "! the number is too large" },
		{ "leftPad(\"a\", 2000000000)", "! the expression makes too much data" },
		{ "lookup(\"flow\", payload)",
		  "? nothing is called 'lookup', at 1:1 of the expression" },
	};

	EXPECT(rows);
}

Test(dataweave, reads_xml_as_it_stands)
{
	static const struct row rows[] = {
		{ "payload",
		  "{\"order\":{\"item\":{\"name\":\"One\"},\"item\":{\"name\":\"T"
		  "wo\"},\"total\":\"12.50\",\"empty\":null,\"note\":{\"__text\":"
		  "\"hi \",\"b\":\"there\"},\"tag\":\"t\"}}" },
		{ "payload.order.@id", "\"7\"" },
		{ "payload.order.@", "{\"id\":\"7\"}" },
		{ "payload.order.item", "{\"name\":\"One\"}" },
		{ "payload.order.*item", "[{\"name\":\"One\"},{\"name\":\"Two\"}]" },
		{ "payload.order.*item.name", "[\"One\",\"Two\"]" },
		{ "payload.order.*item map $.@sku", "[\"a\",\"b\"]" },
		{ "payload.order.*item.@sku", "[\"a\",\"b\"]" },
		{ "payload.order.item.@sku", "\"a\"" },
		{ "payload.order.total as Number", "12.50" },
		{ "payload.order.empty", "null" },
		{ "payload.order..name", "[\"One\",\"Two\"]" },
		{ "payload.order.tag", "\"t\"" },
		{ "payload.order mapObject ((v, k) -> {(k): v}) then $.@id", "null" },
		{ "output application/xml indent=false, writeDeclaration=false --"
		  "- payload",
		  "\"<order id=\\\"7\\\"><item sku=\\\"a\\\"><name>One</name></it"
		  "em><item sku=\\\"b\\\"><name>Two</name></item><total>12.50</to"
		  "tal><empty/><note xmlns:x=\\\"urn:x\\\" x:lang=\\\"en\\\">hi <"
		  "b>there</b></note><x:tag xmlns:x=\\\"urn:x\\\">t</x:tag></orde"
		  "r>\"" },
		{ "output application/xml indent=false, writeDeclaration=false --"
		  "- {list: {(payload.order.*item map ((i) -> {it @(n: i.@sku): i"
		  ".name}))}}",
		  "\"<list><it n=\\\"a\\\">One</it><it n=\\\"b\\\">Two</it></list"
		  ">\"" },
		{ "payload.order.item?", "true" },
		{ "payload.order.nope", "null" },
	};

	EXPECT_OF("application/xml",
		  "<?xml version=\"1.0\"?><order id=\"7\" xmlns:x=\"urn:x\"><item"
		  " sku=\"a\"><name>One</name></item><item sku=\"b\"><name>Two</n"
		  "ame></item><total>12.50</total><empty/><note x:lang=\"en\">hi "
		  "<b>there</b></note><x:tag>t</x:tag></order>",
		  rows);
}

Test(dataweave, reads_envelopes_of_soap)
{
	static const struct row rows[] = {
		{ "payload.Envelope.Body.a", "\"1\"" },
		{ "payload.s#Envelope.s#Body.a.@k", "\"v\"" },
		{ "read(\"<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'>"
		  "<Body><a>2</a></Body></Envelope>\", \"text/xml\").Envelope.Body.a",
		  "\"2\"" },
	};

	EXPECT_OF("text/xml",
		  "<?xml version='1.0'?><!-- x --><s:Envelope "
		  "xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><a "
		  "k='v'>1</a></s:Body></s:Envelope>",
		  rows);
}

Test(dataweave, reads_other_types)
{
	static const struct row rows[] = {
		{ "payload", "[{\"a\":\"1\",\"b\":\"x, y\"},{\"a\":\"2\",\"b\":\"z\"}]" },
		{ "payload[1].b", "\"z\"" },
		{ "payload filter $.a == \"2\"", "[{\"a\":\"2\",\"b\":\"z\"}]" },
	};

	EXPECT_OF("text/csv", "a,b\n1,\"x, y\"\n2,z\n", rows);
}

Test(dataweave, reads_forms)
{
	static const struct row rows[] = {
		{ "payload", "{\"a\":\"1\",\"b\":\"x y\",\"a\":\"2\"}" },
		{ "payload.b", "\"x y\"" },
		{ "payload.*a", "[\"1\",\"2\"]" },
	};

	EXPECT_OF("application/x-www-form-urlencoded", "a=1&b=x+y&a=2", rows);
}

Test(dataweave, leaves_unknown_types_as_text)
{
	static const struct row rows[] = {
		{ "payload", "\"hi <\"" },
		{ "payload ++ \"!\"", "\"hi <!\"" },
		{ "upper(payload)", "\"HI <\"" },
		{ "payload.x", "null" },
	};

	EXPECT_OF("application/vnd.some.thing", "hi <", rows);
}
