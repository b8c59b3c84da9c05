#include <criterion/criterion.h>

#include "mule-xml/mule_xml.h"

#define FLOW(inside) "<flow name='f'>\n" inside "\n</flow>"
#define TRY(inside) \
	FLOW("<try><logger/><error-handler>\n" inside "</error-handler></try>")

/* A file as it is read, and what is said about it: "line: text", or what is written. */
static const struct {
	const char *xml, *says;
} rows[] = {
	{ FLOW("<db:select xmlns:db='http://www.mulesoft.org/schema/mule/db'/>"),
	  "2: <db:select> is not supported" },
	{ FLOW("<logger message='${nope}'/>"),
	  "2: property 'nope' is not set; give it in a <configuration-properties> file "
	  "or as "
	  "<global-property>" },
	{ TRY("<on-error-continue type='HTTP:TIMOUT'/>"),
	  "3: there is no error type 'HTTP:TIMOUT'; did you mean 'HTTP:TIMEOUT'?" },
	{ TRY("<on-error-continue/>\n<on-error-continue type='ANY'/>"),
	  "4: only the last handler of an <error-handler> may take every error" },
	{ TRY("<logger/>"), "3: <logger> is not supported in an <error-handler>" },
	{ FLOW("<error-handler/>\n<logger/>"),
	  "2: <error-handler> must be the last in its <flow>" },
	{ FLOW("<raise-error type='HTTP:TIMEOUT'/>"),
	  "2: 'HTTP:TIMEOUT' belongs to a connector and cannot be raised; use a "
	  "namespace of "
	  "your own" },
	{ FLOW("<raise-error type='NO_SUCH'/>"),
	  "2: there is no error type 'MULE:NO_SUCH'" },
	{ FLOW("<http:request config-ref='Gone' path='/x'/>"),
	  "2: there is no <http:request-config> named 'Gone'; define it, or give "
	  "mule.request.Gone=http://host:port" },
	{ FLOW("<http:request config-ref='Gone'/>"),
	  "2: <http:request> needs a path or a url" },
	{ FLOW("<os:store key='k' objectStore='none'/>"),
	  "2: there is no <os:object-store> named 'none'" },
	{ "<http:request-config name='a'><http:request-connection host='b'>"
	  "\n<http:proxy-config "
	  "host='p'/></http:request-connection></http:request-config>",
	  "2: <http:proxy-config> is not supported" },
	{ FLOW("<set-payload value='#[flow.name ++ vars.flow.name]'/>"),
	  "#[&quot;f&quot; ++ vars.flow.name]" },
	{ FLOW("<try transactionalAction='ALWAYS_BEGIN'/>"),
	  "2: transactions are not supported" },
	{ FLOW("<set-variable value='1'/>"),
	  "2: <set-variable> needs variableName and value" },
	{ "<flow>\n</flow>", "1: <flow> needs a name" },
	{ "<sub-flow name='s'>\n<error-handler/></sub-flow>",
	  "1: a <sub-flow> has no <error-handler>" },
	{ "<flow name='f'>", "1: Opening and ending tag mismatch" },
	{ FLOW("<set-payload value='a #[vars.b] \"c\"'/>"),
	  "expression=\"#[&quot;a $(vars.b) \\&quot;c\\&quot;&quot;]\"" },
	{ FLOW("<set-payload value='\\#[vars.b]'/>"),
	  "expression=\"#[&quot;#[vars.b]&quot;]\"" },
	{ FLOW("<set-payload value='#[vars[\"]\"]]'/>"), "#[vars[&quot;]&quot;]]" },
	{ "<mule xmlns='http://www.mulesoft.org/schema/mule/core'><global-property "
	  "name='a' "
	  "value='b'/><flow name='f'><set-payload value='#[p(\"a\") ++ "
	  "Mule::p(\"c\")]'/></flow>"
	  "</mule>",
	  "#[&quot;b&quot; ++ null]" },
	{ TRY("<on-error-continue type='MULE:CONNECTIVITY'/>"),
	  "errors=\"MULE:CONNECTIVITY MULE:RETRY_EXHAUSTED HTTP:CONNECTIVITY "
	  "HTTP:RETRY_EXHAUSTED\"" },
	{ TRY("<on-error-continue type='app:x'/>"), "errors=\"APP:X\"" },
	{ TRY("<on-error-continue type='http:not_found, ANY'/>"),
	  "<m:catch then=\"resume\"" },
};

static const char *outcome(const char *xml, struct arena *a)
{
	struct report r;
	struct element *e;
	struct buf b;
	const char *text;

	report_init(&r, a);
	e = mule_xml.read(&mule_xml, str_of(xml), "/nowhere/f.xml", a, &r);
	if (r.errors)
		return arena_printf(a, "%u: %s", r.first->where.line, r.first->text);
	if (!e)
		return "nothing";
	buf_init(&b, 1 << 20);
	element_write(e, ELEMENT_PRETTY, &b);
	text = arena_copy(a, buf_str(&b)).at;
	buf_release(&b);
	return text;
}

Test(mule_xml, says_what_it_means_or_what_is_wrong)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		const char *text = outcome(rows[i].xml, &a);

		cr_expect(strstr(text, rows[i].says) != NULL, "%s\nsays %s\nnot  %s",
			  rows[i].xml, text, rows[i].says);
		arena_release(&a);
	}
}

Test(mule_xml, warns_of_what_it_leaves_out)
{
	struct arena a = { 0 };
	struct report r;

	report_init(&r, &a);
	mule_xml.read(&mule_xml,
		      STR("<flow name='f'>\n<set-payload value='x' "
			  "mimetype='text/plain'/></flow>"),
		      "/nowhere/f.xml", &a, &r);
	cr_assert_eq(r.warnings, 1);
	cr_expect_str_eq(
		r.first->text,
		"<set-payload> has no attribute 'mimetype'; did you mean 'mimeType'?");
	cr_expect_eq(r.first->where.line, 2);
	arena_release(&a);
}

Test(mule_xml, knows_its_files)
{
	static const struct {
		const char *text;
		bool ours;
	} files[] = {
		{ "<flow name='a'/>", true },
		{ "<?xml version='1.0'?><!-- x -->\n<mule/>", true },
		{ "<os:object-store name='a'/>", true },
		{ "<sequence name='a'/>", false },
		{ "<api xmlns='http://ws.apache.org/ns/synapse'/>", false },
		{ "{}", false },
		{ "", false },
		{ "<x xmlns='http://www.mulesoft.org/schema/mule/domain'/>", true },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		cr_expect_eq(mule_xml.claims(STR("a.xml"), str_of(files[i].text)),
			     files[i].ours, "%s", files[i].text);
}
