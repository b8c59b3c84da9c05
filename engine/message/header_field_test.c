#include "message/header_field.h"

#include <criterion/criterion.h>

#include "message/headers.h"

static const struct {
	const char *name;
	enum header_field field;
} names[] = {
	{ "TE", HEADER_TE },
	{ "Date", HEADER_DATE },
	{ "hOST", HEADER_HOST },
	{ "Accept", HEADER_ACCEPT },
	{ "Expect", HEADER_EXPECT },
	{ "ORIGIN", HEADER_ORIGIN },
	{ "Trailer", HEADER_TRAILER },
	{ "Upgrade", HEADER_UPGRADE },
	{ "activityid", HEADER_ACTIVITY_ID },
	{ "Connection", HEADER_CONNECTION },
	{ "Keep-Alive", HEADER_KEEP_ALIVE },
	{ "SOAPAction", HEADER_SOAP_ACTION },
	{ "User-Agent", HEADER_USER_AGENT },
	{ "traceparent", HEADER_TRACEPARENT },
	{ "Content-Type", HEADER_CONTENT_TYPE },
	{ "content-length", HEADER_CONTENT_LENGTH },
	{ "X-Correlation-ID", HEADER_CORRELATION_ID },
	{ "Proxy-Connection", HEADER_PROXY_CONNECTION },
	{ "Transfer-Encoding", HEADER_TRANSFER_ENCODING },
	{ "", HEADER_OTHER },
	{ "X", HEADER_OTHER },
	{ "Hosts", HEADER_OTHER },
	{ "Hose", HEADER_OTHER },
	{ "Connectiom", HEADER_OTHER },
	{ "Transfer-Encoding-", HEADER_OTHER },
	{ "X-Forwarded-For-A-Long-Time", HEADER_OTHER },
};

Test(header_field, is_known_by_its_name_in_any_case)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect(header_field_of(str_of(names[i].name)) == names[i].field, "%s",
			  names[i].name);
}

Test(header_field, what_was_not_seen_is_not_there_and_what_was_dropped_is_gone)
{
	struct arena a = { 0 };
	struct headers h;

	headers_init(&h, &a);
	headers_add(&h, STR("Host"), STR("a"));
	headers_add(&h, STR("X-One"), STR("1"));
	headers_add(&h, STR("User-Agent"), STR("b"));
	cr_expect_null(headers_known(&h, HEADER_DATE));
	cr_expect(str_eq(headers_known(&h, HEADER_USER_AGENT)->value, STR("b")));
	headers_drop(&h, HEADER_BIT(HEADER_USER_AGENT) | HEADER_BIT(HEADER_DATE));
	cr_expect_null(headers_known(&h, HEADER_USER_AGENT));
	cr_expect_eq(h.count, 2);
	headers_set(&h, STR("x-one"), STR("2"));
	headers_remove(&h, STR("HOST"));
	cr_expect_eq(h.count, 1);
	cr_expect(str_eq(headers_get(&h, STR("X-ONE")), STR("2")));
	arena_release(&a);
}
