/* Definitions: refused with a complaint, or translated to elements that can be written.
 */
#include <stdlib.h>

#include "openapi/openapi.h"
#include "tests/fuzz/fuzz.h"

static void translate(struct str text, const char *file)
{
	struct arena a = { 0 };
	struct report report;
	struct element *e;
	struct buf written;

	report_init(&report, &a);
	e = openapi_files.read(&openapi_files, text, file, &a, &report);
	if (!e && !report.errors)
		abort();
	buf_init(&written, 16 << 20);
	for (; e; e = e->next)
		element_write(e, ELEMENT_PRETTY, &written);
	buf_release(&written);
	arena_release(&a);
}

/* The text as a definition, and as a project's api.yaml beside a small one. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char small[] = "openapi: 3.0.1\n"
				    "x-wso2-production-endpoints: {urls: [a]}\n"
				    "paths: {/a: {get: {}}}\n";
	const struct str text = { (const char *)bytes, len };
	struct zip_file definition = { STR("Definitions/swagger.yaml"), str_of(small),
				       NULL };
	struct zip_file api = { STR("api.yaml"), text, &definition };
	struct arena a = { 0 };
	struct report report;

	if (openapi_files.claims(STR("fuzz.yaml"), text))
		translate(text, "/nowhere/fuzz.yaml");
	if (openapi_files.claims(STR("fuzz.json"), text))
		translate(text, "/nowhere/fuzz.json");
	report_init(&report, &a);
	if (openapi_files.claims_project(&api) &&
	    !openapi_files.read_project(&api, "/nowhere", &a, &report) && !report.errors)
		abort();
	arena_release(&a);
	return 0;
}
