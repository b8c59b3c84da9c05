#include "message/jwt.h"

#include "base/base64.h"

static const struct json *read_part(struct str part, struct arena *a)
{
	struct fault why = { 0 };
	struct str text;
	const struct json *j;

	if (!base64_decode(part, false, a, &text))
		return NULL;
	j = json_parse(text, a, &why);
	return j && j->kind == JSON_OBJECT ? j : NULL;
}

bool jwt_parse(struct str token, struct arena *a, struct jwt *t)
{
	struct str rest = token, header, claims, signature;

	if (token.len > JWT_MAX || !str_cut(&rest, '.', &header) ||
	    !str_cut(&rest, '.', &claims) || !str_cut(&rest, '.', &signature) || rest.at)
		return false;
	*t = (struct jwt){
		.header = read_part(header, a),
		.claims = read_part(claims, a),
		.content = str_first(token, header.len + 1 + claims.len),
	};
	return t->header && t->claims &&
	       base64_decode(signature, false, a, &t->signature);
}

struct str jwt_text(const struct json *object, struct str name)
{
	const struct json *j = json_get(object, name);

	return j && j->kind == JSON_STRING ? j->text : STR("");
}

/* A header of which we would have to understand more than we do (RFC 7515 §4.1.11). */
static bool asks_for_more(const struct jwt *t)
{
	return json_get(t->header, STR("crit"));
}

bool jwt_is_rs256(const struct jwt *t, const struct rsa_key *key)
{
	return str_eq(jwt_text(t->header, STR("alg")), STR("RS256")) &&
	       !asks_for_more(t) && t->signature.len &&
	       rsa_verify(key, t->content, t->signature);
}

bool jwt_is_hs256(const struct jwt *t, struct str secret, struct arena *a)
{
	return str_eq(jwt_text(t->header, STR("alg")), STR("HS256")) && secret.len &&
	       !asks_for_more(t) &&
	       bytes_are_equal(hmac_of(DIGEST_SHA256, secret, t->content, a),
			       t->signature);
}

/* A moment a claim names; `missing` if there is none, `wrong` if it is no number. */
static double moment(const struct jwt *t, struct str name, double missing, double wrong)
{
	const struct json *j = json_get(t->claims, name);
	double at;

	if (!j)
		return missing;
	return json_to_double(j, &at) ? at : wrong;
}

bool jwt_is_current(const struct jwt *t, int64_t now, int64_t grace)
{
	const double then = (double)now, slack = (double)grace;
	const double exp = moment(t, STR("exp"), then, then - slack - 1);
	const double nbf = moment(t, STR("nbf"), then, then + slack + 1);

	return then <= exp + slack && then >= nbf - slack;
}

struct str jwt_sign(struct str claims, struct str kid, const struct rsa_key *key,
		    struct arena *a)
{
	struct json *header = json_new(a, JSON_OBJECT);

	json_set(header, STR("alg"), json_string(a, STR("RS256")));
	json_set(header, STR("typ"), json_string(a, STR("JWT")));
	if (kid.len)
		json_set(header, STR("kid"), json_string(a, kid));

	const struct str h = base64url_encode(json_text(header, a), a);
	const struct str c = base64url_encode(claims, a);
	const struct str content = str_of(
		arena_printf(a, STR_FMT "." STR_FMT, STR_ARG(h), STR_ARG(c)));
	const struct str s = base64url_encode(rsa_sign(key, content, a), a);

	return str_of(arena_printf(a, STR_FMT "." STR_FMT, STR_ARG(content), STR_ARG(s)));
}

static struct rsa_key *key_of(const struct json *jwk, struct arena *a)
{
	struct str n, e;

	if (!base64_decode(jwt_text(jwk, STR("n")), false, a, &n) || !n.len ||
	    !base64_decode(jwt_text(jwk, STR("e")), false, a, &e) || !e.len)
		return NULL;
	return rsa_from_numbers(n, e);
}

struct rsa_key *jwks_find(const struct json *jwks, struct str kid, struct arena *a)
{
	const struct json *keys = json_get(jwks, STR("keys")), *found = NULL;

	if (!keys || keys->kind != JSON_ARRAY)
		return NULL;
	for (const struct json *k = keys->first; k; k = k->next) {
		if (k->kind != JSON_OBJECT ||
		    !str_eq(jwt_text(k, STR("kty")), STR("RSA")))
			continue;
		if (kid.len && str_eq(jwt_text(k, STR("kid")), kid))
			return key_of(k, a);
		if (!kid.len && found)
			return NULL;
		found = k;
	}
	return !kid.len && found ? key_of(found, a) : NULL;
}

struct str jwks_of(const struct rsa_key *key, struct str kid, struct arena *a)
{
	struct json *jwk = json_new(a, JSON_OBJECT), *keys = json_new(a, JSON_ARRAY);
	struct json *jwks = json_new(a, JSON_OBJECT);
	struct str n, e;

	rsa_numbers(key, a, &n, &e);
	json_set(jwk, STR("kty"), json_string(a, STR("RSA")));
	json_set(jwk, STR("use"), json_string(a, STR("sig")));
	json_set(jwk, STR("alg"), json_string(a, STR("RS256")));
	json_set(jwk, STR("kid"), json_string(a, kid));
	json_set(jwk, STR("n"), json_string(a, base64url_encode(n, a)));
	json_set(jwk, STR("e"), json_string(a, base64url_encode(e, a)));
	json_append(keys, jwk);
	json_set(jwks, STR("keys"), keys);
	return json_text(jwks, a);
}
