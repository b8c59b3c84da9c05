#include "tests/rows.h"

static const struct row rows[] = {
	{ "<respond/>", "{\"a\" :  1}", "200 {\"a\" :  1}" },
	{ "<respond/><log level='custom'><property name='a' value='b'/></log>", "x",
	  "200 x" },
	{ "<property name='HTTP_SC' value='418' scope='axis2'/><respond/>", "", "418" },
	{ "<respond description='and out'/>", "", "200" },
	{ "<respond to='x'/>", "", "1: <respond> has no attribute 'to'; it has none" },
};

Test(respond, sends_the_message_back_as_it_stands)
{
	ROWS_CHECK(rows);
}

Test(respond, ends_the_exchange)
{
	struct world w;

	world_init(&w);
	row_run(&w, "<respond/><log level='custom'><property name='n' value='1'/></log>",
		"");
	cr_expect_eq(world_logged(&w, "n = 1"), 0);
	world_release(&w);
}
