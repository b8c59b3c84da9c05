/* Heads as they go out. */
#include <stdio.h>
#include <time.h>

#include "base/bytes.h"
#include "net/http_write.h"

bool http_write_request(struct buf *out, struct str method, struct str target,
			unsigned minor)
{
	if (!header_name_is_valid(method) || target.len == 0 ||
	    clean_span(target) != target.len || memchr(target.at, ' ', target.len) ||
	    memchr(target.at, '\t', target.len))
		return false;
	buf_add(out, method);
	buf_add_char(out, ' ');
	buf_add(out, target);
	buf_add(out, minor ? STR(" HTTP/1.1\r\n") : STR(" HTTP/1.0\r\n"));
	return true;
}

static const struct {
	unsigned status;
	const char *reason;
} reasons[] = {
	{ 100, "Continue" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 203, "Non-Authoritative Information" },
	{ 204, "No Content" },
	{ 205, "Reset Content" },
	{ 206, "Partial Content" },
	{ 300, "Multiple Choices" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Payload Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 418, "I'm a Teapot" },
	{ 422, "Unprocessable Entity" },
	{ 423, "Locked" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
};

static struct str usual_reason(unsigned status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return str_of(reasons[i].reason);
	return STR("");
}

bool http_write_status(struct buf *out, unsigned status, struct str reason)
{
	if (!header_value_is_valid(reason) || status < 100 || status > 999)
		return false;
	if (status == 200 && (reason.len == 0 || str_eq(reason, STR("OK")))) {
		buf_add(out, STR("HTTP/1.1 200 OK\r\n"));
		return true;
	}
	buf_printf(out, "HTTP/1.1 %u ", status);
	buf_add(out, reason.len ? reason : usual_reason(status));
	buf_add(out, STR("\r\n"));
	return true;
}

bool http_write_field(struct buf *out, struct str name, struct str value)
{
	if (!header_name_is_valid(name) || !header_value_is_valid(value))
		return false;
	buf_add(out, name);
	buf_add(out, STR(": "));
	buf_add(out, value);
	buf_add(out, STR("\r\n"));
	return true;
}

enum {
	OF_THE_HOP = HEADER_BIT(HEADER_TE) | HEADER_BIT(HEADER_TRAILER) |
		     HEADER_BIT(HEADER_UPGRADE) | HEADER_BIT(HEADER_CONNECTION) |
		     HEADER_BIT(HEADER_KEEP_ALIVE) | HEADER_BIT(HEADER_CONTENT_LENGTH) |
		     HEADER_BIT(HEADER_PROXY_CONNECTION) |
		     HEADER_BIT(HEADER_PROXY_AUTHENTICATE) |
		     HEADER_BIT(HEADER_PROXY_AUTHORIZATION) |
		     HEADER_BIT(HEADER_TRANSFER_ENCODING),
	OF_THE_REQUEST = HEADER_BIT(HEADER_HOST) | HEADER_BIT(HEADER_EXPECT),
};

static bool names_it(struct str list, struct str name)
{
	struct str part;

	while (str_cut(&list, ',', &part))
		if (str_eq_nocase(str_trim(part), name))
			return true;
	return false;
}

/* Does Connection say more than whether it stays open? */
static bool connection_names_fields(const struct headers *h)
{
	if (!(h->seen & HEADER_BIT(HEADER_CONNECTION)))
		return false;
	for (unsigned i = 0; i < h->count; i++) {
		const struct header *f = &h->at[i];

		if (f->field == HEADER_CONNECTION &&
		    !str_eq_nocase(f->value, STR("keep-alive")) &&
		    !str_eq_nocase(f->value, STR("close")))
			return true;
	}
	return false;
}

static bool connection_names(const struct headers *h, struct str name)
{
	for (unsigned i = 0; i < h->count; i++)
		if (h->at[i].field == HEADER_CONNECTION && names_it(h->at[i].value, name))
			return true;
	return false;
}

/* A run: fields that stand one after the other in memory. */
static void add_run(struct buf *out, struct str *run)
{
	buf_add(out, *run);
	*run = (struct str){ NULL, 0 };
}

static void extend_run(struct buf *out, struct str *run, const struct header *f)
{
	const char *end = f->value.at + f->value.len + 2;

	if (run->at && run->at + run->len != f->name.at)
		add_run(out, run);
	if (!run->at)
		run->at = f->name.at;
	run->len = (size_t)(end - run->at);
}

bool http_write_fields(struct buf *out, const struct headers *h, bool request)
{
	const uint32_t left_out = OF_THE_HOP | (request ? OF_THE_REQUEST : 0);
	const bool named = connection_names_fields(h);
	struct str run = { NULL, 0 };

	for (unsigned i = 0; i < h->count; i++) {
		const struct header *f = &h->at[i];

		if ((HEADER_BIT(f->field) & left_out) ||
		    (named && connection_names(h, f->name)))
			continue;
		if (f->as_it_came) {
			extend_run(out, &run, f);
			continue;
		}
		add_run(out, &run);
		if (!http_write_field(out, f->name, f->value))
			return false;
	}
	add_run(out, &run);
	return true;
}

void http_write_date(struct buf *out, int64_t wall_ms)
{
	static _Thread_local char text[64];
	static _Thread_local time_t shown;
	const time_t now = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (now != shown) {
		gmtime_r(&now, &tm);
		strftime(text, sizeof(text), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
		shown = now;
	}
	buf_add(out, str_of(text));
}

void http_write_framing(struct buf *out, const struct framing *f)
{
	switch (f->kind) {
	case FRAMING_NONE:
	case FRAMING_UNTIL_CLOSE:
		buf_add(out, STR("\r\n"));
		break;
	case FRAMING_LENGTH:
		buf_add(out, STR("Content-Length: "));
		buf_add_uint(out, f->length);
		buf_add(out, STR("\r\n\r\n"));
		break;
	case FRAMING_CHUNKED:
		buf_add(out, STR("Transfer-Encoding: chunked\r\n\r\n"));
		break;
	}
}

struct framing framing_of(const struct body *b)
{
	if (!b || b->state == BODY_EMPTY)
		return (struct framing){ FRAMING_LENGTH, 0 };
	if (b->state == BODY_WHOLE)
		return (struct framing){ FRAMING_LENGTH, b->received };
	if (b->length != BODY_LENGTH_UNKNOWN)
		return (struct framing){ FRAMING_LENGTH, (uint64_t)b->length };
	return (struct framing){ FRAMING_CHUNKED, 0 };
}
