/* Runs of fallbacks, features and quotas, from definition to answer, in virtual time. */
#include <criterion/criterion.h>

#include "duct/duct.h"
#include "fallback/fallback.h"
#include "tests/world.h"

static const char apps[] =
	"product: p\n"
	"apps:\n"
	"  - app: stripe\n"
	"    envs: [{ slug: prd, base_url: 'http://stripe' },\n"
	"           { slug: dev, base_url: 'http://stripe-dev' }]\n"
	"    variables: { account: acct_1 }\n"
	"    actions:\n"
	"      - { tag: charge, method: POST, resource: /v1/charges, timeout: 500 }\n"
	"      - { tag: get, resource: '/v1/charges/{id}' }\n"
	"  - app: paypal\n"
	"    envs: [{ slug: prd, base_url: 'http://paypal' }]\n"
	"    actions: [{ tag: pay, method: POST, resource: /pay }]\n"
	"  - app: bank\n"
	"    envs: [{ slug: prd, base_url: 'http://bank' }]\n"
	"    auth: { type: basic, username: \"o'neil\", password: 'p$x' }\n"
	"    actions:\n"
	"      - tag: pay\n"
	"        method: POST\n"
	"        body: { amount: { type: number, required: true },\n"
	"                currency: { type: string, default: EUR } }\n"
	"      - { tag: strict, method: POST, no_retry: [500] }\n";

static const char fallbacks[] =
	"product: p\n"
	"fallbacks:\n"
	"  - tag: pay\n"
	"    name: pay\n"
	"    input: { amount: number, currency: { type: string, default: EUR } }\n"
	"    options:\n"
	"      - { app: stripe, event: charge, retries: 2,\n"
	"          input: { amount: '$Input{amount}', in: '$Input{currency}' },\n"
	"          output: { id: '$Response{id}' } }\n"
	"      - { app: paypal, event: pay, provider: pp-eu,\n"
	"          input: { text: 'Pay $Input{amount} as $Run{attempt}' } }\n"
	"  - tag: patient\n"
	"    name: patient\n"
	"    options:\n"
	"      - { app: stripe, event: charge, retries: 1, retry_delay: 300 }\n"
	"  - tag: careful\n"
	"    name: careful\n"
	"    options:\n"
	"      - { app: stripe, event: charge, retries: 5, no_retry: [404],\n"
	"          abort_on: [403] }\n"
	"      - { app: paypal, event: pay }\n"
	"  - tag: path\n"
	"    name: path\n"
	"    options:\n"
	"      - { app: stripe, event: get, input: { id: '$Input{id}', 'query:q': a b } "
	"}\n"
	"  - tag: timed\n"
	"    name: timed\n"
	"    options:\n"
	"      - { app: stripe, event: charge, timeout: 100 }\n"
	"      - { app: stripe, event: charge }\n"
	"  - tag: brief\n"
	"    name: brief\n"
	"    options: [{ type: FEATURE, event: both, timeout: 200 }]\n"
	"  - tag: filled\n"
	"    name: filled\n"
	"    input: { note: { type: string, default: none } }\n"
	"    options:\n"
	"      - { app: bank, event: pay, retries: 3,\n"
	"          input: { amount: '$Input{amount}', note: $Default, currency: $Default "
	"} "
	"}\n"
	"      - { app: bank, event: strict, retries: 3 }\n"
	"  - tag: nested\n"
	"    name: nested\n"
	"    options: [{ type: FEATURE, event: both, output: { t: '$Response{pay}{id}' } "
	"}]\n"
	"  - tag: round\n"
	"    name: round\n"
	"    options: [{ type: FALLBACK, event: round, retries: 9 },\n"
	"              { type: FEATURE, event: turn, retries: 9 }]\n"
	"features:\n"
	"  - tag: turn\n"
	"    events: [{ type: FALLBACK, event: round }]\n"
	"  - tag: both\n"
	"    events:\n"
	"      - { type: FALLBACK, event: pay, input: { amount: 1 } }\n"
	"      - { type: ACTION, app: paypal, event: pay, name: tell, allow_fail: true,\n"
	"          input: { who: '$Sequence{pay}{provider}',\n"
	"                   account: '$Variable{stripe}{account}' } }\n"
	"quotas:\n"
	"  - tag: all\n"
	"    name: all\n"
	"    options: [{ app: stripe, event: charge, weight: 1 },\n"
	"              { app: paypal, event: pay, weight: 0 }]\n";

static struct world w;

/* As the loader would, had the world this front end. */
static void deploy(const char *yaml)
{
	struct element *e = fallback_files.read(&fallback_files, str_of(yaml),
						"ductape.yaml", &w.arena, &w.report);
	struct buf xml;

	cr_assert_not_null(e, "%s", w.report.first ? w.report.first->text : "");
	buf_init(&xml, 1 << 20);
	buf_add(&xml, STR("<definitions xmlns='" SYNAPSE_NS "'>"));
	for (; e; e = e->next)
		element_write(e, ELEMENT_EXACT, &xml);
	buf_add(&xml, STR("</definitions>"));
	cr_assert(world_deploy(&w, arena_copy(&w.arena, buf_str(&xml)).at), "%s",
		  world_complaint(&w));
	buf_release(&xml);
}

static void set_up(void)
{
	duct_register();
	world_init(&w);
	deploy(arena_printf(&w.arena, "%s%s", apps, strchr(fallbacks, '\n') + 1));
}

static void tear_down(void)
{
	world_release(&w);
}

TestSuite(run, .init = set_up, .fini = tear_down);

#define RUN(kind, tag) "POST /ductape/" kind "/" tag "/run"
#define ASK(input) "{\"env\":\"prd\",\"product\":\"p\",\"input\":" input "}"
#define OK(url, text)             \
	{                         \
		url, .body = text \
	}
#define BAD(url, code)                                         \
	{                                                      \
		url, .status = code, .body = "{\"oops\":true}" \
	}

enum { PARTS = 4 };

/* clang-format off */
static const struct vector {
	const char *name;
	struct backend backends[3];
	const char *line, *body;
	const char *parts[PARTS]; /* of the answer */
	const char *sent;
	const char *last_body; /* of the last request sent; NULL: any */
} vectors[] = {
	{ "the first one answers", { OK("http://stripe", "{\"id\":\"c1\"}") },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":2500}"),
	  { "200 ", "\"id\":\"c1\"", "\"provider\":\"stripe\"", "\"retriesUsed\":0" },
	  "http://stripe/v1/charges ", "{\"amount\":2500,\"in\":\"EUR\"}" },
	{ "retries, then the next", { BAD("http://stripe", 500), OK("http://paypal", "{\"p\":1}") },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":1.50}"),
	  { "\"provider\":\"pp-eu\"", "\"p\":1", "\"retriesUsed\":2", "HTTP_500" },
	  "http://stripe/v1/charges http://stripe/v1/charges http://stripe/v1/charges "
	  "http://paypal/pay ", "{\"text\":\"Pay 1.50 as 1\"}" },
	{ "a retry succeeds", { { "http://stripe", .status = 500, .times = 1 },
	  OK("http://stripe", "{\"id\":\"c2\"}") },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":1}"),
	  { "\"id\":\"c2\"", "\"retriesUsed\":1", "\"failures\":[]" },
	  "http://stripe/v1/charges http://stripe/v1/charges " },
	{ "nobody answers", { { NULL } },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":1}"),
	  { "All 2 options of fallback 'pay' failed", "FALLBACK_FAILED",
	    "\"attempts\":3", "CONNECT_FAILED" },
	  "http://stripe/v1/charges http://stripe/v1/charges http://stripe/v1/charges "
	  "http://paypal/pay " },
	{ "a slow one is timed out each time", { { "http://stripe", .silent = true },
	  OK("http://paypal", "{}") },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":1}"),
	  { "\"provider\":\"pp-eu\"", "\"latency\":1500", "\"code\":\"TIMEOUT\"" },
	  "http://stripe/v1/charges http://stripe/v1/charges http://stripe/v1/charges "
	  "http://paypal/pay " },
	{ "the run has a deadline", { { "http://stripe", .silent = true } },
	  RUN("fallbacks", "pay"),
	  "{\"env\":\"prd\",\"timeout\":700,\"input\":{\"amount\":1}}",
	  { "DEADLINE_EXCEEDED", "\"latency\":700" },
	  "http://stripe/v1/charges http://stripe/v1/charges " },
	{ "pauses between attempts", { BAD("http://stripe", 500) },
	  RUN("fallbacks", "patient"), ASK("{}"), { "\"latency\":300" },
	  "http://stripe/v1/charges http://stripe/v1/charges " },
	{ "some statuses are not retried", { BAD("http://stripe", 404), OK("http://paypal", "{}") },
	  RUN("fallbacks", "careful"), ASK("{}"), { "\"provider\":\"paypal\"" },
	  "http://stripe/v1/charges http://paypal/pay " },
	{ "some end it", { BAD("http://stripe", 403), OK("http://paypal", "{}") },
	  RUN("fallbacks", "careful"), ASK("{}"), { "FALLBACK_FAILED", "HTTP_403" },
	  "http://stripe/v1/charges " },
	{ "a success without a body is one", { { "http://stripe", .status = 204, .body = "" } },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":1}"),
	  { "\"provider\":\"stripe\"", "\"id\":null" }, "http://stripe/v1/charges " },
	{ "what is no JSON is not retried", { OK("http://stripe", "ok"), OK("http://paypal", "{}") },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":1}"),
	  { "\"provider\":\"pp-eu\"", "MAPPING_FAILED" },
	  "http://stripe/v1/charges http://paypal/pay " },
	{ "a missing member is null", { OK("http://stripe", "{}") },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":1}"), { "\"id\":null" },
	  "http://stripe/v1/charges " },
	{ "inputs are looked at first", { { NULL } },
	  RUN("fallbacks", "pay"), ASK("{\"amount\":\"2500\"}"),
	  { "INVALID_INPUT", "\"field\":\"amount\"", "\"rule\":\"type\"" }, "" },
	{ "no address in an env", { OK("http://stripe-dev", "{\"id\":1}") },
	  RUN("fallbacks", "pay"), "{\"env\":\"dev\",\"input\":{\"amount\":1}}",
	  { "\"provider\":\"stripe\"" }, "http://stripe-dev/v1/charges " },
	{ "unknown envs", { { NULL } }, RUN("fallbacks", "pay"),
	  "{\"env\":\"qa\",\"input\":{\"amount\":1}}", { "INVALID_ENV" }, "" },
	{ "unknown tags", { { NULL } }, RUN("fallbacks", "nope"), ASK("{}"),
	  { "NOT_FOUND" }, "" },
	{ "unknown caches", { { NULL } }, RUN("fallbacks", "pay"),
	  "{\"env\":\"prd\",\"input\":{\"amount\":1},\"cache\":\"nope\"}",
	  { "UNKNOWN_CACHE" }, "" },
	{ "no JSON", { { NULL } }, RUN("fallbacks", "pay"), "{\"env\":", { "BAD_JSON" }, "" },
	{ "the tag in the request", { OK("http://stripe", "{}") }, "POST /ductape/fallbacks/run",
	  "{\"env\":\"prd\",\"fallback_tag\":\"pay\",\"input\":{\"amount\":1}}",
	  { "\"provider\":\"stripe\"" }, "http://stripe/v1/charges " },
	{ "paths and queries are filled", { OK("http://stripe", "{}") },
	  RUN("fallbacks", "path"), ASK("{\"id\":\"a/b\"}"), { "200 " },
	  "http://stripe/v1/charges/a%2Fb?q=a%20b " },
	{ "a path that cannot be filled", { { NULL } }, RUN("fallbacks", "path"), ASK("{}"),
	  { "FALLBACK_FAILED", "INVALID_INPUT" }, "" },
	{ "an option's timeout is its own", { { "http://stripe", .silent = true } },
	  RUN("fallbacks", "timed"), ASK("{}"), { "\"latency\":600" },
	  "http://stripe/v1/charges http://stripe/v1/charges " },
	{ "a feature's attempt is over in time", { { "http://stripe", .silent = true } },
	  RUN("fallbacks", "brief"), ASK("{}"), { "\"latency\":200", "\"code\":\"TIMEOUT\"" },
	  "http://stripe/v1/charges " },
	{ "fields have defaults", { OK("http://bank", "{}") }, RUN("fallbacks", "filled"),
	  ASK("{\"amount\":5}"), { "200 " }, "http://bank/ ",
	  "{\"amount\":5,\"note\":\"none\",\"currency\":\"EUR\"}" },
	{ "what an action requires is not sent without", { BAD("http://bank", 500) },
	  RUN("fallbacks", "filled"), ASK("{}"),
	  { "body of the action needs 'amount'", "INVALID_INPUT", "\"attempts\":1" },
	  "http://bank/ " },
	{ "what runs itself is told", { { NULL } }, RUN("fallbacks", "round"), ASK("{}"),
	  { "FALLBACK_FAILED", "RECURSION", "'round' runs itself" }, "" },
	{ "by whatever way", { { NULL } }, RUN("features", "turn"), ASK("{}"),
	  { "FALLBACK_FAILED", "RECURSION", "\"step\":\"round\"" }, "" },
	{ "an input that is no object", { { NULL } }, RUN("fallbacks", "pay"),
	  "{\"env\":\"prd\",\"input\":[1]}", { "INVALID_INPUT", "input must be an object" }, "" },
	{ "an env that is no text", { { NULL } }, RUN("fallbacks", "pay"),
	  "{\"env\":7}", { "INVALID_INPUT", "\"field\":\"env\"" }, "" },
	{ "no env", { { NULL } }, RUN("fallbacks", "pay"), "{}",
	  { "INVALID_ENV", "the request says no env" }, "" },
	{ "a deadline that is none", { { NULL } }, RUN("fallbacks", "pay"),
	  "{\"env\":\"prd\",\"timeout\":\"5s\"}", { "INVALID_INPUT", "\"field\":\"timeout\"" }, "" },
	{ "inputs come before caches", { { NULL } }, RUN("fallbacks", "pay"),
	  "{\"env\":\"prd\",\"input\":{},\"cache\":\"nope\"}", { "INVALID_INPUT" }, "" },
	{ "steps see what earlier ones gave", { OK("http://stripe", "{\"id\":7}"),
	  OK("http://paypal", "{\"ok\":true}") },
	  RUN("features", "both"), ASK("{}"), { "200 " },
	  "http://stripe/v1/charges http://paypal/pay ",
	  "{\"who\":\"stripe\",\"account\":\"acct_1\"}" },
	{ "a step may fail", { OK("http://stripe", "{\"id\":7}") }, RUN("features", "both"),
	  ASK("{}"), { "200 ", "\"provider\":\"stripe\"" },
	  "http://stripe/v1/charges http://paypal/pay " },
	{ "a step that fails has its name told", { { NULL } }, RUN("features", "both"),
	  ASK("{}"), { "FALLBACK_FAILED", "\"step\":\"pay\"" },
	  "http://stripe/v1/charges http://stripe/v1/charges http://stripe/v1/charges "
	  "http://paypal/pay " },
	{ "an option may be a feature", { OK("http://stripe", "{\"id\":7}"),
	  OK("http://paypal", "{}") }, RUN("fallbacks", "nested"), ASK("{}"),
	  { "\"t\":7", "\"provider\":\"both\"" },
	  "http://stripe/v1/charges http://paypal/pay " },
	{ "all weight on one, the other behind it", { OK("http://paypal", "{}") },
	  RUN("quotas", "all"), ASK("{}"), { "\"provider\":\"paypal\"" },
	  "http://stripe/v1/charges http://paypal/pay " },
};
/* clang-format on */

static void check_vector(const struct vector *v)
{
	const char *ending;

	world_clear(&w);
	memcpy(w.backend, v->backends, sizeof(v->backends));
	ending = world_request(&w, v->line, v->body, 5000);
	for (size_t i = 0; i < PARTS && v->parts[i]; i++)
		cr_expect(strstr(ending, v->parts[i]), "%s: no %s in %s", v->name,
			  v->parts[i], ending);
	cr_expect_str_eq(w.sent, v->sent, "%s: sent to %s", v->name, w.sent);
	if (v->last_body && w.seen_count)
		cr_expect(str_eq(w.seen[w.seen_count - 1].body, str_of(v->last_body)),
			  "%s: sent " STR_FMT, v->name,
			  STR_ARG(w.seen[w.seen_count - 1].body));
}

Test(run, goes_as_the_vectors_say)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		check_vector(&vectors[i]);
}

Test(run, credentials_may_have_any_letters)
{
	w.backend[0] = (struct backend){ "http://bank", .body = "{}" };
	world_request(&w, RUN("fallbacks", "filled"), ASK("{\"amount\":5}"), 5000);
	cr_expect(str_find_str(w.seen[0].headers,
			       STR("Authorization: Basic byduZWlsOnAkeA==")) <
			  w.seen[0].headers.len,
		  STR_FMT, STR_ARG(w.seen[0].headers));
}

Test(run, a_client_that_goes_away_ends_the_attempt)
{
	const struct node *node = world_find(&w, REF_DEFINITION, "p/fallback/pay");
	struct run r;

	w.backend[0] = (struct backend){ "http://stripe", .silent = true };
	world_begin(&w, &r);
	headers_set(&r.x.message.headers, STR("Content-Type"), STR("application/json"));
	body_set(&r.x.message.body, STR("{\"amount\":1}"));
	world_start(&r, node);
	world_pass(&w, 100);
	world_end(&r);
	cr_expect_eq(w.under_way, 0);
	world_pass(&w, 5000);
	cr_expect(!strstr(w.sent, "paypal"), "%s", w.sent);
}
