#include "message/header_field.h"

enum { LONGEST = 19, SLOTS = 128 };

/* By length and first letter: no two of ours share both. */
#define SLOT(len, letter) (((len)*5 + (letter)) % SLOTS)

static const struct known {
	struct str name;
	enum header_field field;
} known[SLOTS] = {
	[SLOT(2, 't')] = { { "te", 2 }, HEADER_TE },
	[SLOT(4, 'd')] = { { "date", 4 }, HEADER_DATE },
	[SLOT(4, 'h')] = { { "host", 4 }, HEADER_HOST },
	[SLOT(6, 'a')] = { { "accept", 6 }, HEADER_ACCEPT },
	[SLOT(6, 'e')] = { { "expect", 6 }, HEADER_EXPECT },
	[SLOT(6, 'o')] = { { "origin", 6 }, HEADER_ORIGIN },
	[SLOT(7, 't')] = { { "trailer", 7 }, HEADER_TRAILER },
	[SLOT(7, 'u')] = { { "upgrade", 7 }, HEADER_UPGRADE },
	[SLOT(10, 'a')] = { { "activityid", 10 }, HEADER_ACTIVITY_ID },
	[SLOT(10, 'c')] = { { "connection", 10 }, HEADER_CONNECTION },
	[SLOT(10, 'k')] = { { "keep-alive", 10 }, HEADER_KEEP_ALIVE },
	[SLOT(10, 's')] = { { "soapaction", 10 }, HEADER_SOAP_ACTION },
	[SLOT(10, 'u')] = { { "user-agent", 10 }, HEADER_USER_AGENT },
	[SLOT(11, 't')] = { { "traceparent", 11 }, HEADER_TRACEPARENT },
	[SLOT(12, 'c')] = { { "content-type", 12 }, HEADER_CONTENT_TYPE },
	[SLOT(14, 'c')] = { { "content-length", 14 }, HEADER_CONTENT_LENGTH },
	[SLOT(16, 'p')] = { { "proxy-connection", 16 }, HEADER_PROXY_CONNECTION },
	[SLOT(16, 'x')] = { { "x-correlation-id", 16 }, HEADER_CORRELATION_ID },
	[SLOT(17, 't')] = { { "transfer-encoding", 17 }, HEADER_TRANSFER_ENCODING },
	[SLOT(18, 'p')] = { { "proxy-authenticate", 18 }, HEADER_PROXY_AUTHENTICATE },
	[SLOT(19, 'p')] = { { "proxy-authorization", 19 }, HEADER_PROXY_AUTHORIZATION },
};

enum header_field header_field_of(struct str name)
{
	if (name.len == 0 || name.len > LONGEST)
		return HEADER_OTHER;

	const unsigned char letter = (unsigned char)name.at[0] | 0x20;
	const struct known *k = &known[SLOT(name.len, letter)];

	return str_eq_nocase(name, k->name) ? k->field : HEADER_OTHER;
}
