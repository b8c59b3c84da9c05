#include "tests/rows.h"

static const struct row rows[] = {
	{ "<in><drop/></in><respond/>", "x", "dropped" },
	{ "<property name='RESPONSE' value='true'/><in><drop/></in><respond/>", "x",
	  "200 x" },
	{ "<in key='x'/>", "", "1: <in> has no attribute 'key'; it has none" },
};

Test(in, runs_for_requests)
{
	ROWS_CHECK(rows);
}
