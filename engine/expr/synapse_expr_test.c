#include "expr/expr.h"

#include <criterion/criterion.h>

#include "base/log.h"
#include "message/content.h"

static const char order_json[] =
	"{\"a\":{\"b\":[1,2,{\"c\":\"x y\"}]},\"n\":null,\"t\":\"7\",\"x-y\":{\"a "
	"b\":\"q\"},"
	"\"s\":\"Hello "
	"World\",\"i\":4,\"yes\":true,\"no\":false,\"one\":1.0,\"long\":3000000000,"
	"\"items\":[{\"p\":5,\"k\":\"u\"},{\"p\":15,\"k\":\"v\"}],\"o\":{},\"l\":[],"
	"\"q\":\"'in'\"}";

struct asked {
	struct arena arena;
	struct timers clock;
	struct surroundings around;
	struct incoming incoming;
	struct message message;
};

static void ask(struct asked *q, struct str type, struct str payload)
{
	*q = (struct asked){ .incoming = {
				     .method = STR("POST"),
				     .target = STR("/x?color=light%20red&z=007") } };
	timers_init(&q->clock);
	q->clock.wall = 1767225600000;
	q->around.clock = &q->clock;
	message_init(&q->message, &q->arena, &q->incoming, &q->around);
	headers_add(&q->message.headers, STR("Content-Type"), type);
	headers_add(&q->message.headers, STR("X-Client"), STR("c9"));
	body_set(&q->message.body, payload);
	message_set_property(&q->message, SCOPE_DEFAULT, STR("p"), value_str(STR("3")));
	message_set_property(&q->message, SCOPE_DEFAULT, STR("uri.var.id"),
			     value_str(STR("16")));
	message_set_property(&q->message, SCOPE_AXIS2, STR("q"), value_str(STR("q q")));
	message_set_property(&q->message, SCOPE_FUNCTION, STR("who"),
			     value_str(STR("eve")));
	message_set_property(&q->message, SCOPE_VARIABLE, STR("n"), value_int(41));
	message_set_property(&q->message, SCOPE_VARIABLE, STR("min"), value_int(10));
	message_set_property(&q->message, SCOPE_VARIABLE, STR("key"),
			     value_str(STR("a b")));
	message_set_property(&q->message, SCOPE_VARIABLE, STR("text"),
			     value_str(STR("{\"a\": {\"b\": [1, 2]}}")));
}

static void done(struct asked *q)
{
	message_release(&q->message);
	arena_release(&q->arena);
}

static const char *text_of(struct asked *q, const char *source)
{
	struct fault why = { 0 };
	const char *whole = arena_printf(&q->arena, "${%s}", source);
	const struct expr *e = expr_compile(str_of(whole), NULL, &q->arena, &why);
	struct str s;

	if (!e)
		return arena_printf(&q->arena, "[refused: %s]", why.text);
	cr_assert(expr_text(e, &q->message, &s, NULL, &why));
	return arena_copy(&q->arena, s).at;
}

/* An empty text where a warning was logged is written as "!". */
static bool warned;

static void see_line(void *ctx, enum log_level level, const char *logger, struct str text)
{
	(void)ctx;
	(void)logger;
	warned = warned || (level == LOG_WARN &&
			    str_starts(text, STR("Error evaluating expression: ")));
}

static const struct log_sink sink = { see_line, NULL, NULL };

struct row {
	const char *source, *text;
};

static void check(struct str type, const char *payload, const struct row *rows,
		  size_t count)
{
	log_to(&sink);
	for (size_t i = 0; i < count; i++) {
		struct asked q;
		const char *text;

		ask(&q, type, str_of(payload));
		warned = false;
		text = text_of(&q, rows[i].source);
		if (warned)
			text = "!";
		cr_expect_str_eq(text, rows[i].text, "%s: %s, not %s", rows[i].source,
				 text, rows[i].text);
		done(&q);
	}
}

#define CHECK(type, payload, rows) \
	check(STR(type), payload, rows, sizeof(rows) / sizeof(rows[0]))

static const struct row access[] = {
	{ "payload.a.b[2].c", "x y" },
	{ "payload.a.b", "[1,2,{\"c\":\"x y\"}]" },
	{ "payload.n", "" },
	{ "payload.zz", "!" },
	{ "$.t", "7" },
	{ "payload[\"x-y\"][\"a b\"]", "q" },
	{ "payload.x-y[vars.key]", "q" },
	{ "payload.a.b.length()", "3" },
	{ "payload.a.b[?(@.c)]", "[{\"c\":\"x y\"}]" },
	{ "payload.items[*].p", "[5,15]" },
	{ "payload.items[?(@.p > vars.min)].k", "[\"v\"]" },
	{ "payload.items[?(@.k == 'u')].p", "[5]" },
	{ "payload.items[integer('1')].k", "v" },
	{ "payload.a.b[vars.n - 40]", "2" },
	{ "payload.a.b[0:2]", "[1,2]" },
	{ "payload.a.b[-1].c", "x y" },
	{ "payload..c", "[\"x y\"]" },
	{ "payload.x-y.*", "[\"q\"]" },
	{ "vars.n", "41" },
	{ "vars['n'] + 1", "42" },
	{ "vars.text.a.b[1]", "2" },
	{ "vars.nope", "!" },
	{ "vars.n.x", "!" },
	{ "headers.X-Client", "c9" },
	{ "headers[\"x-client\"]", "c9" },
	{ "headers.X-Nope", "!" },
	{ "params.queryParams.color", "light red" },
	{ "params.queryParams.z", "7" },
	{ "params.pathParams.id + 1", "17" },
	{ "params.functionParams.who", "eve" },
	{ "props.synapse.p + 4", "7" },
	{ "properties.synapse.p", "3" },
	{ "props.axis2.q", "q q" },
	{ "props.axis2.HTTP_METHOD", "POST" },
	{ "configs.nope", "!" },
	{ "payload.q", "in" },
};

Test(synapse_expr, reaches_payload_variables_headers_and_properties)
{
	CHECK("application/json", order_json, access);
}

static const struct row operators[] = {
	{ "1 + 2 * 3", "7" },
	{ "(1 + 2) * 3", "9" },
	{ "10 - 3 - 2", "5" },
	{ "7 / 2", "3.5" },
	{ "6 / 2", "3" },
	{ "7 % 3", "1" },
	{ "2147483647 + 1", "2147483648" },
	{ "0.1 + 0.2", "0.3" },
	{ "0.3 - 0.1", "0.2" },
	{ "1.1 * 1.1", "1.21" },
	{ "10.0 / 3.0", "3.3" },
	{ "payload.i + 0.5", "4.5" },
	{ "payload.i / 0", "!" },
	{ "payload.i % 0.0", "!" },
	{ "payload.t + 1", "!" },
	{ "payload.a.b[0] + 1", "2" },
	{ "payload.a.b[0] / 2", "0.5" },
	{ "integer(payload.t) + 1", "8" },
	{ "payload.t == 7", "true" },
	{ "payload.one == 1", "false" },
	{ "payload.n == null", "true" },
	{ "payload.i != null", "true" },
	{ "payload.zz == null", "!" },
	{ "payload.long > 1", "!" },
	{ "payload.i >= 4", "true" },
	{ "payload.t < 9", "!" },
	{ "(payload.i > 1) and (payload.a.b[1] > 1)", "true" },
	{ "(payload.i > 9) || (payload.i < 2)", "false" },
	{ "payload.i > 1 and payload.i > 2", "!" },
	{ "payload.yes and payload.no", "false" },
	{ "payload.t and true", "!" },
	{ "payload.i > 0 ? \"y\" : \"n\"", "y" },
	{ "payload.i > 100 ? 'big' : payload.i > 3 ? 'middle' : 'small'", "middle" },
	{ "payload.yes ? 'ok' : payload.zz", "ok" },
	{ "'text' ? 1 : 2", "!" },
	{ "'(' + (payload.i == 4 ? 'yes' : 'no') + ')'", "(yes)" },
	{ "payload.s + '!' + 'end'", "Hello World!end" },
	{ "9223372036854775807 + 1", "!" },
	{ "[1, 'a', payload.i]", "[1,\"a\",4]" },
};

Test(synapse_expr, operators_work_as_they_do_in_the_original)
{
	CHECK("application/json", order_json, operators);
}

static const struct row functions[] = {
	{ "length(payload.a.b)", "3" },
	{ "length('Žluťoučký')", "9" },
	{ "length(payload.i)", "!" },
	{ "toUpper(payload.s)", "HELLO WORLD" },
	{ "toLower('ABC')", "abc" },
	{ "trim('  x ')", "x" },
	{ "subString('hello', 1, 3)", "el" },
	{ "subString('hello', 2)", "llo" },
	{ "subString('hello', 4, 9)", "!" },
	{ "charAt('hello', 1)", "e" },
	{ "charAt('hello', 5)", "!" },
	{ "startsWith(payload.s, 'Hel')", "true" },
	{ "endsWith(payload.s, 'x')", "false" },
	{ "contains(payload.s, 'lo W')", "true" },
	{ "replace('a.b.c', '.', '-')", "a-b-c" },
	{ "split('a,b,,c,,', ',')", "[\"a\",\"b\",\"\",\"c\"]" },
	{ "indexOf('hello', 'l')", "2" },
	{ "indexOf('hello', 'l', 3)", "3" },
	{ "indexOf('hello', 'z')", "-1" },
	{ "abs(-3)", "3" },
	{ "ceil(2.1)", "3.0" },
	{ "floor(2.9)", "2.0" },
	{ "round(2.5)", "3" },
	{ "round(2.345, 2)", "2.35" },
	{ "sqrt(9)", "3.0" },
	{ "pow(2, 10)", "1024.0" },
	{ "log(100)", "2.0" },
	{ "base64encode('Grüße')", "R3LDvMOfZQ==" },
	{ "base64decode('R3LDvMOfZQ==')", "Grüße" },
	{ "urlEncode('a b*c&d')", "a%20b%2Ac%26d" },
	{ "urlDecode('a+b%21')", "a b!" },
	{ "isString(payload.s)", "true" },
	{ "isNumber(payload.i)", "true" },
	{ "isNumber(payload.t)", "false" },
	{ "isArray(payload.l)", "true" },
	{ "isObject(vars.text)", "true" },
	{ "integer('41') + 1", "42" },
	{ "integer('1.5')", "!" },
	{ "float('1.5') + 1", "2.5" },
	{ "boolean('TRUE')", "true" },
	{ "string(5) + 'x'", "5x" },
	{ "object(vars.text).a.b[1]", "2" },
	{ "array('[4, 5]').length()", "2" },
	{ "array('nope')", "!" },
	{ "now()", "1767225600000" },
	{ "formatDateTime('2024-03-05', 'yyyy-MM-dd', 'dd/MM/yyyy')", "05/03/2024" },
	{ "formatDateTime(now(), 'yyyy-MM')", "2026-01" },
	{ "formatDateTime('x', 'yyyy', 'MM')", "!" },
	{ "exists(payload.i)", "true" },
	{ "exists(payload.zz)", "false" },
	{ "exists(payload.n)", "false" },
	{ "exists(payload.zz) ? payload.zz : 'nobody'", "nobody" },
	{ "not(payload.i > 9)", "true" },
	{ "toUpper(payload.n)", "!" },
	{ "base64encode(payload.zz)", "!" },
	{ "xpath('string(//s)')", "Hello World" },
	{ "xpath('//bad[')", "[refused: the XPath '//bad[' cannot be read: it is not "
			     "well formed, at its end]" },
	{ "registry('nope')", "!" },
};

Test(synapse_expr, functions_work_as_they_do_in_the_original)
{
	CHECK("application/json", order_json, functions);
}

static const struct row of_xml[] = {
	{ "xpath('//order/id')", "A-7" },
	{ "xpath('count(//line) > 1')", "true" },
	{ "'no ' + xpath('string(//order/id)')", "no A-7" },
	{ "payload.order.id", "A-7" },
	{ "xpath('//nope')", "" },
};

Test(synapse_expr, xml_is_reached_by_xpath_and_as_json)
{
	CHECK("application/xml", "<order><id>A-7</id><line/><line/></order>", of_xml);
}

static const char *const refused[] = {
	"payload.a + ", "5-3",        "payload.a b",      "nosuch(1)",
	"'text",        "payload.in", "payload[]",        "(1 + 2",
	"vars",         "params.x.y", "trim()",           "1 +",
	"payload.",     "[1, 2",      "payload.a[?(@.b]", "a ? b",
	"1 ? 2",        "",           "props.x.y.",       "headers",
};

Test(synapse_expr, what_cannot_be_read_is_refused)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		const char *whole = arena_printf(&a, "${%s}", refused[i]);

		cr_expect_null(expr_compile(str_of(whole), NULL, &a, &why), "%s", whole);
		cr_expect_not_null(why.text, "%s", whole);
		arena_release(&a);
	}
}

Test(synapse_expr, what_is_nested_too_deeply_is_refused)
{
	static const char *const units[] = {
		"(", "[", "payload[", "vars.a[?(vars.a[?(", "not(", "1 and ", "true ? "
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		struct buf b;

		buf_init(&b, 1000000);
		buf_add(&b, STR("${"));
		for (int k = 0; k < 20000; k++)
			buf_add(&b, str_of(units[i]));
		buf_add(&b, STR("}"));
		cr_expect_null(expr_compile(buf_str(&b), NULL, &a, &why), "%s", units[i]);
		buf_release(&b);
		arena_release(&a);
	}
}

static const struct {
	const char *source;
	enum needs needs;
} needs[] = {
	{ "${vars.n + 1}", NEEDS_NOTHING },          { "${'payload.a'}", NEEDS_NOTHING },
	{ "${headers.payload}", NEEDS_NOTHING },     { "${payload.a}", NEEDS_TREE },
	{ "${vars.list[payload.i]}", NEEDS_TREE },   { "${xpath('//a')}", NEEDS_TREE },
	{ "${xpath('//a', 'doc')}", NEEDS_NOTHING },
};

Test(synapse_expr, the_payload_is_asked_for_only_when_it_is_looked_at)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		const struct expr *e = expr_compile(str_of(needs[i].source), NULL, &a,
						    &why);

		cr_expect(e && e->needs == needs[i].needs, "%s", needs[i].source);
		arena_release(&a);
	}
}

/* Text with ${…} in it: the shortest up to the first brace. */
static const struct row templates[] = {
	{ "plain", "plain" },
	{ "order ${payload.i} of ${payload.s}!", "order 4 of Hello World!" },
	{ "${payload.n}|${payload.zz}|", "||" },
	{ "a $ b } ${", "a $ b } ${" },
	{ "${vars.n}", "41" },
	{ "{${vars.n}}", "{41}" },
};

Test(synapse_expr, stands_within_text)
{
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		struct asked q;
		struct fault why = { 0 };
		const struct expr *e;
		struct str s = STR("");

		ask(&q, STR("application/json"), str_of(order_json));
		e = expr_compile_template(str_of(templates[i].source), NULL, &q.arena,
					  &why);
		cr_expect(e && expr_text(e, &q.message, &s, NULL, &why) &&
				  str_eq(s, str_of(templates[i].text)),
			  "%s: " STR_FMT, templates[i].source, STR_ARG(s));
		done(&q);
	}
}
