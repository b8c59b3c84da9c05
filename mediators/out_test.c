#include "tests/rows.h"

static const struct row rows[] = {
	{ "<out><drop/></out><respond/>", "x", "200 x" },
	{ "<property name='RESPONSE' value='true'/><out><drop/></out><respond/>", "x",
	  "dropped" },
	{ "<out key='x'/>", "", "1: <out> has no attribute 'key'; it has none" },
};

Test(out, runs_for_responses)
{
	ROWS_CHECK(rows);
}
