/* The words that other languages need, used from Synapse XML. */
#include "tests/rows.h"

#define M " xmlns:m='urn:myelin'"
#define SAY(text) "<log level='custom'><property name='said' value='" text "'/></log>"
#define FAIL "<m:raise" M " type='APP:NO' description='no'/>"
#define NOBODY "<endpoint><address uri='http://nobody/'/></endpoint>"

/* clang-format off */
static const struct row rows[] = {
	{ "<m:raise" M " type='APP:X' description='gone'/>", "", "fault 0 gone" },
	{ "<m:raise" M " description='gone'/>", "", "1: <m:raise> needs an attribute 'type'" },
	{ "<m:say" M " level='warn' message='look'/>", "", "done", "look" },
	{ "<m:say" M " expression='json-eval($.a)'/>", "{\"a\":7}", "done", "7" },
	{ "<m:set" M " to='payload' value='hi' type='text/plain'/><respond/>", "{}", "200 hi" },
	{ "<m:set" M " to='payload' value='[1, 2]' type='application/json'/><respond/>", "x",
	  "200 [1, 2]" },
	{ "<m:set" M "><m:part to='payload' expression='json-eval($.b)'/>"
	  "<m:part to='vars.x' expression='json-eval($.a)'/></m:set><respond/>",
	  "{\"a\":7,\"b\":[8]}", "200 [8]" },
	{ "<m:set" M " to='header.x' value='1'/>", "",
	  "1: to=\"header.x\" is not payload, attributes or vars.NAME" },
	{ "<m:set" M " to='vars.x'/>", "", "1: value or expression is missing" },
	{ "<m:choose" M "><m:when test=\"json-eval($.a)\">" SAY("one") "</m:when><m:otherwise>"
	  SAY("other") "</m:otherwise></m:choose>", "{\"a\":true}", "done", "said = one" },
	{ "<m:choose" M "><m:when test=\"json-eval($.a)\">" SAY("one") "</m:when><m:otherwise>"
	  SAY("other") "</m:otherwise></m:choose>", "{\"a\":false}", "done", "said = other" },
	{ "<m:choose" M "><m:when test=\"json-eval($.a)\">" SAY("one") "</m:when></m:choose>"
	  SAY("after"), "{}", "done", "said = after" },
	{ "<m:first" M "><m:route>" FAIL "</m:route><m:route>" SAY("second") "</m:route>"
	  "<m:route>" SAY("third") "</m:route></m:first><respond/>", "x", "200 x",
	  "said = second" },
	{ "<m:first" M "><m:route>" FAIL "</m:route><m:route><m:raise type='B' "
	  "description='last'/></m:route></m:first>", "x", "fault 0 last" },
	{ "<m:rotate" M "><m:route>" SAY("a") "</m:route><m:route>" SAY("b") "</m:route>"
	  "</m:rotate>", "", "done", "said = a" },
	{ "<m:retry" M " most='2' pause='10'>" SAY("try") FAIL "</m:retry>", "",
	  "fault 0 'until-successful' retries exhausted. Last exception message was: no",
	  "Retrying execution of event, attempt 2 of 2." },
	{ "<m:retry" M " most='x'>" SAY("try") "</m:retry>", "",
	  "fault 0 'x' is no number of retries" },
	{ "<m:each" M " collection='json-eval($.l)'><m:say expression='json-eval($)'/></m:each>"
	  "<respond/>", "{\"l\":[1,\"b\"]}", "200 {\"l\":[1,\"b\"]}", "Processor 1\nINFO LoggerMessageProcessor b" },
	{ "<m:each" M " collection='json-eval($.l)' batch='2'><m:say expression='json-eval($)'/>"
	  "</m:each>", "{\"l\":[1,2,3]}", "done", "Processor [1,2]\nINFO LoggerMessageProcessor [3]" },
	{ "<m:each" M " collection='json-eval($.l)'>" SAY("never") "</m:each>", "{\"l\":7}",
	  "fault 0 the collection is no list" },
	{ "<m:keep" M " target='x' value='json-eval($.a)'><m:set to='payload' value='{\"a\":5}' "
	  "type='application/json'/></m:keep><respond/>", "{\"mine\":1}", "200 {\"mine\":1}" },
	{ "<m:keep" M " target='x' value='json-eval($.a)'><m:set to='payload' value='q'/>" FAIL
	  "</m:keep>", "{\"mine\":1}", "fault 0 no" },
	{ "<m:async" M ">" SAY("aside") "</m:async>" SAY("main"), "", "done", "said = " },
	{ "<m:scatter" M "><m:route><m:set to='payload' value='a'/></m:route>"
	  "<m:route><m:set to='payload' value='b'/></m:route></m:scatter>"
	  "<m:set" M " to='payload' expression='json-eval($.1.payload)'/><respond/>", "x",
	  "200 b" },
	{ "<m:scatter" M "><m:route>" FAIL "</m:route><m:route>" SAY("b") "</m:route>"
	  "</m:scatter>", "x", "fault 0 Exception(s) were found for route(s): Route 0: no" },
	{ "<m:scatter" M " collection='json-eval($)'><m:route><m:say "
	  "expression='json-eval($)'/></m:route></m:scatter>", "[4,5]", "done",
	  "Processor 4\nINFO LoggerMessageProcessor 5" },
	{ "<m:answer" M " status='201'/>", "x", "201 x" },
	{ "<m:answer" M " status='99'/>", "x", "fault 0 '99' is no status to answer with" },
	{ "<m:answer" M " status='204'/>", "x", "204" },
	{ "<m:try" M "><m:request path='/x'>" NOBODY "</m:request><m:catch "
	  "errors='HTTP:CONNECTIVITY'>" SAY("caught") "</m:catch></m:try><respond/>", "kept",
	  "200 kept", "said = caught" },
	{ "<m:request" M " path='/x'>" NOBODY "</m:request>", "",
	  "fault 101503 HTTP GET on resource 'http://nobody:80/x' failed: Connection refused." },
	{ "<m:request" M " path='/x'/>", "", "1: <m:request> needs an <endpoint> or url" },
	{ "<m:kv" M " op='put' store='s'/>", "", "1: <m:kv op=\"put\"> needs a key" },
	{ "<m:kv" M " op='take' key='k'/>", "",
	  "1: op=\"take\" is not one of put, get, has, remove, clear, keys, all" },
};
/* clang-format on */

Test(words, do_what_they_say)
{
	ROWS_CHECK(rows);
}
