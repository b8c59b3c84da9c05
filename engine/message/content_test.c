#include "message/content.h"

#include <criterion/criterion.h>

struct fixture {
	struct arena arena;
	struct incoming incoming;
	struct surroundings around;
	struct message message;
};

static void begin(struct fixture *f, const char *type, const char *payload)
{
	*f = (struct fixture){ .incoming = { .method = STR("POST"),
					     .target = STR("/x?q=1"),
					     .rest = true } };
	message_init(&f->message, &f->arena, &f->incoming, &f->around);
	if (type)
		headers_add(&f->message.headers, STR("Content-Type"), str_of(type));
	if (payload)
		body_set(&f->message.body, str_of(payload));
}

static void end(struct fixture *f)
{
	message_release(&f->message);
	arena_release(&f->arena);
}

/* A payload of one type, sent as another. */
static const struct {
	const char *type, *payload, *as, *content_type, *sent;
} sent[] = {
	{ "application/json", "{ \"a\" : 1 }", NULL, "application/json",
	  "{ \"a\" : 1 }" },
	{ "application/json", "{ \"a\" : 1 }", "application/xml",
	  "application/xml; charset=UTF-8", "<jsonObject><a>1</a></jsonObject>" },
	{ "application/xml", "<a><b>1</b></a>", "application/json",
	  "application/json; charset=UTF-8", "{\"a\":{\"b\":1}}" },
	{ "text/xml; charset=utf-8", "<a/>", NULL, "text/xml; charset=utf-8", "<a/>" },
	{ "application/xml", "<a/>", "text/xml", "text/xml; charset=UTF-8",
	  "<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv="
	  "\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><a/></"
	  "soapenv:Body>"
	  "</soapenv:Envelope>" },
	{ "application/xml", "<a/>", "application/soap+xml",
	  "application/soap+xml; charset=UTF-8",
	  "<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv="
	  "\"http://www.w3.org/2003/05/soap-envelope\"><soapenv:Body><a/></soapenv:Body>"
	  "</soapenv:Envelope>" },
	{ "application/x-www-form-urlencoded", "a=J%C3%B6rg+M&b=x%26y",
	  "application/json", "application/json; charset=UTF-8",
	  "{\"xformValues\":{\"q\":1,\"a\":\"Jörg M\",\"b\":\"x&y\"}}" },
	{ "application/xml", "<t><user>jö@x</user><scope>a b&amp;c</scope></t>",
	  "application/x-www-form-urlencoded",
	  "application/x-www-form-urlencoded; charset=UTF-8",
	  "user=j%C3%B6%40x&scope=a%20b%26c" },
	{ "text/plain", "a <b> & c", "application/json",
	  "application/json; charset=UTF-8", "{\"text\":\"a <b> & c\"}" },
	{ "text/plain", "a <b>", "application/xml", "application/xml; charset=UTF-8",
	  "<text xmlns=\"http://ws.apache.org/commons/ns/payload\">a &lt;b&gt;</text>" },
	{ "application/octet-stream", "\x01\x02", "application/xml",
	  "application/xml; charset=UTF-8",
	  "<binary xmlns=\"http://ws.apache.org/commons/ns/payload\">AQI=</binary>" },
	{ "application/octet-stream", "\x01\x02", "image/png", "image/png; charset=UTF-8",
	  "\x01\x02" },
	{ "application/json", "[1,[2]]", "text/plain", "text/plain; charset=UTF-8",
	  "[1,[2]]" },
};

Test(content, is_sent_in_the_form_that_message_type_asks_for)
{
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		struct fixture f;
		struct fault why = { 0 };
		struct str type, bytes;

		begin(&f, sent[i].type, sent[i].payload);
		cr_assert(content_understand(&f.message, &why), "%s: %s", sent[i].payload,
			  why.text);
		if (sent[i].as)
			content_set_type(&f.message, str_of(sent[i].as));
		cr_expect(content_serialize(&f.message, &why), "%s: %s", sent[i].payload,
			  why.text);
		bytes = body_bytes(&f.message.body);
		type = headers_get(&f.message.headers, STR("Content-Type"));
		cr_expect(str_eq(bytes, str_of(sent[i].sent)), "%s as %s: " STR_FMT,
			  sent[i].payload, sent[i].as, STR_ARG(bytes));
		cr_expect(str_eq(type, str_of(sent[i].content_type)),
			  "%s as %s: " STR_FMT, sent[i].payload, sent[i].as,
			  STR_ARG(type));
		end(&f);
	}
}

static const struct {
	const char *type, *payload, *complaint;
} unbuildable[] = {
	{ "application/json", "<a/>", "Error while building message" },
	{ "application/json", "nothing like it", "Error while building message" },
	{ "application/json", "tru", "Error while building message" },
	{ "application/xml", "{}", "Error while building message" },
	{ "application/xml", "<a>", "Error while building message" },
	{ "application/vnd.x+json", "{}", "Error while building message" },
};

Test(content, that_is_not_what_it_says_cannot_be_built)
{
	for (size_t i = 0; i < sizeof(unbuildable) / sizeof(unbuildable[0]); i++) {
		struct fixture f;
		struct fault why = { 0 };

		begin(&f, unbuildable[i].type, unbuildable[i].payload);
		cr_expect_not(content_understand(&f.message, &why), "%s",
			      unbuildable[i].payload);
		cr_expect_eq(why.code, FAULT_BUILDING, "%s", unbuildable[i].payload);
		cr_expect(why.text && strstr(why.text, unbuildable[i].complaint),
			  "%s: %s", unbuildable[i].payload, why.text);
		end(&f);
	}
}

Test(content, that_is_empty_is_no_error)
{
	static const char *const types[] = { "application/json", "application/xml",
					     NULL };

	for (size_t i = 0; i < 3; i++) {
		struct fixture f;
		struct fault why = { 0 };

		begin(&f, types[i], i == 2 ? NULL : " \n");
		cr_expect_null(content_json(&f.message, &why));
		cr_expect_null(why.text);
		cr_expect_not_null(content_xml(&f.message, &why));
		end(&f);
	}
}

Test(content, json_is_read_to_its_end_only_when_somebody_looks_into_it)
{
	struct fixture f;
	struct fault why = { 0 };

	begin(&f, "application/json", "{\"a\": oops");
	cr_expect(content_understand(&f.message, &why));
	cr_expect_null(content_json(&f.message, &why));
	cr_expect_eq(why.code, FAULT_BUILDING);
	end(&f);
}

Test(content, that_was_set_is_what_is_sent)
{
	struct fixture f;
	struct fault why = { 0 };

	begin(&f, "application/json", "{}");
	content_set_json(&f.message, json_parse(STR("{\"n\": 1.0 }"), &f.arena, NULL));
	cr_expect(content_serialize(&f.message, &why));
	cr_expect(str_eq(body_bytes(&f.message.body), STR("{\"n\": 1.0 }")));
	cr_expect(content_set_xml(&f.message, STR("<x/>"), &why));
	content_set_type(&f.message, STR("application/xml"));
	cr_expect(content_serialize(&f.message, &why));
	cr_expect(str_eq(body_bytes(&f.message.body), STR("<x/>")));
	content_set_none(&f.message);
	cr_expect(content_serialize(&f.message, &why));
	cr_expect_eq(f.message.body.state, BODY_EMPTY);
	end(&f);
}

Test(content, types_are_taken_apart)
{
	struct arena a = { 0 };

	cr_expect(
		str_eq(media_type_of(STR(" Text/XML ; charset=x"), &a), STR("text/xml")));
	cr_expect(str_eq(charset_of(STR("a/b; Charset=\"iso-8859-1\"; x=y")),
			 STR("iso-8859-1")));
	cr_expect(str_eq(charset_of(STR("a/b")), STR("UTF-8")));
	arena_release(&a);
}

Test(content, is_logged_as_it_came_or_as_its_envelope)
{
	struct fixture f;

	begin(&f, "application/json", "{ \"a\":1}");
	cr_expect(str_eq(content_log_text(&f.message), STR("{ \"a\":1}")));
	end(&f);
	begin(&f, "text/plain", "hi");
	cr_expect(
		str_eq(content_log_text(&f.message),
		       STR("<?xml version='1.0' encoding='utf-8'?><soapenv:Envelope "
			   "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">"
			   "<soapenv:Body><text xmlns=\"http://ws.apache.org/commons/ns/"
			   "payload\">hi</text></soapenv:Body></soapenv:Envelope>")));
	end(&f);
}
