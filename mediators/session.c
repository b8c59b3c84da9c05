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
 * certificate in PEM. Tokens of another algorithm are not believed, whatever they say.
 */
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
	{ ATTR_STR(struct session, key, "key"), .required = true,
	  .doc = "The secret, or a public key in PEM." },
	{ NULL },
};
/* clang-format on */

static void free_key(void *key)
{
	rsa_free(key);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct session *s = self;

	if (s->algorithm == SESSION_HS256)
		return true;
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

static const struct schema schema = {
	.element = "m:session",
	.doc = "How the token of a user's session is verified.",
	.size = sizeof(struct session),
	.fields = fields,
	.check = check,
};

const struct json *session_claims(const struct session *s, struct str token,
				  struct exchange *x)
{
	const struct timers *clock = &x->engine->timers;
	const int64_t now = ((int64_t)clock->now + clock->wall) / 1000;
	struct jwt t;
	bool believed;

	if (str_starts(token, STR("Bearer ")))
		token = str_from(token, 7);
	if (!jwt_parse(token, &x->arena, &t))
		return NULL;
	believed = s->algorithm == SESSION_HS256 ? jwt_is_hs256(&t, s->key, &x->arena)
						 : jwt_is_rs256(&t, s->rsa);
	return believed && jwt_is_current(&t, now, GRACE_S) ? t.claims : NULL;
}

/* Inside of a flow it has no say. */
static enum flow pass(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_DONE;
}

const struct node_type session_mediator = {
	.name = "m:session",
	.brief = "How the token of a user's session is verified.",
	.schema = &schema,
	.run = pass,
};
