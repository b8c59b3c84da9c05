/* TOML: every value told has a key; every mistake has a line. */
#include "daemon/toml.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

static void tell(void *ctx, const struct toml_value *v)
{
	(void)ctx;
	if (!v->key.len || !v->text.at || !v->line)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct str text = { (const char *)bytes, len };

	if (!toml_read(text, &a, tell, NULL, &why) && (!why.text || !why.where.line))
		abort();
	arena_release(&a);
	return 0;
}
