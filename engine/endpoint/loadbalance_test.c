#include <criterion/criterion.h>

#include <stdio.h>

#include "endpoint/health.h"
#include "tests/world.h"

#define LEAF(name, rules)                                                        \
	"<endpoint name='" name "'><http uri-template='http://" name "/'>" rules \
	"</http></endpoint>"
#define WEIGHED(name, weight)                                               \
	"<endpoint name='" name "'><http uri-template='http://" name "/'/>" \
	"<property name='loadbalance.weight' value='" weight "'/></endpoint>"
#define WEIGHTED "algorithm='org.apache.synapse.endpoints.algorithms.WeightedRoundRobin'"

/* Requests at these times, those who refuse, and whom they tried. */
struct row {
	uint64_t at;
	const char *refuse; /* "A", "AB" … */
	const char *sent, *ending;
};

struct story {
	const char *name, *inside;
	struct row rows[16]; /* ends in sent NULL */
};

#define REFUSED "fault 101503 Error connecting to the back end"
#define NOBODY "fault 303000 Loadbalance endpoint : N - no ready child endpoints"

/* clang-format off */
/* endpoints.md §16.3; where the page says "ours", that. */
static const struct story stories[] = {
	{ "LB1", "<loadbalance>" LEAF("A", "") LEAF("B", "") LEAF("C", "") "</loadbalance>", {
		{ 0, "", "A ", "200 A" }, { 0, "", "B ", "200 B" }, { 0, "", "C ", "200 C" },
		{ 0, "", "A ", "200 A" }, { 0, "", "B ", "200 B" } } },
	{ "LB2", "<loadbalance>" LEAF("A", "") LEAF("B", "") LEAF("C", "") "</loadbalance>", {
		{ 0, "A", "A B ", "200 B" }, { 1, "A", "C ", "200 C" },
		{ 2, "A", "B ", "200 B" }, { 3, "A", "C ", "200 C" }, { 4, "A", "B ", "200 B" },
		{ 30000, "A", "C ", "200 C" }, { 30001, "A", "A B ", "200 B" } } },
	{ "LB3", "<loadbalance>" LEAF("A", "") LEAF("B", "") "</loadbalance>", {
		{ 0, "AB", "A B ", REFUSED }, { 1, "AB", "", NOBODY }, { 2, "AB", "", NOBODY },
		{ 30000, "", "B ", "200 B" } } },
	{ "LB4", "<loadbalance failover='false'>" LEAF("A", "") LEAF("B", "") "</loadbalance>", {
		{ 0, "A", "A ", REFUSED }, { 1, "A", "B ", "200 B" }, { 2, "A", "B ", "200 B" },
		{ 30000, "A", "A ", REFUSED } } },
	{ "LB5", "<loadbalance " WEIGHTED ">" WEIGHED("A", "3") WEIGHED("B", "1")
	  WEIGHED("C", "2") "</loadbalance>", {
		{ 0, "", "A ", "200 A" }, { 0, "", "A ", "200 A" }, { 0, "", "A ", "200 A" },
		{ 0, "", "B ", "200 B" }, { 0, "", "C ", "200 C" }, { 0, "", "C ", "200 C" },
		{ 0, "", "A ", "200 A" }, { 0, "", "A ", "200 A" } } },
	{ "LB6", "<loadbalance " WEIGHTED ">" WEIGHED("A", "3") WEIGHED("B", "1")
	  "</loadbalance>", {
		{ 0, "A", "A B ", "200 B" }, { 1, "A", "B ", "200 B" }, { 2, "A", "B ", "200 B" } } },
	{ "LB7", "<loadbalance>"
	  LEAF("A", "<suspendOnFailure><initialDuration>0</initialDuration><maximumDuration>0"
	  "</maximumDuration></suspendOnFailure>")
	  LEAF("B", "<suspendOnFailure><initialDuration>0</initialDuration><maximumDuration>0"
	  "</maximumDuration></suspendOnFailure>") "</loadbalance>", {
		{ 0, "AB", "A B ", REFUSED } } },
	{ "LB8", "<loadbalance>" LEAF("A", "<retryConfig><disabledErrorCodes>101503"
	  "</disabledErrorCodes></retryConfig>") LEAF("B", "") "</loadbalance>", {
		{ 0, "A", "A ", REFUSED } } },
	{ "nested: a group that is not ready is passed over", "<loadbalance>"
	  "<endpoint name='F'><failover>" LEAF("A", "") "</failover></endpoint>" LEAF("B", "")
	  "</loadbalance>", {
		{ 0, "A", "A B ", "200 B" }, { 1, "A", "B ", "200 B" }, { 2, "A", "B ", "200 B" } } },
};
/* clang-format on */

static void set_backends(struct world *w, const char *refuse)
{
	static const char *const urls[] = { "http://A/", "http://B/", "http://C/" };
	static const char *const bodies[] = { "A", "B", "C" };

	for (int i = 0; i < 3; i++)
		w->backend[i] = (struct backend){ .url = urls[i],
						  .body = bodies[i],
						  .fails = strchr(refuse, 'A' + i) };
}

static const char *names(const char *sent)
{
	static char out[64];
	size_t len = 0;

	for (const char *at = sent; (at = strstr(at, "http://")); at++) {
		out[len++] = at[7];
		out[len++] = ' ';
	}
	out[len] = '\0';
	return out;
}

static void tell(const struct story *story)
{
	static struct world w;
	char flow[2048];
	const struct node *node;

	world_init(&w);
	snprintf(flow, sizeof(flow),
		 "<call><endpoint name='N'>%s</endpoint></call><respond/>",
		 story->inside);
	node = world_compile(&w, flow);
	cr_assert(node, "%s: %s", story->name, world_complaint(&w));
	for (const struct row *row = story->rows; row->sent; row++) {
		world_clear(&w);
		world_pass(&w, row->at - w.engine.timers.now);
		set_backends(&w, row->refuse);
		cr_expect_str_eq(world_run(&w, node, 0), row->ending, "%s, row %td: %s",
				 story->name, row - story->rows, w.ending);
		cr_expect_str_eq(names(w.sent), row->sent, "%s, row %td: tried %s",
				 story->name, row - story->rows, names(w.sent));
	}
	world_release(&w);
}

Test(loadbalance, takes_turns_as_told)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
		tell(&stories[i]);
}

Test(loadbalance, that_is_switched_off_says_so)
{
	static struct world w;
	const struct node *node;

	world_init(&w);
	node = world_compile(&w, "<endpoint name='N'><loadbalance>" LEAF(
					 "A", "") "</loadbalance></endpoint>");
	endpoint_switch(node, false, 0);
	cr_expect_str_eq(world_run(&w, node, 0),
			 "fault 303000 Loadbalance endpoint : N - is inactive");
	endpoint_switch(node, true, 0);
	set_backends(&w, "");
	cr_expect_str_eq(world_run(&w, node, 0), "done");
	cr_expect_eq(world_logged(&w, "INFO EndpointContext Manually switching off "
				      "endpoint : N"),
		     1, "%s", world_log(&w));
	world_release(&w);
}

/* endpoints.md §9.4. */
static const char list[] = "<send><endpoint name='R'><recipientlist>" LEAF("A", "")
	LEAF("B", "") "</recipientlist></endpoint></send>";

Test(recipients, all_get_the_message_and_the_first_reply_goes_on)
{
	static struct world w;
	const struct node *node;
	struct run r;

	world_init(&w);
	node = world_compile(&w, list);
	w.backend[0] = (struct backend){ "http://A/", .after = 50, .body = "A" };
	w.backend[1] = (struct backend){ "http://B/", .after = 10, .body = "B" };
	world_begin(&w, &r);
	body_set(&r.x.message.body, STR("hello"));
	world_start(&r, node);
	world_pass(&w, 10);
	cr_expect(r.ended);
	cr_expect(str_eq(body_bytes(&r.x.message.body), STR("B")));
	world_end(&r);
	cr_expect_eq(w.under_way, 1, "the other is not cut off");
	world_pass(&w, 40);
	cr_expect_eq(w.under_way, 0);
	cr_expect(str_eq(w.seen[0].body, STR("hello")));
	cr_expect(str_eq(w.seen[1].body, STR("hello")));
	world_release(&w);
}

Test(recipients, only_if_all_fail_it_is_a_fault)
{
	static struct world w;
	const struct node *node;

	world_init(&w);
	node = world_compile(&w, list);
	set_backends(&w, "A");
	world_run(&w, node, 0);
	cr_expect_str_eq(names(w.sent), "A B ");
	cr_expect_neq(strncmp(w.ending, "fault", 5), 0, "%s", w.ending);
	set_backends(&w, "AB");
	cr_expect_str_eq(world_run(&w, node, 0), REFUSED, "B refuses, A is suspended");
	cr_expect_str_eq(world_run(&w, node, 0), "fault 303000 Recipient List endpoint : "
						 "R - no ready child endpoints");
	world_release(&w);
}

Test(recipients, of_a_client_that_leaves_get_the_message_all_the_same)
{
	static struct world w;
	struct run r;
	const struct node *node;

	world_init(&w);
	node = world_compile(&w, list);
	set_backends(&w, "");
	w.backend[0].after = w.backend[1].after = 10;
	world_begin(&w, &r);
	world_start(&r, node);
	world_pass(&w, 5);
	world_end(&r);
	cr_expect_eq(w.cancelled, 0);
	world_pass(&w, 5);
	cr_expect_eq(w.under_way, 0);
	world_release(&w);
}
