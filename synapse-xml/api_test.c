#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* --- declarations --- */

#define METHODS_HELP \
	"; methods are in capitals, with one blank between, such as \"GET POST\""
#define RESOURCE "<resource><inSequence><respond/></inSequence></resource>"

static const struct {
	const char *attributes, *inside, *complaint;
} declarations[] = {
	{ "name='A' context='/a'", RESOURCE, "" },
	{ "context='/a'", RESOURCE,
	  "Attribute 'name' is required for an API definition" },
	{ "name='A'", RESOURCE, "Attribute 'context' is required for an API definition" },
	{ "name='A' context='a'", RESOURCE, "API context must begin with '/' character" },
	{ "name='A' context='/a' version='1'", RESOURCE,
	  "Attribute 'version-type' is required for an API definition" },
	{ "name='A' context='/a' version='1' version-type='x'", RESOURCE,
	  "version-type=\"x\" is not one of url, context" },
	{ "name='A' context='/a'", "",
	  "An API must contain at least one resource definition" },
	{ "name='A' context='/a' transports='http,https'", RESOURCE,
	  "Invalid protocol name: http,https" },
	{ "name='A' context='/a' transports=''", RESOURCE, "" },
	{ "name='A' context='/a'", "<resource protocol='ftp'/>",
	  "Invalid protocol name: ftp" },
	{ "name='A' context='/a'", "<resource methods='GET POST'/>", "" },
	{ "name='A' context='/a'", "<resource methods='GET  POST'/>",
	  "Invalid or duplicate method definition for resource: ''" METHODS_HELP },
	{ "name='A' context='/a'", "<resource methods='get'/>",
	  "Invalid or duplicate method definition for resource: 'get'" METHODS_HELP },
	{ "name='A' context='/a'", "<resource methods='GET GET'/>",
	  "Invalid or duplicate method definition for resource: 'GET'" METHODS_HELP },
	{ "name='A' context='/a'",
	  "<resource uri-template='/x'/><resource uri-template='/x'/>",
	  "Two resources cannot have the same path mapping and methods" },
	{ "name='A' context='/a'",
	  "<resource methods='GET' uri-template='/x'/>"
	  "<resource methods='PUT' uri-template='/x'/>",
	  "" },
	{ "name='A' context='/a'", "<resource methods='GET'/><resource methods='PUT'/>",
	  "Only one resource can be designated as default" },
	{ "name='A' context='/a'", "<resource content-type='json'/>",
	  "Invalid content type: json" },
	{ "name='A' context='/a'", "<resource uri-template='/{?x}'/>",
	  "Unsupported template expression: {?x}" },
	{ "name='A' context='/a'", RESOURCE "<handlers><handler class='a.B'/></handlers>",
	  "Error initializing API handler: a.B" },
	{ "name='A' context='/a' contxt='/b'", RESOURCE,
	  "<api> has no attribute 'contxt'; did you mean 'context'?" },
	{ "name='A' context='/a'", "<resource user-agent='('/>", "user-agent: " },
};

Test(api, is_declared_or_complained_about_in_the_words_of_the_original)
{
	for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]); i++) {
		struct fixture f;
		const char *said, *text;

		fixture_init(&f);
		fixture_put(&f, "1.xml",
			    arena_printf(&f.arena, "<api " XMLNS " %s>%s</api>",
					 declarations[i].attributes,
					 declarations[i].inside));
		said = fixture_build(&f);
		text = strstr(said, "1: ");
		text = text ? text + 3 : "";
		cr_expect(str_starts(str_of(text), str_of(declarations[i].complaint)) &&
				  !*text == !*declarations[i].complaint,
			  "%s %s: %s", declarations[i].attributes, declarations[i].inside,
			  said);
		fixture_release(&f);
	}
}

Test(api, shares_neither_name_nor_context)
{
	struct fixture f;

	fixture_init(&f);
	fixture_put(&f, "1.xml",
		    "<api " XMLNS " name='A' context='/a'>" RESOURCE "</api>");
	fixture_put(&f, "2.xml",
		    "<api " XMLNS " name='A' context='/b'>" RESOURCE "</api>");
	fixture_put(&f, "3.xml",
		    "<api " XMLNS " name='B' context='/a/'>" RESOURCE "</api>");
	cr_expect_str_eq(
		fixture_build(&f),
		"2.xml:1: Duplicate resource definition by the name: A, the "
		"first is at 1.xml:1\n"
		"3.xml:1: URL context: /a is already registered with the API: A, "
		"at 1.xml:1\n");
	fixture_release(&f);
}

/* --- dispatch --- */

static const char apis[] =
	"<definitions " XMLNS " xmlns:m='urn:myelin'>"
	"<api name='Root' context='/'><resource uri-template='/root'/></api>"
	"<api name='Long' context='/shop/orders'><resource url-mapping='/*'/></api>"
	"<api name='Shop' context='/shop'>"
	"  <resource methods='GET' uri-template='/{id}'/>"
	"  <resource methods='GET' uri-template='/list'/>"
	"  <resource methods='GET' url-mapping='/exact'/>"
	"  <resource methods='GET' url-mapping='/files/*'/>"
	"  <resource methods='GET' url-mapping='/files/deep/*'/>"
	"  <resource methods='GET' url-mapping='*.jsp'/>"
	"  <resource methods='PUT DELETE' uri-template='/put/{x}/y'/>"
	"  <resource methods='PATCH' uri-template='/put/{x}/y'/>"
	"  <resource methods='POST' uri-template='/json/in' "
	"content-type='application/json'/>"
	"  <resource methods='GET' uri-template='/bot' user-agent='Bot.*'/>"
	"  <resource methods='GET' uri-template='/tls/only' protocol='https'/>"
	"  <resource methods='GET OPTIONS' uri-template='/with/options'/>"
	"</api>"
	"<api name='V' context='/v' version='1.0' version-type='url'>"
	"  <resource uri-template='/x'/><resource/></api>"
	"<api name='V' context='/v' version='2.0' version-type='url'>"
	"  <resource uri-template='/x'/></api>"
	"<api name='C' context='/c/{version}' version='3' version-type='context'>"
	"  <resource uri-template='/x'/></api>"
	"<api name='Host' context='/host' hostname='here' port='80'><resource/></api>"
	"<api name='Tls' context='/tls' transports='https'><resource/></api>"
	"<api name='Own' context='/shop' m:listen='127.0.0.1:8081'><resource/></api>"
	"</definitions>";

enum { DEFAULT_PORT = 8290 };

struct asking {
	const char *line; /* "GET /path" */
	const char *headers;
	const char *answer;
	unsigned port;
};

static const struct asking askings[] = {
	{ "GET /root", "", "Root /root" },
	{ "GET /", "", "Root 404" },
	{ "GET /nowhere", "", "Root 404" },
	{ "GET /shop/7", "", "Shop /{id} uri.var.id=7" },
	{ "GET http://host:1/shop/7", "", "Shop /{id} uri.var.id=7" },
	{ "GET /shop/list", "", "Shop /{id} uri.var.id=list" },
	{ "GET /shop/exact", "", "Shop /exact" },
	{ "GET /shop/exact/?a=b", "", "Shop /exact query.param.a=b" },
	{ "GET /shop/files", "", "Shop /files/*" },
	{ "GET /shop/files/a/b", "", "Shop /files/*" },
	{ "GET /shop/files/deep/b", "", "Shop /files/deep/*" },
	{ "GET /shop/a/b.jsp?x", "", "Shop *.jsp query.param.null=null&x" },
	{ "GET /shopping", "", "Root 404" },
	{ "GET /shop", "", "Shop 404" },
	{ "GET /shop/orders/1", "", "Long /*" },
	{ "GET /shop/orders", "", "Long /*" },
	{ "GET /shop/ordersX", "", "Shop /{id} uri.var.id=ordersX" },
	{ "PUT /shop/put/a%20b/y", "", "Shop /put/{x}/y uri.var.x=a b" },
	{ "GET /shop/put/1/y", "", "Shop 404" },
	{ "GET /shop/put/1/z", "", "Shop 404" },
	{ "HEAD /shop/put/1/y", "", "Shop 405 PUT, DELETE, PATCH" },
	{ "BREW /shop/7", "", "Shop 405 GET" },
	{ "POST /shop/json/in", "Content-Type: application/json", "Shop /json/in" },
	{ "POST /shop/json/in", "Content-Type: text/xml", "Shop 400" },
	{ "GET /shop/7?a=1&b=x+y%21&a=2", "",
	  "Shop /{id} uri.var.id=7 query.param.a=2 query.param.b=x y!" },
	{ "GET /shop/7?a=%zz", "", "Shop 400" },
	{ "OPTIONS /shop/7", "", "Shop options GET" },
	{ "OPTIONS /shop/put/1/y", "", "Shop options PUT, DELETE" },
	{ "OPTIONS /shop/with/options", "", "Shop /with/options" },
	{ "OPTIONS /shop/with/options", "Max-Forwards: 0", "Shop options GET" },
	{ "GET /v/1.0/x", "", "V:v1.0 /x" },
	{ "GET /v/1.0/other", "", "V:v1.0 " },
	{ "GET /v/2.0/x?y=1", "", "V:v2.0 /x query.param.y=1" },
	{ "GET /v/3.0/x", "", "Root 404" },
	{ "GET /c/3/x", "", "C:v3 /x" },
	{ "GET /host/x", "Host: here", "Host " },
	{ "GET /host/x", "Host: here:80", "Host " },
	{ "GET /host/x", "Host: here:81", "Root 404" },
	{ "GET /host/x", "Host: there", "Root 404" },
	{ "GET /tls/x", "", "Root 404" },
	{ "GET /shop/7", "", "Own ", 8081 },
	{ "GET /root", "", "none", 8081 },
};

struct request {
	struct arena arena;
	struct incoming in;
	struct message message;
	struct timers clock;
};

static struct value no_entry(const void *ctx, struct str key, struct arena *a)
{
	(void)ctx;
	(void)key;
	(void)a;
	return VALUE_NONE;
}

static void ask(struct request *r, const struct asking *asking,
		const struct surroundings *around)
{
	struct str line = str_of(asking->line), header = str_of(asking->headers), name;

	*r = (struct request){ .in = { .transport = STR("http") } };
	str_cut(&line, ' ', &r->in.method);
	r->in.target = line;
	r->in.port = asking->port ? asking->port : DEFAULT_PORT;
	message_init(&r->message, &r->arena, &r->in, around);
	if (str_cut(&header, ':', &name) && header.at)
		headers_add(&r->message.headers, name, str_trim(header));
	if (str_eq(name, STR("Content-Type")))
		body_set(&r->message.body, STR("x"));
	r->in.host = headers_get(&r->message.headers, STR("Host"));
}

static const char *properties_of(struct request *r)
{
	const struct properties *p = &r->message.properties[SCOPE_DEFAULT];
	const char *text = "";

	for (unsigned i = 0; i < p->count; i++)
		if (p->at[i].value.kind == VALUE_STR)
			text = arena_printf(&r->arena, "%s " STR_FMT "=" STR_FMT, text,
					    STR_ARG(p->at[i].name),
					    STR_ARG(p->at[i].value.text));
	return text;
}

static const char *answer_of(struct request *r, const struct route *route)
{
	const char *api = arena_copy(&r->arena, r->in.api).at;
	const char *allow = arena_copy(&r->arena, route->allow).at;

	switch (route->result) {
	case ROUTE_FOUND:
		return arena_printf(&r->arena, "%s " STR_FMT "%s", api,
				    STR_ARG(r->in.pattern), properties_of(r));
	case ROUTE_NO_API:
		return "none";
	case ROUTE_NO_RESOURCE:
		return arena_printf(&r->arena, "%s 404", api);
	case ROUTE_BAD_METHOD:
		return arena_printf(&r->arena, "%s 405 %s", api, allow);
	case ROUTE_BAD_REQUEST:
		return arena_printf(&r->arena, "%s 400", api);
	case ROUTE_FORBIDDEN:
		return "403";
	case ROUTE_OPTIONS:
		return arena_printf(&r->arena, "%s options %s", api, allow);
	}
	return "?";
}

Test(api, takes_the_requests_the_original_takes)
{
	struct fixture f;

	fixture_init(&f);
	fixture_put(&f, "1.xml", apis);
	cr_assert_str_eq(fixture_build(&f), "");
	for (size_t i = 0; i < sizeof(askings) / sizeof(askings[0]); i++) {
		struct request r;
		struct timers clock;
		struct surroundings around = { &clock, no_entry, NULL };

		timers_init(&clock);
		ask(&r, &askings[i], &around);

		const struct route route = routes_find(f.deployment->routes, &r.in,
						       &r.message);

		cr_expect_str_eq(answer_of(&r, &route), askings[i].answer, "%s %s",
				 askings[i].line, askings[i].headers);
		message_release(&r.message);
		arena_release(&r.arena);
	}
	fixture_release(&f);
}

Test(api, tells_the_message_what_it_is_for)
{
	static const struct asking asking = { "GET /v/2.0/x?y=1", "", "" };
	struct fixture f;
	struct request r;
	struct timers clock;
	struct surroundings around = { &clock, no_entry, NULL };

	timers_init(&clock);
	fixture_init(&f);
	fixture_put(&f, "1.xml", apis);
	fixture_build(&f);
	ask(&r, &asking, &around);

	const struct route route = routes_find(f.deployment->routes, &r.in, &r.message);

	cr_expect(str_eq(r.in.api, STR("V:v2.0")));
	cr_expect(str_eq(r.in.api_version, STR("2.0")));
	cr_expect(str_eq(r.in.api_version_type, STR("url")));
	cr_expect(str_eq(r.in.context, STR("/v")));
	cr_expect(str_eq(r.in.sub_path, STR("/x?y=1")));
	cr_expect(str_eq(r.in.postfix, STR("/x?y=1")));
	cr_expect_str_eq(route.origin->prefix, "{api:V:v2.0} ");
	cr_expect_str_eq(route.origin->logger, "API_LOGGER.V");
	message_release(&r.message);
	arena_release(&r.arena);
	fixture_release(&f);
}
