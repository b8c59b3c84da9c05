/* Projects of apictl: what their files say together. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "openapi/openapi_priv.h"

#define PEM(what) "-----BEGIN CERTIFICATE-----\n" what "\n-----END CERTIFICATE-----\n"
#define LIST "Endpoint-certificates/endpoint_certificates.yaml"

static const char api[] = "type: api\ndata: {name: P, context: /p, version: 1}\n";
static const char definition[] =
	"openapi: 3.0.1\ninfo: {title: T, version: '9'}\npaths: {/a: {get: {}}}\n"
	"x-wso2-production-endpoints: {urls: ['https://one/v', 'https://two:8443/v']}\n";

struct text_file {
	const char *name, *text;
};

/* Files beside those two (or in their place); what must come of it, and what not. */
static const struct {
	struct text_file files[3];
	const char *has, *has_not;
} rows[] = {
	{ { { NULL } }, "context=\"/p/1\"", "<m:tls" },
	{ { { "Endpoint-certificates/a.crt", "Bag\n" PEM("ONE") } },
	  "<address uri=\"https://two:8443/v\"><m:tls",
	  "Bag" },
	{ { { "Endpoint-certificates/a.crt", PEM("ONE") },
	    { LIST, "data: [{endpoint: 'https://one:443', certificate: a.crt}]" } },
	  "<address uri=\"https://one/v\"><m:tls",
	  "<address uri=\"https://two:8443/v\"><m" },
	{ { { "Endpoint-certificates/a.crt", PEM("ONE") },
	    { LIST, "data: [{endpoint: 'https://two:8443/w', fileName: a.crt}]" } },
	  "<address uri=\"https://two:8443/v\"/>",
	  "<m:tls" },
	{ { { LIST, "data: [{endpoint: 'https://one', certificate: a.crt}]" } },
	  "there is no Endpoint-certificates/a.crt",
	  NULL },
	{ { { LIST, "data: [{certificate: a.crt}]" } },
	  "a certificate needs the 'endpoint' it is for",
	  NULL },
	{ { { "Endpoint-certificates/a.crt", "junk" } },
	  "this is no certificate in PEM",
	  NULL },
	{ { { "api.yaml", "data: {name: P, version: 1}" } },
	  "an API needs a context",
	  NULL },
	{ { { "api.yaml", "data: {name: P, context: '/p/{version}', version: 2}" } },
	  "context=\"/p/2\"",
	  NULL },
	{ { { "api.yaml", "data: {name: P, context: /p, version: 2, isDefaultVersion: "
			  "true}" } },
	  "name=\"P\" context=\"/p\"",
	  NULL },
	{ { { "api.yaml", "data: {name: P, context: /p, version: 1, lifeCycleStatus: "
			  "PROTOTYPED}" } },
	  "<call",
	  "<m:jwt" },
	{ { { "api.yaml", "data: {name: P, context: /p, version: 1, type: WS}" } },
	  "APIs of type WS are not supported",
	  NULL },
	{ { { "api.yaml", "data: {name: P, context: /p, version: 1, "
			  "endpointImplementationType: INLINE}" } },
	  "endpointImplementationType INLINE is not supported",
	  NULL },
	{ { { "api.yaml", "data: {name: P, context: /p, version: 1, "
			  "securityScheme: [oauth2, api_key]}" } },
	  "keys=\"Internal-Key apikey ?apikey\"",
	  NULL },
	{ { { "api.yaml", "data: {name: P, context: /p, version: 1, "
			  "apiThrottlingPolicy: 5PerMin}" } },
	  "name=\"P:v1\" most=\"5\"",
	  NULL },
	{ { { "api.yaml", "data: {name: P, context: /p, version: 1, operations: "
			  "[{target: /a, verb: GET, throttlingPolicy: 3PerMin}]}" } },
	  "name=\"P:v1 get /a\" most=\"3\"",
	  NULL },
	{ { { "api.yaml",
	      "data: {name: P, context: /p, version: 1, operations: [{target: /a, verb: "
	      "GET, operationPolicies: {request: [{policyName: addHeader, parameters: "
	      "{headerName: X, headerValue: y}}], response: [{policyName: removeHeader, "
	      "parameters: {headerName: Server}}]}}]}" } },
	  "<header name=\"X\" scope=\"transport\" value=\"y\"/><m:forwarded",
	  NULL },
	{ { { "api.yaml",
	      "data: {name: P, context: /p, version: 1, operations: [{target: /a, verb: "
	      "GET, operationPolicies: {response: [{policyName: removeHeader, "
	      "parameters: {headerName: Server}}]}}]}" } },
	  "<header name=\"Server\" scope=\"transport\" action=\"remove\"/><respond/>",
	  NULL },
	{ { { "api.yaml",
	      "data: {name: P, context: /p, version: 1, operations: [{target: /a, verb: "
	      "get, operationPolicies: {request: [{policyName: denyAll}]}}]}" } },
	  "operation policy 'denyAll' is not there",
	  NULL },
	{ { { "api.yaml",
	      "data: {name: P, context: /p, version: 1, operations: [{target: /a, verb: "
	      "GET, operationPolicies: {fault: [{policyName: addHeader}]}}]}" } },
	  "of the fault flow are not there",
	  NULL },
	{ { { "deployment_environments.yaml",
	      "data: [{deploymentVhost: shop.example}]" } },
	  "m:hosts=\"localhost shop.example\"",
	  NULL },
	{ { { "Definitions/swagger.yaml", "openapi: 3.0.1\ninfo: {}\npaths: {/a: {get: "
					  "{}}}\n" },
	    { "api.yaml",
	      "data: {name: P, context: /p, version: 1, endpointConfig: "
	      "{production_endpoints: {url: 'http://a'}, production_failovers: [{url: "
	      "'http://b'}]}}" } },
	  "pick=\"priority\"",
	  NULL },
};

static void put_file(struct zip_file **first, struct arena *a, const char *name,
		     const char *text)
{
	struct zip_file *f = *first;

	while (f && !str_eq(f->name, str_of(name)))
		f = f->next;
	if (!f) {
		f = arena_new(a, struct zip_file);
		f->next = *first;
		*first = f;
	}
	f->name = str_of(name);
	f->text = str_of(text);
}

static const char *translated(const struct text_file *more, struct arena *a)
{
	struct zip_file *files = NULL;
	struct report r;
	struct buf to;
	const char *all = "";

	report_init(&r, a);
	put_file(&files, a, "api.yaml", api);
	put_file(&files, a, "Definitions/swagger.yaml", definition);
	for (unsigned i = 0; i < 3 && more[i].name; i++)
		put_file(&files, a, more[i].name, more[i].text);
	cr_assert(openapi_claims_project(files));
	buf_init(&to, 1 << 20);
	for (const struct element *e = openapi_read_project(files, "P", a, &r); e;
	     e = e->next)
		element_write(e, ELEMENT_COMPACT, &to);
	for (const struct complaint *k = r.first; k; k = k->next)
		all = arena_printf(a, "%s%s\n", all, k->text);
	all = arena_printf(a, "%s" STR_FMT, all, STR_ARG(buf_str(&to)));
	buf_release(&to);
	return all;
}

Test(project, means_what_its_files_say)
{
	openapi_defaults();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		const char *all = translated(rows[i].files, &a);

		cr_expect(strstr(all, rows[i].has), "row %zu, without %s: %s", i,
			  rows[i].has, all);
		cr_expect(!rows[i].has_not || !strstr(all, rows[i].has_not),
			  "row %zu, with %s: %s", i, rows[i].has_not, all);
		arena_release(&a);
	}
}
