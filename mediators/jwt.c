/*
 * # m:jwt
 *
 * Goes on if the request brings a token of an issuer that is believed: a JWT signed with
 * RS256 by a key of the issuer's JWKS document or certificate, and not expired. Else the
 * answer is 401 900901. The header is taken off the request unless `keep` is true; the
 * properties jwt.keytype, jwt.scope and jwt.sub tell what the token says. Without the
 * header it may come as an API key, alone, where `keys` says.
 *
 *	<m:jwt xmlns:m="urn:myelin" header="Authorization">
 *	    <m:issuer issuer="https://idp.example" jwks="https://idp.example/jwks"/>
 *	    <m:issuer issuer="https://localhost:9095/testkey"/>
 *	</m:jwt>
 *
 * An issuer without certificate and JWKS is ourselves: the key of <m:testkey>.
 */
#include "api_key.h"
#include "common.h"
#include "mediators.h"
#include "token.h"

struct check {
	struct node node;
	struct str header, keys;
	bool keep;
	struct items issuers; /* struct issuer */
};

struct asking {
	struct exchange *x;
	const struct issuer *issuer;
	struct jwt token;
	struct fetch fetch;
};

/* clang-format off */
static const struct field issuer_fields[] = {
	{ ATTR_STR(struct issuer, name, "issuer"), .required = true,
	  .doc = "What the claim iss must be." },
	{ ATTR_STR(struct issuer, jwks, "jwks"),
	  .doc = "Where its keys are: the URL of a JWKS document." },
	{ ATTR_STR(struct issuer, certificate, "certificate"),
	  .doc = "Its certificate: a PEM file." },
	{ ATTR_STR(struct issuer, audience, "audience"),
	  .doc = "What the claim aud must be, or have in it; without it, anything." },
	{ NULL },
};
/* clang-format on */

static const struct schema issuer_schema = {
	.element = "m:issuer",
	.doc = "Somebody whose tokens are believed.",
	.size = sizeof(struct issuer),
	.fields = issuer_fields,
	.check = issuer_check,
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct check, header, "header"), .fallback = "Authorization",
	  .doc = "Where the token is." },
	{ ATTR_STR(struct check, keys, "keys"), .fallback = "Internal-Key",
	  .doc = "Where else: headers and ?parameters, blanks between them." },
	{ ATTR_BOOL(struct check, keep, "keep"),
	  .doc = "Does the header stay when the request goes on?" },
	{ CHILD_LIST(struct check, issuers, "issuer"), .ours = true, .required = true,
	  .schema = &issuer_schema, .doc = "Whose tokens are believed." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:jwt",
	.doc = "Goes on if the request brings a token that is believed.",
	.size = sizeof(struct check),
	.fields = fields,
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool cut_word(struct str *rest, struct str *word)
{
	size_t end = 0;

	while (rest->len && is_blank(rest->at[0]))
		*rest = str_from(*rest, 1);
	while (end < rest->len && !is_blank(rest->at[end]))
		end++;
	*word = str_first(*rest, end);
	*rest = str_from(*rest, end);
	return end > 0;
}

/* "Bearer one.two.three", blanks between; false: it is not that. */
static bool token_of(struct str header, struct str *token)
{
	struct str rest = header, first = { NULL, 0 }, word;
	unsigned words = 0, dots = 0;

	while (cut_word(&rest, &word)) {
		if (words++ == 0)
			first = word;
		*token = word;
	}
	for (size_t i = 0; words == 2 && i < token->len; i++)
		dots += token->at[i] == '.';
	return words == 2 && dots == 2 &&
	       str_eq_nocase(str_first(first, 6), STR("bearer"));
}

static const struct issuer *issuer_of(const struct check *c, const struct jwt *t)
{
	const struct str name = jwt_text(t->claims, STR("iss"));

	for (unsigned i = 0; name.len && i < c->issuers.count; i++) {
		const struct issuer *issuer = c->issuers.at[i];

		if (str_eq(issuer->name, name))
			return issuer;
	}
	return NULL;
}

static void take_off(const struct check *c, struct exchange *x)
{
	static const char *const always[] = { "Internal-Key", "apikey" };
	struct headers *h = &x->message.headers;

	if (!c->keep) {
		headers_remove(h, c->header);
		api_key_take_off(c->keys, x);
	}
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		headers_remove(h, str_of(always[i]));
	mediator_drop_router_headers(h);
}

static void set(struct exchange *x, const char *name, struct str text)
{
	message_set_property(&x->message, SCOPE_DEFAULT, str_of(name), value_str(text));
}

static enum flow believe(const struct check *c, struct asking *a)
{
	struct exchange *x = a->x;
	const struct str type = jwt_text(a->token.claims, STR("keytype"));

	set(x, "jwt.keytype", type.len ? type : STR("PRODUCTION"));
	set(x, "jwt.scope", token_scopes(&a->token, x->message.arena));
	set(x, "jwt.type", jwt_text(a->token.claims, STR("token_type")));
	set(x, "jwt.sub", jwt_text(a->token.claims, STR("sub")));
	take_off(c, x);
	return FLOW_DONE;
}

static enum flow judge(const struct check *c, struct asking *a)
{
	const struct timers *clock = &a->x->engine->timers;
	const int64_t now = ((int64_t)clock->now + clock->wall) / 1000;

	switch (issuer_judge(a->issuer, &a->token, now, a->fetch.document, a->x)) {
	case TOKEN_GOOD:
		return believe(c, a);
	case TOKEN_BAD:
		break;
	case TOKEN_UNKNOWN_KEY:
		if (fetch_start(&a->fetch, a->issuer, a->x))
			return FLOW_WAIT;
		break;
	}
	return local_answer_unauthorized(a->x, "Invalid Credentials.");
}

static enum flow begin(const struct node *n, struct exchange *x, void *state)
{
	const struct check *c = (const struct check *)n;
	struct asking *a = state;
	const struct str header = headers_get(&x->message.headers, c->header);
	struct str token;

	a->x = x;
	if (!token_of(header, &token) && (header.at || !api_key_find(c->keys, x, &token)))
		return local_answer_unauthorized(x, "");
	if (!jwt_parse(token, &x->arena, &a->token))
		return local_answer_unauthorized(
			x, "Not a JWT token. Failed to decode the token header.");
	a->issuer = issuer_of(c, &a->token);
	if (!a->issuer)
		return local_answer_unauthorized(x, "Invalid Credentials.");
	return judge(c, a);
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	struct asking *a = state;

	(void)x;
	if (!fetch_is_over(&a->fetch))
		return FLOW_WAIT;
	return judge((const struct check *)n, a);
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct asking *a = state;

	(void)n;
	(void)x;
	fetch_cancel(&a->fetch);
}

const struct node_type jwt_mediator = {
	.name = "m:jwt",
	.brief = "Goes on if the request brings a token that is believed.",
	.schema = &schema,
	.frame_size = sizeof(struct asking),
	.run = begin,
	.resume = go_on,
	.leave = leave,
};
