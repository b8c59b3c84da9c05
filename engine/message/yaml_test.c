#include "message/yaml.h"

#include <criterion/criterion.h>

/* What is written, and what it is as JSON. */
static const struct {
	const char *yaml, *json;
} read[] = {
	{ "", "null" },
	{ "# nothing\n", "null" },
	{ "a: 1\nb: two\n", "{\"a\":1,\"b\":\"two\"}" },
	{ "- a\n- [b, 'c']\n- {d: \"e\"}\n", "[\"a\",[\"b\",\"c\"],{\"d\":\"e\"}]" },
	{ "v: 1.10\nz: 007\nh: 0x1F\ne: 1e3\nn: -2.50\n",
	  "{\"v\":1.10,\"z\":\"007\",\"h\":\"0x1F\",\"e\":1e3,\"n\":-2.50}" },
	{ "a: ~\nb:\nc: null\nd: 'null'\n",
	  "{\"a\":null,\"b\":null,\"c\":null,\"d\":\"null\"}" },
	{ "a: true\nb: False\nc: yes\nd: \"true\"\n",
	  "{\"a\":true,\"b\":false,\"c\":\"yes\",\"d\":\"true\"}" },
	{ "a: !!str 12\nb: !!int '12'\n", "{\"a\":\"12\",\"b\":12}" },
	{ "200: ok\n", "{\"200\":\"ok\"}" },
	{ "t: |\n  one\n  two\nf: >\n  one\n  two\n",
	  "{\"t\":\"one\\ntwo\\n\",\"f\":\"one two\\n\"}" },
	{ "a: &x {k: 1}\nb: *x\n", "{\"a\":{\"k\":1},\"b\":{\"k\":1}}" },
	{ "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n",
	  "{\"a\":{\"k\":1,\"l\":2},\"b\":{\"k\":3,\"l\":2}}" },
	{ "{\"a\": [1, true, null, \"\\u00e9\"]}", "{\"a\":[1,true,null,\"é\"]}" },
	{ "---\na: 1\n...\n", "{\"a\":1}" },
	{ "path: /a/{b}\n", "{\"path\":\"/a/{b}\"}" },
	{ "date: 2024-01-01\nversion: 1.0.0\n",
	  "{\"date\":\"2024-01-01\",\"version\":\"1.0.0\"}" },
};

Test(yaml, is_read_into_the_tree_of_json)
{
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		const struct json *j = yaml_parse(str_of(read[i].yaml), &a, &why);
		const struct str text = j ? json_text(j, &a) : str_of(why.text);

		cr_expect(str_eq(text, str_of(read[i].json)), "%s: " STR_FMT,
			  read[i].yaml, STR_ARG(text));
		arena_release(&a);
	}
}

static const struct {
	const char *yaml;
	unsigned line;
	const char *text;
} refused[] = {
	{ "a: 1\n\tb: 2\n", 2, "tab" },
	{ "a: 1\nb: 2\na: 3\n", 3, "the key 'a' is there twice" },
	{ "a: [1, 2\nb: 3\n", 2, "" },
	{ "a: *nope\n", 1, "there is no anchor 'nope'" },
	{ "a: &x [*x]\n", 1, "there is no anchor 'x'" },
	{ "[a]: 1\n", 1, "a key must be plain text" },
	{ "a: 1\n---\nb: 2\n", 2, "second document" },
	{ "a: 'x\n", 2, "" },
	{ "a:\n  - b\n c: d\n", 3, "" },
	{ "<<: 1\n", 2, "'<<'" },
};

Test(yaml, what_is_wrong_is_told_with_its_line)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };

		cr_expect_null(yaml_parse(str_of(refused[i].yaml), &a, &why), "%s",
			       refused[i].yaml);
		cr_expect_eq(why.where.line, refused[i].line, "%s: line %u: %s",
			     refused[i].yaml, why.where.line, why.text);
		cr_expect(why.text && strstr(why.text, refused[i].text), "%s: %s",
			  refused[i].yaml, why.text);
		arena_release(&a);
	}
}

Test(yaml, every_value_knows_its_line)
{
	struct arena a = { 0 };
	struct fault why;
	const struct json *j = yaml_parse(STR("a: 1\nb:\n  - c\n  - d: 2\n    e: 3\n"),
					  &a, &why);
	const struct json *list = json_get(j, STR("b"));

	cr_assert_not_null(j);
	cr_expect_eq(json_get(j, STR("a"))->line, 1);
	cr_expect_eq(json_at(list, 0)->line, 3);
	cr_expect_eq(json_get(json_at(list, 1), STR("e"))->line, 5);
	arena_release(&a);
}

/* Ten levels of ten aliases each would be ten thousand million values. */
Test(yaml, a_bomb_of_aliases_does_not_go_off)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	struct buf b;

	buf_init(&b, 65536);
	buf_add(&b, STR("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"));
	for (int i = 1; i < 10; i++) {
		buf_printf(&b, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_printf(&b, "%s*a%d", k ? "," : "", i - 1);
		buf_add(&b, STR("]\n"));
	}
	cr_expect_null(yaml_parse(buf_str(&b), &a, &why));
	cr_expect(why.text && strstr(why.text, "aliases"), "%s", why.text);
	buf_release(&b);
	arena_release(&a);
}

Test(yaml, what_is_nested_too_deeply_is_refused)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	char text[200];

	memset(text, '[', sizeof(text));
	cr_expect_null(yaml_parse((struct str){ text, sizeof(text) }, &a, &why));
	cr_expect(why.text && strstr(why.text, "64"), "%s", why.text);
	arena_release(&a);
}
