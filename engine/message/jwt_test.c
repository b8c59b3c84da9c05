#include "message/jwt.h"

#include <criterion/criterion.h>

#include "base/base64.h"

static struct arena a;

static struct str token_of(const char *header, const char *claims, struct str signature)
{
	const struct str h = base64url_encode(str_of(header), &a);
	const struct str c = base64url_encode(str_of(claims), &a);

	return str_of(arena_printf(&a, STR_FMT "." STR_FMT "." STR_FMT, STR_ARG(h),
				   STR_ARG(c), STR_ARG(signature)));
}

Test(jwt, what_was_signed_is_believed_and_nothing_else)
{
	struct rsa_key *ours = rsa_make(), *other = rsa_make();
	const struct str token = jwt_sign(STR("{\"iss\":\"me\"}"), STR("k1"), ours, &a);
	struct jwt t;

	cr_assert(jwt_parse(token, &a, &t));
	cr_expect(str_eq(jwt_text(t.claims, STR("iss")), STR("me")));
	cr_expect(jwt_is_rs256(&t, ours));
	cr_expect_not(jwt_is_rs256(&t, other));
	cr_expect_not(jwt_is_hs256(&t, STR("secret"), &a));
	rsa_free(ours);
	rsa_free(other);
	arena_release(&a);
}

Test(jwt, an_algorithm_of_the_tokens_own_choice_is_not_believed)
{
	static const char *const headers[] = { "{\"alg\":\"none\"}",
					       "{\"alg\":\"HS256\"}", "{}",
					       "{\"alg\":7}" };
	struct rsa_key *key = rsa_make();
	struct jwt t;

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		cr_assert(jwt_parse(token_of(headers[i], "{}", STR("")), &a, &t));
		cr_expect_not(jwt_is_rs256(&t, key), "%s", headers[i]);
		cr_expect_not(jwt_is_hs256(&t, STR("k"), &a), "%s", headers[i]);
	}
	rsa_free(key);
	arena_release(&a);
}

/* The same signature under two headers, the second of which wants to be understood. */
Test(jwt, a_header_that_asks_for_more_is_not_believed)
{
	static const struct {
		const char *header;
		bool believed;
	} rows[] = {
		{ "{\"alg\":\"HS256\",\"x\":[\"exp\"]}", true },
		{ "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", false },
		{ "{\"alg\":\"HS256\",\"crit\":[]}", false },
	};
	struct jwt t;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct str bare = token_of(rows[i].header, "{}", STR(""));
		const struct str sum = hmac_of(DIGEST_SHA256, STR("secret"),
					       str_first(bare, bare.len - 1), &a);

		cr_assert(jwt_parse(
			token_of(rows[i].header, "{}", base64url_encode(sum, &a)), &a,
			&t));
		cr_expect_eq(jwt_is_hs256(&t, STR("secret"), &a), rows[i].believed, "%s",
			     rows[i].header);
	}
	arena_release(&a);
}

Test(jwt, a_shared_secret_signs_as_well)
{
	/* The example of RFC 7515, appendix A.1 in kind: made with a known secret. */
	const struct str unsigned_token = token_of("{\"alg\":\"HS256\"}", "{}", STR(""));
	const struct str content = str_first(unsigned_token, unsigned_token.len - 1);
	const struct str sum = hmac_of(DIGEST_SHA256, STR("secret"), content, &a);
	const struct str token = token_of("{\"alg\":\"HS256\"}", "{}",
					  base64url_encode(sum, &a));
	struct jwt t;

	cr_assert(jwt_parse(token, &a, &t));
	cr_expect(jwt_is_hs256(&t, STR("secret"), &a));
	cr_expect_not(jwt_is_hs256(&t, STR("Secret"), &a));
	cr_expect_not(jwt_is_hs256(&t, STR(""), &a));
	arena_release(&a);
}

Test(jwt, what_is_no_token_is_refused)
{
	static const char *const wrong[] = {
		"",
		".",
		"..",
		"a.b",
		"aaa.bbb.ccc",
		"e30.e30",
		"e30.e30.e30.e30",
		"e30.W10.",
		"e30.e30.!",
		"e30.e3.0.",
	};
	struct jwt t;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_not(jwt_parse(str_of(wrong[i]), &a, &t), "%s", wrong[i]);
	cr_expect(jwt_parse(STR("e30.e30."), &a, &t));
	arena_release(&a);
}

Test(jwt, is_current_between_its_moments)
{
	static const struct {
		const char *claims;
		bool current;
	} rows[] = {
		{ "{}", true },
		{ "{\"exp\":1000}", true },
		{ "{\"exp\":995}", true },
		{ "{\"exp\":994}", false },
		{ "{\"exp\":\"never\"}", false },
		{ "{\"nbf\":1005}", true },
		{ "{\"nbf\":1006}", false },
		{ "{\"exp\":1e300}", true },
	};
	struct jwt t;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_assert(jwt_parse(token_of("{}", rows[i].claims, STR("")), &a, &t));
		cr_expect_eq(jwt_is_current(&t, 1000, 5), rows[i].current, "%s",
			     rows[i].claims);
	}
	arena_release(&a);
}

Test(jwt, finds_its_key_in_a_set)
{
	struct rsa_key *key = rsa_make(), *found;
	struct fault why = { 0 };
	const struct json *jwks = json_parse(jwks_of(key, STR("k1"), &a), &a, &why);
	struct jwt t;

	cr_assert(jwt_parse(jwt_sign(STR("{}"), STR("k1"), key, &a), &a, &t));
	found = jwks_find(jwks, STR("k1"), &a);
	cr_assert_not_null(found);
	cr_expect(jwt_is_rs256(&t, found));
	rsa_free(found);
	cr_expect_null(jwks_find(jwks, STR("k2"), &a));
	found = jwks_find(jwks, STR(""), &a);
	cr_expect_not_null(found);
	rsa_free(found);
	rsa_free(key);
	arena_release(&a);
}
