#include "tests/rows.h"

#define SAY(text) "<log level='custom'><property name='ran' value='" text "'/></log>"
#define BOTH "<then>" SAY("then") "</then><else>" SAY("else") "</else></filter>"

/* clang-format off */
static const struct row rows[] = {
	{ "<filter xpath='//n &gt; 10'>" BOTH, "<o><n>12</n></o>", "done",
	  "ran = then\n" },
	{ "<filter xpath='//n &gt; 10'>" BOTH, "<o><n>3</n></o>", "done", "ran = else\n" },
	{ "<filter xpath='//n &gt; 10'>" SAY("inside") "</filter>", "<o><n>12</n></o>",
	  "done", "ran = inside\n" },
	{ "<filter xpath='//n &gt; 10'><drop/></filter>", "<o><n>1</n></o>", "done" },
	{ "<filter xpath='json-eval($.on)'>" BOTH, "{\"on\": true}", "done",
	  "ran = then\n" },
	{ "<filter xpath='json-eval($.on)'>" BOTH, "{\"on\": \"yes\"}", "done",
	  "ran = else\n" },
	{ "<filter xpath='${payload.n &gt; 3}'>" BOTH, "{\"n\": 4}", "done",
	  "ran = then\n" },
	{ "<filter xpath='${payload.none &gt; 3}'>" BOTH, "{\"n\": 4}", "done",
	  "ran = else\n" },
	{ "<filter source='json-eval($.k)' regex='a.c'>" BOTH, "{\"k\": \"abc\"}", "done",
	  "ran = then\n" },
	{ "<filter source='json-eval($.k)' regex='a.c'>" BOTH, "{\"k\": \"abcd\"}",
	  "done", "ran = else\n" },
	{ "<filter source='$ctx:none' regex='.*'>" BOTH, "", "done", "ran = else\n" },
	{ "<filter xpath='true()'><then><drop/></then></filter><respond/>", "",
	  "dropped" },
	{ "<filter xpath='true()'><then sequence='Nobody'/></filter>", "",
	  "fault 0 Couldn't find the referred then sequence with key : Nobody" },
	/* what is said about mistakes */
	{ "<filter>" SAY("x") "</filter>", "",
	  "1: An xpath or (source, regex) attributes are required for a filter" },
	{ "<filter source='$ctx:a'/>", "",
	  "1: An xpath or (source, regex) attributes are required for a filter" },
	{ "<filter xpath=''/>", "", "1: Invalid attribute value specified for xpath" },
	{ "<filter source='$ctx:a' regex=''/>", "",
	  "1: Invalid attribute values for source and/or regex specified" },
	{ "<filter source='' regex='a'/>", "",
	  "1: Invalid attribute values for source and/or regex specified" },
	{ "<filter source='$ctx:a' regex='('/>", "",
	  "1: regex=\"(\": missing closing parenthesis at character 2" },
	{ "<filter xpath='true()'><else/></filter>", "",
	  "1: Unknown mediator referenced by configuration element : "
	  "{http://ws.apache.org/ns/synapse}else" },
};
/* clang-format on */

Test(filter, runs_what_is_inside_when_it_is_so)
{
	ROWS_CHECK(rows);
}
