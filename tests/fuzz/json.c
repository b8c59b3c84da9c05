/* JSON: what was read and written is the same when it is read again. */
#include <stdlib.h>

#include "message/convert.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct json *j = json_parse((struct str){ (const char *)bytes, len }, &a,
					  &why);
	const struct json *again;

	if (j) {
		again = json_parse(json_text(j, &a), &a, &why);
		if (!again || !str_eq(json_text(again, &a), json_text(j, &a)))
			abort();
		xml_of_json(j, &a);
	} else if (!why.text || !why.where.line) {
		abort();
	}
	arena_release(&a);
	return 0;
}
