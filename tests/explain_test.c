/* What `check --explain` says of endpoints, in words (tools/explain.c). */
#include "tools/explain.h"

#include <criterion/criterion.h>

#include "synapse-xml/fixture.h"

struct row {
	const char *name;
	const char *group;  /* the endpoint stands in it; NULL: in none */
	const char *within; /* <http> */
	const char *said;   /* a part of it; NULL: nothing is */
	bool original;
};

#define SUSPEND(x) "<suspendOnFailure>" x "</suspendOnFailure>"
#define MARK(x) "<markForSuspension>" x "</markForSuspension>"
#define CODES(x) "<errorCodes>" x "</errorCodes>"
#define INITIAL(x) "<initialDuration>" x "</initialDuration>"
#define MAXIMUM(x) "<maximumDuration>" x "</maximumDuration>"
#define FACTOR(x) "<progressionFactor>" x "</progressionFactor>"
#define RETRIES(x) "<retriesBeforeSuspension>" x "</retriesBeforeSuspension>"
#define DELAY(x) "<retryDelay>" x "</retryDelay>"
#define TIMEOUT(x) "<timeout>" x "</timeout>"
#define DURATION(x) "<duration>" x "</duration>"

/* What the tooling writes into nearly every endpoint. */
#define USUAL                                           \
	SUSPEND(INITIAL("-1") FACTOR("1") MAXIMUM("0")) \
	MARK(RETRIES("0"))

static const struct row rows[] = {
	{ "nothing unusual", NULL, "", NULL },
	{ "lists and durations as one expects", NULL,
	  SUSPEND(CODES("101503") INITIAL("1000") FACTOR("2") MAXIMUM("60000"))
		  MARK(CODES("101504") RETRIES("3")),
	  NULL },

	/* the usual defaults */
	{ "usual: -1 is not set", NULL, USUAL,
	  "initialDuration -1 is \"not set\", not \"never\": the first suspension lasts "
	  "30000 ms" },
	{ "usual: a maximum of 0", NULL, USUAL,
	  "maximumDuration 0: a suspension that it limits ends at once" },
	{ "usual: in numbers", NULL, USUAL,
	  "the endpoint is suspended for 30000, 0, 30000, 0 … ms" },
	{ "usual: no codes", NULL, USUAL,
	  "every error but 101504 and 101505 suspends the endpoint at once" },
	{ "usual: no retries", NULL, USUAL,
	  "retriesBeforeSuspension 0: errors 101504 and 101505 suspend the endpoint at "
	  "once as well" },

	/* endpoints.md 4.4 */
	{ "initial 0", NULL, SUSPEND(INITIAL("0")),
	  "initialDuration 0: the endpoint is called suspended, but is ready again at "
	  "once" },
	{ "initial 0 in numbers", NULL, SUSPEND(INITIAL("0")),
	  "suspended for 0, 0, 0, 0" },
	{ "not set, and clamped from the second on", NULL, SUSPEND(MAXIMUM("10000")),
	  "suspended for 30000, 10000, 10000, 10000" },
	{ "the maximum wins from the first", NULL,
	  SUSPEND(INITIAL("5000") MAXIMUM("1000")),
	  "maximumDuration 1000 is less than initialDuration 5000 and wins" },
	{ "it shrinks", NULL, SUSPEND(INITIAL("8") FACTOR("0.5")),
	  "suspended for 8, 4, 2, 1" },
	{ "... and says so", NULL, SUSPEND(INITIAL("8") FACTOR("0.5")),
	  "progressionFactor 0.5 makes each suspension shorter" },
	{ "a factor of 0", NULL, SUSPEND(INITIAL("1000") FACTOR("0")),
	  "suspended for 1000, 0, 1000, 0" },
	{ "a negative factor", NULL, SUSPEND(INITIAL("1000") FACTOR("-2")),
	  "suspended for 1000, 30000, 30000, 30000" },
	{ "a negative maximum", NULL, SUSPEND(INITIAL("1000") MAXIMUM("-1")),
	  "maximumDuration -1: a suspension that it limits ends at once" },

	/* 4.2: the lists */
	{ "never", NULL, SUSPEND(CODES("-1")) MARK(CODES("-1")),
	  "errorCodes -1 twice: no error has this code, so the endpoint is never "
	  "suspended" },
	{ "one list is not enough", NULL, SUSPEND(CODES("-1")),
	  "errors 101504 and 101505 suspend the endpoint at once as well" },
	{ "nor is the other", NULL, MARK(CODES("-1")),
	  "every error suspends the endpoint at once, 101504 and 101505 too" },
	{ "only these", NULL, SUSPEND(CODES("101503,101500")),
	  "errors 101503,101500 suspend at once; all others but 101504 and 101505 leave "
	  "the endpoint as it is" },
	{ "all but these", NULL, MARK(CODES("101507") RETRIES("2")),
	  "every error but 101507 suspends the endpoint at once" },
	{ "borne", NULL, MARK(CODES("101507") RETRIES("2")),
	  "errors 101507 are borne 2 times, by all messages together" },

	/* decisions.md §2 */
	{ "F1", "failover", MARK(CODES("101504") RETRIES("3") DELAY("10")),
	  "a message waits the 10 ms and tries this one again" },
	{ "F1, not outside of a group", NULL,
	  SUSPEND(CODES("1")) MARK(CODES("101504") RETRIES("3") DELAY("10")), NULL },
	{ "F1, not as the original", "failover",
	  SUSPEND(CODES("1")) MARK(CODES("101504") RETRIES("3") DELAY("10")), NULL,
	  true },
	{ "F2", NULL, TIMEOUT(DURATION("60000")),
	  "a deadline without responseAction is a fault 101504" },
	{ "F3", NULL, TIMEOUT(DURATION("1000")),
	  "the deadline is exact (the original looks every 15000 ms only)" },
	{ "no deadline is none", NULL, TIMEOUT(DURATION("0")),
	  "duration 0 is over at once, it is not \"none\"; without <duration> the global "
	  "one of 120000 ms holds" },
	{ "F4", "failover", MARK(RETRIES("3")),
	  "within one message it is tried at most 4 times" },
	{ "F7", NULL,
	  TIMEOUT(DURATION("60000") "<responseAction>discard</responseAction>"),
	  "discard concerns timeouts only" },
};

static void explain(struct fixture *f, const struct row *row, const char *on_error,
		    char *said, size_t room)
{
	struct endpoint_settings settings = endpoint_defaults;
	FILE *to = tmpfile();
	const char *text;

	settings.compat = row->original ? COMPAT_ORIGINAL : COMPAT_DOCUMENTED;
	fixture_init(f);
	text = arena_printf(&f->arena,
			    "<endpoint " XMLNS " name='e'>%s%s<http "
			    "uri-template='http://h/'>%s</http>%s</endpoint>",
			    row->group ? "<failover><endpoint " : "",
			    row->group ? on_error : "", row->within,
			    row->group ? "</endpoint></failover>" : "");
	fixture_put(f, "e.xml", text);
	fixture_build(f);
	explain_deployment(f->deployment, &settings, to);
	rewind(to);
	said[fread(said, 1, room - 1, to)] = 0;
	fclose(to);
	fixture_release(f);
}

Test(explain, says_in_words_what_settings_do)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct fixture f;
		char said[8192];

		explain(&f, row, ">", said, sizeof(said));
		if (row->said)
			cr_expect(strstr(said, row->said), "%s:\n%s", row->name, said);
		else
			cr_expect_str_empty(said, "%s:\n%s", row->name, said);
	}
}

Test(explain, says_when_the_error_sequence_of_a_child_runs)
{
	static const struct row child = { "F8", "failover", "", NULL };
	static const char f8[] = "onError of a child runs when its group has given up";
	struct fixture f;
	char said[8192];

	explain(&f, &child, "onError='mend'>", said, sizeof(said));
	cr_expect(strstr(said, f8), "%s", said);
	explain(&f, &child, ">", said, sizeof(said));
	cr_expect_str_empty(said, "%s", said);
}
