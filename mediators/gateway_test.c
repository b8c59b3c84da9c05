/* The words that a gateway is made of: tokens, scopes, CORS, answers of our own. */
#include "message/jwt.h"
#include "own_key.h"
#include "tests/rows.h"

#define M "xmlns:m='urn:myelin' "
#define JWT "<m:jwt " M "><m:issuer issuer='us'/></m:jwt>"
#define UNAUTHORIZED(what)                                                    \
	"401 {\"error_message\":\"Invalid Credentials\",\"code\":\"900901\"," \
	"\"error_description\":\"" what                                       \
	"Make sure you have provided the correct security credentials\"}"

static const struct row rows[] = {
	{ "<m:refuse " M "status='404' code='404' message='Not Found' description='x'/>",
	  "", "404 {\"message\":\"Not Found\",\"code\":\"404\",\"description\":\"x\"}" },
	{ "<m:refuse " M "status='204' allow='GET'/>", "body", "204" },
	{ JWT, "", UNAUTHORIZED("") },
	{ "<m:scopes " M "any='a'/>", "",
	  "403 {\"error_message\":\"The access token does not allow you to access the "
	  "requested resource\",\"code\":\"900910\",\"error_description\":\"User is NOT "
	  "authorized to access the Resource: /orders/7. Scope validation failed.\"}" },
	{ "<property name='jwt.scope' value='b a'/><m:scopes " M "any='c a'/>", "",
	  "done" },
	{ "<m:testkey " M "issuer='us'/>", "", "401 Unauthorized" },
	{ "<m:examples " M "/>", "",
	  "501 {\"error_message\":\"Not Implemented\",\"code\":\"900871\","
	  "\"error_description\":\"There is no example for this resource\"}" },
	{ "<m:examples " M "><m:response code='20'/></m:examples>", "",
	  "1: code=\"20\" is not a status, 40X, 4XX or default" },
	{ "<m:throttle " M "name='x' most='16777216'/>", "",
	  "1: most must be 0 to 16777215, not 16777216" },
	{ "<m:jwt " M "/>", "", "1: <m:jwt> needs a child <issuer>" },
	{ "<m:jwt " M "><m:issuer issuer='x' certificate='/none.pem'/></m:jwt>", "",
	  "1: certificate of issuer 'x': /none.pem cannot be read" },
};

Test(gateway, answers_and_complains)
{
	ROWS_CHECK(rows);
}

/* A token of these claims; alg: what its header says. */
static const char *token(struct arena *a, const char *claims, const char *change)
{
	const struct str signed_one = jwt_sign(str_of(claims), own_key_id(), own_key(),
					       a);

	return arena_printf(a, "Bearer " STR_FMT "%s", STR_ARG(signed_one), change);
}

/* The clock of a world begins near 1970. */
static const struct {
	const char *claims, *change, *ending;
} tokens[] = {
	{ "{\"iss\":\"us\",\"exp\":4102444800}", "", "done" },
	{ "{\"iss\":\"us\",\"exp\":4102444800}", "AAAA",
	  UNAUTHORIZED("Invalid Credentials. ") },
	{ "{\"iss\":\"them\",\"exp\":4102444800}", "",
	  UNAUTHORIZED("Invalid Credentials. ") },
	{ "{\"iss\":\"us\",\"exp\":-10}", "", UNAUTHORIZED("Invalid Credentials. ") },
	{ "{\"iss\":\"us\",\"exp\":\"never\"}", "",
	  UNAUTHORIZED("Invalid Credentials. ") },
	{ "{\"iss\":\"us\",\"exp\":4102444800}", "\t", "done" },
	{ "{\"iss\":\"us\",\"nbf\":4102444800}", "",
	  UNAUTHORIZED("Invalid Credentials. ") },
	{ "{\"iss\":[\"us\"],\"exp\":4102444800}", "",
	  UNAUTHORIZED("Invalid Credentials. ") },
	{ "{\"iss\":\"us\",\"exp\":4102444800}", ".x", UNAUTHORIZED("") },
	{ "{\"iss\":\"us\",\"exp\":4102444800}", " x", UNAUTHORIZED("") },
};

static const char *ask(struct world *w, struct run *r, const char *xml,
		       const char *header, const char *value)
{
	const struct node *node = world_compile(w, xml);

	cr_assert(node, "%s", world_complaint(w));
	world_begin(w, r);
	headers_set(&r->x.message.headers, str_of(header), str_of(value));
	world_start(r, node);
	world_pass(w, 10);
	return world_ending(w, r);
}

Test(gateway, believes_only_its_issuers)
{
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		struct world w;
		struct run r;
		const char *ending;

		world_init(&w);
		ending = ask(&w, &r, JWT, "Authorization",
			     token(&w.arena, tokens[i].claims, tokens[i].change));
		cr_expect_str_eq(ending, tokens[i].ending, "row %zu: %s", i, ending);
		world_end(&r);
		world_release(&w);
	}
}

/* Headers {"alg":"none"} and {"alg":"HS256"}, claims {"iss":"us"}. */
Test(gateway, believes_no_other_algorithm)
{
	static const char *const forged[] = {
		"Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJ1cyJ9.",
		"Bearer eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ1cyJ9.AAAA",
	};

	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		struct world w;
		struct run r;
		const char *ending;

		world_init(&w);
		ending = ask(&w, &r, JWT, "Authorization", forged[i]);
		cr_expect(strncmp(ending, "401 ", 4) == 0, "row %zu: %s", i, ending);
		world_end(&r);
		world_release(&w);
	}
}

/* What the request brings, and what goes on. */
static const struct {
	const char *name, *value, *wanted, *goes_on;
} forwarded[] = {
	{ "X-A", "1", "X-Forwarded-For", "10.1.2.3" },
	{ "X-Forwarded-For", "1.1.1.1", "X-Forwarded-For", "1.1.1.1, 10.1.2.3" },
	{ "X-A", "1", "X-Forwarded-Proto", "http" },
	{ "X-Forwarded-Proto", "https", "X-Forwarded-Proto", "https" },
	{ "X-Request-Id", "mine", "X-Request-Id", "mine" },
	{ "X-Envoy-Max-Retries", "9", "X-Envoy-Max-Retries", "" },
	{ "x-wso2-cluster-header", "other", "x-wso2-cluster-header", "" },
};

Test(gateway, tells_the_backend_who_asks)
{
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++) {
		struct world w;
		struct run r;
		struct str got;

		world_init(&w);
		w.incoming.remote = STR("10.1.2.3");
		w.incoming.transport = STR("http");
		ask(&w, &r, "<m:forwarded " M "/>", forwarded[i].name,
		    forwarded[i].value);
		got = headers_get(&r.x.message.headers, str_of(forwarded[i].wanted));
		cr_expect(str_eq(got, str_of(forwarded[i].goes_on)), "row %zu: " STR_FMT,
			  i, STR_ARG(got));
		got = headers_get(&r.x.message.headers, STR("X-Request-Id"));
		cr_expect(got.len == 36 || str_eq(got, STR("mine")), "row %zu", i);
		world_end(&r);
		world_release(&w);
	}
}

#define KEYED "<m:jwt " M "keys='X-Key ?k'><m:issuer issuer='us'/></m:jwt>"
#define SCOPED KEYED "<m:scopes " M "any='read'/>"

/* Without Authorization: where a token is, what it claims beside issuer and time, and
 * what of the rest of the path goes on.
 */
static const struct {
	const char *xml, *header, *target, *claims, *ending, *postfix;
} keyed[] = {
	{ KEYED, "X-Key", "/a?b=1", "", "done", "/a?b=1" },
	{ KEYED, "x-key", "/a", "", "done", "/a" },
	{ KEYED, "", "/a?b=1&k=TOKEN&c", "", "done", "/a?b=1&c" },
	{ KEYED, "", "/a?k=TOKEN", "", "done", "/a" },
	{ KEYED, "", "/a?k=no.key.x", "",
	  UNAUTHORIZED("Not a JWT token. Failed to decode the token header. "), NULL },
	{ KEYED, "", "/a?kk=TOKEN", "", UNAUTHORIZED(""), NULL },
	{ KEYED, "Other", "/a", "", UNAUTHORIZED(""), NULL },
	{ JWT, "Internal-Key", "/a", "", "done", "/a" },
	{ SCOPED, "X-Key", "/a", ",\"scope\":\"a read\"", "done", "/a" },
	{ SCOPED, "X-Key", "/a", ",\"token_type\":\"apiKey\"", "done", "/a" },
	{ SCOPED, "X-Key", "/a", ",\"token_type\":\"Bearer\"",
	  "403 {\"error_message\":\"The access token does not allow you to access the "
	  "requested resource\",\"code\":\"900910\",\"error_description\":\"User is NOT "
	  "authorized to access the Resource: /a. Scope validation failed.\"}",
	  NULL },
};

static struct str with_token(const char *target, struct str token, struct arena *a)
{
	const struct str all = str_of(target), mark = STR("TOKEN");
	const size_t at = str_find_str(all, mark);

	if (at == all.len)
		return all;
	return str_of(arena_printf(a, STR_FMT STR_FMT STR_FMT,
				   STR_ARG(str_first(all, at)), STR_ARG(token),
				   STR_ARG(str_from(all, at + mark.len))));
}

static void ask_with_key(size_t row)
{
	struct world w;
	struct run r;
	struct str token;
	const struct node *node;

	world_init(&w);
	token = jwt_sign(
		str_of(arena_printf(&w.arena, "{\"iss\":\"us\",\"exp\":4102444800%s}",
				    keyed[row].claims)),
		own_key_id(), own_key(), &w.arena);
	w.incoming.target = with_token(keyed[row].target, token, &w.arena);
	w.incoming.postfix = w.incoming.target;
	node = world_compile(&w, keyed[row].xml);
	cr_assert(node, "%s", world_complaint(&w));
	world_begin(&w, &r);
	if (*keyed[row].header)
		headers_set(&r.x.message.headers, str_of(keyed[row].header), token);
	world_start(&r, node);
	world_pass(&w, 10);
	cr_expect_str_eq(world_ending(&w, &r), keyed[row].ending, "row %zu: %s", row,
			 world_ending(&w, &r));
	if (keyed[row].postfix) {
		const struct value rest = message_property(&r.x.message, SCOPE_AXIS2,
							   STR("REST_URL_POSTFIX"));

		cr_expect(str_eq(rest.text, str_of(keyed[row].postfix)),
			  "row %zu: " STR_FMT, row, STR_ARG(rest.text));
		cr_expect(!headers_get(&r.x.message.headers, STR("X-Key")).at);
	}
	world_end(&r);
	world_release(&w);
}

Test(gateway, takes_api_keys_where_they_are_said_to_be)
{
	for (size_t i = 0; i < sizeof(keyed) / sizeof(keyed[0]); i++)
		ask_with_key(i);
}

#define EXAMPLES                                                                    \
	"<m:examples " M "><m:response code='201'><m:header name='X-A' value='1'/>" \
	"<m:example type='text/plain' name='one'>first</m:example>"                 \
	"<m:example name='two'>[2]</m:example></m:response>"                        \
	"<m:response code='40X'><m:example>{}</m:example></m:response>"             \
	"<m:response code='5xx'><m:header name='X-B' value='2'/></m:response>"      \
	"</m:examples>"
#define NOT_THERE(what)                                                   \
	"501 {\"error_message\":\"Not Implemented\",\"code\":\"900871\"," \
	"\"error_description\":\"" what "\"}"

/* What a request would like, and what it gets. */
static const struct {
	const char *header, *value, *ending;
} wishes[] = {
	{ "X-None", "1", "201 [2]" },
	{ "Prefer", "example=ONE", "201 first" },
	{ "Prefer", "respond-async, code=404", "404 {}" },
	{ "Prefer", "code=503", "503" },
	{ "Prefer", "code=200",
	  NOT_THERE("Preferred code 200 is not supported for this resource.") },
	{ "Prefer", "code=20",
	  "400 {\"error_message\":\"Bad Request\",\"code\":\"900870\","
	  "\"error_description\":\"Invalid format for code preference\"}" },
	{ "Prefer", "code=",
	  "400 {\"error_message\":\"Bad Request\",\"code\":\"900870\","
	  "\"error_description\":\"Invalid format for code preference\"}" },
	{ "Prefer", "example=three",
	  NOT_THERE("Example preference three is not supported for this resource") },
	{ "Accept", "*/*", "201 [2]" },
	{ "Accept", "text/*;q=0.5, application/json", "201 first" },
	{ "Accept", "image/png",
	  NOT_THERE("Accept type [image/png] is not supported for this resource") },
};

Test(gateway, gives_the_example_that_is_wanted)
{
	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
		struct world w;
		struct run r;
		const char *ending;

		world_init(&w);
		ending = ask(&w, &r, EXAMPLES, wishes[i].header, wishes[i].value);
		cr_expect_str_eq(ending, wishes[i].ending, "row %zu: %s", i, ending);
		world_end(&r);
		world_release(&w);
	}
}

Test(gateway, keys_of_an_issuer_are_fetched_when_they_are_wanted)
{
	struct world w;
	struct run r;
	const char *ending;

	world_init(&w);
	w.backend[0] = (struct backend){
		.url = "http://keys",
		.body = jwks_of(own_key(), own_key_id(), &w.arena).at,
		.headers = "Content-Type: application/json\n",
	};
	ending = ask(&w, &r,
		     "<m:jwt " M "><m:issuer issuer='us' jwks='http://keys'/></m:jwt>",
		     "Authorization",
		     token(&w.arena, "{\"iss\":\"us\",\"exp\":4102444800}", ""));
	cr_expect_str_eq(w.sent, "http://keys ");
	cr_expect_str_eq(ending, "done");
	world_end(&r);
	world_release(&w);
}

/* One after the other, so many ms later each: how each ends. */
static const struct {
	uint64_t later;
	const char *ending;
} throttled[] = {
	{ 0, "done" },
	{ 0, "done" },
	{ 0, "429 {\"error_message\":\"Message throttled out\",\"code\":\"900802\","
	     "\"error_description\":\"You have exceeded your quota\"}" },
	{ 60000, "done" },
};

Test(gateway, so_many_requests_pass_in_a_while)
{
	struct world w;
	const struct node *node;

	world_init(&w);
	node = world_compile(&w, "<m:throttle " M "name='x' most='2' code='900802'/>");
	cr_assert(node, "%s", world_complaint(&w));
	for (size_t i = 0; i < sizeof(throttled) / sizeof(throttled[0]); i++) {
		struct run r;

		world_pass(&w, throttled[i].later);
		world_begin(&w, &r);
		world_start(&r, node);
		world_pass(&w, 10);
		cr_expect_str_eq(world_ending(&w, &r), throttled[i].ending, "row %zu: %s",
				 i, world_ending(&w, &r));
		world_end(&r);
	}
	world_release(&w);
}

Test(gateway, allowed_origins_find_their_headers_on_what_is_answered)
{
	static const char xml[] = "<m:cors " M "origins='http://a'><m:refuse "
				  "status='204'/></m:cors>";
	static const struct {
		const char *origin, *allowed;
	} origins[] = { { "http://a", "http://a" }, { "http://b", "" } };

	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		struct world w;
		struct run r;
		const char *ending;
		struct str got;

		world_init(&w);
		ending = ask(&w, &r, xml, "Origin", origins[i].origin);
		got = headers_get(&r.x.message.headers,
				  STR("Access-Control-Allow-Origin"));
		cr_expect_str_eq(ending, "204");
		cr_expect(str_eq(got, str_of(origins[i].allowed)), "%s",
			  origins[i].origin);
		world_end(&r);
		world_release(&w);
	}
}
