#include "tests/rows.h"

static const struct row rows[] = {
	{ "<drop/>", "x", "dropped" },
	{ "<drop/><respond/>", "x", "dropped" },
	{ "<drop><log/></drop>", "", "1: <drop> has no child 'log'; it has none" },
};

Test(drop, ends_the_message_without_an_answer)
{
	ROWS_CHECK(rows);
}
