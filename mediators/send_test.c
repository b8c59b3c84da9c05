#include "tests/rows.h"

#define TO(url) "<endpoint><address uri='" url "'/></endpoint>"
#define SAY(text) "<log level='custom'><property name='said' value='" text "'/></log>"
#define API(in, out)                                                          \
	"<api name='A' context='/a'><resource methods='POST'><inSequence>" in \
	"</inSequence><outSequence>" out "</outSequence></resource></api>"

static struct world w;

static void setup(void)
{
	world_init(&w);
	w.backend[0] = (struct backend){ "http://a/", .status = 201, .body = "from a" };
	w.backend[1] = (struct backend){ "http://b/", .body = "from b" };
}

static void teardown(void)
{
	world_release(&w);
}

TestSuite(send, .init = setup, .fini = teardown);

static const char *ask(const char *xml)
{
	cr_assert(world_deploy(&w, xml), "%s", world_complaint(&w));
	return world_request(&w, "POST /a", "x", 100);
}

Test(send, ends_the_sequence_and_answers_through_the_out_sequence)
{
	const char *answer = ask(
		API("<send>" TO("http://a/") "</send>" SAY("not"), SAY("out") "<send/>"));

	cr_expect_str_eq(answer, "201 from a");
	cr_expect(row_logged(&w, "said = out\n"));
	cr_expect_eq(world_logged(&w, "said = not"), 0);
}

Test(send, its_receiving_sequence_takes_the_reply)
{
	cr_assert(world_deploy(&w, "<sequence name='First'><send receive='Second'>" TO(
					   "http://b/") "</send></sequence>"));
	cr_assert(world_deploy(
		&w, "<sequence name='Second'>" SAY("second") "<respond/></sequence>"));

	const char *answer = ask(API("<send receive='First'>" TO("http://a/") "</send>",
				     SAY("out") "<send/>"));

	cr_expect_str_eq(answer, "200 from b");
	cr_expect_str_eq(w.sent, "http://a/ http://b/ ");
	cr_expect(row_logged(&w, "said = second\n"));
	cr_expect_eq(world_logged(&w, "said = out"), 0);
}

Test(send, a_receiving_sequence_that_is_not_there_drops_the_reply)
{
	ask(API("<send receive='Nobody'>" TO("http://a/") "</send>", SAY("out")));
	cr_expect(row_logged(&w, "Cannot find a Sequence with name: Nobody for "
				 "injecting the response message\n"),
		  "%s", world_log(&w));
	cr_expect_eq(world_logged(&w, "said = out"), 0);
}

Test(send, does_not_wait_while_it_is_out_only)
{
	w.backend[0].silent = true;
	ask(API("<property name='OUT_ONLY' value='true'/><send>" TO(
			"http://a/") "</send>",
		SAY("out")));
	cr_expect_str_eq(w.sent, "http://a/ ");
	cr_expect_eq(world_logged(&w, "said = out"), 0);
}

Test(send, says_what_is_wrong_with_it)
{
	static const struct row rows[] = {
		{ "<send recieve='x'/>", "",
		  "1: <send> has no attribute 'recieve'; did you mean 'receive'?" },
		{ "<send><address/></send>", "",
		  "1: <send> has no child 'address'; it has endpoint" },
	};

	ROWS_CHECK(rows);
}
