#include <criterion/criterion.h>

#include "mule-xml/mule_xml.h"

#define FLOW(inside) "<flow name='f'>\n" inside "\n</flow>"
#define TRY(inside) \
	FLOW("<try><logger/><error-handler>\n" inside "</error-handler></try>")

#define SECURE(inside)                                                     \
	"<http:request-config name='R'><http:request-connection host='h' " \
	"protocol='HTTPS'><tls:context>\n" inside                          \
	"</tls:context></http:request-connection></http:request-config>"

/* A file as it is read, and what is said about it: "line: text", or what is written. */
static const struct {
	const char *xml, *says;
} rows[] = {
	{ FLOW("<db:select xmlns:db='http://www.mulesoft.org/schema/mule/db'/>"),
	  "2: <db:select> is not supported" },
	{ FLOW("<logger message='${nope}'/>"),
	  "2: property 'nope' is not set; give it in a <configuration-properties> file, "
	  "as <global-property> or as mule.property.nope" },
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
	  "--set mule.request.Gone=http://host:port" },
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
	{ FLOW("<set-payloed value='x'/>"),
	  "2: <set-payloed> is not supported; did you mean <set-payload>?" },
	{ FLOW("<set-property propertyName='a' value='b'/>"),
	  "2: <set-property> is Mule 3's; put headers into <http:headers>" },
	{ FLOW("<scheduler/>"), "2: <scheduler> is not supported; call" },
	{ FLOW("<validation:is-true "
	       "xmlns:validation='http://www.mulesoft.org/schema/mule/"
	       "validation'/>"),
	  "2: <validation:is-true> is not supported; use <choice> with <raise-error>" },
	{ FLOW("<choice/>"), "2: <choice> needs a <when>" },
	{ FLOW("<choice><when/></choice>"), "2: <when> needs expression=" },
	{ FLOW("<scatter-gather/>"), "2: <scatter-gather> needs a <route>" },
	{ FLOW("<scatter-gather timeout='x'><route/></scatter-gather>"),
	  "2: timeout=\"x\" is not a number from 0" },
	{ FLOW("<foreach batchSize='0'/>"), "2: batchSize=\"0\" is not a number from 1" },
	{ FLOW("<until-successful maxRetries='a'/>"),
	  "2: maxRetries=\"a\" is not a number or an expression" },
	{ FLOW("<until-successful maxRetries='#[vars.n]'/>"), "most=\"#[vars.n]\"" },
	{ FLOW("<logger level='LOUD'/>"), "2: level=\"LOUD\" is not TRACE, DEBUG, INFO" },
	{ FLOW("<raise-error/>"), "2: <raise-error> needs type=" },
	{ FLOW("<raise-error type='ANY'/>"), "type=\"MULE:ANY\"" },
	{ FLOW("<http:request url='http://a' path='/b'/>"),
	  "2: <http:request> takes a path or a url, not both" },
	{ FLOW("<http:request url='http://a'><http:response-validator>"
	       "<http:success-status-code-validator values='2xx'/>"
	       "</http:response-validator></http:request>"),
	  "2: values=\"2xx\" is not a list like 200..299,404" },
	{ FLOW("<http:request url='http://a' sendBodyMode='MAYBE'/>"),
	  "2: sendBodyMode=\"MAYBE\" is not AUTO, ALWAYS or NEVER" },
	{ FLOW("<os:store objectStore='s'/>"), "2: <os:store> needs key=" },
	{ "<os:object-store name='s' entryTtl='x'/>", "1: entryTtl=\"x\" is no number" },
	{ "<os:object-store name='s' entryTtlUnit='WEEKS'/>",
	  "1: entryTtlUnit=\"WEEKS\" is not one of NANOSECONDS" },
	{ FLOW("<set-variable variableName='#[1]' value='2'/>"),
	  "2: variableName=\"#[1]\" is no name" },
	{ "<flow name='f' maxConcurrency='x'/>",
	  "1: maxConcurrency=\"x\" is not a number from 1" },
	{ "<flow name='f' maxConcurrency='3'/>", "most=\"3\" name=\"f\" wait=\"true\">" },
	{ "<mule xmlns='http://www.mulesoft.org/schema/mule/core' "
	  "xmlns:http='http://www.mulesoft.org/schema/mule/http'>\n"
	  "<http:listener-config name='L' host='0.0.0.0' port='1'/>\n"
	  "<flow name='f'><http:listener config-ref='L' path='/'/></flow></mule>",
	  "2: 'L' is Mule 3's: host and port belong on an <http:listener-connection>" },
	{ "<mule xmlns='http://www.mulesoft.org/schema/mule/core'><global-property "
	  "name='a' value='![c2VjcmV0]'/>\n<flow name='f'><logger message='${a}'/></flow>"
	  "</mule>",
	  "2: property 'a' is encrypted, which is not supported; give it in the clear as "
	  "mule.property.a" },
	{ FLOW("<choice><when expression='vars.x == 1'/></choice>"),
	  "test=\"#[vars.x == 1]\"" },
	{ FLOW("<foreach collection='payload.items'/>"),
	  "collection=\"#[payload.items]\"" },
	{ FLOW("<set-payload value='#[app.name]'/>"), "#[&quot;f&quot;]" },
	{ FLOW("<parse-template><content>a #[vars.b]</content></parse-template>"),
	  "expression=\"#[&quot;a $(vars.b)&quot;]\"" },
	{ FLOW("<parse-template location='gone.txt'/>"),
	  "2: location=\"gone.txt\": there is no such file" },
	{ SECURE("<tls:trust-store path='a.jks'/>"),
	  "2: path=\"a.jks\": Java's key stores are not supported; write it as PEM" },
	{ SECURE("<tls:key-store path='a.pem' type='PKCS12'/>"),
	  "2: path=\"a.pem\": Java's key stores are not supported" },
	{ SECURE("<tls:trust-store path='gone.pem'/>"),
	  "2: path=\"gone.pem\": there is no such file" },
	{ SECURE("<tls:trust-store insecure='true'/>"), "<m:tls xmlns:m=\"urn:myelin\" "
							"insecure=\"true\"/>" },
	{ TRY("<on-error-continue type='OVERLOAD'/>"),
	  "3: 'MULE:OVERLOAD' is critical: nobody can handle it" },
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
	for (const struct complaint *c = r.first; c; c = c->next)
		if (c->severity == SEVERITY_ERROR)
			return arena_printf(a, "%u: %s", c->where.line, c->text);
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

static struct str skip(const void *ctx, const char *key)
{
	(void)ctx;
	return strcmp(key, "mule.skip") == 0 ? STR("tracing, logger")
					     : (struct str){ NULL, 0 };
}

Test(mule_xml, leaves_out_what_it_is_told_to)
{
	struct arena a = { 0 };
	struct report r;

	report_init(&r, &a);
	mule_xml_settings(skip, NULL);
	cr_expect(
		mule_xml.read(&mule_xml,
			      STR("<flow name='f' xmlns:tracing='http://www.mulesoft.org/"
				  "schema/mule/tracing'>\n<tracing:with-correlation-id/>"
				  "</flow>"),
			      "/nowhere/f.xml", &a, &r) != NULL);
	cr_assert_eq(r.warnings, 1);
	cr_expect_str_eq(r.first->text, "<tracing:with-correlation-id> is left out, as "
					"mule.skip says");
	mule_xml_settings(NULL, NULL);
	arena_release(&a);
}

Test(mule_xml, warns_of_types_that_nobody_raises)
{
	struct arena a = { 0 };
	struct report r;

	report_init(&r, &a);
	mule_xml.read(&mule_xml,
		      STR("<flow name='f'><try><raise-error type='APP:STOCK'/>"
			  "<error-handler>\n<on-error-continue type='APP:STOK'/>"
			  "</error-handler></try></flow>"),
		      "/nowhere/f.xml", &a, &r);
	cr_assert_eq(r.warnings, 1);
	cr_expect_str_eq(r.first->text,
			 "nothing raises 'APP:STOK'; did you mean 'APP:STOCK'?");
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
