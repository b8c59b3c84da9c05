#include "tests/rows.h"

/* clang-format off */
static const struct row rows[] = {
	{ "<propertyGroup><property name='a' value='1'/>"
	  "<property name='b' expression='$ctx:a'/></propertyGroup>"
	  "<log level='custom'><property name='b' expression='$ctx:b'/></log>", "", "done",
	  "b = 1\n" },
	{ "<propertyGroup/>", "", "done" },
	{ "<propertyGroup>\n<log/></propertyGroup>", "",
	  "2: <propertyGroup> takes <property> only, not <log>" },
};
/* clang-format on */

Test(propertyGroup, sets_one_after_the_other)
{
	ROWS_CHECK(rows);
}
