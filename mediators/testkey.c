/*
 * # m:testkey
 *
 * Gives a token to try things with to whoever knows the name and password (Basic): a JWT
 * of this issuer, good for an hour, with the scopes that the form member `scope` asks
 * for. <m:jwt> believes it by an <m:issuer> without certificate and JWKS.
 *
 *	<m:testkey xmlns:m="urn:myelin" issuer="https://localhost:9095/testkey"
 *	           user="admin" password="admin"/>
 */
#include "base/base64.h"
#include "base/url.h"
#include "local_answer.h"
#include "mediators.h"
#include "message/content.h"
#include "message/jwt.h"
#include "own_key.h"

enum { GOOD_S = 3600, MOST_FORM = 8192 };

struct testkey {
	struct node node;
	struct str issuer, user, password;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct testkey, issuer, "issuer"), .required = true,
	  .doc = "Who the token says it is from." },
	{ ATTR_STR(struct testkey, user, "user"), .fallback = "admin",
	  .doc = "Who may ask." },
	{ ATTR_STR(struct testkey, password, "password"), .fallback = "admin",
	  .doc = "And with what password." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct testkey *k = self;

	mediator_needs(&k->node, NEEDS_BYTES);
	return !b->shared || own_key() ||
	       report_error(b->report, e->where, "no key for test tokens can be made");
}

static const struct schema schema = {
	.element = "m:testkey",
	.doc = "Gives a token to try things with.",
	.size = sizeof(struct testkey),
	.fields = fields,
	.check = check,
};

static bool may_ask(const struct testkey *k, struct exchange *x)
{
	const struct str all = headers_get(&x->message.headers, STR("Authorization"));
	struct str text, user;

	if (!str_eq_nocase(str_first(all, 6), STR("Basic ")) ||
	    !base64_decode(str_trim(str_from(all, 6)), false, x->message.arena, &text) ||
	    !str_cut(&text, ':', &user))
		return false;

	const bool right_user = bytes_are_equal(user, k->user);
	const bool right_password = bytes_are_equal(text, k->password);

	return right_user && right_password;
}

/* The form's member, decoded. */
static struct str asked_scope(struct exchange *x)
{
	struct str rest = body_bytes(&x->message.body), pair, name;

	rest = str_trim(str_first(rest, MOST_FORM));
	while (rest.len && str_cut(&rest, '&', &pair)) {
		struct str value = pair;

		if (str_cut(&value, '=', &name) && str_eq(name, STR("scope")) && value.at)
			return url_decode_form(value, x->message.arena);
	}
	return STR("");
}

static void add(struct json *j, struct arena *a, const char *name, const char *text)
{
	json_set(j, str_of(name), json_string(a, str_of(text)));
}

static struct str sign(const struct testkey *k, struct exchange *x)
{
	struct arena *a = x->message.arena;
	const struct timers *clock = &x->engine->timers;
	const int64_t now = ((int64_t)clock->now + clock->wall) / 1000;
	struct json *claims = json_new(a, JSON_OBJECT);
	char *id = arena_alloc(a, 37);

	uuid_make(id);
	json_set(claims, STR("iss"), json_string(a, k->issuer));
	json_set(claims, STR("sub"), json_string(a, k->user));
	add(claims, a, "aud", "http://org.wso2.apimgt/gateway");
	add(claims, a, "jti", id);
	add(claims, a, "keytype", "PRODUCTION");
	json_set(claims, STR("iat"), json_int(a, now));
	json_set(claims, STR("exp"), json_int(a, now + GOOD_S));
	json_set(claims, STR("scope"), json_string(a, asked_scope(x)));
	return jwt_sign(json_text(claims, a), own_key_id(), own_key(), a);
}

static enum flow give(const struct node *n, struct exchange *x, void *state)
{
	const struct testkey *k = (const struct testkey *)n;

	(void)state;
	if (may_ask(k, x)) {
		local_answer_set_text(x, 200, STR("text/plain"), sign(k, x));
	} else {
		local_answer_set_text(x, 401, STR("text/plain"), STR("Unauthorized"));
		headers_set(&x->message.headers, STR("WWW-Authenticate"),
			    STR("Basic realm=\"testkey\""));
	}
	return mediator_answer(x);
}

const struct node_type testkey_mediator = {
	.name = "m:testkey",
	.brief = "Gives a token to try things with.",
	.schema = &schema,
	.run = give,
};
