#include "tests/rows.h"

#define SAY(name) "<property name='" name "' expression='$func:" name "'/>"
#define CALL(params) "<call-template target='T'>" params "</call-template>"
#define WITH(name, value) "<with-param name='" name "' value='" value "'/>"

static struct world w;

static void setup(void)
{
	world_init(&w);
	cr_assert(world_deploy(&w, "<template name='T'><parameter name='a'/>"
				   "<parameter name='d' defaultValue='D'/><sequence>"
				   "<log level='custom'>" SAY("a") SAY("d")
					   SAY("x") "</log></sequence></template>"),
		  "%s", world_complaint(&w));
	cr_assert(world_deploy(&w, "<template name='M'>"
				   "<parameter name='m' isMandatory='true'/>"
				   "<sequence/></template>"),
		  "%s", world_complaint(&w));
}

static void teardown(void)
{
	world_release(&w);
}

TestSuite(call_template, .init = setup, .fini = teardown);

/* clang-format off */
static const struct row rows[] = {
	{ CALL(WITH("a", "1")), "", "done", "a = 1, d = D, x = null\n" },
	{ CALL(WITH("a", "1") WITH("d", "2") WITH("x", "3")), "", "done",
	  "a = 1, d = 2, x = null\n" },
	{ CALL(WITH("a", "{json-eval($.k)}")), "{\"k\": {\"z\": 1}}", "done",
	  "a = {\"z\":1}, d = D" },
	{ CALL(WITH("a", "{//k}")), "<o><k>v</k></o>", "done", "a = v, d = D" },
	{ CALL(""), "", "done", "a = null, d = D, x = null\n" },
	{ CALL(WITH("a", "1")) "<log level='custom'>" SAY("a") "</log>", "", "done",
	  " a = null\n" },
	{ "<call-template target='M'/>", "",
	  "fault 500101 Neither a value nor default value is provided for mandatory "
	  "parameter: m in seq-template M" },
	{ "<call-template target='None'/>", "",
	  "fault 0 Sequence template None cannot be found" },
	{ "<call-template/>", "",
	  "1: EIP Invoke mediator should have a target template specified." },
	{ "<call-template target='T'><with-param value='1'/></call-template>", "",
	  "1: Call template mediator parameters should have non empty name." },
};
/* clang-format on */

Test(call_template, gives_the_template_its_parameters)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *ending = row_run(&w, rows[i].xml, rows[i].body);

		cr_expect_str_eq(ending, rows[i].ending, "%s: %s", rows[i].xml, ending);
		cr_expect(!rows[i].log || row_logged(&w, rows[i].log), "%s: %s",
			  rows[i].xml, world_log(&w));
		world_clear(&w);
	}
}

Test(call_template, a_template_of_nothing_is_refused)
{
	cr_expect_not(world_deploy(&w, "<template name='E'/>"));
	cr_expect_str_eq(world_complaint(&w),
			 "1: a template needs a <sequence> or an <endpoint>");
}
