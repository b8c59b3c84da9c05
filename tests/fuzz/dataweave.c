/*
 * DataWeave: refused with words, or evaluated over a JSON message; a fault has words as
 * well. Bounded in depth, steps and bytes, whatever the text.
 */
#include <stdlib.h>

#include "dataweave/language.h"
#include "message/content.h"
#include "tests/fuzz/fuzz.h"

static const char payload[] =
	"{\"a\":{\"b\":[1,2.5,{\"c\":\"x y\"}]},\"n\":null,\"t\":\"7\",\"on\":true,"
	"\"items\":[{\"id\":1,\"q\":1},{\"id\":2,\"q\":5}]}";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct timers clock;
	const struct incoming incoming = { .target = { "/x?q=1", 6 } };
	const struct surroundings around = { .clock = &clock };
	struct arena a = { 0 };
	struct fault why = { 0 };
	struct message m;
	struct value v;
	const struct expr *e = dataweave_compile((struct str){ (const char *)bytes, len },
						 &a, &why);

	if (!e && !why.text)
		abort();
	if (!e) {
		arena_release(&a);
		return 0;
	}
	timers_init(&clock);
	message_init(&m, &a, &incoming, &around);
	headers_add(&m.headers, STR("Content-Type"), STR("application/json"));
	body_set(&m.body, str_of(payload));
	properties_set(&m.properties[SCOPE_VARIABLE], &a, STR("v"), value_int(3));
	why = (struct fault){ 0 };
	if (!e->ops->eval(e, &m, &v, &why) && !why.text)
		abort();
	message_release(&m);
	arena_release(&a);
	return 0;
}
