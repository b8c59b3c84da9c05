#include "tests/rows.h"

static const struct row rows[] = {
	{ "<loopback/><log level='custom'><property name='n' value='1'/></log>", "x",
	  "200 x" },
	{ "<loopback key='x'/>", "",
	  "1: <loopback> has no attribute 'key'; it has none" },
};

Test(loopback, turns_the_message_round)
{
	ROWS_CHECK(rows);
}

Test(loopback, goes_through_the_out_sequence)
{
	struct world w;

	world_init(&w);
	cr_assert(world_deploy(&w, "<api name='A' context='/a'><resource methods='POST'>"
				   "<inSequence><loopback/></inSequence><outSequence>"
				   "<property name='HTTP_SC' value='299' scope='axis2'/>"
				   "<send/></outSequence></resource></api>"),
		  "%s", world_complaint(&w));
	cr_expect_str_eq(world_request(&w, "POST /a", "x", 10), "299 x");
	world_release(&w);
}
