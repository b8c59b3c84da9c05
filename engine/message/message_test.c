#include "message/message.h"

#include <criterion/criterion.h>

#include "message/content.h"

static const struct incoming incoming = {
	.method = { "PUT", 3 },
	.target = { "/a/b?x=1&y=a+b&x=%C3%A9&z", 25 },
	.transport = { "http", 4 },
	.host = { "h:8290", 6 },
	.remote = { "10.0.0.1", 8 },
	.correlation = { "abc", 3 },
	.api = { "A:v1", 4 },
	.api_version = { "v1", 2 },
	.context = { "/a", 2 },
	.sub_path = { "/b?x=1", 6 },
	.postfix = { "/b?x=1", 6 },
	.rest = true,
};

/* What it knows before and after a call; NULL: nothing. */
static const struct {
	enum scope scope;
	const char *name, *before, *after;
} facts[] = {
	{ SCOPE_DEFAULT, "REST_METHOD", "PUT", "PUT" },
	{ SCOPE_DEFAULT, "REST_URL_PREFIX", "http://h:8290", "http://h:8290" },
	{ SCOPE_DEFAULT, "REST_SUB_REQUEST_PATH", "/b?x=1", "/b?x=1" },
	{ SCOPE_DEFAULT, "SYNAPSE_REST_API", "A:v1", "A:v1" },
	{ SCOPE_DEFAULT, "ARTIFACT_NAME", "apiA:v1", "apiA:v1" },
	{ SCOPE_DEFAULT, "query.param.x", "é", "é" },
	{ SCOPE_DEFAULT, "query.param.y", "a b", "a b" },
	{ SCOPE_DEFAULT, "query.param.z", NULL, NULL },
	{ SCOPE_DEFAULT, "To", "/a/b?x=1&y=a+b&x=%C3%A9&z",
	  "http://www.w3.org/2005/08/addressing/anonymous" },
	{ SCOPE_DEFAULT, "nope", NULL, NULL },
	{ SCOPE_AXIS2, "HTTP_METHOD", "PUT", NULL },
	{ SCOPE_AXIS2, "REST_URL_POSTFIX", "/b?x=1", NULL },
	{ SCOPE_AXIS2, "REMOTE_ADDR", "10.0.0.1", NULL },
	{ SCOPE_AXIS2, "messageType", "text/xml", "application/json" },
	{ SCOPE_AXIS2, "ContentType", "text/xml; charset=\"x\"", "application/json" },
	{ SCOPE_AXIS2, "CHARACTER_SET_ENCODING", "x", "UTF-8" },
	{ SCOPE_AXIS2, "NO_ENTITY_BODY", "true", NULL },
	{ SCOPE_AXIS2, "CORRELATION_ID", "abc", "abc" },
	{ SCOPE_TRANSPORT, "content-type", "text/xml; charset=\"x\"",
	  "application/json" },
};

static const char *text(struct message *m, enum scope scope, const char *name)
{
	const struct value v = message_property(m, scope, str_of(name));

	return v.kind == VALUE_NULL ? "(null)"
				    : arena_copy(m->arena, value_text(v, m->arena)).at;
}

static void become_reply(struct message *m)
{
	struct headers headers;
	struct body body;

	headers_init(&headers, m->arena);
	headers_add(&headers, STR("Content-Type"), STR("application/json"));
	body_init(&body, m->arena);
	body_set(&body, STR("{}"));
	message_become_reply(m, &headers, &body);
}

Test(message, knows_its_request_and_then_the_reply)
{
	const struct surroundings around = { 0 };
	struct arena a = { 0 };
	struct message m;

	message_init(&m, &a, &incoming, &around);
	headers_add(&m.headers, STR("Content-Type"), STR("text/xml; charset=\"x\""));
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		cr_expect_str_eq(text(&m, facts[i].scope, facts[i].name),
				 facts[i].before ? facts[i].before : "(null)", "%s: %s",
				 facts[i].name, text(&m, facts[i].scope, facts[i].name));
	become_reply(&m);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		cr_expect_str_eq(text(&m, facts[i].scope, facts[i].name),
				 facts[i].after ? facts[i].after : "(null)", "%s: %s",
				 facts[i].name, text(&m, facts[i].scope, facts[i].name));
	message_release(&m);
	arena_release(&a);
}

Test(message, has_one_id_until_it_becomes_the_reply)
{
	const struct surroundings around = { 0 };
	struct arena a = { 0 };
	struct message m;
	const char *id;

	message_init(&m, &a, &incoming, &around);
	cr_expect_str_eq(text(&m, SCOPE_DEFAULT, "MessageID"), "urn:uuid:abc");
	become_reply(&m);
	id = text(&m, SCOPE_DEFAULT, "MessageID");
	cr_expect_eq(strlen(id), 45);
	cr_expect_str_eq(text(&m, SCOPE_DEFAULT, "MessageID"), id);
	message_release(&m);
	arena_release(&a);
}

Test(message, what_is_set_or_removed_hides_what_it_knows)
{
	const struct surroundings around = { 0 };
	struct arena a = { 0 };
	struct message m;

	message_init(&m, &a, &incoming, &around);
	message_remove_property(&m, SCOPE_AXIS2, STR("REST_URL_POSTFIX"));
	message_set_property(&m, SCOPE_AXIS2, STR("HTTP_METHOD"), value_str(STR("GET")));
	message_set_property(&m, SCOPE_DEFAULT, STR("p"), value_int(1));
	message_set_property(&m, SCOPE_DEFAULT, STR("p"), VALUE_NONE);
	message_set_property(&m, SCOPE_TRANSPORT, STR("X-A"), value_str(STR("1")));
	message_set_property(&m, SCOPE_TRANSPORT, STR("x-a"),
			     value_str(STR("2\r\nB: 3")));
	cr_expect_str_eq(text(&m, SCOPE_AXIS2, "REST_URL_POSTFIX"), "(null)");
	cr_expect_str_eq(text(&m, SCOPE_AXIS2, "HTTP_METHOD"), "GET");
	cr_expect_str_eq(text(&m, SCOPE_DEFAULT, "p"), "1");
	cr_expect_str_eq(text(&m, SCOPE_TRANSPORT, "X-A"),
			 "(null)"); /* nor the old one */
	message_set_property(&m, SCOPE_TRANSPORT, STR("X-A"), value_str(STR("3")));
	cr_expect_str_eq(text(&m, SCOPE_TRANSPORT, "X-A"), "3");
	message_remove_property(&m, SCOPE_AXIS2, STR("TRANSPORT_HEADERS"));
	cr_expect_str_eq(text(&m, SCOPE_TRANSPORT, "X-A"), "(null)");
	message_release(&m);
	arena_release(&a);
}

Test(message, a_clone_needs_nothing_of_the_original)
{
	const struct surroundings around = { 0 };
	struct arena a = { 0 }, b = { 0 };
	struct fault why = { 0 };
	struct message m, copy;

	message_init(&m, &a, &incoming, &around);
	become_reply(&m);
	content_set_xml(&m, STR("<a>1</a>"), &why);
	message_set_property(
		&m, SCOPE_DEFAULT, arena_copy(&a, STR("j")),
		value_json(json_parse(arena_copy(&a, STR("{\"k\":[1]}")), &a, NULL)));
	message_clone(&copy, &m, &b);
	message_release(&m);
	arena_release(&a);
	cr_expect_str_eq(text(&copy, SCOPE_DEFAULT, "j"), "{\"k\":[1]}");
	cr_expect_str_eq(text(&copy, SCOPE_TRANSPORT, "Content-Type"),
			 "application/json");
	cr_expect(str_eq(xml_text(xml_payload(content_xml(&copy, &why)), &b),
			 STR("<a>1</a>")));
	cr_expect(str_eq(body_bytes(&copy.body), STR("{}")));
	message_release(&copy);
	arena_release(&b);
}

static const struct {
	double real;
	const char *text;
} doubles[] = {
	{ 3, "3.0" },
	{ 0, "0.0" },
	{ -0.5, "-0.5" },
	{ 0.1, "0.1" },
	{ 0.3333333333333333, "0.3333333333333333" },
	{ 1e10, "1.0E10" },
	{ 12345678, "1.2345678E7" },
	{ 1234567, "1234567.0" },
	{ 0.001, "0.001" },
	{ 0.0123, "0.0123" },
	{ 0.00099, "9.9E-4" },
	{ 100, "100.0" },
	{ 120.5, "120.5" },
	{ 1e-300, "1.0E-300" },
};

Test(message, doubles_are_written_as_java_does)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++)
		cr_expect(
			str_eq(java_double(doubles[i].real, &a), str_of(doubles[i].text)),
			"%s: " STR_FMT, doubles[i].text,
			STR_ARG(java_double(doubles[i].real, &a)));
	arena_release(&a);
}
