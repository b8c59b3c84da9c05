#include "fixture.h"

#include <criterion/criterion.h>

#include "writer.h"

static const char *written(struct fixture *f, const char *text)
{
	struct buf to;
	const char *copy;

	fixture_init(f);
	loader_free(f->loader);
	f->settings.keep_models = true;
	f->loader = loader_new(&f->settings);
	fixture_put(f, "a.xml", text);
	fixture_build(f);
	buf_init(&to, 1 << 20);
	synapse_write(f->deployment, &to);
	copy = arena_copy(&f->arena, buf_str(&to)).at;
	buf_release(&to);
	return copy;
}

struct row {
	const char *name, *read, *write;
};

#define SEQ(steps) \
	"<sequence xmlns=\"" SYNAPSE_NS "\" name=\"s\">\n" steps "</sequence>\n"

static const struct row rows[] = {
	{ "blanks, comments and descriptions are not understood",
	  "<sequence " XMLNS " name='s' description='d'><!-- c --><drop  /></sequence>",
	  SEQ("    <drop/>\n") },
	{ "defaults are left out, however they are written",
	  "<endpoint " XMLNS " name='e'><http uri-template='http://h/' version=' 1.1 '>"
	  "<markForSuspension><retriesBeforeSuspension>0</retriesBeforeSuspension>"
	  "</markForSuspension></http></endpoint>",
	  "<endpoint xmlns=\"" SYNAPSE_NS "\" name=\"e\">\n"
	  "    <http uri-template=\"http://h/\" version=\" 1.1 \">\n"
	  "        <markForSuspension/>\n    </http>\n</endpoint>\n" },
	{ "-1 is another thing than nothing",
	  "<endpoint " XMLNS " name='e'><address uri='http://h/'><suspendOnFailure>"
	  "<initialDuration>-1</initialDuration><progressionFactor>1.50"
	  "</progressionFactor></suspendOnFailure></address></endpoint>",
	  "<endpoint xmlns=\"" SYNAPSE_NS "\" name=\"e\">\n"
	  "    <address uri=\"http://h/\">\n        <suspendOnFailure>\n"
	  "            <initialDuration>-1</initialDuration>\n"
	  "            <progressionFactor>1.5</progressionFactor>\n"
	  "        </suspendOnFailure>\n    </address>\n</endpoint>\n" },
	{ "an empty value is one",
	  "<sequence " XMLNS " name='s'><property name='p' value=''/></sequence>",
	  SEQ("    <property name=\"p\" value=\"\"/>\n") },
	{ "what was meant to be encoded as before stays so",
	  "<endpoint " XMLNS
	  " name='e'><http uri-template='legacy-encoding:http://h/'/></endpoint>",
	  "<endpoint xmlns=\"" SYNAPSE_NS "\" name=\"e\">\n"
	  "    <http uri-template=\"legacy-encoding:http://h/\"/>\n</endpoint>\n" },
	{ "prefixes of expressions are declared where they were",
	  "<sequence " XMLNS " name='s'><property xmlns:o='urn:o' name='p' "
	  "expression='//o:id'/><call><endpoint key-expression='$ctx:to'/></call>"
	  "</sequence>",
	  SEQ("    <property xmlns:o=\"urn:o\" name=\"p\" expression=\"//o:id\"/>\n"
	      "    <call>\n        <endpoint key-expression=\"$ctx:to\"/>\n"
	      "    </call>\n") },
	{ "XML keeps its namespaces, also that it has none",
	  "<s:sequence xmlns:s='" SYNAPSE_NS "' name='s'><s:enrich><s:source "
	  "type='inline'><a><b/></a></s:source><s:target type='body'/></s:enrich>"
	  "</s:sequence>",
	  "<sequence xmlns=\"" SYNAPSE_NS "\" xmlns:s=\"" SYNAPSE_NS "\" name=\"s\">\n"
	  "    <enrich>\n        <source type=\"inline\">\n"
	  "            <a xmlns=\"\">\n                <b/>\n            </a>\n"
	  "        </source>\n        <target type=\"body\"/>\n    </enrich>\n"
	  "</sequence>\n" },
	{ "words of ours, children and attributes, are declared once",
	  "<api " XMLNS " xmlns:x='urn:myelin' name='a' context='/a' x:listen='8081'>"
	  "<resource><inSequence onError='e'><x:try><drop/></x:try></inSequence>"
	  "</resource></api>",
	  "<api xmlns=\"" SYNAPSE_NS "\" xmlns:m=\"urn:myelin\" xmlns:x=\"urn:myelin\" "
	  "name=\"a\" context=\"/a\" m:listen=\"8081\">\n    <resource>\n"
	  "        <inSequence onError=\"e\">\n            <m:try>\n"
	  "                <drop/>\n            </m:try>\n        </inSequence>\n"
	  "    </resource>\n</api>\n" },
	{ "several artifacts stand in one root, in order",
	  "<definitions " XMLNS "><sequence name='b'/><localEntry key='k'>v</localEntry>"
	  "</definitions>",
	  "<definitions xmlns=\"" SYNAPSE_NS "\">\n    <sequence name=\"b\"/>\n"
	  "    <localEntry key=\"k\">v</localEntry>\n</definitions>\n" },
	{ "what cannot be deployed is not there",
	  "<sequence " XMLNS " name='s'><dropp/>"
	  "</sequence>",
	  "" },
};

Test(writer, writes_what_was_understood)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f;
		const char *text = written(&f, rows[i].read);

		cr_expect_str_eq(text, rows[i].write, "%s:\n%s", rows[i].name, text);
		fixture_release(&f);
	}
}

Test(writer, is_asked_only_where_models_are_kept)
{
	struct fixture f;
	struct buf to;

	fixture_init(&f);
	fixture_put(&f, "a.xml", "<sequence " XMLNS " name='s'><drop/></sequence>");
	cr_expect_str_eq(fixture_build(&f), "");
	buf_init(&to, 1 << 20);
	cr_expect_null(deployment_bound(f.deployment,
					deployment_artifacts(f.deployment)->element));
	synapse_write(f.deployment, &to);
	cr_expect(str_eq(buf_str(&to), STR("<sequence xmlns=\"" SYNAPSE_NS "\"/>\n")));
	buf_release(&to);
	fixture_release(&f);
}
