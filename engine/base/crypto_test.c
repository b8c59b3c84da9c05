#include "base/crypto.h"

#include <criterion/criterion.h>

static struct arena a;

Test(crypto, digests_are_the_known_ones)
{
	cr_expect(str_eq(
		hex_of(digest_of(DIGEST_SHA256, STR("abc"), &a), &a),
		STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
		    "ad")));
	cr_expect(str_eq(hex_of(hmac_of(DIGEST_SHA1, STR("key"),
					STR("The quick brown fox "
					    "jumps over the lazy "
					    "dog"),
					&a),
				&a),
			 STR("de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9")));
	arena_release(&a);
}

Test(crypto, what_a_key_signed_only_that_key_verifies)
{
	struct rsa_key *ours = rsa_make(), *other = rsa_make();
	const struct str signature = rsa_sign(ours, STR("text"), &a);
	struct rsa_key *again = rsa_from_private(rsa_private_pem(ours, &a));
	struct str n, e;

	rsa_numbers(ours, &a, &n, &e);
	struct rsa_key *public = rsa_from_numbers(n, e);

	cr_expect(rsa_verify(ours, STR("text"), signature));
	cr_expect(rsa_verify(again, STR("text"), signature));
	cr_expect(rsa_verify(public, STR("text"), signature));
	cr_expect_not(rsa_verify(other, STR("text"), signature));
	cr_expect_not(rsa_verify(ours, STR("texts"), signature));
	cr_expect_not(rsa_verify(ours, STR("text"), STR("")));
	cr_expect_null(rsa_from_public(STR("no key")));
	cr_expect_null(rsa_from_certificate(STR("no certificate")));
	rsa_free(ours);
	rsa_free(other);
	rsa_free(again);
	rsa_free(public);
	arena_release(&a);
}

Test(crypto, identifiers_have_their_form_and_differ)
{
	char one[37], two[37];

	uuid_make(one);
	uuid_make(two);
	cr_expect_eq(strlen(one), 36);
	cr_expect_eq(one[14], '4');
	cr_expect_eq(one[8], '-');
	cr_expect_str_neq(one, two);
}
