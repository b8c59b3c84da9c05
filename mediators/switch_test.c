#include "tests/rows.h"

#define SAY(text) "<log level='custom'><property name='ran' value='" text "'/></log>"
#define KIND(value) "<property name='k' value='" value "'/>"
#define CASES                                                             \
	"<case regex='a.*'>" SAY("first") "</case><case regex='ab'>" SAY( \
		"second") "</case><case regex='\\d+'>" SAY("number") "</case>"
#define SWITCH(more) "<switch source='$ctx:k'>" CASES more "</switch>"
#define DEFAULT "<default>" SAY("other") "</default>"

/* clang-format off */
static const struct row rows[] = {
	{ KIND("ab") SWITCH(DEFAULT), "", "done", "ran = first\n" },
	{ KIND("123") SWITCH(DEFAULT), "", "done", "ran = number\n" },
	{ KIND("123x") SWITCH(DEFAULT), "", "done", "ran = other\n" },
	{ SWITCH(DEFAULT), "", "done", "ran = other\n" },
	{ SWITCH(""), "", "done",
	  "Provided character sequence for switch case condition is 'null'. Switch case "
	  "will not be executed." },
	{ KIND("zz") SWITCH(""), "", "done" },
	{ "<switch source='json-eval($.k)'><case regex='x y'>" SAY("it") "</case></switch>",
	  "{\"k\": \"x y\"}", "done", "ran = it\n" },
	/* what is said about mistakes */
	{ "<switch><default/></switch>", "",
	  "1: A 'source' XPath attribute is required for a switch mediator" },
	{ "<switch source='$ctx:k'>\n<case/></switch>", "",
	  "2: The 'regex' attribute is required for a switch case definition" },
	{ "<switch source='$ctx:k'>\n<case regex='['/></switch>", "",
	  "2: regex=\"[\": missing terminating ] for character class at character 2" },
	{ "<switch source='$ctx:k'><log/></switch>", "", "1: <switch> has no child 'log'; it has case, default" },
};
/* clang-format on */

Test(switch, runs_the_first_case_that_matches_all_of_the_value)
{
	ROWS_CHECK(rows);
}
