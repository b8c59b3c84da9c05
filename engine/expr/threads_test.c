#include "expr/expr.h"

#include <criterion/criterion.h>
#include <pthread.h>

#include "message/content.h"

enum { THREADS = 4, TIMES = 500 };

static const struct {
	const char *source, *text;
} rows[] = {
	{ "concat(//b[2], '-', fn:tokenize($ctx:p, ',')[2], '-', get-property('p'))",
	  "2-y-x,y" },
	{ "json-eval($.a.b[?(@ > 1)])", "[2]" },
	{ "${payload.a.b[1] + length(xpath('string($ctx:p)'))}", "5" },
};

static const struct expr *compiled[sizeof(rows) / sizeof(rows[0])];

static bool holds(unsigned row)
{
	const struct incoming incoming = { 0 };
	const struct surroundings around = { 0 };
	struct arena a = { 0 };
	struct fault why;
	struct message m;
	struct str s;
	bool right;

	message_init(&m, &a, &incoming, &around);
	headers_add(&m.headers, STR("Content-Type"), STR("application/json"));
	body_set(&m.body, STR("{\"a\": {\"b\": [1, 2]}}"));
	message_set_property(&m, SCOPE_DEFAULT, STR("p"), value_str(STR("x,y")));
	right = expr_text(compiled[row], &m, &s, NULL, &why) &&
		str_eq(s, str_of(rows[row].text));
	message_release(&m);
	arena_release(&a);
	return right;
}

static void *evaluate(void *wrong)
{
	unsigned *count = wrong;

	for (unsigned i = 0; i < TIMES; i++)
		*count += !holds(i % (sizeof(rows) / sizeof(rows[0])));
	arena_trim();
	return NULL;
}

Test(expr, one_compilation_serves_many_threads_at_once)
{
	unsigned wrong[THREADS] = { 0 };
	pthread_t threads[THREADS];
	struct arena a = { 0 };
	struct fault why = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		compiled[i] = expr_compile(str_of(rows[i].source), NULL, &a, &why);
		cr_assert_not_null(compiled[i], "%s: %s", rows[i].source, why.text);
		cr_assert(holds((unsigned)i), "%s", rows[i].source);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, evaluate, &wrong[i]);
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		cr_expect_eq(wrong[i], 0);
	}
	arena_release(&a);
}
