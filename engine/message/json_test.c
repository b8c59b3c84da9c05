#include "message/json.h"

#include <criterion/criterion.h>

/* What is read, and what it is written as. */
static const struct {
	const char *text, *written;
} read[] = {
	{ "{}", "{}" },
	{ " [ 1 , 2.50 ,\n-0 , 1E+2 ] ", "[1,2.50,-0,1E+2]" },
	{ "{\"b\":1,\"a\":{\"c\":[]}}", "{\"b\":1,\"a\":{\"c\":[]}}" },
	{ "\"\\u00e9\\ud83d\\ude00\\n\\/\"", "\"é😀\\n/\"" },
	{ "\"\\ud83d\"", "\"\xEF\xBF\xBD\"" },
	{ "\"\\u0001\"", "\"\\u0001\"" },
	{ "12345678901234567890", "12345678901234567890" },
	{ "085", "085" },
	{ "true", "true" },
	{ "null", "null" },
	{ "\xEF\xBB\xBF[1]", "[1]" },
	{ "\"line\nend\"", "\"line\\nend\"" },
	{ "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}" },
};

Test(json, is_read_and_written_as_it_was)
{
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		const struct json *j = json_parse(str_of(read[i].text), &a, &why);
		const struct str s = j ? json_text(j, &a) : str_of(why.text);

		cr_expect(str_eq(s, str_of(read[i].written)), "%s: " STR_FMT,
			  read[i].text, STR_ARG(s));
		arena_release(&a);
	}
}

static const struct {
	const char *text;
	unsigned line;
	const char *complaint;
} refused[] = {
	{ "", 1, "ends where a value was expected" },
	{ "{\"a\":1,}", 1, "expected a key" },
	{ "[1,]", 1, "not a JSON value" },
	{ "[1\n,\n2", 3, "expected ',' or ']'" },
	{ "{\"a\"\n1}", 2, "expected ':'" },
	{ "{'a':1}", 1, "expected a key in quotes" },
	{ "tru", 1, "not a JSON value" },
	{ "1 2", 1, "something follows" },
	{ "1.", 1, "decimal point" },
	{ "1e", 1, "exponent" },
	{ "\"abc", 1, "does not end" },
	{ "\"\\x\"", 1, "escape" },
	{ "\"\\u12g4\"", 1, "escape" },
	{ "\"\\", 1, "does not end" },
	{ "<a/>", 1, "not a JSON value" },
	{ "NaN", 1, "not a JSON value" },
};

Test(json, what_is_wrong_is_told_with_its_line)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };

		cr_expect_null(json_parse(str_of(refused[i].text), &a, &why), "%s",
			       refused[i].text);
		cr_expect(why.text && strstr(why.text, refused[i].complaint), "%s: %s",
			  refused[i].text, why.text);
		cr_expect_eq(why.where.line, refused[i].line, "%s: line %u",
			     refused[i].text, why.where.line);
		arena_release(&a);
	}
}

Test(json, depth_is_limited)
{
	static char text[2 * JSON_MAX_DEPTH + 2];
	struct arena a = { 0 };

	memset(text, '[', JSON_MAX_DEPTH);
	memset(text + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
	cr_expect_not_null(
		json_parse((struct str){ text, 2 * JSON_MAX_DEPTH }, &a, NULL));
	text[JSON_MAX_DEPTH] = '1'; /* a number in the innermost is no level of its own */
	memset(text + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH);
	cr_expect_not_null(
		json_parse((struct str){ text, 2 * JSON_MAX_DEPTH + 1 }, &a, NULL));
	memset(text, '[', JSON_MAX_DEPTH + 1);
	memset(text + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
	cr_expect_null(
		json_parse((struct str){ text, 2 * JSON_MAX_DEPTH + 2 }, &a, NULL));
	arena_release(&a);
}

Test(json, the_last_of_equal_keys_is_found_and_all_are_kept)
{
	struct arena a = { 0 };
	const struct json *j = json_parse(STR("{\"a\":1,\"b\":2,\"a\":3}"), &a, NULL);
	int64_t n = 0;

	cr_expect_eq(j->count, 3);
	cr_expect(json_to_int(json_get(j, STR("a")), &n) && n == 3);
	cr_expect_null(json_get(j, STR("c")));
	arena_release(&a);
}

Test(json, members_are_set_replaced_and_removed)
{
	struct arena a = { 0 };
	struct json *j = json_parse(STR("{\"a\":1,\"b\":2}"), &a, NULL);

	json_set(j, STR("b"), json_string(&a, STR("x")));
	json_set(j, STR("c"), json_bool(&a, true));
	cr_expect(json_remove(j, json_get(j, STR("a"))));
	cr_expect(str_eq(json_text(j, &a), STR("{\"b\":\"x\",\"c\":true}")));
	cr_expect(json_remove(j, json_get(j, STR("c"))));
	json_set(j, STR("d"), json_int(&a, -7));
	cr_expect(str_eq(json_text(j, &a), STR("{\"b\":\"x\",\"d\":-7}")));
	arena_release(&a);
}

static const struct {
	const char *a, *b;
	bool equal;
} pairs[] = {
	{ "{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", true },
	{ "1.0", "1", true },
	{ "\"1\"", "1", false },
	{ "[1,2]", "[2,1]", false },
	{ "{\"a\":1}", "{\"a\":1,\"b\":1}", false },
	{ "12345678901234567890", "12345678901234567890", true },
};

Test(json, members_are_equal_in_any_order_and_numbers_by_value)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct arena a = { 0 };

		cr_expect_eq(json_equal(json_parse(str_of(pairs[i].a), &a, NULL),
					json_parse(str_of(pairs[i].b), &a, NULL)),
			     pairs[i].equal, "%s %s", pairs[i].a, pairs[i].b);
		arena_release(&a);
	}
}

Test(json, is_indented_by_two)
{
	struct arena a = { 0 };
	struct buf b;

	buf_init(&b, 1000);
	json_write(json_parse(STR("{\"a\":[1,{}],\"b\":[]}"), &a, NULL), true, &b);
	cr_expect(str_eq(buf_str(&b),
			 STR("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}")));
	buf_release(&b);
	arena_release(&a);
}
