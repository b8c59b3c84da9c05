#include "expr/expr.h"

#include <criterion/criterion.h>

#include "message/content.h"

static const char order_json[] =
	"{\"a\":{\"b\":[1,2,{\"c\":\"x y\"}]},\"n\":null,\"t\":\"7\",\"on\":true,"
	"\"big\":12345678901234567890,\"d\":1.50}";
static const char order_xml[] =
	"<r xmlns:m=\"urn:m\"><t> hi </t><e><f>1</f></e><m>1</m><m>2</m>"
	"<x k=\"v\"/><m:q>quoted</m:q></r>";

/* A message with a payload, and what it is asked from. */
struct asked {
	struct arena arena;
	struct timers clock;
	struct surroundings around;
	struct incoming incoming;
	struct message message;
};

static struct value local_entry(const void *ctx, struct str key, struct arena *a)
{
	(void)ctx;
	(void)a;
	return str_eq(key, STR("entry")) ? value_str(STR("local")) : VALUE_NONE;
}

static void ask(struct asked *q, struct str type, struct str payload)
{
	*q = (struct asked){ .around = { .local_entry = local_entry } };
	timers_init(&q->clock);
	q->clock.wall = 1767225600000;
	q->around.clock = &q->clock;
	q->incoming.method = STR("POST");
	q->incoming.target = STR("/test/o/9?q=red+hat&Z=1");
	q->incoming.correlation = STR("0-1-2");
	message_init(&q->message, &q->arena, &q->incoming, &q->around);
	headers_add(&q->message.headers, STR("X-Client"), STR("me"));
	if (payload.len) {
		headers_add(&q->message.headers, STR("Content-Type"), type);
		body_set(&q->message.body, payload);
	}
	message_set_property(&q->message, SCOPE_DEFAULT, STR("p"), value_str(STR("d")));
	message_set_property(&q->message, SCOPE_DEFAULT, STR("n"), value_int(3));
	message_set_property(&q->message, SCOPE_DEFAULT, STR("uri.var.id"),
			     value_str(STR("9")));
	message_set_property(&q->message, SCOPE_OPERATION, STR("p"), value_str(STR("o")));
	message_set_property(&q->message, SCOPE_FUNCTION, STR("who"),
			     value_str(STR("eve")));
	message_set_property(&q->message, SCOPE_DEFAULT, STR("j"),
			     value_str(STR("{\"k\": [5]}")));
}

static void done(struct asked *q)
{
	message_release(&q->message);
	arena_release(&q->arena);
}

static struct str declared(const void *ctx, struct str prefix)
{
	(void)ctx;
	return str_eq(prefix, STR("m")) ? STR("urn:m") : (struct str){ NULL, 0 };
}

static const struct expr_scope scope = { declared, NULL };

/* Its text; "(null)" for null, and what is wrong in brackets. */
static const char *text_of(struct asked *q, const char *source)
{
	struct fault why = { 0 };
	const struct expr *e = expr_compile(str_of(source), &scope, &q->arena, &why);
	struct str s;
	bool is_null;

	if (!e)
		return arena_printf(&q->arena, "[refused: %s]", why.text);
	if (!expr_text(e, &q->message, &s, &is_null, &why))
		return arena_printf(&q->arena, "[fault: %s]", why.text);
	return is_null ? "(null)" : arena_copy(&q->arena, s).at;
}

static const char *truth_of(struct asked *q, const char *source)
{
	struct fault why = { 0 };
	const struct expr *e = expr_compile(str_of(source), &scope, &q->arena, &why);
	bool b;

	if (!e || !expr_truth(e, &q->message, &b, &why))
		return why.text;
	return b ? "true" : "false";
}

struct row {
	const char *source, *text;
};

static void check(struct str type, const char *payload, const struct row *rows,
		  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct asked q;
		const char *text;

		ask(&q, type, str_of(payload));
		text = text_of(&q, rows[i].source);
		cr_expect_str_eq(text, rows[i].text, "%s: %s, not %s", rows[i].source,
				 text, rows[i].text);
		done(&q);
	}
}

#define CHECK(type, payload, rows) \
	check(STR(type), payload, rows, sizeof(rows) / sizeof(rows[0]))

static const struct row of_properties[] = {
	{ "'text'", "text" },
	{ "\"it's\"", "it's" },
	{ "$ctx:p", "d" },
	{ "$ctx:n", "3" },
	{ "$ctx:nope", "(null)" },
	{ "$trp:x-client", "me" },
	{ "$trp:X-Nope", "(null)" },
	{ "$axis2:HTTP_METHOD", "POST" },
	{ "$operation:p", "o" },
	{ "$func:who", "eve" },
	{ "$url:q", "red hat" },
	{ "$url:z", "1" },
	{ "$url:nope", "" },
	{ "$sys:nope", "" },
	{ "$ctx:uri.var.id", "9" },
	{ "$ctx:query.param.q", "red hat" },
	{ "$ctx:To", "(null)" },
	{ "get-property('p')", "d" },
	{ "synapse:get-property( \"operation\" , 'p')", "o" },
	{ "get-property('nope')", "(null)" },
	{ "get-property('env', 'MYELIN_NO_SUCH_VARIABLE')", "" },
	{ "get-property('what', 'p')", "" },
	{ "get-property('entry')", "local" },
	{ "get-property('To')", "/test/o/9?q=red+hat&Z=1" },
	{ "get-property('MessageID')", "urn:uuid:0-1-2" },
	{ "get-property('SYSTEM_TIME')", "1767225600000" },
	{ "string-length(get-property('SYSTEM_DATE', 'yyyy-MM-dd'))", "10.0" },
	{ "fn:concat($ctx:p, '-', $trp:X-CLIENT, '-', $url:q, $ctx:nope)",
	  "d-me-red hat" },
	{ "fn:normalize-space('  x  y ')", "x y" },
	{ "string(fn:string-length('Größe'))", "5" },
	{ "fn:upper-case('größe 1')", "GRÖßE 1" },
	{ "lower-case('ÄÖÜ ABC')", "äöü abc" },
	{ "fn:replace('a/b/c', '/', '-')", "a-b-c" },
	{ "fn:replace('a1b22', '([0-9]+)', '<$1>')", "a<1>b<22>" },
	{ "fn:tokenize('a/b/c', '/')[2]", "b" },
	{ "fn:tokenize('a/b/c', '/')[last()]", "c" },
	{ "fn:string-join(tokenize('a,b', ','), '+')", "a+b" },
	{ "fn:ends-with('abc', 'bc')", "true" },
	{ "matches('abc', '^a.c$')", "true" },
	{ "base64Encode('Grüße')", "R3LDvMOfZQ==" },
	{ "base64Decode('R3LDvMOfZQ==')", "Grüße" },
	{ "base64Encode('')", "" },
	{ "url-encode('a b/c?d=e&f=%')", "a%20b/c?d=e&f=%25" },
	{ "1 + 2", "3.0" },
	{ "string(1 + 2)", "3" },
	{ "1 div 3", "0.3333333333333333" },
	{ "number('x')", "NaN" },
	{ "10000000 * 10", "1.0E8" },
	{ "1 = 1", "true" },
	{ "$ctx:nope = 'x'", "false" },
	{ "$ctx:n > 2", "true" },
	{ "$nobody:x",
	  "[fault: Evaluation of the XPath expression $nobody:x resulted in an error]" },
	{ "nosuch('x')", "[fault: Evaluation of the XPath expression nosuch('x') "
			 "resulted in an error]" },
	{ "json-eval($ctx:j.k[0])", "5" },
	{ "json-eval($ctx:nope.k)", "" },
};

Test(expr, properties_are_read_without_a_payload)
{
	CHECK("", "", of_properties);
}

static const struct row of_xml[] = {
	{ "//t", "hi" },
	{ "//e", "<e><f>1</f></e>" },
	{ "//m", "<m>1</m><m>2</m>" },
	{ "//m/text()", "12" },
	{ "//x/@k", "v" },
	{ "//x", "<x k=\"v\"/>" },
	{ "//zz", "" },
	{ "count(//m)", "2.0" },
	{ "string(count(//m))", "2" },
	{ "$body/r/t/text()", " hi " },
	{ "string(/*/*[local-name()='Body']/r/m[2])", "2" },
	{ "//m:q", "quoted" },
	{ "//undeclared:q",
	  "[fault: Evaluation of the XPath expression //undeclared:q resulted in an "
	  "error]" },
	{ "name($env)", "soapenv:Envelope" },
	{ "count($header)", "0.0" },
	{ "json-eval($.r.m)", "[1,2]" },
	{ "json-eval($.r.x)", "{\"@k\":\"v\"}" },
	{ "concat('(', $ctx:p, //x/@k, ')')", "(dv)" },
};

Test(expr, paths_reach_into_an_xml_payload)
{
	CHECK("application/xml", order_xml, of_xml);
}

static const struct row of_json[] = {
	{ "json-eval($.a.b[2].c)", "x y" },
	{ "json-eval($.a.b)", "[1,2,{\"c\":\"x y\"}]" },
	{ "json-eval($.n)", "null" },
	{ "json-eval($.zz)", "" },
	{ "json-eval($.big)", "12345678901234567890" },
	{ "json-eval($.d)", "1.50" },
	{ "json-eval(a.b[0])", "1" },
	{ "json-eval($.a.b.length())", "3" },
	{ "json-eval($.a.)", "{\"b\":[1,2,{\"c\":\"x y\"}]}" },
	{ "$body/jsonObject/a/b[2]", "2" },
	{ "string(//t)", "7" },
	{ "//n", "<n/>" },
	{ "json-eval($.a.b[{'0'}])", "1" },
};

Test(expr, paths_reach_into_a_json_payload)
{
	CHECK("application/json", order_json, of_json);
}

static const struct row truths[] = {
	{ "'false'", "true" },
	{ "''", "false" },
	{ "$ctx:nope", "false" },
	{ "get-property('p')", "true" },
	{ "not($ctx:nope)", "true" },
	{ "0", "false" },
	{ "//t", "true" },
	{ "//zz", "false" },
	{ "json-eval($.on)", "true" },
	{ "json-eval($.t)", "false" },
	{ "json-eval($.zz)", "false" },
};

Test(expr, truth_goes_by_the_rules_of_each_language)
{
	for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
		struct asked q;

		ask(&q, STR("application/json"), str_of(order_json));
		cr_expect_str_eq(truth_of(&q, truths[i].source), truths[i].text, "%s",
				 truths[i].source);
		done(&q);
	}
}

/* Whether the payload is looked at; the rest may stream past. */
static const struct {
	const char *source;
	enum needs needs;
} needs[] = {
	{ "$ctx:p", NEEDS_NOTHING },
	{ "'/a/b'", NEEDS_NOTHING },
	{ "concat($ctx:p, 'x') = 'y' and $trp:a-b != 3", NEEDS_NOTHING },
	{ "$ctx:doc//item[price > 3]/name", NEEDS_NOTHING },
	{ "fn:substring-after(get-property('To'), '/x/')", NEEDS_NOTHING },
	{ "string-length($ctx:a) * 2 > 4 div 2", NEEDS_NOTHING },
	{ "fn:tokenize($ctx:a, '/')[last()-1]", NEEDS_NOTHING },
	{ "//x", NEEDS_TREE },
	{ "concat($ctx:p, //x)", NEEDS_TREE },
	{ "$ctx:doc/a[. = //x]", NEEDS_TREE },
	{ "$body", NEEDS_TREE },
	{ "order/id", NEEDS_TREE },
	{ "@id", NEEDS_TREE },
	{ "text()", NEEDS_TREE },
	{ "child::a", NEEDS_TREE },
	{ "count(*)", NEEDS_TREE },
	{ "2 * *", NEEDS_TREE },
	{ "get-property('FAULT')", NEEDS_TREE },
	{ "json-eval($.a)", NEEDS_TREE },
	{ "json-eval($ctx:a.b)", NEEDS_NOTHING },
};

Test(expr, the_payload_is_asked_for_only_when_it_is_looked_at)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		const struct expr *e = expr_compile(str_of(needs[i].source), &scope, &a,
						    &why);

		cr_expect(e && e->needs == needs[i].needs, "%s", needs[i].source);
		arena_release(&a);
	}
}

static const struct row refused[] = {
	{ "//order[id = 1", NULL },
	{ "", NULL },
	{ "concat('a", NULL },
	{ "json-eval($.a[)", NULL },
	{ "json-eval($.a[?(@.b ==)])", NULL },
	{ "json-eval($.a..)", NULL },
	{ "json-eval($.a.nosuch())", NULL },
};

Test(expr, what_cannot_be_read_is_refused)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };

		cr_expect_null(expr_compile(str_of(refused[i].source), NULL, &a, &why),
			       "%s", refused[i].source);
		cr_expect_not_null(why.text, "%s", refused[i].source);
		arena_release(&a);
	}
}

/* Values of attributes: constants, or expressions in braces. */
static const struct row values[] = {
	{ "plain", "plain" },  { "{$ctx:p}", "d" }, { "{json-eval($.t)}", "7" },
	{ "{{$ctx:p}}", "d" }, { "{}", "{}" },      { " kept ", " kept " },
};

Test(expr, a_value_is_a_constant_or_an_expression_in_braces)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct asked q;
		struct fault why = { 0 };
		const struct expr *e;
		struct str s = STR("");

		ask(&q, STR("application/json"), str_of(order_json));
		e = expr_compile_value(str_of(values[i].source), &scope, &q.arena, &why);
		cr_expect(e && expr_text(e, &q.message, &s, NULL, &why) &&
				  str_eq(s, str_of(values[i].text)),
			  "%s", values[i].source);
		done(&q);
	}
}
