/* Mule files: refused with a complaint, or translated to elements that can be written. */
#include <stdlib.h>

#include "mule-xml/mule_xml.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct str text = { (const char *)bytes, len };
	struct arena a = { 0 };
	struct report report;
	struct element *e;
	struct buf written;

	if (!mule_xml.claims(STR("fuzz.xml"), text))
		return 0;
	report_init(&report, &a);
	e = mule_xml.read(&mule_xml, text, "/nowhere/fuzz.xml", &a, &report);
	if (!e && !report.errors)
		abort();
	buf_init(&written, 16 << 20);
	for (; e; e = e->next)
		element_write(e, ELEMENT_PRETTY, &written);
	buf_release(&written);
	arena_release(&a);
	return 0;
}
