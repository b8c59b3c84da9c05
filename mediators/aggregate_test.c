#include "tests/rows.h"

#define ALL "<completeCondition><messageCount min='-1' max='-1'/></completeCondition>"
#define SPLIT(expression, inside)                                        \
	"<iterate expression='" expression "'><target><sequence>" inside \
	"</sequence></target></iterate>"
#define JOIN(attributes)                                                         \
	"<aggregate>" ALL "<onComplete " attributes "><respond/></onComplete></" \
	"aggregate>"

/* clang-format off */
static const struct row rows[] = {
	{ SPLIT("json-eval($.l)", JOIN("expression='json-eval($)'")),
	  "{\"l\": [{\"a\": 1}, {\"b\": 2}]}", "200 [{\"a\":1},{\"b\":2}]" },
	{ SPLIT("json-eval($.l)", JOIN("expression='json-eval($)' "
	  "aggregateElementType='child'")), "{\"l\": [{\"a\": 1}, {\"b\": 2}, {\"a\": 3}]}",
	  "200 {\"a\":[1,3],\"b\":2}" },
	{ SPLIT("json-eval($.l)", "") JOIN("expression='json-eval($.a)'"),
	  "{\"l\": [{\"a\": 1}, {\"a\": 2}]}", "200 [1,2]" },
	{ "<property name='all'><all xmlns=''/></property>"
	  SPLIT("//l", JOIN("expression='//l' enclosingElementProperty='all'")),
	  "<o><l>1</l><l>2</l></o>", "200 <all><l>1</l><l>2</l></all>" },
	{ SPLIT("json-eval($.l)", JOIN("expression='json-eval($)'")), "{\"l\": []}",
	  "dropped" },
	{ JOIN("expression='json-eval($)'") "<respond/>", "{}", "200 {}" },
	/* what is said about mistakes */
	{ "<aggregate/>", "", "1: <aggregate> needs a child <onComplete>" },
	{ "<aggregate><onComplete/></aggregate>", "",
	  "1: <onComplete> needs an attribute 'expression'" },
	{ "<iterate expression='//a'/>", "",
	  "1: Target for an iterate mediator is required :: missing target" },
	{ "<iterate><target><sequence/></target></iterate>", "",
	  "1: XPATH expression is required for an IterateMediator under the "
	  "\"expression\" attribute" },
};
/* clang-format on */

Test(aggregate, joins_what_was_split)
{
	ROWS_CHECK(rows);
}

Test(aggregate, completes_with_what_there_is_when_its_time_is_over)
{
	struct world w;
	struct run r;

	world_init(&w);
	w.backend[0] = (struct backend){ "http://never/", .silent = true };

	const struct node *node = world_compile(
		&w,
		"<clone><target><sequence/></target><target><sequence><call><endpoint>"
		"<address uri='http://never/'/></endpoint></call></sequence></target>"
		"</clone><aggregate><completeCondition timeout='2'/><onComplete "
		"expression='json-eval($.v)'><respond/></onComplete></aggregate>");

	cr_assert(node, "%s", world_complaint(&w));
	world_begin(&w, &r);
	row_request(&r, "{\"v\": 7}");
	world_start(&r, node);
	world_pass(&w, 1999);
	cr_expect_str_eq(world_ending(&w, &r), "waits");
	world_pass(&w, 1);
	cr_expect_str_eq(world_ending(&w, &r), "200 [7]");
	world_end(&r);
	world_release(&w);
}
