/*
 * The header fields that we ourselves look at, as numbers: told apart once, when a
 * field is read or set, so that nobody compares names again.
 */
#ifndef MESSAGE_HEADER_FIELD_H
#define MESSAGE_HEADER_FIELD_H

#include "base/str.h"

enum header_field {
	HEADER_OTHER, /* any we do not know */
	HEADER_TE,
	HEADER_DATE,
	HEADER_HOST,
	HEADER_ACCEPT,
	HEADER_EXPECT,
	HEADER_ORIGIN,
	HEADER_TRAILER,
	HEADER_UPGRADE,
	HEADER_ACTIVITY_ID,
	HEADER_CONNECTION,
	HEADER_KEEP_ALIVE,
	HEADER_SOAP_ACTION,
	HEADER_USER_AGENT,
	HEADER_TRACEPARENT,
	HEADER_CONTENT_TYPE,
	HEADER_CONTENT_LENGTH,
	HEADER_CORRELATION_ID,
	HEADER_PROXY_CONNECTION,
	HEADER_TRANSFER_ENCODING,
	HEADER_PROXY_AUTHENTICATE,
	HEADER_PROXY_AUTHORIZATION,
	HEADER_FIELDS /* at most 32: they are kept as bits */
};

/* A set of fields, as bits. */
#define HEADER_BIT(field) ((uint32_t)1 << (field))

/* Whatever the case of its letters. */
enum header_field header_field_of(struct str name);

#endif
