/* The mapping language: refused with words, or mapped; a fault has words as well. */
#include "duct/duct.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

static const char input[] =
	"{\"a\":{\"b\":[1,2.5,{\"c\":\"x y\"}]},\"n\":null,\"t\":\"7\",\"on\":true,"
	"\"at\":\"2025-01-02T03:04:05Z\",\"items\":[{\"id\":1},{\"id\":2}]}";

static void map(const struct duct *d, struct arena *a)
{
	static const struct incoming nothing;
	static struct timers clock;
	static const struct surroundings around = { .clock = &clock };
	struct fault why = { 0 };
	struct message m;
	bool missing;

	message_init(&m, a, &nothing, &around);
	message_set_property(&m, SCOPE_VARIABLE, STR("input"),
			     value_json(json_parse(str_of(input), a, &why)));
	for (int output = 0; output < 2; output++) {
		why = (struct fault){ 0 };
		if (!duct_map(d, &m, output, &missing, &why) && !why.text)
			abort();
	}
	message_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct str text = { (const char *)bytes, len };
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct json *j = json_parse(text, &a, &why);
	struct duct *d;

	/* What is no JSON is one text of a mapping. */
	if (!j)
		j = json_string(&a, text);
	why = (struct fault){ 0 };
	d = duct_compile(j, &a, &why);
	if (!d && !why.text)
		abort();
	if (d)
		map(d, &a);
	arena_release(&a);
	return 0;
}
