#include "schema/schema.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct part {
	struct str name;
};

struct thing {
	struct str text, name;
	uint64_t count;
	int64_t level;
	float factor;
	bool flag;
	unsigned color;
	struct codes codes;
	struct str note, word;
	struct part *one;
	struct items many;
	const struct element *rest;
};

static const char *const colors[] = { "red", "green", NULL };

static const struct field part_fields[] = {
	{ ATTR_STR(struct part, name, "name"), .required = true },
	{ NULL },
};

static const struct schema part_schema = {
	.element = "part",
	.size = sizeof(struct part),
	.fields = part_fields,
};

static const struct field fields[] = {
	{ ATTR_STR(struct thing, name, "name"), .required = true,
	  .complaint = "A thing has a name" },
	{ ATTR_UINT(struct thing, count, "count"), .least = 1, .most = 10,
	  .fallback = "3" },
	{ ATTR_INT(struct thing, level, "level"), .wrong = "No level : " },
	{ ATTR_BOOL(struct thing, flag, "flag") },
	{ ATTR_CHOICE(struct thing, color, "color"), .choices = colors,
	  .any_case = true },
	{ ATTR_IGNORED("old"), .complaint = "old has no meaning any more" },
	{ CHILD_FLOAT(struct thing, factor, "factor") },
	{ CHILD_CODES(struct thing, codes, "codes") },
	{ CHILD_STR(struct thing, note, "note") },
	{ CHILD_STR(struct thing, word, "word"), .ours = true },
	{ CHILD_ONE(struct thing, one, "one", struct part), .schema = &part_schema },
	{ CHILD_LIST(struct thing, many, "part"), .schema = &part_schema },
	{ NULL },
};

static const struct schema schema = {
	.element = "thing",
	.size = sizeof(struct thing),
	.fields = fields,
};

/* --- elements, made by hand: this room cannot read XML --- */

struct bench {
	struct arena arena;
	struct report report;
	struct binder binder;
	struct element *e;
	struct thing *thing;
};

static void set_up(struct bench *w)
{
	*w = (struct bench){ .thing = NULL };
	report_init(&w->report, &w->arena);
	w->binder = (struct binder){ .arena = &w->arena, .report = &w->report };
	w->e = element_new(&w->arena, STR(SYNAPSE_NS), STR("thing"),
			   (struct where){ "t", 1 });
	element_set(w->e, &w->arena, STR("name"), STR("x"));
}

static struct element *child(struct bench *w, const char *name, const char *text)
{
	struct element *e = element_new(&w->arena, STR(SYNAPSE_NS), str_of(name),
					(struct where){ "t", 2 });

	element_add_text(e, &w->arena, str_of(text));
	return element_add(w->e, e);
}

static const char *bind(struct bench *w)
{
	w->thing = arena_new(&w->arena, struct thing);

	const bool fine = schema_bind(&schema, w->e, w->thing, &w->binder);

	cr_expect_eq(fine, w->report.errors == 0);
	return w->report.first ? w->report.first->text : "";
}

static const struct {
	const char *attribute, *value, *complaint;
} attributes[] = {
	{ "count", "10", "" },
	{ "count", " 7 ", "" },
	{ "count", "11", "count must be 1 to 10, not 11" },
	{ "count", "-1", "count=\"-1\" is not a number" },
	{ "count", "99999999999999999999",
	  "count=\"99999999999999999999\" is not a number" },
	{ "count", "", "count=\"\" is not a number" },
	{ "level", "-5", "" },
	{ "level", "high", "No level : high" },
	{ "flag", "TRUE", "" },
	{ "flag", "maybe",
	  "flag=\"maybe\" is neither true nor false, and counts as "
	  "false" },
	{ "color", "GREEN", "" },
	{ "color", "blue", "color=\"blue\" is not one of red, green" },
	{ "colour", "red", "<thing> has no attribute 'colour'; did you mean 'color'?" },
	{ "zzz", "1",
	  "<thing> has no attribute 'zzz'; it has name, count, level, flag, color" },
	{ "description", "anything", "" },
	{ "statistics", "enable", "" },
	{ "old", "1", "old has no meaning any more" },
	{ "name", "", "A thing has a name" },
};

Test(schema, binds_attributes_or_says_what_is_wrong)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		struct bench w;

		set_up(&w);
		element_set(w.e, &w.arena, str_of(attributes[i].attribute),
			    str_of(attributes[i].value));
		cr_expect_str_eq(bind(&w), attributes[i].complaint, "%s=%s: %s",
				 attributes[i].attribute, attributes[i].value,
				 w.report.first ? w.report.first->text : "");
		arena_release(&w.arena);
	}
}

static const struct {
	const char *name, *text, *complaint;
} children[] = {
	{ "factor", " 1.5 ", "" },
	{ "factor", "fast", "<factor>: 'fast' is not a number" },
	{ "codes", "1, 2 3", "" },
	{ "codes", "", "" },
	{ "codes", "1,x", "<codes>: '1,x' is not a list of numbers" },
	{ "note", "hello", "" },
	{ "nota", "hello", "<thing> has no child 'nota'; did you mean 'note'?" },
	{ "description", "hello", "" },
	{ "word", "x", "<thing> has no child 'word'; did you mean 'm:word'?" },
	{ "part", "", "<part> needs an attribute 'name'" },
};

Test(schema, binds_children_or_says_what_is_wrong)
{
	for (size_t i = 0; i < sizeof(children) / sizeof(children[0]); i++) {
		struct bench w;

		set_up(&w);
		child(&w, children[i].name, children[i].text);
		bind(&w);
		cr_expect(str_starts(str_of(w.report.first ? w.report.first->text : ""),
				     str_of(children[i].complaint)) &&
				  (w.report.first != NULL) ==
					  (*children[i].complaint != '\0'),
			  "%s %s: %s", children[i].name, children[i].text,
			  w.report.first ? w.report.first->text : "");
		arena_release(&w.arena);
	}
}

Test(schema, puts_values_where_they_belong)
{
	struct bench w;

	set_up(&w);
	element_set(w.e, &w.arena, STR("level"), STR("-5"));
	element_set(w.e, &w.arena, STR("color"), STR("Green"));
	child(&w, "codes", "101503, 101504 -1");
	child(&w, "factor", "1.5");
	for (int i = 0; i < 3; i++)
		element_set(child(&w, "part", ""), &w.arena, STR("name"), STR("p"));
	cr_expect_str_eq(bind(&w), "");
	cr_expect_eq(w.thing->count, 3, "the default is parsed as if it were written");
	cr_expect_eq(w.thing->level, -5);
	cr_expect_eq(w.thing->color, 1);
	cr_expect_eq(w.thing->codes.count, 3);
	cr_expect_eq(w.thing->codes.at[1], 101504);
	cr_expect_eq(w.thing->codes.at[2], -1);
	cr_expect_float_eq(w.thing->factor, 1.5, 0);
	cr_expect_eq(w.thing->many.count, 3);
	cr_expect(str_eq(((struct part *)w.thing->many.at[2])->name, STR("p")));
	arena_release(&w.arena);
}

Test(schema, takes_words_of_our_namespace_only_from_there)
{
	struct bench w;

	set_up(&w);
	child(&w, "word", "ours")->ns = STR(MYELIN_NS);
	cr_expect_str_eq(bind(&w), "");
	cr_expect(str_eq(w.thing->word, STR("ours")));
	arena_release(&w.arena);
}

Test(schema, takes_the_first_of_two_children_and_says_so)
{
	struct bench w;

	set_up(&w);
	child(&w, "note", "one");
	child(&w, "note", "two");
	cr_expect_str_eq(bind(&w), "only the first <note> of <thing> counts");
	cr_expect_eq(w.report.errors, 0);
	cr_expect(str_eq(w.thing->note, STR("one")));
	arena_release(&w.arena);
}

Test(schema, tells_all_that_is_wrong)
{
	struct bench w;

	set_up(&w);
	element_set(w.e, &w.arena, STR("count"), STR("x"));
	element_set(w.e, &w.arena, STR("level"), STR("x"));
	child(&w, "factor", "x");
	child(&w, "fctor", "x");
	bind(&w);
	cr_expect_eq(w.report.errors, 4);
	arena_release(&w.arena);
}
