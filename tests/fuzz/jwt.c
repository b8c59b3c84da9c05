/* Tokens: taken apart or refused; none is believed, as nobody signed it. */
#include <stdlib.h>

#include "message/jwt.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct rsa_key *key;
	const struct str text = { (const char *)bytes, len };
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct json *document = json_parse(text, &a, &why);
	struct jwt t;

	if (!key)
		key = rsa_make();
	if (jwt_parse(text, &a, &t)) {
		jwt_is_current(&t, 1000, 5);
		if (jwt_is_rs256(&t, key))
			abort();
	}
	if (document)
		rsa_free(jwks_find(document, STR("k"), &a));
	arena_release(&a);
	return 0;
}
