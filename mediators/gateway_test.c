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
