/*
 * Fallback definitions, as YAML, as JSON and as object literals: refused with a
 * complaint, or translated to elements that can be written.
 */
#include "fallback/fallback.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

static const char *const files[] = { "/nowhere/ductape/fuzz.yaml",
				     "/nowhere/ductape/fuzz.json",
				     "/nowhere/ductape/fuzz.duct" };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct report report;
	struct buf written;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const struct str text = { (const char *)bytes, len };
		struct element *e;

		if (!fallback_files.claims(str_of(files[i]), text))
			continue;
		report_init(&report, &a);
		e = fallback_files.read(&fallback_files, text, files[i], &a, &report);
		if (!e && !report.errors)
			abort();
		buf_init(&written, 16 << 20);
		for (; e; e = e->next)
			element_write(e, ELEMENT_PRETTY, &written);
		buf_release(&written);
	}
	arena_release(&a);
	return 0;
}
