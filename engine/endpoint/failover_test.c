#include <criterion/criterion.h>

#include <stdio.h>

#include "endpoint/health.h"
#include "tests/world.h"

#define LEAF(name, rules)                                                        \
	"<endpoint name='" name "'><http uri-template='http://" name "/'>" rules \
	"</http></endpoint>"
#define GROUP(children) "<endpoint name='N'><failover>" children "</failover></endpoint>"
#define MARK(codes, retries, delay)                             \
	"<markForSuspension><errorCodes>" codes "</errorCodes>" \
	"<retriesBeforeSuspension>" retries                     \
	"</retriesBeforeSuspension><retryDelay>" delay          \
	"</retryDelay></markForSuspension>"
#define SUSPEND(codes, initial, factor, most)                                      \
	"<suspendOnFailure><errorCodes>" codes "</errorCodes>"                     \
	"<initialDuration>" initial "</initialDuration><progressionFactor>" factor \
	"</progressionFactor><maximumDuration>" most                               \
	"</maximumDuration></suspendOnFailure>"
#define NEVER                                                                \
	"<markForSuspension><errorCodes>-1</errorCodes></markForSuspension>" \
	"<suspendOnFailure><errorCodes>-1</errorCodes></suspendOnFailure>"
#define S_RULES MARK("101504,101505,101500", "3", "10") SUSPEND("", "1000", "2", "64000")

/* How a backend fares: '.' answers, 'R' refuses, 'T' gives 101504, 'C' is closed. */
static struct backend backend(const char *url, char fate, uint64_t after)
{
	struct backend b = { .url = url, .after = after, .body = url + 7 };

	b.fails = fate != '.';
	if (fate == 'T')
		b.failure = FAILURE_POOL_FULL;
	else if (fate == 'C') {
		b.failure = FAILURE_CLOSED;
		b.phase = PHASE_REQUEST_DONE;
	} else if (fate == 'I') {
		b.failure = FAILURE_IDLE;
		b.phase = PHASE_REQUEST_DONE;
	}
	return b;
}

/* At this time, with the backends so, a request: whom it tries, and how it ends. */
struct request_row {
	uint64_t at;
	const char *fates; /* of http://A/, http://B/, http://C/ */
	uint64_t after;    /* ms until they answer, each */
	uint64_t within;   /* time given to it */
	const char *sent, *ending;
};

struct story {
	const char *name;
	const char *xml;
	enum compat compat;
	struct request_row rows[8]; /* ends in fates NULL */
};

#define REFUSAL "fault 101503 Error connecting to the back end"
#define POOL "fault 101504 No available connections to serve the request"
#define NOBODY "fault 303000 Failover endpoint : N - no ready child endpoints"
#define CLOSED_EARLY "fault 101508 Error in Sender"

/* clang-format off */
/* endpoints.md §16.2, and what decisions.md §2 makes of it. */
static const struct story stories[] = {
	{ "F1", GROUP(LEAF("A", "") LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A B ", "200 B/" },
		{ 10, "R.", 1, 5, "B ", "200 B/" },
		{ 30001, "R.", 1, 5, "A B ", "200 B/" } } },
	{ "F2", GROUP(LEAF("A", "") LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "RR", 1, 5, "A B ", REFUSAL },
		{ 100, "RR", 1, 5, "", NOBODY } } },
	{ "F3", GROUP(LEAF("A", "") LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A B ", "200 B/" },
		{ 5000, "..", 1, 5, "B ", "200 B/" },
		{ 30001, "..", 1, 5, "A ", "200 A/" },
		{ 30010, "..", 1, 5, "A ", "200 A/" } } },
	{ "F4", "<endpoint name='N'><failover dynamic='false'>" LEAF("A", "") LEAF("B", "")
		"</failover></endpoint>", COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A B ", "200 B/" },
		{ 5000, "..", 1, 5, "B ", "200 B/" },
		{ 30001, "..", 1, 5, "B ", "200 B/" },
		{ 40000, ".R", 1, 5, "B A ", "200 A/" },
		{ 50000, "..", 1, 5, "A ", "200 A/" } } },
	{ "F5, original", GROUP(LEAF("A", S_RULES)), COMPAT_ORIGINAL, {
		{ 0, "T", 1, 5, "A ", POOL },
		{ 20, "T", 1, 5, "A ", POOL },
		{ 40, "T", 1, 5, "A ", POOL },
		{ 60, "T", 1, 5, "A ", POOL },
		{ 100, "T", 1, 5, "", NOBODY } } },
	{ "F5, documented: it waits (F1)", GROUP(LEAF("A", S_RULES)), COMPAT_DOCUMENTED, {
		{ 0, "T", 1, 20, "A A ", "waits" },
		{ 100, "T", 1, 50, "A A ", POOL } } },
	{ "seed example 1: until the count is 0", GROUP(LEAF("A", S_RULES)), COMPAT_DOCUMENTED, {
		{ 0, "T", 1, 50, "A A A A ", POOL },
		{ 100, "T", 1, 5, "", NOBODY } } },
	{ "F6", GROUP(LEAF("A", MARK("101504", "3", "0") SUSPEND("", "1000", "2", "64000"))),
	  COMPAT_ORIGINAL, {
		{ 0, "T", 1, 5, "A A A A ", POOL } } },
	{ "F7", GROUP(LEAF("A", S_RULES)), COMPAT_DOCUMENTED, {
		{ 0, "R", 1, 5, "A ", REFUSAL },
		{ 500, "R", 1, 5, "", NOBODY },
		{ 1001, "R", 1, 5, "A ", REFUSAL },
		{ 3001, "R", 1, 0, "", NOBODY },
		{ 3002, "R", 1, 5, "A ", REFUSAL },
		{ 7003, "R", 1, 5, "A ", REFUSAL } } },
	{ "F10, original: bounded by nothing", GROUP(LEAF("A", SUSPEND("101507", "100", "1", "100"))
		LEAF("B", "")), COMPAT_ORIGINAL, {
		{ 0, "CC", 10, 35, "A A A A ", "waits" } } },
	{ "F10", GROUP(LEAF("A", SUSPEND("101507", "100", "1", "100"))
		LEAF("B", SUSPEND("101507", "100", "1", "100"))), COMPAT_DOCUMENTED, {
		{ 0, "CC", 5000, 20000, "A B ", CLOSED_EARLY },
		{ 20001, "CC", 5000, 20000, "A B ", CLOSED_EARLY } } },
	{ "F12", GROUP(LEAF("A", SUSPEND("101507", "100", "1", "100"))
		LEAF("B", SUSPEND("101507", "100", "1", "100")
		"<retryConfig><disabledErrorCodes>101507</disabledErrorCodes></retryConfig>")),
	  COMPAT_DOCUMENTED, {
		{ 0, "II", 10000, 30000, "A B ", "fault 101507 Error in Sender" } } },
	{ "F13", GROUP(LEAF("A", NEVER) LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A B ", "200 B/" } } },
	{ "F14", GROUP(LEAF("A", "<retryConfig><enabledErrorCodes>101503</enabledErrorCodes>"
		"</retryConfig>") LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "C.", 1, 5, "A ", CLOSED_EARLY } } },
	{ "F15", GROUP(LEAF("A", "<retryConfig><enabledErrorCodes>101503</enabledErrorCodes>"
		"</retryConfig>") LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A B ", "200 B/" } } },
	{ "F16", GROUP(LEAF("A", "<retryConfig><disabledErrorCodes>101503</disabledErrorCodes>"
		"<enabledErrorCodes>101503</enabledErrorCodes></retryConfig>") LEAF("B", "")),
	  COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A ", REFUSAL } } },
	{ "F17", GROUP(LEAF("A", MARK("", "2", "2") SUSPEND("101501,101509,101503,101507,101508",
		"1000", "2", "6400") "<retryConfig><disabledErrorCodes>101504,101505,101500"
		"</disabledErrorCodes></retryConfig>") LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "T.", 1, 5, "A ", POOL },
		{ 100, "T.", 1, 5, "A ", POOL },
		{ 200, "T.", 1, 5, "A ", POOL },
		{ 300, "T.", 1, 5, "B ", "200 B/" },
		{ 2000, "T.", 1, 5, "A ", POOL } } },
	{ "F18, original: dropped, nobody answers", GROUP(LEAF("A", "<timeout><responseAction>"
		"discard</responseAction></timeout>") LEAF("B", "")), COMPAT_ORIGINAL, {
		{ 0, "R.", 1, 5, "A ", "waits" },
		{ 10, "R.", 1, 5, "B ", "200 B/" } } },
	{ "F18, documented: discard is for timeouts (F7)", GROUP(LEAF("A",
		"<timeout><responseAction>discard</responseAction></timeout>") LEAF("B", "")),
	  COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A B ", "200 B/" } } },
	{ "F20", GROUP(LEAF("A", "<timeout><duration>15000</duration><responseAction>fault"
		"</responseAction></timeout>") LEAF("B", "")), COMPAT_DOCUMENTED, {
		{ 0, "S.", 0, 15001, "A B ", "200 B/" },
		{ 20000, "S.", 0, 0, "B ", "200 B/" },
		{ 45001, "S.", 0, 15000, "A B ", "200 B/" } } },
	{ "F21", GROUP(LEAF("A", MARK("101504", "2", "5000")) LEAF("B", "")),
	  COMPAT_DOCUMENTED, {
		{ 0, "T.", 1, 5, "A B ", "200 B/" },
		{ 100, "T.", 1, 5, "B ", "200 B/" },
		{ 5001, "T.", 1, 5, "A B ", "200 B/" },
		{ 12000, "..", 1, 5, "A ", "200 A/" } } },
	{ "F23", GROUP("<endpoint name='Inner'><failover>" LEAF("A", "") LEAF("B", "")
		"</failover></endpoint>" LEAF("C", "")), COMPAT_DOCUMENTED, {
		{ 0, "RR.", 1, 5, "A B C ", "200 C/" },
		{ 10, "RR.", 1, 5, "C ", "200 C/" } } },
	{ "m:attempts bounds it otherwise", GROUP(LEAF("A", NEVER
		"<m:attempts xmlns:m='urn:myelin' most='3'/>") LEAF("B", "")),
	  COMPAT_DOCUMENTED, {
		{ 0, "R.", 1, 5, "A A A B ", "200 B/" } } },
};
/* clang-format on */

static void set_backends(struct world *w, const struct request_row *row)
{
	static const char *const urls[] = { "http://A/", "http://B/", "http://C/" };

	for (size_t i = 0; row->fates[i]; i++) {
		w->backend[i] = backend(urls[i], row->fates[i], row->after);
		w->backend[i].silent = row->fates[i] == 'S';
	}
}

/* "http://A/ http://B/ " as "A B ". */
static const char *names(const char *sent)
{
	static char out[512];
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
	char flow[4096];
	const struct node *node;

	world_init(&w);
	w.settings.compat = story->compat;
	snprintf(flow, sizeof(flow), "<call>%s</call><respond/>", story->xml);
	node = world_compile(&w, flow);
	cr_assert(node, "%s: %s", story->name, world_complaint(&w));
	for (const struct request_row *row = story->rows; row->fates; row++) {
		const char *ending;

		world_clear(&w);
		world_pass(&w, row->at - w.engine.timers.now);
		set_backends(&w, row);
		ending = world_run(&w, node, row->within);
		cr_expect_str_eq(names(w.sent), row->sent, "%s at %llu: tried %s",
				 story->name, (unsigned long long)row->at, names(w.sent));
		cr_expect_str_eq(ending, row->ending, "%s at %llu: %s", story->name,
				 (unsigned long long)row->at, ending);
	}
	world_release(&w);
}

Test(failover, goes_as_told)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
		tell(&stories[i]);
}

/* What is written in the log, in order, for seed 004's second example. */
Test(failover, says_what_the_seed_shows)
{
	static struct world w;
	const char *log;

	world_init(&w);
	world_deploy(&w, "<endpoint name='G'><failover><endpoint name='foo'><http "
			 "uri-template='http://A/foo'/></endpoint><endpoint name='bar'>"
			 "<http uri-template='http://B/bar'/></endpoint></failover>"
			 "</endpoint>");
	world_run(&w, world_find(&w, REF_ENDPOINT, "G"), 0);
	log = world_log(&w);
	cr_expect_str_eq(
		log,
		"WARN ConnectCallback Connection refused or failed for : "
		"localhost/127.0.0.1:8080\n"
		"WARN EndpointContext Endpoint : foo with address http://A/foo will be "
		"marked SUSPENDED as it failed\n"
		"WARN EndpointContext Suspending endpoint : foo with address "
		"http://A/foo - "
		"current suspend duration is : 30000ms - Next retry after : Sat Nov 21 "
		"10:00:30 UTC 2026\n"
		"WARN FailoverEndpoint Endpoint [G] Detect a Failure in a child endpoint "
		": "
		"Endpoint [foo]\n"
		"WARN ConnectCallback Connection refused or failed for : "
		"localhost/127.0.0.1:8080\n"
		"WARN EndpointContext Endpoint : bar with address http://B/bar will be "
		"marked SUSPENDED as it failed\n"
		"WARN EndpointContext Suspending endpoint : bar with address "
		"http://B/bar - "
		"current suspend duration is : 30000ms - Next retry after : Sat Nov 21 "
		"10:00:30 UTC 2026\n"
		"WARN FailoverEndpoint Endpoint [G] Detect a Failure in a child endpoint "
		": "
		"Endpoint [bar]\n"
		"WARN FailoverEndpoint Failover endpoint : G - no ready child "
		"endpoints\n",
		"%s", log);
	world_release(&w);
}

/* F9: the body is the same bytes, and headers of one child stay with it. */
Test(failover, sends_the_same_message_again)
{
	static struct world w;
	struct run r;

	world_init(&w);
	w.backend[0] = (struct backend){ "http://A/", .fails = true };
	w.backend[1] = (struct backend){ "http://B/", .body = "ok" };
	world_deploy(&w, "<endpoint name='G'><failover><endpoint name='a'><http "
			 "uri-template='http://A/'/><property name='X-Secret' value='s' "
			 "scope='transport'/><property name='p' value='1'/></endpoint>"
			 "<endpoint name='b'><http uri-template='http://B/'/></endpoint>"
			 "</failover></endpoint>");
	world_begin(&w, &r);
	body_set(&r.x.message.body, STR("hello"));
	headers_set(&r.x.message.headers, STR("X-Mine"), STR("m"));
	world_start(&r, world_find(&w, REF_ENDPOINT, "G"));
	world_pass(&w, 10);
	cr_assert_eq(w.seen_count, 2);
	cr_expect(str_eq(w.seen[0].headers, STR("X-Mine: m\nX-Secret: s\n")));
	cr_expect(str_eq(w.seen[1].headers, STR("X-Mine: m\n")), STR_FMT,
		  STR_ARG(w.seen[1].headers));
	cr_expect(str_eq(w.seen[0].body, STR("hello")));
	cr_expect(str_eq(w.seen[1].body, STR("hello")));
	cr_expect_eq(message_property(&r.x.message, SCOPE_DEFAULT, STR("p")).kind,
		     VALUE_NULL);
	cr_expect(
		message_property(&r.x.message, SCOPE_DEFAULT, STR("SENDING_FAULT")).truth,
		"H4");
	cr_expect_eq(
		message_property(&r.x.message, SCOPE_DEFAULT, STR("ERROR_CODE")).kind,
		VALUE_NULL);
	world_end(&r);
	world_release(&w);
}

Test(failover, waits_for_no_client_that_has_gone)
{
	static struct world w;
	struct run r;

	world_init(&w);
	w.backend[0] = backend("http://A/", 'T', 1);
	world_deploy(&w, GROUP(LEAF("A", S_RULES)));
	world_begin(&w, &r);
	world_start(&r, world_find(&w, REF_ENDPOINT, "N"));
	world_pass(&w, 5);
	cr_expect_eq(w.seen_count, 1);
	world_end(&r);
	world_pass(&w, 100);
	cr_expect_eq(w.seen_count, 1, "nobody is asked again");
	cr_expect_eq(timers_due(&w.engine.timers), UINT64_MAX);
	world_release(&w);
}

Test(failover, gives_up_after_the_total_time)
{
	static struct world w;

	world_init(&w);
	w.settings.failover_total = 100;
	w.backend[0] = (struct backend){ "http://A/", .silent = true };
	world_deploy(&w, GROUP(LEAF("A", "") LEAF("B", "")));
	cr_expect_str_eq(world_run(&w, world_find(&w, REF_ENDPOINT, "N"), 99), "waits");
	cr_expect_str_eq(world_run(&w, world_find(&w, REF_ENDPOINT, "N"), 100),
			 "fault 101504 Send timeout");
	cr_expect_str_eq(names(w.sent), "A A ", "B's turn never came");
	world_release(&w);
}

/* F8: a child's onError runs once its group has given up, that of the last one. */
Test(failover, runs_the_error_sequence_of_the_last_child_at_the_end)
{
	static struct world w;

	world_init(&w);
	world_deploy(&w, "<sequence name='SA'><log level='custom'><property name='by' "
			 "value='SA'/></log></sequence>");
	world_deploy(&w, "<sequence name='SB'><log level='custom'><property name='by' "
			 "value='SB'/></log></sequence>");
	world_deploy(&w, "<endpoint name='N'><failover><endpoint name='a' onError='SA'>"
			 "<http uri-template='http://A/'/></endpoint><endpoint name='b' "
			 "onError='SB'><http uri-template='http://B/'/></endpoint>"
			 "</failover></endpoint>");
	cr_expect_str_eq(world_run(&w, world_find(&w, REF_ENDPOINT, "N"), 10),
			 "status 500", "F6: the sequence gave no answer: %s", w.ending);
	cr_expect_eq(world_logged(&w, "by = SA"), 0);
	cr_expect_eq(world_logged(&w, "by = SB"), 1, "%s", world_log(&w));
	cr_expect_eq(world_logged(&w, "t.xml"), 0);
	cr_expect_eq(world_logged(&w, "2.xml:1: the fault sequence ended without"), 1);
	world_release(&w);
}

Test(failover, is_disabled_by_a_childs_error_sequence_in_the_original)
{
	static struct world w;

	world_init(&w);
	w.settings.compat = COMPAT_ORIGINAL;
	world_deploy(&w, "<sequence name='SA'><respond/></sequence>");
	world_deploy(&w, "<endpoint name='N'><failover><endpoint name='a' onError='SA'>"
			 "<http uri-template='http://A/'/></endpoint>" LEAF(
				 "B", "") "</failover></endpoint>");
	world_run(&w, world_find(&w, REF_ENDPOINT, "N"), 10);
	cr_expect_str_eq(names(w.sent), "A ");
	world_release(&w);
}

/* F22: children by key share their health with all who use the key. */
Test(failover, takes_children_by_key)
{
	static struct world w;
	const struct node *group;

	world_init(&w);
	world_deploy(&w, LEAF("A", ""));
	world_deploy(&w, LEAF("B", ""));
	world_deploy(&w, GROUP("<endpoint key='A'/><endpoint key='B'/>"));
	group = world_find(&w, REF_ENDPOINT, "N");
	w.backend[0] = backend("http://B/", '.', 1);
	cr_expect_str_eq(world_run(&w, group, 5), "done");
	cr_expect_str_eq(names(w.sent), "A B ");
	cr_expect_eq(world_logged(&w,
				  "Endpoint [N] Detect a Failure in a child endpoint : "
				  "Endpoint [A]"),
		     1, "%s", world_log(&w));
	cr_expect_str_eq(world_run(&w, group, 5), "done");
	cr_expect_str_eq(names(w.sent), "A B B ");
	cr_expect_str_eq(world_run(&w, world_find(&w, REF_ENDPOINT, "A"), 5),
			 "fault 303001 Currently, HTTP endpoint : [ Name : A ] [ State : "
			 "SUSPENDED ]");
	world_release(&w);
}

Test(failover, passes_over_a_key_that_nobody_has)
{
	static struct world w;

	world_init(&w);
	world_deploy(&w, LEAF("B", ""));
	world_deploy(&w, GROUP("<endpoint key='missing'/><endpoint key='B'/>"));
	w.backend[0] = backend("http://B/", '.', 0);
	cr_expect_str_eq(world_run(&w, world_find(&w, REF_ENDPOINT, "N"), 5), "done");
	cr_expect_eq(world_logged(&w,
				  "INFO IndirectEndpoint Could not find endpoint with "
				  "key missing. Could not verify Endpoint ready to "
				  "send status."),
		     1, "%s", world_log(&w));
	world_release(&w);
}

static void switch_off_a(void *ctx, const struct endpoint_view *v)
{
	(void)ctx;
	if (str_eq(v->name, STR("A")))
		endpoint_switch(v->node, false, 0);
}

/* F24, F25. */
Test(failover, passes_over_who_is_switched_off)
{
	static const struct {
		enum compat compat;
		const char *ending;
	} rows[] = {
		{ COMPAT_DOCUMENTED, "fault 303000 Failover endpoint : N - is inactive" },
		{ COMPAT_ORIGINAL, "fault 303000 N" },
	};
	static struct world w;

	for (size_t i = 0; i < 2; i++) {
		const struct node *group;

		world_init(&w);
		w.settings.compat = rows[i].compat;
		group = world_compile(&w, GROUP(LEAF("A", "") LEAF("B", "")));
		w.backend[0] = backend("http://A/", '.', 0);
		w.backend[1] = backend("http://B/", '.', 0);
		endpoint_each(group, switch_off_a, NULL);
		world_run(&w, group, 0);
		cr_expect_str_eq(names(w.sent), "B ");
		endpoint_switch(group, false, 0);
		cr_expect_str_eq(world_run(&w, group, 0), rows[i].ending, "%s", w.ending);
		world_release(&w);
	}
}

/* F28, and ERROR_KIND beside the colliding code. */
Test(failover, shows_the_error_of_the_last_child)
{
	static struct world w;
	static const char *const shown[][2] = {
		{ "ERROR_CODE", "101503" },
		{ "ERROR_MESSAGE", "Error connecting to the back end" },
		{ "ERROR_DETAIL", "connect_refused: localhost:8080: Connection refused" },
		{ "ERROR_KIND", "connect_refused" },
		{ "ERROR_ENDPOINT", "B" },
		{ "last_endpoint", "Endpoint [B]" },
	};
	struct run r;

	world_init(&w);
	world_deploy(&w, "<sequence name='H'><respond/></sequence>");
	world_deploy(&w, "<sequence name='S' onError='H'><call>" GROUP(
				 LEAF("A", "") LEAF("B", "")) "</call></sequence>");
	world_begin(&w, &r);
	world_start(&r, world_find(&w, REF_SEQUENCE, "S"));
	world_pass(&w, 0);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const struct value v = message_property(&r.x.message, SCOPE_DEFAULT,
							str_of(shown[i][0]));
		const struct str text = value_text(v, &r.x.arena);

		cr_expect(str_eq(text, str_of(shown[i][1])), "%s: " STR_FMT, shown[i][0],
			  STR_ARG(text));
	}
	world_end(&r);
	world_release(&w);
}

/* F4's note: in the original a static group leaves the error of a recovered message. */
Test(failover, leaves_no_error_behind_but_in_the_original)
{
	static struct world w;

	for (int original = 0; original < 2; original++) {
		struct run r;

		world_init(&w);
		w.settings.compat = original ? COMPAT_ORIGINAL : COMPAT_DOCUMENTED;
		world_deploy(&w, "<endpoint name='N'><failover dynamic='no'>" LEAF(
					 "A", "") LEAF("B", "") "</failover></endpoint>");
		w.backend[0] = backend("http://B/", '.', 0);
		world_begin(&w, &r);
		world_start(&r, world_find(&w, REF_ENDPOINT, "N"));
		world_pass(&w, 0);
		cr_expect_str_eq(world_ending(&w, &r), "done");
		cr_expect_eq(
			message_property(&r.x.message, SCOPE_DEFAULT, STR("ERROR_CODE"))
				.number,
			original ? 101503 : 0);
		world_end(&r);
		world_release(&w);
	}
}

/* H2: a later failure does not fall back into a group that answered (F12). */
Test(failover, that_answered_has_nothing_to_do_with_later_failures)
{
	static struct world w;

	world_init(&w);
	world_deploy(
		&w, "<sequence name='S'><call>" GROUP(LEAF("A", "") LEAF(
			    "B", "")) "</call><call>" LEAF("C", "") "</call></sequence>");
	w.backend[0] = backend("http://A/", '.', 0);
	world_run(&w, world_find(&w, REF_SEQUENCE, "S"), 0);
	cr_expect_str_eq(w.ending, REFUSAL);
	cr_expect_str_eq(names(w.sent), "A C ");
	world_release(&w);
}

/* A body beyond the limit is passed on once, and why it is not sent again is said. */
Test(failover, does_not_repeat_what_it_could_not_keep)
{
	static struct world w;
	struct run r;

	world_init(&w);
	w.settings.replay = (struct body_limits){ .memory = 4, .most = 8 };
	world_deploy(&w, GROUP(LEAF("A", "") LEAF("B", "")));
	world_begin(&w, &r);
	{
		static struct body_source source;

		body_start(&r.x.message.body, &source, BODY_LENGTH_UNKNOWN);
	}
	world_start(&r, world_find(&w, REF_ENDPOINT, "N"));
	w.backend[0] = backend("http://A/", 'R', 5);
	world_pass(&w, 1);
	body_feed(&r.x.message.body, STR("more than eight bytes"));
	body_settle(&r.x.message.body);
	body_end(&r.x.message.body, true);
	world_pass(&w, 10);
	cr_expect_str_eq(world_ending(&w, &r), REFUSAL);
	cr_expect_str_eq(names(w.sent), "A ");
	cr_expect_eq(world_logged(&w, "the body of the message was too large to be kept, "
				      "it is not sent again"),
		     1, "%s", world_log(&w));
	world_end(&r);
	world_release(&w);
}
