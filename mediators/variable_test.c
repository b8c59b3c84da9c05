#include "tests/rows.h"

#define SAY "<log level='custom'><property name='v' expression='$var:v'/></log>"
#define SET(attributes) "<variable name='v' " attributes "/>"

/* clang-format off */
static const struct row rows[] = {
	{ SET("value='1'") SAY, "", "done", "v = 1\n" },
	{ SET("value='1'") SET("action='remove'") SAY, "", "done", "v = null\n" },
	{ SET("type='INTEGER' value='12'") SAY, "", "done", "v = 12\n" },
	{ SET("type='JSON' expression='json-eval($.o)'") SAY, "{\"o\": {\"k\": 1}}", "done",
	  "v = {\"k\":1}\n" },
	{ SET("type='STRING' expression='json-eval($.n)'") SAY, "{\"n\": 7}", "done",
	  "v = 7\n" },
	{ SET("type='INTEGER' expression='json-eval($.n)'") SAY, "{\"n\": 7}", "done",
	  "v = 7\n" },
	{ SET("type='BOOLEAN' expression='json-eval($.n)'"), "{\"n\": 7}",
	  "fault 0 Expression '$.n' result does not match the expected data "
	  "type 'BOOLEAN'" },
	{ SET("value='1'") SET("expression='$ctx:none'") SAY, "", "done", "v = 1\n" },
	/* what is said about mistakes */
	{ "<variable value='1'/>", "",
	  "1: The 'name' attribute is required for the configuration of a variable "
	  "mediator" },
	{ SET("type='INTEGER'"), "",
	  "1: 'value' or 'expression' attributes is required for a variable mediator when "
	  "action is SET" },
	{ SET("type='INTEGER' value='x'"), "",
	  "1: Unknown type : INTEGER for the variable mediator or the variable value cannot "
	  "be converted into the specified type." },
	{ SET("type='NUMBER' value='1'"), "",
	  "1: Unknown type : NUMBER for the variable mediator or the variable value cannot "
	  "be converted into the specified type." },
};
/* clang-format on */

Test(variable, is_set_and_removed)
{
	ROWS_CHECK(rows);
}
