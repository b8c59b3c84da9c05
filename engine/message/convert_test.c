#include "message/convert.h"

#include <criterion/criterion.h>

struct row {
	const char *from, *to;
};

static const struct row to_json[] = {
	{ "<stock><name>WSO2</name><price cur=\"USD\">10.5</price></stock>",
	  "{\"stock\":{\"name\":\"WSO2\",\"price\":{\"@cur\":\"USD\",\"$\":10.5}}}" },
	{ "<r><i>a</i><i>b</i><j><k>1</k></j></r>",
	  "{\"r\":{\"i\":[\"a\",\"b\"],\"j\":{\"k\":1}}}" },
	{ "<r/>", "{\"r\":null}" },
	{ "<r>  </r>", "{\"r\":null}" },
	{ "<r><a>12</a><b>-3.25</b><c>007</c><d>+5</d><e>true</e><f>True</f><g>null</g>"
	  "<h> x </h><i>1.50</i><j>1E2</j><k>12345678901234567890</k></r>",
	  "{\"r\":{\"a\":12,\"b\":-3.25,\"c\":\"007\",\"d\":\"+5\",\"e\":true,"
	  "\"f\":\"True\",\"g\":null,\"h\":\" x \",\"i\":1.50,\"j\":1E+2,"
	  "\"k\":12345678901234567890}}" },
	{ "<r><a>1.5e-3</a><b>0.00e0</b><c>25e1</c><d>1e-9</d></r>",
	  "{\"r\":{\"a\":0.0015,\"b\":0.00,\"c\":2.5E+2,\"d\":1E-9}}" },
	{ "<o:order xmlns:o='urn:o' xmlns='urn:d' o:id='7'><line "
	  "n='1'><sku>a</sku></line>"
	  "<!-- no trace --><q lang='de' a='1'/></o:order>",
	  "{\"order\":{\"@id\":\"7\",\"line\":{\"@n\":\"1\",\"sku\":\"a\"},"
	  "\"q\":{\"@lang\":\"de\",\"@a\":\"1\"}}}" },
	{ "<jsonObject><a><b>x</b><b>y</b></a><c>1</c></jsonObject>",
	  "{\"a\":{\"b\":[\"x\",\"y\"]},\"c\":1}" },
	{ "<jsonObject/>", "{}" },
	{ "<jsonArray/>", "[]" },
	{ "<jsonArray><jsonElement>1</jsonElement><jsonElement><jsonElement>2</"
	  "jsonElement>"
	  "</jsonElement></jsonArray>",
	  "[1,[2]]" },
	{ "<jsonArray><jsonElement><a>1</a></jsonElement></jsonArray>", "[{\"a\":1}]" },
	{ "<jsonValue>\"x\"</jsonValue>", "\"x\"" },
	{ "<r><?xml-multiple i?><i>1</i><j>2</j></r>", "{\"r\":{\"i\":[1],\"j\":2}}" },
	{ "<r><?xml-multiple i?></r>", "{\"r\":{\"i\":[]}}" },
	{ "<r><a>1</a><b>2</b><a>3</a></r>", "{\"r\":{\"a\":1,\"b\":2,\"a\":3}}" },
	{ "<r><_JsonReader_PD_1a>x</_JsonReader_PD_1a><_JsonReader_PS_b>y"
	  "</_JsonReader_PS_b></r>",
	  "{\"r\":{\"1a\":\"x\",\"$b\":\"y\"}}" },
	{ "<r>q\"u\\o</r>", "{\"r\":\"q\\\"u\\\\o\"}" },
	{ "<r><![CDATA[a<b]]></r>", "{\"r\":\"a<b\"}" },
	{ "<r>text<a/></r>", "Mixed content is not supported: 'text'" },
};

Test(convert, xml_becomes_json)
{
	for (size_t i = 0; i < sizeof(to_json) / sizeof(to_json[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		const struct xml_tree *t = xml_parse(str_of(to_json[i].from), SOAP_11, &a,
						     &why);
		const struct json *j;
		struct str s;

		cr_assert_not_null(t, "%s: %s", to_json[i].from, why.text);
		j = json_of_xml(xml_payload(t), &a, &why);
		s = j ? json_text(j, &a) : str_of(why.text);
		cr_expect(str_eq(s, str_of(to_json[i].to)), "%s: " STR_FMT,
			  to_json[i].from, STR_ARG(s));
		arena_release(&a);
	}
}

static const struct row to_xml[] = {
	{ "{\"a\":1,\"b\":[1,2],\"c\":{\"d\":null}}",
	  "<jsonObject><a>1</a><b>1</b><b>2</b><c><d/></c></jsonObject>" },
	{ "{\"price\":{\"@cur\":\"EUR\",\"$\":12.50}}",
	  "<jsonObject><price cur=\"EUR\">12.50</price></jsonObject>" },
	{ "[1,[2],{\"a\":3}]",
	  "<jsonArray><jsonElement>1</jsonElement><jsonElement><jsonElement>2"
	  "</jsonElement></jsonElement><jsonElement><a>3</a></jsonElement></jsonArray>" },
	{ "{}", "<jsonObject/>" },
	{ "[]", "<jsonArray/>" },
	{ "\"x\"", "<jsonValue>\"x\"</jsonValue>" },
	{ "{\"t\":\"1 < 2 & 3\",\"e\":\"\",\"n\":[]}",
	  "<jsonObject><t>1 &lt; 2 &amp; 3</t><e/></jsonObject>" },
	{ "{\"1a\":1,\"$b\":2}",
	  "<jsonObject><_JsonReader_PD_1a>1</_JsonReader_PD_1a><_JsonReader_PS_b>2"
	  "</_JsonReader_PS_b></jsonObject>" },
	{ "{\"@o\":{\"a\":1}}", "<jsonObject><@o><a>1</a></@o></jsonObject>" },
	{ "{\"a\":\"x\\u0000y\"}", "<jsonObject><a>xy</a></jsonObject>" },
};

Test(convert, json_becomes_xml)
{
	for (size_t i = 0; i < sizeof(to_xml) / sizeof(to_xml[0]); i++) {
		struct arena a = { 0 };
		const struct xml_tree *t = xml_of_json(
			json_parse(str_of(to_xml[i].from), &a, NULL), &a);
		const struct str s = xml_text(xml_payload(t), &a);

		cr_expect(str_eq(s, str_of(to_xml[i].to)), "%s: " STR_FMT, to_xml[i].from,
			  STR_ARG(s));
		arena_release(&a);
	}
}
