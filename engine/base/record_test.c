#include "base/record.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct seen {
	char text[64];
};

static void note(void *ctx, struct str run)
{
	struct seen *seen = ctx;

	const size_t len = strlen(seen->text);

	snprintf(seen->text + len, sizeof(seen->text) - len, STR_FMT " ", STR_ARG(run));
}

Test(record, parts_are_counted_and_keep_their_last_error)
{
	struct arena a = { 0 };
	struct records *all = records_new();
	struct record *r = record_named(all, STR("pay"));
	struct tally t = record_tally(r, STR("stripe"), &a);

	cr_expect_eq(t.used_at, 0);
	record_count(r, STR("stripe"), false, STR("HTTP_500"), 10);
	record_count(r, STR("stripe"), true, STR(""), 20);
	t = record_tally(record_named(all, STR("pay")), STR("stripe"), &a);
	cr_expect_eq(t.successes, 1);
	cr_expect_eq(t.failures, 1);
	cr_expect_eq(t.used_at, 20);
	cr_expect(t.last_good);
	cr_expect(str_eq(t.last_error, STR("HTTP_500")));
	t = record_tally(record_named(all, STR("sms")), STR("stripe"), &a);
	cr_expect_eq(t.successes, 0, "another name has parts of its own");
	records_free(all);
	arena_release(&a);
}

Test(record, the_newest_runs_come_first_and_the_oldest_go)
{
	struct records *all = records_new();
	struct record *r = record_named(all, STR("pay"));
	struct seen seen = { 0 };

	for (unsigned i = 0; i < RECORD_RUNS + 2; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%u", i);
		record_keep(r, str_of(text));
	}
	record_each(r, 3, note, &seen);
	cr_expect_str_eq(seen.text, "101 100 99 ");
	records_free(all);
}
