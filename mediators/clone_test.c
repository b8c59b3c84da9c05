#include "tests/rows.h"

#define TO(url) "<call><endpoint><address uri='" url "'/></endpoint></call>"
#define TARGET(inside) "<target><sequence>" inside "</sequence></target>"
#define JOIN(count, attributes)                                                  \
	"<aggregate><completeCondition " attributes "><messageCount " count "/>" \
	"</completeCondition><onComplete expression='json-eval($.v)'><respond/>" \
	"</onComplete></aggregate>"

static struct world w;

static void setup(void)
{
	static const char json[] = "Content-Type: application/json\n";

	world_init(&w);
	w.backend[0] = (struct backend){ "http://a/", .headers = json,
					 .body = "{\"v\":1}" };
	w.backend[1] = (struct backend){ "http://b/", .headers = json, .after = 50,
					 .body = "{\"v\":2}" };
	w.backend[2] = (struct backend){ "http://late/", .after = 90, .headers = json,
					 .body = "{\"v\":3}" };
	w.backend[3] = (struct backend){ "http://never/", .silent = true };
}

static void teardown(void)
{
	world_release(&w);
}

TestSuite(clone, .init = setup, .fini = teardown);

/* clang-format off */
static const struct row rows[] = {
	{ "<clone>" TARGET(TO("http://b/")) TARGET(TO("http://a/")) "</clone>"
	  JOIN("min='-1'", ""), "{}", "200 [1,2]" },
	{ "<clone>" TARGET(TO("http://a/")) TARGET(TO("http://b/"))
	  TARGET(TO("http://late/")) "</clone>" JOIN("min='2'", ""), "{}", "200 [1,2]" },
	{ "<clone>" TARGET("<respond/>") TARGET(TO("http://never/")) "</clone>",
	  "{\"k\": 1}", "200 {\"k\": 1}" },
	{ "<clone>" TARGET("<drop/>") TARGET("") "</clone><respond/>", "{}", "dropped" },
	{ "<clone>" TARGET("<throwError errorMessage='no'/>") "</clone>", "{}",
	  "fault 0 no" },
	{ "<clone continueParent='true'>" TARGET("<property name='p' value='1'/>"
	  TO("http://never/")) "</clone><log level='custom'><property name='p' "
	  "expression='$ctx:p'/></log><respond/>", "{}", "200 {}", "p = null\n" },
	{ "<clone><target sequence='None'/></clone>", "{}",
	  "fault 0 Couldn't find the sequence named : None" },
	/* what is said about mistakes */
	{ "<clone/>", "", "1: <clone> needs at least one <target>" },
	{ "<clone><target/></clone>", "", "1: <target> needs a sequence or an <endpoint>" },
};
/* clang-format on */

Test(clone, sends_copies_on_their_ways)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *ending;

		teardown();
		setup();
		ending = row_run(&w, rows[i].xml, rows[i].body);
		cr_expect_str_eq(ending, rows[i].ending, "%s: %s", rows[i].xml, ending);
		cr_expect(!rows[i].log || row_logged(&w, rows[i].log), "%s: %s",
			  rows[i].xml, world_log(&w));
	}
}
