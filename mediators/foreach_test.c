#include "tests/rows.h"

#define LOOP(expression, inside)                                        \
	"<foreach expression='" expression "' id='l'><sequence>" inside \
	"</sequence></foreach>"
#define CODE                                                                      \
	"<payloadFactory media-type='json'><format>{\"c\":\"$1\"}</format><args>" \
	"<arg evaluator='json' expression='$.s'/></args></payloadFactory>"
#define ITEM                                                        \
	"<payloadFactory><format><i xmlns=''>$1</i></format><args>" \
	"<arg expression='string(//s)'/></args></payloadFactory>"
#define COUNT                                     \
	"<log level='custom'><property name='n' " \
	"expression='$ctx:l_FOREACH_COUNTER'/></log>"

/* clang-format off */
static const struct row rows[] = {
	{ LOOP("json-eval($.l)", CODE) COUNT "<respond/>",
	  "{\"k\": 1, \"l\": [{\"s\": \"a\"}, {\"s\": \"b\"}]}",
	  "200 {\"k\":1,\"l\":[{\"c\":\"a\"},{\"c\":\"b\"}]}", "n = 2\n" },
	{ LOOP("json-eval($)", CODE) "<respond/>", "[{\"s\": \"a\"}]",
	  "200 [{\"c\":\"a\"}]" },
	{ LOOP("json-eval($.l)", CODE) "<respond/>", "{\"l\": [ ]}", "200 {\"l\": [ ]}",
	  "No elements found for the JSONPath : json-eval($.l)\n" },
	{ LOOP("json-eval($.l)", CODE), "{\"l\": 5}",
	  "fault 0 JSON element expressed by the path $.l is not a valid JSON array" },
	{ LOOP("json-eval($.l)", "<throwError errorMessage='no'/>"), "{\"l\": [1]}",
	  "fault 0 no" },
	{ "<foreach expression='json-eval($.l)' continueLoopOnFailure='true'><sequence>"
	  "<filter xpath='json-eval($.bad)'><throwError errorMessage='no'/></filter>"
	  "</sequence></foreach><respond/>", "{\"l\": [{\"bad\": true}, {\"s\": 1}]}",
	  "200 {\"l\":[{\"s\":1}]}", "Continuing with the remaining.\n" },
	{ LOOP("//l", ITEM) "<respond/>", "<o><x/><l><s>a</s></l><l><s>b</s></l></o>",
	  "200 <o><x/><i>a</i><i>b</i></o>" },
	{ LOOP("//none", ITEM) "<respond/>", "<o/>", "200 <o/>",
	  "No elements found for the xpath : //none\n" },
	/* what is said about mistakes */
	{ LOOP("json-eval($.l)", "<call/>"), "",
	  "1: Sequence cannot contain Call, Send or CallOut mediators" },
	{ "<foreach expression='//a'/>", "",
	  "1: A 'sequence' attribute or a <sequence> is required for a foreach mediator" },
	{ "<foreach><sequence/></foreach>", "",
	  "1: The 'expression' attribute is required for the configuration of a foreach "
	  "mediator" },
};
/* clang-format on */

Test(foreach, runs_a_sequence_on_each_element)
{
	ROWS_CHECK(rows);
}
