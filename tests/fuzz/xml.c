/* XML payloads: what was read and written can be read again, and becomes JSON or not. */
#include <stdlib.h>

#include "message/convert.h"
#include "tests/fuzz/fuzz.h"

static void go_through(struct xml_tree *t, struct arena *a)
{
	struct fault why = { 0 };
	const struct xml_node *payload = xml_payload(t);
	struct str text;

	if (!payload)
		return;
	text = xml_text(payload, a);
	if (!xml_parse(text, SOAP_11, a, &why))
		abort();
	json_of_xml(payload, a, &why);
	xml_nodes_text(xml_nodes_of(xml_envelope(t), a), a);
	xml_add_copy(xml_envelope(t), payload);
	xml_remove(xml_payload(t));
	xml_copy(t, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	struct xml_tree *t = xml_parse((struct str){ (const char *)bytes, len }, SOAP_11,
				       &a, &why);

	if (t)
		go_through(t, &a);
	else if (!why.text)
		abort();
	arena_release(&a);
	return 0;
}
