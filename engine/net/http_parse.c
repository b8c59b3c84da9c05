#include "net/http_parse.h"

enum { MOST_TRAILER = 64 * 1024, MOST_EMPTY_LINES = 4 };

static enum http_step refuse(struct http_parser *p, unsigned status, const char *why)
{
	p->refused = status;
	p->why = why;
	return HTTP_BAD;
}

/* --- the raw bytes --- */

static bool has(struct str s, char c)
{
	return s.len && memchr(s.at, c, s.len);
}

/* The line is given without its end. */
static enum http_step check_line(struct http_parser *p, struct str line)
{
	if (has(line, '\r'))
		return refuse(p, 400, "bare CR");
	if (has(line, '\0'))
		return refuse(p, 400, "NUL in the head");
	if (p->lines > 0 && (line.at[0] == ' ' || line.at[0] == '\t'))
		return refuse(p, 400, "folded header line");
	return HTTP_DONE;
}

static enum http_step check_size(struct http_parser *p, size_t line, size_t all,
				 const struct http_limits *limits)
{
	if (p->lines == 0 && !p->response && line > limits->line)
		return refuse(p, 414, "request line too long");
	if (all > limits->head)
		return refuse(p, 431, "head too large");
	if (p->lines > limits->headers + 1)
		return refuse(p, 431, "too many header fields");
	return HTTP_MORE;
}

/* An empty line before a request is forgiven (RFC 9112 §2.2), but not for ever. */
static bool is_forgiven(struct http_parser *p)
{
	p->start = p->scanned;
	return !p->response && p->start <= 2 * MOST_EMPTY_LINES;
}

enum http_step http_find_head(struct http_parser *p, struct str bytes,
			      const struct http_limits *limits, size_t *len)
{
	for (;;) {
		const struct str rest = str_from(bytes, p->scanned);
		const char *end = rest.len ? memchr(rest.at, '\n', rest.len) : NULL;
		const size_t line = end ? (size_t)(end - rest.at) + 1 : rest.len;

		if (check_size(p, line, p->scanned + line, limits) == HTTP_BAD)
			return HTTP_BAD;
		if (!end)
			return HTTP_MORE;
		if (line < 2 || end[-1] != '\r')
			return refuse(p, 400, "bare LF");
		p->scanned += line;
		if (line > 2) {
			if (check_line(p, str_first(rest, line - 2)) == HTTP_BAD)
				return HTTP_BAD;
			p->lines++;
		} else if (p->lines > 0) {
			*len = p->scanned;
			return HTTP_DONE;
		} else if (!is_forgiven(p)) {
			return refuse(p, 400, "no start line");
		}
	}
}

/* --- the fields --- */

static bool read_length(struct str value, int64_t *length)
{
	uint64_t n;

	if (!str_to_uint(value, &n) || n > INT64_MAX)
		return false;
	*length = (int64_t)n;
	return true;
}

struct framing {
	unsigned lengths, encodings, hosts;
};

static enum http_step take_field(struct http_parser *p, const struct header *h,
				 struct framing *f)
{
	struct http_head *head = p->head;

	switch (h->name.len) {
	case 0:
		return refuse(p, 400, "a field without a name");
	case 4:
		f->hosts += str_eq_nocase(h->name, STR("host"));
		break;
	case 6:
		head->expects_continue |= str_eq_nocase(h->name, STR("expect")) &&
					  str_eq_nocase(h->value, STR("100-continue"));
		break;
	case 14:
		if (!str_eq_nocase(h->name, STR("content-length")))
			break;
		if (f->lengths++ > 0)
			return refuse(p, 400, "more than one Content-Length");
		if (!read_length(h->value, &head->length))
			return refuse(p, 400, "Content-Length is no number");
		break;
	case 17:
		if (!str_eq_nocase(h->name, STR("transfer-encoding")))
			break;
		if (f->encodings++ > 0 || !str_eq_nocase(h->value, STR("chunked")))
			return refuse(p, 400, "Transfer-Encoding is not 'chunked'");
		head->chunked = true;
		break;
	}
	return HTTP_DONE;
}

static enum http_step check_fields(struct http_parser *p)
{
	struct http_head *head = p->head;
	struct framing f = { 0 };

	for (unsigned i = 0; i < head->headers.count; i++)
		if (take_field(p, &head->headers.at[i], &f) == HTTP_BAD)
			return HTTP_BAD;
	if (f.lengths && f.encodings)
		return refuse(p, 400, "both Content-Length and Transfer-Encoding");
	if (f.encodings && head->minor == 0)
		return refuse(p, 400, "Transfer-Encoding in HTTP/1.0");
	if (!p->response && (f.hosts > 1 || (f.hosts == 0 && head->minor > 0)))
		return refuse(p, 400, "not one Host");
	return HTTP_DONE;
}

/* --- llhttp --- */

static int on_url(llhttp_t *l, const char *at, size_t len)
{
	struct http_parser *p = l->data;

	p->head->target = (struct str){ at, len };
	return 0;
}

static int on_status(llhttp_t *l, const char *at, size_t len)
{
	struct http_parser *p = l->data;

	p->head->reason = (struct str){ at, len };
	return 0;
}

static int count_trailer(struct http_parser *p, size_t len)
{
	p->trailer += len;
	return p->trailer > MOST_TRAILER ? -1 : 0;
}

static int on_field(llhttp_t *l, const char *at, size_t len)
{
	struct http_parser *p = l->data;

	if (p->head_done)
		return count_trailer(p, len);
	p->pending = (struct str){ at, len };
	return 0;
}

/* The block goes on after the value, at the least with CR LF. */
static bool is_followed_by_line_end(struct str value)
{
	return value.len && memcmp(value.at + value.len, "\r\n", 2) == 0;
}

static int on_value(llhttp_t *l, const char *at, size_t len)
{
	struct http_parser *p = l->data;
	const struct str value = str_trim((struct str){ at, len });

	if (p->head_done)
		return count_trailer(p, len);
	if (!p->pending.at)
		return -1;
	headers_add(&p->head->headers, p->pending, value);
	p->head->headers.at[p->head->headers.count - 1]
		.as_it_came = is_followed_by_line_end(value);
	p->pending.at = NULL;
	return 0;
}

static bool status_has_no_body(unsigned status)
{
	return status < 200 || status == 204 || status == 304;
}

static void see_body(struct http_parser *p)
{
	struct http_head *head = p->head;

	if (p->response && (p->no_body || status_has_no_body(head->status)))
		head->has_body = false;
	else if (p->response)
		head->has_body = head->length != 0;
	else
		head->has_body = head->chunked || head->length > 0;
	if (!head->has_body && !p->response)
		head->length = 0;
}

static int on_head(llhttp_t *l)
{
	struct http_parser *p = l->data;
	struct http_head *head = p->head;

	head->minor = l->http_minor;
	head->status = l->status_code;
	p->head_done = true;
	/* Upgrades are not taken up: what follows is a body like any other. */
	l->upgrade = 0;
	if (check_fields(p) == HTTP_BAD)
		return -1;
	see_body(p);
	p->chunked = head->chunked && head->has_body;
	head->keep_alive = llhttp_should_keep_alive(l);
	return head->has_body ? 0 : 1;
}

static int on_body(llhttp_t *l, const char *at, size_t len)
{
	struct http_parser *p = l->data;

	p->came += len;
	if (p->body && p->body->body)
		p->paused = !body_feed(p->body->body, (struct str){ at, len });
	return 0;
}

static int on_complete(llhttp_t *l)
{
	struct http_parser *p = l->data;

	p->complete = true;
	return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
	.on_url = on_url,
	.on_status = on_status,
	.on_header_field = on_field,
	.on_header_value = on_value,
	.on_headers_complete = on_head,
	.on_body = on_body,
	.on_message_complete = on_complete,
};

void http_parser_init(struct http_parser *p, bool response)
{
	*p = (struct http_parser){ .response = response };
	/* llhttp changes nothing in its settings; the cast is its interface's fault. */
	llhttp_init(&p->llhttp, response ? HTTP_RESPONSE : HTTP_REQUEST,
		    (llhttp_settings_t *)&settings);
	p->llhttp.data = p;
}

static enum http_step explain(struct http_parser *p, enum llhttp_errno e)
{
	if (p->refused)
		return HTTP_BAD;
	if (e == HPE_INVALID_METHOD)
		return refuse(p, 501, "unknown method");
	if (e == HPE_INVALID_VERSION)
		return refuse(p, 505, "unknown version of HTTP");
	return refuse(p, 400, llhttp_errno_name(e));
}

/* http://host/path?query is /path?query; the Host field was there as well. */
static void use_origin_form(struct http_head *head)
{
	const size_t scheme = str_find_str(head->target, STR("://"));

	if (head->target.at[0] == '/' || scheme >= head->target.len)
		return;

	const struct str rest = str_from(head->target, scheme + 3);
	const struct str path = str_from(rest, str_find(rest, '/'));

	head->target = path.len ? path : STR("/");
}

/* llhttp skips a second blank, and so would disagree with whoever does not. */
static bool has_two_blanks(struct str block)
{
	struct str line = str_first(block, str_find(block, '\r')), part;
	unsigned parts = 0;

	while (str_cut(&line, ' ', &part))
		parts += part.len > 0 ? 1 : 4;
	return parts == 3;
}

static enum http_step check_request(struct http_parser *p, struct str block)
{
	struct http_head *head = p->head;

	head->method = str_first(block, str_find(block, ' '));
	if (p->llhttp.method == HTTP_CONNECT)
		return refuse(p, 405, "CONNECT");
	if (!has_two_blanks(block))
		return refuse(p, 400, "request line is not 'method target version'");
	use_origin_form(head);
	return HTTP_DONE;
}

enum http_step http_parse_head(struct http_parser *p, struct str block, struct arena *a,
			       struct http_head *head)
{
	enum llhttp_errno e;

	*head = (struct http_head){ .length = BODY_LENGTH_UNKNOWN };
	headers_init(&head->headers, a);
	p->head = head;
	e = llhttp_execute(&p->llhttp, block.at, block.len);
	if ((e != HPE_OK && e != HPE_PAUSED) || !p->head_done)
		return explain(p, e);
	if (head->minor > 1 || p->llhttp.http_major != 1)
		return refuse(p, 505, "unknown version of HTTP");
	if (p->response && (head->status < 100 || head->status > 999))
		return refuse(p, 502, "a status that is none");
	if (p->response && head->status == 101)
		return refuse(p, 502, "an upgrade nobody asked for");
	return p->response ? HTTP_DONE : check_request(p, block);
}

/* Of a chunked body; llhttp would take LF alone. */
static bool ends_in_crlf(const struct http_parser *p, struct str bytes)
{
	if (!p->chunked)
		return true;
	return (bytes.len > 1 ? bytes.at[bytes.len - 2] : p->last) == '\r';
}

enum http_step http_parse_body(struct http_parser *p, struct str bytes, size_t *used)
{
	enum llhttp_errno e;

	*used = 0;
	if (p->complete)
		return HTTP_DONE;
	e = llhttp_execute(&p->llhttp, bytes.at, bytes.len);
	if (e == HPE_PAUSED && p->complete) {
		*used = (size_t)(llhttp_get_error_pos(&p->llhttp) - bytes.at);
		return ends_in_crlf(p, str_first(bytes, *used))
			       ? HTTP_DONE
			       : refuse(p, 400, "bare LF after the last chunk");
	}
	*used = bytes.len;
	p->last = bytes.len ? bytes.at[bytes.len - 1] : p->last;
	return e == HPE_OK ? HTTP_MORE : explain(p, e);
}

enum http_step http_parse_end(struct http_parser *p)
{
	if (!p->complete && p->head_done)
		llhttp_finish(&p->llhttp);
	return p->complete ? HTTP_DONE : refuse(p, 400, "it ended too early");
}
