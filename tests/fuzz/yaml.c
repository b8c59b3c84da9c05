/* YAML definitions: a tree that can be written as JSON, or a complaint with its line. */
#include <stdlib.h>

#include "message/yaml.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct json *j = yaml_parse((struct str){ (const char *)bytes, len }, &a,
					  &why);

	if (j)
		json_text(j, &a);
	else if (!why.text || !why.where.line)
		abort();
	arena_release(&a);
	return 0;
}
