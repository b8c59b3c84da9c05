/* What definitions mean, looked for in what they are translated into. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "message/yaml.h"
#include "openapi/openapi_priv.h"

#define HEAD "openapi: 3.0.1\ninfo: {title: T, version: '1'}\n"
#define BASE "x-wso2-basePath: /t/1\n"
#define URL "x-wso2-production-endpoints: {urls: ['http://a:1/v']}\n"
#define GET "paths: {/p: {get: {}}}\n"
#define ALL HEAD BASE URL
#define CLUSTER(what) HEAD BASE "x-wso2-production-endpoints: {" what "}\n" GET
#define TWO "urls: ['http://a:1/v', 'http://b:2/v']"

/* A definition; what must be in its translation, and what must not. */
static const struct {
	const char *text, *has, *has_not;
} rows[] = {
	/* where it is served */
	{ ALL GET, "context=\"/t/1\"", NULL },
	{ HEAD "servers: [{url: 'http://a/x'}, {url: 'http://b/y/'}]\n" GET,
	  "context=\"/y\"", NULL },
	{ HEAD "servers: [{url: 'http://a/x'}, {url: /z}]\n" GET, "context=\"/x\"",
	  NULL },
	{ HEAD BASE "servers: [{url: 'http://a/x'}]\n" GET, "context=\"/t/1\"", NULL },
	{ "swagger: '2.0'\ninfo: {title: T, version: '3'}\nhost: a\n"
	  "basePath: '/b/{version}'\n" GET,
	  "context=\"/b/3\"", NULL },
	/* whom it calls */
	{ CLUSTER("urls: ['a:1/v/']"), "uri=\"http://a:1/v\"", "<m:probe" },
	{ CLUSTER(TWO), "pick=\"turns\"", "priority" },
	{ CLUSTER(TWO ", type: failover"), "pick=\"priority\"", "turns" },
	{ CLUSTER(TWO ", type: failover_x"), "pick=\"priority\"", "turns" },
	{ CLUSTER(TWO ", type: Failover"), "pick=\"turns\"", "priority" },
	{ CLUSTER(TWO ", type: load_balance"),
	  "<m:probe interval=\"10000\" timeout=\"1000\"", "priority" },
	{ HEAD BASE "x-wso2-production-endpoints: 'http://a:1/v'\n" GET,
	  "uri=\"http://a:1/v\"", NULL },
	{ HEAD BASE "servers: [{url: 'http://s/x'}]\n"
		    "x-wso2-sandbox-endpoints: {urls: ['http://a:1/v']}\n" GET,
	  "T:v1/sandbox", "T:v1/production" },
	{ HEAD BASE
	  "x-wso2-production-endpoints: {urls: ['http://a/v', 'http://a/w']}\n" GET,
	  "102507", "<call" },
	{ ALL "paths: {/p: {get: {}, x-wso2-production-endpoints: "
	      "{urls: ['http://c/q']}}}\n",
	  "uri=\"http://c/q\"", NULL },
	{ ALL "paths: {/p: {get: {}, x-wso2-production-endpoints: "
	      "{urls: ['http://c/q', 'http://c/r']}}}\n",
	  "key=\"T:v1/production\"", "http://c/q" },
	{ ALL "x-wso2-endpoints: []\npaths: {/p: {get: {}, x-wso2-production-endpoints: "
	      "{urls: ['http://c/q']}}}\n",
	  "key=\"T:v1/production\"", "http://c/q" },
	/* how */
	{ CLUSTER(TWO ", advanceEndpointConfig: {timeoutInMillis: 90000}"),
	  "timeout=\"60000\"", NULL },
	{ CLUSTER(TWO ", advanceEndpointConfig: {retryConfig: {count: 9}}"),
	  "<m:retry most=\"5\" statuses=\"504\"", NULL },
	{ CLUSTER(TWO ", advanceEndpointConfig: {retryConfig: {count: -1, statusCodes: "
		      "[400, 401, 598, 599]}}"),
	  "<m:retry most=\"5\" statuses=\"401, 598\"", NULL },
	{ CLUSTER(TWO ", advanceEndpointConfig: {retryConfig: {count: 0}}"), "<m:cluster",
	  "<m:retry" },
	{ CLUSTER(TWO ", advanceEndpointConfig: {circuitBreakers: {maxRequests: 0}}"),
	  "<m:limits requests=\"75\" connections=\"1024\" pending=\"35\"", NULL },
	{ CLUSTER(TWO ", securityConfig: {enabled: true, type: basic, username: u, "
		      "password: p}"),
	  "value=\"Basic dTpw\"", NULL },
	/* who may */
	{ ALL GET, "<m:jwt", "<m:scopes" },
	{ ALL "x-wso2-disable-security: true\n" GET, "<call", "<m:jwt" },
	{ ALL
	  "x-wso2-disable-security: true\npaths: {/p: {x-wso2-disable-security: false, "
	  "get: {}}}\n",
	  "<m:jwt", NULL },
	{ ALL
	  "paths: {/p: {x-wso2-disable-security: true, get: {x-wso2-disable-security: "
	  "false}}}\n",
	  "<m:jwt", NULL },
	{ ALL "paths: {/p: {get: {x-auth-type: none}}}\n", "<call", "<m:jwt" },
	{ ALL "security: [{a: []}, {b: [r, w]}, {c: [x]}]\n" GET, "any=\"r w\"", NULL },
	{ ALL "security: [{a: [x]}]\npaths: {/p: {get: {security: [{a: [y]}]}}}\n",
	  "any=\"y\"", NULL },
	{ ALL "x-wso2-auth-header: X-T\n" GET, "header=\"X-T\"", NULL },
	{ ALL "x-wso2-cors: {corsConfigurationEnabled: false}\n" GET, "<call",
	  "<m:cors" },
	{ ALL "x-wso2-cors: {accessControlAllowOrigins: [a, b]}\n" GET,
	  "<m:cors origins=\"a b\"", NULL },
};

static const char *translated(const char *text, struct arena *a)
{
	struct report r;
	struct translation t = {
		.arena = a, .report = &r, .file = "f", .meta_file = "f"
	};
	struct fault why = { 0 };
	struct buf to;
	const char *all;

	report_init(&r, a);
	t.document = yaml_parse(str_of(text), a, &why);
	cr_assert(t.document, "%s: %s", text, why.text);
	buf_init(&to, 1 << 20);
	for (const struct element *e = translate_all(&t); e; e = e->next)
		element_write(e, ELEMENT_COMPACT, &to);
	all = arena_printf(a, "%s" STR_FMT, r.errors ? r.first->text : "",
			   STR_ARG(buf_str(&to)));
	buf_release(&to);
	return all;
}

Test(translate, means_what_the_definition_says)
{
	openapi_defaults();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		const char *all = translated(rows[i].text, &a);

		cr_expect(strstr(all, rows[i].has), "row %zu, without %s: %s", i,
			  rows[i].has, all);
		cr_expect(!rows[i].has_not || !strstr(all, rows[i].has_not),
			  "row %zu, with %s: %s", i, rows[i].has_not, all);
		arena_release(&a);
	}
}

/* Paths as declared, and in the order in which they are asked. */
static const struct {
	const char *declared, *order;
} orders[] = {
	{ "'/b': {get: {}}, '/a': {get: {}}", "/a /b " },
	{ "'/{x}': {get: {}}, '/a': {get: {}}", "/a /{x} " },
	{ "'/a/*': {get: {}}, '/a/{x}/{y}': {get: {}}, '/a/{x}': {get: {}}",
	  "/a/{x} /a/{x}/{y} /a/* " },
	{ "'/a': {get: {}}, '/{x}.json': {get: {}}", "/{x}.json /a " },
	{ "'/a/*': {get: {}}, '/b.c/*': {get: {}}, '/d': {get: {}}", "/d /b.c/* /a/* " },
};

static const char *order_of(const char *all, struct arena *a)
{
	const char *at = all, *order = "";

	while ((at = strstr(at, "methods=\"GET\" m:path=\""))) {
		at += strlen("methods=\"GET\" m:path=\"");
		order = arena_printf(a, "%s%.*s ", order, (int)strcspn(at, "\""), at);
	}
	return order;
}

Test(translate, asks_the_narrower_path_first)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct arena a = { 0 };
		const char *all = translated(
			arena_printf(&a, ALL "paths: {%s}\n", orders[i].declared), &a);

		cr_expect(strncmp(order_of(all, &a), orders[i].order,
				  strlen(orders[i].order)) == 0,
			  "%s: %s", orders[i].declared, order_of(all, &a));
		arena_release(&a);
	}
}
