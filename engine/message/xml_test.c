#include "message/xml.h"

#include <criterion/criterion.h>

#define ENVELOPE "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""

/* What is read, and the payload as it is written. */
static const struct {
	const char *xml, *payload;
} read[] = {
	{ "<a/>", "<a/>" },
	{ "<?xml version='1.0'?>\n<!-- c --><a b='1'>x<c></c>y</a>",
	  "<a b=\"1\">x<c/>y</a>" },
	{ "<a>1 &lt; 2 &amp;&#13; &gt;</a>", "<a>1 &lt; 2 &amp;&#xd; &gt;</a>" },
	{ "<a b='&quot;&#10;&lt;'/>", "<a b=\"&quot;&#xa;&lt;\"/>" },
	{ "<a><![CDATA[<b>]]></a>", "<a>&lt;b&gt;</a>" },
	{ "<m:a xmlns:m='urn:m' xmlns='urn:d'><b m:c='1'/></m:a>",
	  "<m:a xmlns:m=\"urn:m\" xmlns=\"urn:d\"><b m:c=\"1\"/></m:a>" },
	{ ENVELOPE " xmlns:m='urn:m' xmlns:n='urn:n'><s:Body><m:a><m:b/></m:a></s:Body>"
		   "</s:Envelope>",
	  "<m:a xmlns:m=\"urn:m\"><m:b/></m:a>" },
	{ ENVELOPE "><s:Header/><s:Body><s:Fault/></s:Body></s:Envelope>",
	  "<s:Fault xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>" },
};

Test(xml, a_payload_is_written_with_the_namespaces_it_needs)
{
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };
		const struct xml_tree *t = xml_parse(str_of(read[i].xml), SOAP_11, &a,
						     &why);
		struct str s;

		cr_assert_not_null(t, "%s: %s", read[i].xml, why.text);
		s = xml_text(xml_payload(t), &a);
		cr_expect(str_eq(s, str_of(read[i].payload)), "%s: " STR_FMT, read[i].xml,
			  STR_ARG(s));
		arena_release(&a);
	}
}

static const struct {
	const char *xml, *complaint;
} refused[] = {
	{ "", "no text" },
	{ "{}", "Start tag expected" },
	{ "<a><b></a>", "Premature end" },
	{ "<!DOCTYPE a><a/>", "document type" },
	{ "<!DOCTYPE a [<!ENTITY e \"x\"><!ENTITY f \"&e;&e;&e;\">]><a b='&f;'>&f;</a>",
	  "document type" },
	{ "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "document type" },
	{ "<a>&nope;</a>", "nope" },
	{ "<a/><b/>", "Extra content" },
};

Test(xml, what_is_no_xml_or_declares_a_type_is_refused)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena a = { 0 };
		struct fault why = { 0 };

		cr_expect_null(xml_parse(str_of(refused[i].xml), SOAP_11, &a, &why), "%s",
			       refused[i].xml);
		cr_expect(why.text && strstr(why.text, refused[i].complaint), "%s: %s",
			  refused[i].xml, why.text);
		arena_release(&a);
	}
}

static bool parses(unsigned levels, struct arena *a, struct fault *why)
{
	struct buf b;
	bool parsed;

	buf_init(&b, 10000);
	for (unsigned i = 0; i < levels; i++)
		buf_add(&b, STR("<a>"));
	for (unsigned i = 0; i < levels; i++)
		buf_add(&b, STR("</a>"));
	parsed = xml_parse(buf_str(&b), SOAP_11, a, why) != NULL;
	buf_release(&b);
	return parsed;
}

Test(xml, what_is_nested_too_deeply_is_refused)
{
	struct arena a = { 0 };
	struct fault why = { 0 };

	cr_expect(parses(256, &a, &why), "%s", why.text);
	cr_expect_not(parses(257, &a, &why));
	cr_expect_str_eq(why.text, "nested deeper than 256");
	arena_release(&a);
}

Test(xml, an_envelope_stays_and_anything_else_gets_one)
{
	struct arena a = { 0 };
	const struct xml_tree *t = xml_parse(STR("<a/>"), SOAP_12, &a, NULL);

	cr_expect_eq(xml_soap_version(t), SOAP_12);
	cr_expect(str_eq(xml_name(xml_envelope(t)), STR("Envelope")));
	cr_expect_null(xml_soap_header(t));
	t = xml_parse(STR(ENVELOPE "><s:Header><h/></s:Header><s:Body/></s:Envelope>"),
		      SOAP_12, &a, NULL);
	cr_expect_eq(xml_soap_version(t), SOAP_11);
	cr_expect_not_null(xml_soap_header(t));
	cr_expect_null(xml_payload(t));
	arena_release(&a);
}

Test(xml, trees_are_changed_by_copies)
{
	struct arena a = { 0 };
	struct xml_tree *t = xml_parse(STR("<r><a>1</a><b/></r>"), SOAP_11, &a, NULL);
	struct xml_node *r = xml_payload(t), *b = xml_child(r, STR("b"));
	const struct str none = { NULL, 0 };

	xml_add_after(b, xml_child(r, STR("a")));
	xml_add_before(b, b);
	xml_set_text(b, STR("<x>"));
	xml_set_attribute(b, STR("k"), STR("v"));
	xml_remove(xml_child(r, STR("a")));
	xml_add_element(xml_add_element(r, STR("c"), STR("urn:c"), STR("p")), STR("d"),
			STR("urn:c"), STR("p"));
	xml_add_element(r, STR("e"), none, none);
	cr_expect(str_eq(xml_text(r, &a),
			 STR("<r><b/><b k=\"v\">&lt;x&gt;</b><a>1</a>"
			     "<p:c xmlns:p=\"urn:c\"><p:d/></p:c><e/></r>")),
		  STR_FMT, STR_ARG(xml_text(r, &a)));
	arena_release(&a);
}

Test(xml, the_version_of_an_envelope_can_change)
{
	struct arena a = { 0 };
	struct xml_tree *t = xml_parse(STR("<a/>"), SOAP_11, &a, NULL);

	xml_set_soap_version(t, SOAP_12);
	xml_make_soap_header(t);
	cr_expect(str_eq(xml_text(xml_envelope(t), &a),
			 STR("<soapenv:Envelope xmlns:soapenv="
			     "\"http://www.w3.org/2003/05/soap-envelope\">"
			     "<soapenv:Header/><soapenv:Body><a/></soapenv:Body>"
			     "</soapenv:Envelope>")));
	arena_release(&a);
}
