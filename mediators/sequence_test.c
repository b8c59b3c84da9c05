#include "tests/rows.h"

#define SAY(text) "<log level='custom'><property name='said' value='" text "'/></log>"

/* clang-format off */
static const struct row rows[] = {
	{ "<sequence key='Nobody'/>", "",
	  "fault 0 Sequence named Value {name ='null', keyValue ='Nobody'} cannot be found" },
	{ "<property name='k' value='None'/><sequence key='{$ctx:k}'/>", "",
	  "fault 0 Sequence named Value {name ='null', keyValue ='None'} cannot be found" },
	{ "<sequence name='own'>" SAY("inside") "</sequence>", "", "done",
	  "said = inside\n" },
	{ "<sequence/>", "",
	  "1: A sequence mediator should be a named sequence or a reference to another "
	  "sequence (i.e. a name attribute or key attribute is required)" },
	{ "<sequence key='a' onError='b'/>", "",
	  "1: A sequence mediator with a reference to another sequence can not have "
	  "'ErrorHandler'" },
};
/* clang-format on */

Test(sequence, is_found_or_complained_about)
{
	ROWS_CHECK(rows);
}

static struct world w;

static void deploy(const char *xml)
{
	cr_assert(world_deploy(&w, xml), "%s", world_complaint(&w));
}

static void setup(void)
{
	world_init(&w);
	deploy("<sequence name='Part'>" SAY("part") "</sequence>");
	deploy("<sequence name='Mend'>" SAY("mended") "</sequence>");
	deploy("<sequence name='Round'><sequence key='{$ctx:round}'/></sequence>");
}

static void teardown(void)
{
	world_release(&w);
}

Test(sequence, runs_in_place_by_its_key, .init = setup, .fini = teardown)
{
	const char *ending = row_run(&w, "<sequence key='Part'/>" SAY("after"), "");

	cr_expect_str_eq(ending, "done");
	cr_expect(row_logged(&w, "said = part\n"), "%s", world_log(&w));
	cr_expect(row_logged(&w, "said = after\n"), "%s", world_log(&w));
}

Test(sequence, is_found_by_a_computed_key, .init = setup, .fini = teardown)
{
	row_run(&w, "<property name='k' value='Part'/><sequence key='{$ctx:k}'/>", "");
	cr_expect(row_logged(&w, "said = part\n"), "%s", world_log(&w));
}

Test(sequence, its_on_error_runs_and_ends_the_message, .init = setup, .fini = teardown)
{
	const char *ending = row_run(&w,
				     "<sequence name='own' onError='Mend'>"
				     "<throwError/></sequence>" SAY("after"),
				     "");

	cr_expect_str_eq(ending, "status 500");
	cr_expect(row_logged(&w, "said = mended\n"), "%s", world_log(&w));
	cr_expect_eq(world_logged(&w, "said = after"), 0);
}

Test(sequence, that_calls_itself_is_a_fault_and_no_crash, .init = setup, .fini = teardown)
{
	const char *ending = row_run(&w,
				     "<property name='round' value='Round'/>"
				     "<sequence key='Round'/>",
				     "");

	cr_expect_str_eq(ending, "fault 700100 mediation is nested deeper than 200; does "
				 "<sequence> call itself?");
}
