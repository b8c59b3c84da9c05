/*
 * # m:session
 *
 * How the token of a user's session is verified, under a name (a run brings a token:
 * `session`). What it claims is $Session{tag}{…} then.
 *
 *	<m:session xmlns:m="urn:myelin" name="shop/session/user" tag="user" alg="HS256"
 *	           key="a secret"/>
 *
 * `alg` is HS256 with `key` as the secret, or RS256 with `key` as a public key or
 * certificate in PEM or with `jwks`, a JWKS document or its URL. Tokens of another
 * algorithm are not believed, whatever they say. A key may be $Secret{NAME}, an
 * environment variable. With `header` a run that brings no session has that header of
 * its request as the token.
 */
#include <stdlib.h>

#include "common.h"
#include "mediators.h"
#include "run.h"

enum { GRACE_S = 5 };

static const char *const algorithms[] = { "HS256", "RS256", NULL };

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct session, name, "name"), .required = true,
	  .doc = "product/session/tag." },
	{ ATTR_STR(struct session, tag, "tag"), .required = true, .doc = "Its tag." },
	{ ATTR_STR(struct session, product, "product"), .doc = "Whose it is." },
	{ ATTR_CHOICE(struct session, algorithm, "alg"), .choices = algorithms,
	  .fallback = "HS256", .doc = "The one algorithm that is believed." },
	{ ATTR_STR(struct session, key, "key"),
	  .doc = "The secret, or a public key in PEM; $Secret{NAME}: an environment "
		 "variable." },
	{ ATTR_STR(struct session, jwks, "jwks"),
	  .doc = "A JWKS document, or the URL of one; for RS256." },
	{ ATTR_STR(struct session, header, "header"),
	  .doc = "Of a request, where the token of a run is that brings none." },
	{ NULL },
};
/* clang-format on */

static void free_key(void *key)
{
	rsa_free(key);
}

/* "$Secret{NAME}" or "$Token{NAME}" is what the environment says. */
static bool resolve(struct session *s, const struct element *e, struct binder *b)
{
	const size_t open = str_find(s->key, '{');
	const struct str root = str_first(s->key, open);
	const char *name, *value;

	if ((!str_eq(root, STR("$Secret")) && !str_eq(root, STR("$Token"))) ||
	    !str_ends(s->key, STR("}")))
		return true;
	name = arena_copy(b->arena,
			  str_first(str_from(s->key, open + 1), s->key.len - open - 2))
		       .at;
	value = getenv(name);
	if (!value)
		return report_error(b->report, e->where,
				    "session '" STR_FMT
				    "': there is no environment variable %s",
				    STR_ARG(s->tag), name);
	s->key = arena_copy(b->arena, str_of(value));
	return true;
}

static bool read_key(struct session *s, const struct element *e, struct binder *b)
{
	s->rsa = rsa_from_public(s->key);
	if (!s->rsa)
		s->rsa = rsa_from_certificate(s->key);
	if (!s->rsa)
		return report_error(b->report, e->where,
				    "session '" STR_FMT "': key is neither a public key "
				    "nor a certificate in PEM",
				    STR_ARG(s->tag));
	arena_on_release(b->arena, free_key, s->rsa);
	return true;
}

static bool read_jwks(struct session *s, const struct element *e, struct binder *b)
{
	const bool is_url = str_starts(s->jwks, STR("http://")) ||
			    str_starts(s->jwks, STR("https://"));

	s->issuer = (struct issuer){ .name = s->tag, .jwks = s->jwks };
	if (!issuer_check(&s->issuer, e, b))
		return false;
	if (is_url)
		return true;
	s->document = s->jwks;
	return callable_json(s->jwks, e, b) != NULL;
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct session *s = self;

	if (s->jwks.len && s->algorithm == SESSION_RS256)
		return read_jwks(s, e, b);
	if (!s->key.len)
		return report_error(b->report, e->where,
				    "session '" STR_FMT "' needs 'key'%s",
				    STR_ARG(s->tag),
				    s->algorithm == SESSION_RS256 ? " or 'jwks'" : "");
	if (!resolve(s, e, b))
		return false;
	return s->algorithm == SESSION_HS256 || read_key(s, e, b);
}

static const struct schema schema = {
	.element = "m:session",
	.doc = "How the token of a user's session is verified.",
	.size = sizeof(struct session),
	.fields = fields,
	.check = check,
};

static enum token_verdict judge(const struct session *s, const struct jwt *t,
				struct str fetched, struct exchange *x)
{
	const struct timers *clock = &x->engine->timers;
	const int64_t now = ((int64_t)clock->now + clock->wall) / 1000;
	const bool inside = s->document.len > 0;
	enum token_verdict verdict;
	bool believed;

	if (s->issuer.jwks.len) {
		verdict = issuer_judge(&s->issuer, t, now, inside ? s->document : fetched,
				       x);
		return inside && verdict == TOKEN_UNKNOWN_KEY ? TOKEN_BAD : verdict;
	}
	believed = s->algorithm == SESSION_HS256 ? jwt_is_hs256(t, s->key, &x->arena)
						 : jwt_is_rs256(t, s->rsa);
	return believed && jwt_is_current(t, now, GRACE_S) ? TOKEN_GOOD : TOKEN_BAD;
}

enum token_verdict session_judge(const struct session *s, struct str token,
				 struct str fetched, struct exchange *x,
				 const struct json **claims)
{
	enum token_verdict verdict;
	struct jwt t;

	if (str_starts(token, STR("Bearer ")))
		token = str_from(token, 7);
	if (!jwt_parse(token, &x->arena, &t))
		return TOKEN_BAD;
	verdict = judge(s, &t, fetched, x);
	*claims = t.claims;
	return verdict;
}

const struct node_type session_mediator = {
	.name = "m:session",
	.brief = "How the token of a user's session is verified.",
	.schema = &schema,
	.run = mediator_pass,
};
