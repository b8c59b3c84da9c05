#include "endpoint/health.h"

#include <criterion/criterion.h>

#include "endpoint/endpoint.h"

enum { NO = -1, END = 0 };

enum op { ERR, NOCODE, OK, OFF, ON, READY, NOT_READY };

/* One step: at this time this happens; then it is so. */
struct step {
	int64_t at;
	enum op op;
	int code;
	enum health_state state;
	int64_t next;
	int remaining;
	int64_t last;
};

struct life {
	const char *name;
	const char *policy;    /* in the page's shorthand: "mark=101504 ret=2 ini=1000" */
	struct step steps[16]; /* ends in a state of 0 */
};

#define ACTIVE HEALTH_ACTIVE
#define TIMEOUT HEALTH_TIMEOUT
#define SUSPENDED HEALTH_SUSPENDED

#define S3                                                                \
	"susp=101500,101501,101506,101507,101508 ini=1000 f=2 max=60000 " \
	"mark=101504,101505 ret=3 dly=1"

/* clang-format off */
/* The rows of endpoints.md §16.1. */
static const struct life lives[] = {
	{ "S1", "", {
		{ 0, ERR, 101503, SUSPENDED, 30000, NO, 30000 },
		{ 29999, NOT_READY, 0, SUSPENDED, 30000, NO, 30000 },
		{ 30000, READY, 0, SUSPENDED, 30000, NO, 30000 },
		{ 30000, ERR, 101503, SUSPENDED, 60000, NO, 30000 },
		{ 60001, OK, 0, ACTIVE, 60000, 0, NO },
		{ 61000, ERR, 101503, SUSPENDED, 91000, 0, 30000 } } },
	{ "S2", "", {
		{ 0, ERR, 101504, SUSPENDED, 30000, NO, 30000 } } },
	{ "S3", S3, {
		{ 0, ERR, 101504, TIMEOUT, 1, 2, NO },
		{ 0, NOT_READY, 0, TIMEOUT, 1, 2, NO },
		{ 1, READY, 0, TIMEOUT, 1, 2, NO },
		{ 1, ERR, 101505, TIMEOUT, 2, 1, NO },
		{ 2, ERR, 101504, TIMEOUT, 3, 0, NO },
		{ 3, ERR, 101504, SUSPENDED, 1003, 0, 1000 },
		{ 1003, ERR, 101504, SUSPENDED, 3003, 0, 2000 },
		{ 3003, ERR, 101507, SUSPENDED, 7003, 0, 4000 },
		{ 7003, ERR, 101508, SUSPENDED, 15003, 0, 8000 },
		{ 15003, ERR, 101500, SUSPENDED, 31003, 0, 16000 },
		{ 31003, ERR, 101506, SUSPENDED, 63003, 0, 32000 },
		{ 63003, ERR, 101506, SUSPENDED, 123003, 0, 60000 },
		{ 123003, ERR, 101506, SUSPENDED, 183003, 0, 60000 },
		{ 190000, OK, 0, ACTIVE, 183003, 3, NO },
		{ 200000, ERR, 101507, SUSPENDED, 201000, 3, 1000 } } },
	{ "S4", S3, {
		{ 0, ERR, 101503, ACTIVE, NO, NO, NO } } },
	{ "S5", "ini=1000 f=2 max=64000", {
		{ 0, ERR, 101503, SUSPENDED, 1000, NO, 1000 },
		{ 1000, ERR, 101503, SUSPENDED, 3000, NO, 2000 },
		{ 3000, ERR, 101503, SUSPENDED, 7000, NO, 4000 },
		{ 7000, ERR, 101503, SUSPENDED, 15000, NO, 8000 },
		{ 15000, ERR, 101503, SUSPENDED, 31000, NO, 16000 },
		{ 31000, ERR, 101503, SUSPENDED, 63000, NO, 32000 },
		{ 63000, ERR, 101503, SUSPENDED, 127000, NO, 64000 },
		{ 127000, ERR, 101503, SUSPENDED, 191000, NO, 64000 } } },
	{ "S6", "max=10000", {
		{ 0, ERR, 101503, SUSPENDED, 30000, NO, 30000 },
		{ 30000, ERR, 101503, SUSPENDED, 40000, NO, 10000 },
		{ 40000, ERR, 101503, SUSPENDED, 50000, NO, 10000 } } },
	{ "S7", "f=2", {
		{ 0, ERR, 101503, SUSPENDED, 30000, NO, 30000 },
		{ 30000, ERR, 101503, SUSPENDED, 90000, NO, 60000 },
		{ 90000, ERR, 101503, SUSPENDED, 210000, NO, 120000 } } },
	{ "S8", "ini=0 f=2 max=1000", {
		{ 0, ERR, 101503, SUSPENDED, 0, NO, 0 },
		{ 0, READY, 0, SUSPENDED, 0, NO, 0 },
		{ 5, ERR, 101503, SUSPENDED, 5, NO, 0 } } },
	{ "S9", "ini=5000 f=2 max=2000", {
		{ 0, ERR, 101503, SUSPENDED, 2000, NO, 2000 },
		{ 2000, ERR, 101503, SUSPENDED, 4000, NO, 2000 } } },
	{ "S10", "ini=1000 max=0", {
		{ 0, ERR, 101503, SUSPENDED, 0, NO, 0 },
		{ 0, READY, 0, SUSPENDED, 0, NO, 0 } } },
	{ "S11", "ini=1000 max=-1", {
		{ 100, ERR, 101503, SUSPENDED, 99, NO, -1 },
		{ 99, READY, 0, SUSPENDED, 99, NO, -1 },
		{ 200, ERR, 101503, SUSPENDED, 199, NO, -1 } } },
	{ "S12", "ini=8 f=0.5", {
		{ 0, ERR, 101503, SUSPENDED, 8, NO, 8 },
		{ 8, ERR, 101503, SUSPENDED, 12, NO, 4 },
		{ 12, ERR, 101503, SUSPENDED, 14, NO, 2 },
		{ 14, ERR, 101503, SUSPENDED, 15, NO, 1 },
		{ 15, ERR, 101503, SUSPENDED, 15, NO, 0 },
		{ 15, ERR, 101503, SUSPENDED, 23, NO, 8 } } },
	{ "S13", "ini=1000 f=0", {
		{ 0, ERR, 101503, SUSPENDED, 1000, NO, 1000 },
		{ 1000, ERR, 101503, SUSPENDED, 1000, NO, 0 },
		{ 1000, ERR, 101503, SUSPENDED, 2000, NO, 1000 } } },
	{ "S14", "ini=1000 f=-1", {
		{ 0, ERR, 101503, SUSPENDED, 1000, NO, 1000 },
		{ 1000, ERR, 101503, SUSPENDED, 31000, NO, 30000 },
		{ 31000, ERR, 101503, SUSPENDED, 61000, NO, 30000 } } },
	{ "S15", "ini=1001 f=1.1", {
		{ 0, ERR, 101503, SUSPENDED, 1001, NO, 1001 },
		{ 1001, ERR, 101503, SUSPENDED, 2102, NO, 1101 },
		{ 2102, ERR, 101503, SUSPENDED, 3313, NO, 1211 } } },
	{ "S16", "mark=101504 dly=10", {
		{ 0, ERR, 101504, SUSPENDED, 30000, NO, 30000 } } },
	{ "S17", "mark=101504 ret=-1", {
		{ 0, ERR, 101504, SUSPENDED, 30000, NO, 30000 } } },
	{ "S18", "mark=101504 ret=2 dly=100 ini=1000 f=2", {
		{ 0, ERR, 101504, TIMEOUT, 100, 1, NO },
		{ 100, ERR, 101503, SUSPENDED, 1100, 1, 1000 },
		{ 1100, ERR, 101504, TIMEOUT, 1200, 0, 1000 },
		{ 1150, NOT_READY, 0, TIMEOUT, 1200, 0, 1000 },
		{ 1200, READY, 0, TIMEOUT, 1200, 0, 1000 },
		{ 1200, ERR, 101504, SUSPENDED, 3200, 0, 2000 },
		{ 9000, OK, 0, ACTIVE, 3200, 2, NO },
		{ 9001, ERR, 101504, TIMEOUT, 9101, 1, NO } } },
	{ "S19", "", {
		{ 0, OFF, 0, HEALTH_OFF, NO, 0, NO },
		{ 1000000000, NOT_READY, 0, HEALTH_OFF, NO, 0, NO },
		{ 1, OK, 0, HEALTH_OFF, NO, 0, NO },
		{ 2, ON, 0, ACTIVE, NO, 0, NO },
		{ 2, READY, 0, ACTIVE, NO, 0, NO } } },
	{ "S20, the quirk", "", {
		{ 0, OFF, 0, HEALTH_OFF, NO, 0, NO },
		{ 10, ERR, 101503, SUSPENDED, 30010, 0, 30000 } } },
	{ "S21", "ini=1000 f=2 max=64000", {
		{ 0, ERR, 101503, SUSPENDED, 1000, NO, 1000 },
		{ 1, ERR, 101503, SUSPENDED, 2001, NO, 2000 },
		{ 2, ERR, 101503, SUSPENDED, 4002, NO, 4000 },
		{ 3, ERR, 101503, SUSPENDED, 8003, NO, 8000 } } },
	{ "S22", "ini=60000", {
		{ 0, ERR, 101503, SUSPENDED, 60000, NO, 60000 },
		{ 5, OK, 0, ACTIVE, 60000, 0, NO },
		{ 6, READY, 0, ACTIVE, 60000, 0, NO } } },
	{ "S23", "mark=-1 susp=-1 ini=0 max=0", {
		{ 0, ERR, 101503, ACTIVE, NO, NO, NO },
		{ 1, ERR, 101504, ACTIVE, NO, NO, NO } } },
	{ "S24", "limit=3", {
		{ 0, ERR, 101503, SUSPENDED, 30000, NO, 30000 },
		{ 30000, ERR, 101503, SUSPENDED, 60000, NO, 30000 },
		{ 60000, ERR, 101503, SUSPENDED, 90000, NO, 30000 },
		{ 90000, ERR, 101503, SUSPENDED, 120000, NO, 30000 },
		{ 120000, ERR, 101503, SUSPENDED, 150000, NO, 30000 } } },
	{ "S25", "limit=2 mark=-1 susp=-1", {
		{ 0, ERR, 101503, ACTIVE, NO, NO, NO },
		{ 1, OK, 0, ACTIVE, NO, NO, NO },
		{ 2, ERR, 101503, ACTIVE, NO, NO, NO },
		{ 3, OK, 0, ACTIVE, NO, NO, NO },
		{ 4, ERR, 101503, SUSPENDED, 30004, NO, 30000 },
		{ 40000, OK, 0, ACTIVE, 30004, 0, NO },
		{ 40001, ERR, 101503, ACTIVE, 30004, 0, NO } } },
	{ "S26", "mark=101503 susp=101503 ret=1", {
		{ 0, ERR, 101503, TIMEOUT, 0, 0, NO } } },
	{ "S27", "mark=101503 ret=2", {
		{ 0, ERR, 101504, SUSPENDED, 30000, NO, 30000 } } },
	{ "S28", "susp=101504 ini=500", {
		{ 0, ERR, 101504, SUSPENDED, 500, NO, 500 } } },
	{ "S29", "ini=16777217", {
		{ 0, ERR, 101503, SUSPENDED, 16777217, NO, 16777217 },
		{ 16777217, ERR, 101503, SUSPENDED, 33554433, NO, 16777216 } } },
	{ "S33", "", {
		{ 0, NOCODE, 0, ACTIVE, NO, NO, NO } } },
	{ "S34", "mark=0 ret=1", {
		{ 0, NOCODE, 0, TIMEOUT, 0, 0, NO } } },
	{ "a series longer than 64 bits", "ini=2147483647 f=1e18", {
		{ 0, ERR, 101503, SUSPENDED, INT32_MAX, NO, INT32_MAX },
		{ 1, ERR, 101503, SUSPENDED, INT64_MAX, NO, INT64_MAX } } },
	{ "the budget of a child of a group", "group=1 recursive=2 mark=-1 susp=-1", {
		{ 0, ERR, 101503, ACTIVE, NO, NO, NO },
		{ 1, ERR, 101503, ACTIVE, NO, NO, NO },
		{ 2, ERR, 101503, SUSPENDED, 30002, NO, 30000 } } },
};
/* clang-format on */

static struct codes codes_of(struct str list)
{
	static int pool[64];
	static unsigned used;
	struct codes codes = { &pool[used], 0 };
	struct str part;
	int64_t n;

	while (str_cut(&list, ',', &part))
		if (str_to_int(part, &n) && used < 64) {
			pool[used++] = (int)n;
			codes.count++;
		}
	return codes;
}

static void take_number(struct health_policy *p, struct str key, int64_t n)
{
	if (str_eq(key, STR("ret")))
		p->retries = (int)n;
	else if (str_eq(key, STR("dly")))
		p->retry_delay = n;
	else if (str_eq(key, STR("ini")))
		p->initial = n;
	else if (str_eq(key, STR("max")))
		p->maximum = n;
	else if (str_eq(key, STR("limit")))
		p->limit = (int)n;
	else if (str_eq(key, STR("recursive")))
		p->recursive_limit = (int)n;
	else
		p->in_group = true;
}

static struct health_policy policy_of(const char *text)
{
	struct health_policy p = { .initial = -1,
				   .factor = 1,
				   .maximum = INT64_MAX,
				   .limit = -1,
				   .recursive_limit = -1,
				   .limit_duration = 30000,
				   .recursive_limit_duration = 30000 };
	struct str rest = str_of(text), word;

	while (str_cut(&rest, ' ', &word)) {
		struct str value = word, key;
		double f;
		int64_t n;

		str_cut(&value, '=', &key);
		if (str_eq(key, STR("mark")))
			p.mark = codes_of(value);
		else if (str_eq(key, STR("susp")))
			p.suspend = codes_of(value);
		else if (str_eq(key, STR("f")) && str_to_double(value, &f))
			p.factor = (float)f;
		else if (str_to_int(value, &n))
			take_number(&p, key, n);
	}
	return p;
}

static void happen(const struct step *s, struct vitals *v, const struct health_policy *p,
		   const char *name)
{
	switch (s->op) {
	case ERR:
		vitals_failed(v, p, &s->code, s->at);
		break;
	case NOCODE:
		vitals_failed(v, p, NULL, s->at);
		break;
	case OK:
		vitals_succeeded(v, p);
		break;
	case OFF:
	case ON:
		vitals_switched(v, p, s->op == ON);
		break;
	case READY:
	case NOT_READY:
		cr_expect_eq(vitals_are_ready(v, s->at), s->op == READY, "%s at %lld",
			     name, (long long)s->at);
		break;
	}
}

Test(health, lives_as_the_original_does)
{
	for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		const struct life *life = &lives[i];
		const struct health_policy p = policy_of(life->policy);
		struct vitals v;

		vitals_init(&v, &p);
		for (const struct step *s = life->steps; s->state; s++) {
			happen(s, &v, &p, life->name);
			cr_expect(v.state == s->state && v.next == s->next &&
					  v.remaining == s->remaining &&
					  v.last == s->last,
				  "%s, step %td: %s %lld/%d/%lld", life->name,
				  s - life->steps, health_state_name(v.state),
				  (long long)v.next, v.remaining, (long long)v.last);
		}
	}
}

Test(health, says_what_happened)
{
	const struct health_policy p = policy_of("ret=1 ini=100 f=2");
	const int timeout = 101504, refused = 101503;
	struct vitals v;

	vitals_init(&v, &p);
	cr_expect_eq(vitals_failed(&v, &p, &timeout, 0).note, NOTE_RETRIES);
	cr_expect_eq(vitals_failed(&v, &p, &timeout, 1).note, NOTE_NO_RETRIES);
	cr_expect_eq(vitals_failed(&v, &p, &refused, 200).note, NOTE_SUSPENDED);
	cr_expect_eq(vitals_succeeded(&v, &p).note, NOTE_RECOVERED);
	cr_expect_eq(vitals_succeeded(&v, &p).note, NOTE_NOTHING);
	cr_expect_eq(vitals_switched(&v, &p, false).note, NOTE_OFF);
	cr_expect_eq(vitals_switched(&v, &p, true).note, NOTE_ON);
}

static const struct fault refused = { .code = 101503, .text = "refused" };

Test(health, results_of_old_attempts_do_not_count)
{
	const struct health_policy plain = policy_of("");
	struct healths *hs = healths_new();
	struct health *h = health_ref(hs, STR("a"), 1, &plain);
	const health_moment begun = health_begin(h, false);

	health_failed(h, &plain, &refused, begun, false, 0);
	cr_expect_eq(health_state(h), HEALTH_SUSPENDED);
	cr_expect_eq(health_failed(h, &plain, &refused, begun, false, 1).note,
		     NOTE_STALE);
	cr_expect_eq(health_succeeded(h, &plain, begun, false, 2).note, NOTE_STALE);
	cr_expect_eq(health_state(h), HEALTH_SUSPENDED);
	cr_expect_eq(health_succeeded(h, &plain, begun, true, 2).note, NOTE_RECOVERED,
		     "in the original they do");
	health_unref(h);
	healths_free(hs);
}

Test(health, is_kept_off_by_a_late_failure)
{
	const struct health_policy plain = policy_of("");
	struct healths *hs = healths_new();
	struct health *h = health_ref(hs, STR("a"), 1, &plain);
	const health_moment begun = health_begin(h, false);

	health_switch(h, &plain, false, 5);
	health_failed(h, &plain, &refused, begun, false, 10);
	cr_expect_eq(health_state(h), HEALTH_OFF);
	cr_expect_not(health_is_ready(h, 1000000));
	health_switch(h, &plain, true, 20);
	cr_expect(health_is_ready(h, 20));
	health_unref(h);
	healths_free(hs);
}

Test(health, every_failure_counts_within_timeout)
{
	const struct health_policy p = policy_of("ret=1 dly=10");
	const struct fault late = { .code = 101504, .text = "Send timeout" };
	struct healths *hs = healths_new();
	struct health *h = health_ref(hs, STR("a"), 1, &p);
	const health_moment first = health_begin(h, false);
	const health_moment second = health_begin(h, false);

	health_failed(h, &p, &late, first, false, 0);
	cr_expect_eq(health_state(h), HEALTH_TIMEOUT);
	cr_expect_eq(health_wait(h, 3), 7);
	health_failed(h, &p, &late, second, false, 1);
	cr_expect_eq(health_state(h), HEALTH_SUSPENDED);
	health_unref(h);
	healths_free(hs);
}

Test(health, survives_while_its_definition_is_the_same)
{
	const struct health_policy plain = policy_of("");
	struct healths *hs = healths_new();
	struct health *old = health_ref(hs, STR("a"), 1, &plain);
	struct health *same = health_ref(hs, STR("a"), 1, &plain);
	struct health *changed = health_ref(hs, STR("a"), 2, &plain);
	struct health *again;

	cr_expect_eq(old, same);
	cr_expect_neq(old, changed);
	health_failed(old, &plain, &refused, 0, false, 0);
	health_unref(old);
	cr_expect_eq(health_state(same), HEALTH_SUSPENDED);
	health_unref(same);
	again = health_ref(hs, STR("a"), 1, &plain);
	cr_expect_eq(health_state(again), HEALTH_ACTIVE, "nobody held it");
	health_unref(again);
	health_unref(changed);
	healths_free(hs);
}

Test(health, keeps_why)
{
	const struct where rule = { "orders.xml", 12 };
	struct health_policy p = policy_of("");
	struct healths *hs = healths_new();
	struct health *h = health_ref(hs, STR("a"), 1, &p);
	struct health_report r;

	p.suspend_rule = rule;
	health_failed(h, &p, &refused, health_begin(h, false), false, 7);
	health_read(h, &r);
	cr_expect_eq(r.code, 101503);
	cr_expect_str_eq(r.text, "refused");
	cr_expect_str_eq(r.rule.file, "orders.xml");
	cr_expect_eq(r.rule.line, 12);
	cr_expect_eq(r.since, 7);
	cr_expect_eq(r.vitals.next, 30007);
	cr_expect_eq(r.failures, 1);
	cr_expect_eq(r.suspensions, 1);
	health_unref(h);
	healths_free(hs);
}

Test(health, lets_one_probe_in_when_half_open)
{
	const struct health_policy plain = policy_of("");
	struct healths *hs = healths_new();
	struct health *h = health_ref(hs, STR("a"), 1, &plain);
	health_moment probe;

	health_failed(h, &plain, &refused, health_begin(h, false), false, 0);
	cr_expect(health_is_ready(h, 30000));
	probe = health_begin(h, true);
	cr_expect_not(health_is_ready(h, 30000));
	health_succeeded(h, &plain, probe, false, 30001);
	health_end(h);
	cr_expect(health_is_ready(h, 30001));
	health_unref(h);
	healths_free(hs);
}
