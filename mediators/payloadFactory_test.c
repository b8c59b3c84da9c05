#include "tests/rows.h"

#define FACTORY(media, format, arguments)                        \
	"<payloadFactory media-type='" media "'><format>" format \
	"</format><args>" arguments "</args></payloadFactory><respond/>"
#define PATH(path) "<arg evaluator='json' expression='" path "'/>"
#define XPATH(path) "<arg evaluator='xml' expression='" path "'/>"
#define VALUE(value) "<arg value='" value "'/>"
#define LITERAL(path) "<arg evaluator='json' expression='" path "' literal='true'/>"

/* clang-format off */
static const struct row json[] = {
	{ FACTORY("json", "{\"a\": \"$1\", \"n\": $2, \"l\": $3}",
		  PATH("$.s") PATH("$.n") PATH("$.l")),
	  "{\"s\": \"say \\\"hi\\\"\\\\\", \"n\": 085, \"l\": [1, {\"x\": 2}]}",
	  "200 {\"a\": \"say \\\"hi\\\"\\\\\", \"n\": 085, \"l\": [1,{\"x\":2}]}" },
	{ FACTORY("json", "{\"a\": \"$1\"}", PATH("$.none")), "{}", "200 {\"a\": \"\"}" },
	{ FACTORY("json", "{\"a\": \"$1\"}", XPATH("$ctx:none")), "{}",
	  "200 {\"a\": \"\"}" },
	{ FACTORY("json", "$1", PATH("$.inner")), "{\"inner\": {\"a\": [1]}}",
	  "200 {\"a\":[1]}" },
	{ FACTORY("json", "{\"a\": \"$1\"}", VALUE("x&amp;y")), "", "200 {\"a\": \"x&amp;y\"}" },
	{ FACTORY("json", "{\"a\": \"$1\"}", LITERAL("$.o")), "{\"o\": {\"k\": 1}}",
	  "200 {\"a\": \"{\\\"k\\\":1}\"}" },
	{ FACTORY("json", "{\"got\": $1}", XPATH("//line[1]")),
	  "<o><line><sku>a\"b</sku><n>3</n></line><line/></o>",
	  "200 {\"got\": {\"line\":{\"sku\":\"a\\\"b\",\"n\":3}}}" },
	{ FACTORY("json", "{\"t\": \"$1\"}", PATH("$.t")), "{\"t\": \"a\\tb\\nc\"}",
	  "200 {\"t\": \"a\\tb\\nc\"}" },
	{ FACTORY("json", "<![CDATA[{\"a\": \"<b> & $1\"}]]>", PATH("$.v")),
	  "{\"v\": 1}", "200 {\"a\": \"<b> & 1\"}" },
	{ FACTORY("json", "{\"a\": \"$2\"}", VALUE("x")), "", "200 {\"a\": \"$2\"}",
	  "#replace. Mis-match detected between number of formatters and arguments\n" },
	{ FACTORY("json", "{\"a\": \"$0\", \"b\": \"$1\"}", VALUE("x")), "",
	  "200 {\"a\": \"$0\", \"b\": \"$1\"}" },
	{ FACTORY("json", "{\"a\": $1", VALUE("x")), "",
	  "fault 0 Error creating JSON Payload from source {\"a\": x" },
	{ "<property name='QUOTE_STRING_IN_PAYLOAD_FACTORY_JSON' value='true'/>"
	  FACTORY("json", "{\"a\": $1, \"b\": $2}", PATH("$.s") PATH("$.n")),
	  "{\"s\": \"x\", \"n\": 1}", "200 {\"a\": \"x\", \"b\": 1}" },
};

static const struct row inlined[] = {
	{ FACTORY("json", "{\"a\": \"${payload.s}\", \"b\": ${payload.n}, "
		  "\"c\": \"${payload.n}\", \"d\": ${payload.o}}", ""),
	  "{\"s\": \"say \\\"hi\\\"\", \"n\": 3, \"o\": {\"k\": [1]}}",
	  "200 {\"a\": \"say \\\"hi\\\"\", \"b\": 3, \"c\": \"3\", \"d\": {\"k\":[1]}}" },
	{ FACTORY("json", "{\"a\": ${payload.x}, \"b\": \"${payload.x}\"}", ""),
	  "{\"x\": null}", "200 {\"a\": null, \"b\": \"\"}" },
	{ FACTORY("json", "{\"a\": \"${toUpper(payload.s)}\"}", ""), "{\"s\": \"q\\\"q\"}",
	  "200 {\"a\": \"Q\\\"Q\"}" },
	{ FACTORY("xml", "<a xmlns=''>${payload.s}<b>${payload.o}</b></a>", ""),
	  "{\"s\": \"<&\", \"o\": {\"k\": 1}}",
	  "200 <a>&lt;&amp;<b><k>1</k></b></a>" },
	{ FACTORY("text", "${payload.s} \"${payload.s}\"", ""), "{\"s\": \"<&\"}",
	  "200 <& \"<&\"" },
	{ FACTORY("json", "{\"a\": ${payload.}}", ""), "{}",
	  "1: Syntax error in expression: expected a name behind '.' at its end" },
};

static const struct row xml[] = {
	{ FACTORY("xml", "<out xmlns=''><t>$1</t>\n <e>$2</e></out>",
		  XPATH("string(//t)") XPATH("//b")),
	  "<a><t>1 &lt; 2 &amp; 3</t><b id=\"7\">x</b></a>",
	  "200 <out><t>1 &lt; 2 &amp; 3</t><e><b id=\"7\">x</b></e></out>" },
	{ FACTORY("xml", "<o xmlns=''>$1<n>$2</n></o>", PATH("$.c") PATH("$.n")),
	  "{\"c\": {\"id\": 7, \"t\": [\"x\", \"y\"]}, \"n\": 1.0}",
	  "200 <o><id>7</id><t>x</t><t>y</t><n>1.0</n></o>" },
	{ FACTORY("xml", "<![CDATA[ <o><a>$1</a></o> ]]>", PATH("$.v")),
	  "{\"v\": \"x&y\"}", "200 <o><a>x&amp;y</a></o>" },
	{ FACTORY("xml", "&lt;o&gt;$1&lt;/o&gt;", VALUE("1")), "", "200 <o>1</o>" },
	{ FACTORY("xml", "<![CDATA[<a/><b/>]]>", ""), "", "200 <a/>" },
	{ FACTORY("xml", "<o/>", ""), "",
	  "200 <o xmlns=\"http://ws.apache.org/ns/synapse\"/>" },
	{ FACTORY("xml", "&lt;a&gt;&lt;b&gt;&lt;/a&gt;", ""), "",
	  "fault 0 Error creating SOAP Envelope from source <a><b></a>" },
	{ FACTORY("xml", "no element", ""), "",
	  "fault 0 Error creating SOAP Envelope from source no element" },
};

static const struct row text[] = {
	{ FACTORY("text", "$1$2$3$4$5$6$7$8$9$10$11$1 $11",
		  VALUE("a") VALUE("b") VALUE("c") VALUE("d") VALUE("e") VALUE("f")
		  VALUE("g") VALUE("h") VALUE("i") VALUE("j") VALUE("k")), "",
	  "200 abcdefghijka k" },
	{ FACTORY("text", "a \"$1\" &lt;b", PATH("$.v")), "{\"v\": \"q\\\"q\"}",
	  "200 a \"q\"q\" <b" },
};

static const struct row wrong[] = {
	{ "<payloadFactory/>", "",
	  "1: format element of payloadFactoryMediator is required" },
	{ "<payloadFactory><format/><args>\n<arg/></args></payloadFactory>", "",
	  "2: Unsupported arg type. value or expression attribute required" },
	{ "<payloadFactory media-type='yaml'><format/></payloadFactory>", "",
	  "1: media-type=\"yaml\" is not one of xml, json, text" },
	{ "<payloadFactory template-type='freemarker'><format/></payloadFactory>", "",
	  "1: template-type=\"freemarker\" is not known here; write the format with $1 or "
	  "${} instead" },
	{ "<payloadFactory><format key='None'/></payloadFactory>", "",
	  "fault 0 Key None not found " },
};
/* clang-format on */

Test(payloadFactory, makes_json)
{
	ROWS_CHECK(json);
}

Test(payloadFactory, evaluates_in_place)
{
	ROWS_CHECK(inlined);
}

Test(payloadFactory, makes_xml)
{
	ROWS_CHECK(xml);
}

Test(payloadFactory, makes_text)
{
	ROWS_CHECK(text);
}

Test(payloadFactory, says_what_is_wrong)
{
	ROWS_CHECK(wrong);
}

Test(payloadFactory, says_what_the_payload_is)
{
	static const struct row rows[] = {
		{ "<payloadFactory media-type='json'><format>{}</format></payloadFactory>"
		  "<log level='custom'><property name='t' "
		  "expression='$trp:Content-Type'/></log>",
		  "<a/>", "done", "t = application/json" },
		{ "<payloadFactory media-type='text'><format>x</format></payloadFactory>"
		  "<log level='custom'><property name='t' "
		  "expression='$axis2:messageType'/></log>",
		  "<a/>", "done", "t = text/plain\n" },
		{ "<payloadFactory><format><a/></format></payloadFactory>"
		  "<log level='custom'><property name='t' "
		  "expression='$axis2:messageType'/></log>",
		  "{}", "done", "t = application/xml\n" },
	};

	ROWS_CHECK(rows);
}

Test(payloadFactory, its_template_may_be_a_local_entry)
{
	struct world w;

	world_init(&w);
	cr_assert(world_deploy(&w, "<localEntry key='T'>{\"v\": \"$1\"}</localEntry>"),
		  "%s", world_complaint(&w));
	cr_expect_str_eq(row_run(&w,
				 "<property name='k' value='T'/><payloadFactory "
				 "media-type='json'><format key='{$ctx:k}'/><args>" VALUE(
					 "x") "</args></payloadFactory><respond/>",
				 ""),
			 "200 {\"v\": \"x\"}");
	world_release(&w);
}
