#include "tests/rows.h"

#define SAY(expression) \
	"<log level='custom'><property name='v' expression='" expression "'/></log>"
#define SET(attributes) "<property name='p' " attributes "/>"
#define TYPE_COMPLAINT(type)                                                    \
	"1: Unknown type : " type " for the property mediator or the property " \
	"value cannot be converted into the specified type."

/* clang-format off */
static const struct row rows[] = {
	{ SET("value='1'") SAY("$ctx:p"), "", "done", "v = 1\n" },
	{ SET("value='1'") SET("value='2'") SAY("$ctx:p"), "", "done", "v = 2\n" },
	{ SET("value='1'") SET("action='remove'") SAY("$ctx:p"), "", "done",
	  "v = null\n" },
	{ SET("value='1' scope='axis2'") SAY("$axis2:p"), "", "done", "v = 1\n" },
	{ SET("value='1' scope='axis2'") SAY("$ctx:p"), "", "done", "v = null\n" },
	{ SET("value='1' scope='transport'") SAY("$trp:P"), "", "done", "v = 1\n" },
	{ SET("value='1' scope='operation'") SAY("$operation:p"), "", "done", "v = 1\n" },
	{ SET("value='1' scope='registry'") SAY("$ctx:p"), "", "done", "v = null\n" },
	{ SET("expression='json-eval($.a)'") SAY("$ctx:p"), "{\"a\": 085}", "done",
	  "v = 085\n" },
	{ SET("value='1'") SET("expression='$ctx:none'") SAY("$ctx:p"), "", "done",
	  "v = 1\n" },
	{ SET("value='order-42-x' pattern='order-(\\d+)-(.)' group='1'") SAY("$ctx:p"),
	  "", "done", "v = 42\n" },
	{ SET("value='order-42-x' pattern='order-(\\d+)' group='1'") SAY("$ctx:p"), "",
	  "done", "v = \n" },
	{ SET("value='ab' pattern='a.' group='3'") SAY("$ctx:p"), "", "done", "v = \n" },
	{ SET("value='ab' pattern='a.'") SAY("$ctx:p"), "", "done", "v = ab\n" },
	{ SET("value='7' type='INTEGER'") SAY("$ctx:p"), "", "done", "v = 7\n" },
	{ SET("value='1.50' type='DOUBLE'") SAY("$ctx:p"), "", "done", "v = 1.5\n" },
	{ SET("value='yes' type='BOOLEAN'") SAY("$ctx:p"), "", "done", "v = true\n" },
	{ SET("value='no' type='BOOLEAN'") SAY("$ctx:p"), "", "done", "v = false\n" },
	{ SET("value='{\"a\": [1]}' type='JSON'") SAY("json-eval($ctx:p.a[0])"), "",
	  "done", "v = 1\n" },
	{ SET("value='&lt;a&gt;1&lt;/a&gt;' type='OM'") SAY("$ctx:p"), "", "done",
	  "v = 1\n" },
	{ SET("expression='json-eval($.a)' type='INTEGER'") SAY("$ctx:p"), "{\"a\": 12.7}",
	  "done", "v = 12\n" },
	{ SET("expression='json-eval($.a)' type='INTEGER'"), "{\"a\": \"x\"}",
	  "fault 0 Unknown type : INTEGER for the property mediator or the property value "
	  "cannot be converted into the specified type." },
	{ "<property name='p'><a xmlns=''><b>1</b></a></property>" SAY("$ctx:p"), "",
	  "done", "v = <a><b>1</b></a>\n" },
	{ "<property name='n' value='p'/><property name='{$ctx:n}' value='9'/>"
	  SAY("$ctx:p"), "", "done", "v = 9\n" },
	{ "<property name='{$ctx:none}' value='9'/>", "", "done",
	  "Evaluated value for {$ctx:none} is empty" },
	{ "<property name='messageType' value='application/json' scope='axis2'/><respond/>",
	  "<a>1</a>", "200 {\"a\":1}" },
	{ "<property name='X' value='1' scope='transport'/>"
	  "<property name='TRANSPORT_HEADERS' scope='axis2' action='remove'/>"
	  SAY("$trp:X"), "", "done", "v = null\n" },
	/* what is said about mistakes */
	{ "<property value='1'/>", "",
	  "1: The 'name' attribute is required for the configuration of a property "
	  "mediator" },
	{ SET(""), "",
	  "1: Either a child element or one of 'value', 'expression' attributes is "
	  "required for a property mediator when action is SET" },
	{ SET("value='twelve' type='INTEGER'"), "", TYPE_COMPLAINT("INTEGER") },
	{ SET("value='99999999999' type='INTEGER'"), "", TYPE_COMPLAINT("INTEGER") },
	{ SET("value='70000' type='SHORT'"), "", TYPE_COMPLAINT("SHORT") },
	{ SET("value='1' type='NUMBER'"), "", TYPE_COMPLAINT("NUMBER")
	  " There are STRING, INTEGER, SHORT, LONG, FLOAT, DOUBLE, BOOLEAN, OM, JSON." },
	{ SET("value='1' group='1'"), "",
	  "1: group is only allowed when a pattern is specified" },
	{ SET("value='1' pattern='.' group='-1'"), "",
	  "1: group can have a positive value only" },
	{ SET("value='1' pattern='(' "), "",
	  "1: pattern=\"(\": missing closing parenthesis at character 2" },
	{ SET("value='1' scope='session'"), "",
	  "1: Only 'axis2' or 'transport' or 'axis2-client' or 'default' or 'operation' or "
	  "'registry' or 'system' or 'analytics' or 'trace' values are allowed for "
	  "attribute scope for a property mediator, Unsupported scope session" },
	{ SET("value='1' action='delete'"), "",
	  "1: action=\"delete\" is not one of set, remove" },
};
/* clang-format on */

Test(property, sets_and_removes)
{
	ROWS_CHECK(rows);
}
