/*
 * Expressions of every language: refused with words, or evaluated over a JSON and an
 * XML message; a fault has words as well.
 */
#include <stdlib.h>

#include "expr/expr.h"
#include "message/content.h"
#include "tests/fuzz/fuzz.h"

static const char payload_json[] =
	"{\"a\":{\"b\":[1,2.5,{\"c\":\"x y\"}]},\"n\":null,\"t\":\"7\",\"on\":true}";
static const char payload_xml[] =
	"<r xmlns:m='urn:m' k='v'><a><b>1</b><b>2</b></a><m:t>text</m:t></r>";

static void evaluate(const struct expr *e, const char *type, const char *payload)
{
	const struct incoming incoming = { .target = { "/x?q=1", 6 } };
	const struct surroundings around = { 0 };
	struct arena a = { 0 };
	struct fault why = { 0 };
	struct message m;
	struct str s;
	bool b;

	message_init(&m, &a, &incoming, &around);
	headers_add(&m.headers, STR("Content-Type"), str_of(type));
	body_set(&m.body, str_of(payload));
	message_set_property(&m, SCOPE_DEFAULT, STR("p"), value_str(STR("[1,2]")));
	message_set_property(&m, SCOPE_VARIABLE, STR("v"), value_int(3));
	if (!expr_text(e, &m, &s, NULL, &why) && !why.text)
		abort();
	why = (struct fault){ 0 };
	if (!expr_truth(e, &m, &b, &why) && !why.text)
		abort();
	message_release(&m);
	arena_release(&a);
}

static void go_through(const struct expr *e, const struct fault *why)
{
	if (!e && !why->text)
		abort();
	if (!e)
		return;
	evaluate(e, "application/json", payload_json);
	evaluate(e, "application/xml", payload_xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct str text = { (const char *)bytes, len };
	struct arena a = { 0 };
	struct fault why = { 0 };

	go_through(expr_compile(text, NULL, &a, &why), &why);
	why = (struct fault){ 0 };
	go_through(expr_compile_json(text, &a, &why), &why);
	why = (struct fault){ 0 };
	go_through(expr_compile_template(text, NULL, &a, &why), &why);
	arena_release(&a);
	return 0;
}
