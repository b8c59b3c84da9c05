/*
 * Definitions: whatever is in a file, it becomes a deployment or a complaint. What can
 * be read is written and read again, and is the same.
 */
#include <stdlib.h>

#include "deploy/deployment.h"
#include "endpoint/endpoint.h"
#include "synapse-xml/reader.h"
#include "synapse-xml/synapse_xml.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_BYTES = 16 << 20 };

static const struct front_end *const front_ends[] = { &synapse_xml, NULL };

static void write_and_read_again(const struct element *e, struct arena *a)
{
	struct report r;
	struct buf once, twice;

	report_init(&r, a);
	buf_init(&once, MOST_BYTES);
	buf_init(&twice, MOST_BYTES);
	element_write(e, ELEMENT_EXACT, &once);

	const struct element *again = reader_read(buf_str(&once), "again", a, &r);

	if (!again)
		abort();
	element_write(again, ELEMENT_EXACT, &twice);
	if (!str_eq(buf_str(&once), buf_str(&twice)))
		abort();
	buf_release(&once);
	buf_release(&twice);
}

static void deploy(struct str text, struct arena *a)
{
	struct healths *healths = healths_new();
	const struct loader_settings settings = {
		.vocabulary = &synapse_vocabulary,
		.front_ends = front_ends,
		.endpoints = &endpoint_defaults,
		.healths = healths,
	};
	struct loader *l = loader_new(&settings);
	struct report r;

	report_init(&r, a);
	loader_put(l, STR("a.xml"), text);
	loader_put(l, STR("b.car"), text);
	deployment_unref(loader_build(l, &r));
	loader_free(l);
	healths_free(healths);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct str text = { len ? (const char *)bytes : "", len };
	struct arena a = { 0 };
	struct report r;

	report_init(&r, &a);

	const struct element *e = reader_read(text, "a.xml", &a, &r);

	if (!e && !r.errors)
		abort();
	if (e)
		write_and_read_again(e, &a);
	deploy(text, &a);
	arena_release(&a);
	return 0;
}
