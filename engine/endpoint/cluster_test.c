#include <criterion/criterion.h>

#include "tests/world.h"

#define M "xmlns:m='urn:myelin' "
#define TWO                                                \
	"<endpoint><address uri='http://one'/></endpoint>" \
	"<endpoint><address uri='http://two'/></endpoint>"
#define CLUSTER(attributes, children)                                        \
	"<call><endpoint name='E'><m:cluster " M attributes ">" children TWO \
	"</m:cluster></endpoint></call><respond/>"

/* Two addresses; how they behave, how it ends, and who was asked. */
static const struct {
	const char *xml;
	struct backend one, two;
	const char *ending, *sent;
} rows[] = {
	{ CLUSTER("", ""), { .body = "1" }, { .body = "2" }, "200 1", "http://one " },
	{ CLUSTER("", ""),
	  { .fails = true, .failure = FAILURE_REFUSED },
	  { .body = "2" },
	  "200 2",
	  "http://one http://two " },
	{ CLUSTER("advance='never'", ""),
	  { .fails = true, .failure = FAILURE_REFUSED },
	  { .body = "2" },
	  "fault 101503 Error connecting to the back end",
	  "http://one " },
	{ CLUSTER("", ""),
	  { .fails = true, .failure = FAILURE_READ, .phase = PHASE_REQUEST_DONE },
	  { .body = "2" },
	  "fault 101503 Error in Sender",
	  "http://one " },
	{ CLUSTER("", ""),
	  { .status = 500, .body = "bad" },
	  { .body = "2" },
	  "500 bad",
	  "http://one " },
	{ CLUSTER("", "<m:retry most='2' statuses='502, 504'/>"),
	  { .status = 504, .body = "late" },
	  { .body = "2" },
	  "504 late",
	  "http://one http://one http://one " },
	{ CLUSTER("", "<m:retry most='2' statuses='502'/>"),
	  { .status = 504, .body = "late" },
	  { .body = "2" },
	  "504 late",
	  "http://one " },
	{ CLUSTER("timeout='50'", ""),
	  { .silent = true },
	  { .body = "2" },
	  "fault 101504 Send timeout",
	  "http://one " },
};

Test(cluster, picks_advances_and_repeats)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		const struct node *node;
		const char *ending;

		world_init(&w);
		w.backend[0] = rows[i].one;
		w.backend[0].url = "http://one";
		w.backend[1] = rows[i].two;
		w.backend[1].url = "http://two";
		node = world_compile(&w, rows[i].xml);
		cr_assert(node, "%s: %s", rows[i].xml, world_complaint(&w));
		ending = world_run(&w, node, 1000);
		cr_expect_str_eq(ending, rows[i].ending, "row %zu: %s", i, ending);
		cr_expect_str_eq(w.sent, rows[i].sent, "row %zu: %s", i, w.sent);
		world_release(&w);
	}
}

Test(cluster, takes_turns)
{
	struct world w;
	const struct node *node;

	world_init(&w);
	w.backend[0] = (struct backend){ "http://one" };
	w.backend[1] = (struct backend){ "http://two" };
	node = world_compile(&w, CLUSTER("pick='turns'", ""));
	for (unsigned i = 0; i < 4; i++)
		world_run(&w, node, 10);
	cr_expect_str_eq(w.sent, "http://one http://two http://one http://two ");
	world_release(&w);
}

Test(cluster, refuses_more_than_its_limit)
{
	struct world w;
	struct run first;
	const struct node *node;
	const char *ending;

	world_init(&w);
	w.backend[0] = (struct backend){ "http://one", .after = 100 };
	node = world_compile(&w, CLUSTER("", "<m:limits requests='1'/>"));
	world_begin(&w, &first);
	world_start(&first, node);
	world_pass(&w, 10);
	ending = world_run(&w, node, 10);
	cr_expect_str_eq(ending, "fault 303000 Cluster endpoint : E - too many requests "
				 "are under way");
	world_pass(&w, 100);
	cr_expect_str_eq(world_ending(&w, &first), "200");
	world_end(&first);
	ending = world_run(&w, node, 200);
	cr_expect_str_eq(ending, "200");
	world_release(&w);
}

static const struct {
	const char *xml, *complaint;
} wrong[] = {
	{ "<call><endpoint><m:cluster " M "/></endpoint></call>",
	  "1: <m:cluster> needs from 1 to 256 children <endpoint>" },
	{ "<call><endpoint><m:cluster " M "pick='first'>" TWO
	  "</m:cluster></endpoint></call>",
	  "1: pick=\"first\" is not one of priority, turns" },
	{ "<call><endpoint><m:cluster " M
	  "><endpoint key='x'/></m:cluster></endpoint></call>",
	  "1: <m:cluster> takes endpoints of <address> or <http> only" },
};

Test(cluster, is_complained_about)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct world w;

		world_init(&w);
		cr_expect_null(world_compile(&w, wrong[i].xml), "%s", wrong[i].xml);
		cr_expect_str_eq(world_complaint(&w), wrong[i].complaint, "%s",
				 world_complaint(&w));
		world_release(&w);
	}
}
