#include "tests/rows.h"

#define ENRICH(source, target) "<enrich><source " source "<target " target "</enrich>"
#define INLINE(text) "type='inline'>" text "</source>"
#define OUT "<respond/>"

/* clang-format off */
static const struct row json[] = {
	{ ENRICH(INLINE("{\"b\": 2}"), "action='child' xpath='json-eval($)'/>") OUT,
	  "{\"a\": 1}", "200 {\"a\":1,\"b\":2}" },
	{ ENRICH(INLINE("{\"b\": 2}"), "action='child' xpath='json-eval($.l)'/>") OUT,
	  "{\"l\": [1]}", "200 {\"l\":[1,{\"b\":2}]}" },
	{ ENRICH(INLINE("{\"v\": 2}"), "xpath='json-eval($.l[1])'/>") OUT,
	  "{\"l\": [1, 1, 1]}", "200 {\"l\":[1,{\"v\":2},1]}" },
	{ ENRICH(INLINE("{\"v\": {json-eval($.n)}}"), "type='body'/>") OUT, "{\"n\": 3}",
	  "200 {\"v\":3}" },
	{ "<property name='p' value='new name'/>"
	  ENRICH("type='property' property='p'/>", "xpath='json-eval($.u.n)'/>") OUT,
	  "{\"u\": {\"n\": 0}}", "200 {\"u\":{\"n\":\"new name\"}}" },
	{ ENRICH("xpath='json-eval($.o)'/>", "type='body'/>") OUT, "{\"o\": {\"k\": [1]}}",
	  "200 {\"k\":[1]}" },
	{ ENRICH("type='body'/>", "type='property' property='p'/>")
	  "<payloadFactory media-type='json'><format>{}</format></payloadFactory>"
	  ENRICH("type='property' property='p'/>", "type='body'/>") OUT,
	  "{\"o\": {\"k\": [1]}}", "200 {\"o\":{\"k\":[1]}}" },
	{ ENRICH("xpath='json-eval($.a),json-eval($.b.c)'/>",
	  "type='body' action='remove'/>") OUT, "{\"a\": 1, \"b\": {\"c\": 2, \"d\": 3}}",
	  "200 {\"b\":{\"d\":3}}" },
	{ ENRICH("xpath='json-eval($.none)'/>", "type='body' action='remove'/>"),
	  "{\"a\": 1}", "fault 0 No results for path: json-eval($.none)" },
	{ ENRICH(INLINE("fresh"), "type='key' xpath='json-eval($.a.b)'/>") OUT,
	  "{\"a\": {\"b\": 1}}", "200 {\"a\":{\"fresh\":1}}" },
	{ ENRICH("xpath='json-eval($.none)'/>", "type='body'/>"), "{\"a\": 1}",
	  "fault 0 Failed to get the source for Enriching : " },
	{ ENRICH("xpath='json-eval($.a)'/>", "xpath='json-eval($.b.c)'/>"), "{\"a\": 1}",
	  "fault 0 Invalid Target object to be enrich." },
};

static const struct row xml[] = {
	{ ENRICH(INLINE("<id xmlns=''>new</id>"), "xpath='//o/id'/>") OUT,
	  "<o><id>old</id><x/></o>", "200 <o><id>new</id><x/></o>" },
	{ ENRICH(INLINE("<l xmlns=''/>"), "action='child' xpath='//ls'/>") OUT,
	  "<o><ls><l>1</l></ls></o>", "200 <o><ls><l>1</l><l/></ls></o>" },
	{ ENRICH("xpath='//n'/>", "action='sibling' xpath='//id'/>") OUT,
	  "<o><id/><e><n>1</n></e></o>", "200 <o><id/><n>1</n><e><n>1</n></e></o>" },
	{ ENRICH("xpath='//c'/>", "type='body'/>") OUT, "<o><c><n>Al</n></c></o>",
	  "200 <c><n>Al</n></c>" },
	{ ENRICH("xpath='//c'/>", "type='property' property='p'/>")
	  "<log level='custom'><property name='p' expression='$ctx:p'/></log>",
	  "<o><c>one</c></o>", "done", "p = one\n" },
	{ ENRICH("type='body'/>", "type='property' property='p'/>")
	  "<payloadFactory><format><x xmlns=''/></format></payloadFactory>"
	  ENRICH("type='property' property='p'/>", "type='body'/>") OUT, "<o><c/></o>",
	  "200 <o><c/></o>" },
	{ "<property name='p' value='text'/>"
	  ENRICH("type='property' property='p'/>", "xpath='//c/@k'/>") OUT,
	  "<o><c k=\"1\"/></o>", "200 <o><c k=\"text\"/></o>" },
	{ ENRICH("type='inline'>{\"j\": 1}</source>", "type='body'/>") OUT, "<o/>",
	  "200 <jsonObject><j>1</j></jsonObject>" },
	{ ENRICH("xpath='//none'/>", "type='body'/>") OUT, "<o/>", "200 <o/>",
	  "Cannot Enrich message from an empty source.\n" },
	{ ENRICH("type='body'/>", "xpath='//none'/>"), "<o/>",
	  "fault 0 Invalid Target object to be enrich." },
};

static const struct row wrong[] = {
	{ "<enrich><target type='body'/></enrich>", "", "1: source element is mandatory" },
	{ "<enrich><source type='body'/></enrich>", "", "1: target element is mandatory" },
	{ ENRICH("/>", "type='body'/>"), "",
	  "1: xpath attribute is required for CUSTOM type" },
	{ ENRICH("type='key'/>", "type='body'/>"), "", "1: Unexpected source type" },
	{ ENRICH("type='body'/>", "type='bodie'/>"), "", "1: Unexpected target type" },
	{ ENRICH("type='body'/>", "type='property' property='p' action='add'/>"), "",
	  "1: Unexpected target action" },
	{ ENRICH("type='body'/>", "type='body'/>"), "",
	  "1: Wrong combination of source and target type" },
	{ ENRICH("type='body'/>", "type='body' action='remove'/>"), "",
	  "1: Wrong combination of source type and target action" },
	{ ENRICH("type='body'/>", "type='inline'/>"), "",
	  "1: Inline not support for target attribute" },
};
/* clang-format on */

Test(enrich, changes_json)
{
	ROWS_CHECK(json);
}

Test(enrich, changes_xml)
{
	ROWS_CHECK(xml);
}

Test(enrich, says_what_is_wrong)
{
	ROWS_CHECK(wrong);
}
