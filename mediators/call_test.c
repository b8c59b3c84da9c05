#include "tests/rows.h"

#define TO(url) "<endpoint><address uri='" url "'/></endpoint>"
#define CALL(inside) "<call>" inside "</call>"
#define JSON_HEADERS "Content-Type: application/json\nX-Back: 1\n"

static struct world w;

static void setup(void)
{
	world_init(&w);
	w.incoming.method = STR("POST");
	w.backend[0] = (struct backend){ "http://a/", .status = 207,
					 .headers = JSON_HEADERS,
					 .body = "{\"from\": \"a\"}" };
	w.backend[1] = (struct backend){ "http://404/", .status = 404,
					 .headers = JSON_HEADERS, .body = "{}" };
	w.backend[2] = (struct backend){ "http://slow/", .after = 50, .body = "late" };
}

static void teardown(void)
{
	world_release(&w);
}

TestSuite(call, .init = setup, .fini = teardown);

/* clang-format off */
static const struct {
	const char *xml, *ending, *sent; /* sent: the body a backend saw */
} cases[] = {
	{ CALL(TO("http://a/x")) "<respond/>", "207 {\"from\": \"a\"}",
	  "{\"q\": 1, \"in\": {\"k\": 2}}" },
	{ CALL(TO("http://404/x")) "<respond/>", "404 {}",
	  "{\"q\": 1, \"in\": {\"k\": 2}}" },
	{ CALL(TO("http://slow/x")) "<respond/>", "200 late",
	  "{\"q\": 1, \"in\": {\"k\": 2}}" },
	{ CALL(TO("http://nobody/x")) "<respond/>",
	  "fault 101503 Error connecting to the back end",
	  NULL },
	{ CALL("<source contentType='application/json'>json-eval($.in)</source>"
	       TO("http://a/")) "<respond/>", "207 {\"from\": \"a\"}", "{\"k\": 2}" },
	{ CALL("<source type='inline' contentType='application/json'>{\"z\":1}</source>"
	       TO("http://a/")) "<respond/>", "207 {\"from\": \"a\"}", "{\"z\":1}" },
	{ CALL("<source type='inline' contentType='application/xml'><z xmlns=''/></source>"
	       TO("http://a/")) "<respond/>", "207 {\"from\": \"a\"}", "<z/>" },
	{ "<property name='p' expression='json-eval($.in)'/>"
	  CALL("<source type='property' contentType='application/json'>p</source>"
	       TO("http://a/")) "<respond/>", "207 {\"from\": \"a\"}", "{\"k\":2}" },
	{ CALL("<target type='property'>answer</target>" TO("http://a/"))
	  "<property name='X' expression='json-eval($ctx:answer.from)' scope='axis2'/>"
	  "<property name='HTTP_SC' value='200' scope='axis2'/><respond/>",
	  "200 {\"q\": 1, \"in\": {\"k\": 2}}", "{\"q\": 1, \"in\": {\"k\": 2}}" },
	{ "<header name='To' value='http://a/there'/><call/><respond/>",
	  "207 {\"from\": \"a\"}", "{\"q\": 1, \"in\": {\"k\": 2}}" },
	{ "<call blocking='true'>" TO("http://404/") "</call><respond/>",
	  "fault 401002 Transport error: 404 Error: OK",
	  "{\"q\": 1, \"in\": {\"k\": 2}}" },
	/* what is said about mistakes */
	{ "<call><target type='property'/></call>",
	  "1: <target> needs the name of a property", NULL },
	{ "<call><source type='header'>x</source></call>",
	  "1: type=\"header\" is not one of body, custom, property, inline", NULL },
	{ "<call endpoint='x'/>", "1: <call> has no attribute 'endpoint'; it has blocking", NULL },
};
/* clang-format on */

static const char request[] = "{\"q\": 1, \"in\": {\"k\": 2}}";

Test(call, goes_on_with_the_reply)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		teardown();
		setup();

		const char *ending = row_run(&w, cases[i].xml, request);

		cr_expect_str_eq(ending, cases[i].ending, "%s: %s", cases[i].xml, ending);
		if (!cases[i].sent)
			continue;
		cr_assert(w.seen_count, "%s", cases[i].xml);
		cr_expect(str_eq(w.seen[0].body, str_of(cases[i].sent)), "%s: " STR_FMT,
			  cases[i].xml, STR_ARG(w.seen[0].body));
	}
}

Test(call, of_a_target_keeps_the_headers_of_the_request)
{
	row_run(&w,
		CALL("<target type='property'>p</target>" TO(
			"http://a/")) "<log level='custom'><property name='back' "
				      "expression='$trp:X-Back'/><property name='p' "
				      "expression='json-eval($ctx:p.from)'/></log>",
		request);
	cr_expect(row_logged(&w, "back = null, p = a\n"), "%s", world_log(&w));
}

Test(call, with_a_variable_for_a_target_keeps_status_and_payload_there)
{
	row_run(&w,
		CALL("<target type='variable'>v</target>" TO(
			"http://a/")) "<log level='custom'><property name='v' "
				      "expression='$var:v'/></log>",
		request);
	cr_expect(row_logged(&w, "v = {\"payload\":{\"from\":\"a\"},\"headers\":{"), "%s",
		  world_log(&w));
	cr_expect(row_logged(&w, "\"attributes\":{\"statusCode\":207}}\n"), "%s",
		  world_log(&w));
}

Test(call, that_blocks_keeps_headers_and_axis2_properties)
{
	row_run(&w,
		"<header name='X-Client' value='c' scope='transport'/>"
		"<property name='keep' value='k' scope='axis2'/>"
		"<call blocking='true'>" TO(
			"http://a/") "</call>"
				     "<log level='custom'><property name='sc' "
				     "expression='$axis2:HTTP_SC'/>"
				     "<property name='keep' expression='$axis2:keep'/>"
				     "<property name='client' "
				     "expression='$trp:X-Client'/>"
				     "<property name='back' "
				     "expression='$trp:X-Back'/></log>",
		request);
	cr_expect(row_logged(&w, "sc = 207, keep = k, client = c, back = null\n"), "%s",
		  world_log(&w));
}

Test(call, does_not_wait_while_it_is_out_only)
{
	const char *ending = row_run(&w,
				     "<property name='OUT_ONLY' value='true'/>" CALL(
					     TO("http://slow/")) "<respond/>",
				     "x");

	cr_expect_str_eq(ending, "200 x");
	cr_expect_str_eq(w.sent, "http://slow/ ");
	cr_expect(str_eq(w.seen[0].body, STR("x")));
}

Test(call, that_does_not_wait_leaves_nothing_behind_when_the_engine_goes)
{
	w.backend[0] = (struct backend){ "http://a/", .silent = true };
	row_run(&w, "<property name='OUT_ONLY' value='true'/>" CALL(TO("http://a/")),
		"x");
	cr_expect_eq(w.under_way, 1);
}
