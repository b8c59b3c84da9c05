#include "net/http_parse.h"

#include "base/bytes.h"
#include "net/http_fields.h"

enum { MOST_TRAILER = 64 * 1024, MOST_EXTENSIONS = 16 * 1024, MOST_EMPTY_LINES = 4 };

/* --- the raw bytes --- */

/* Is it too much? The line is given with its end, as far as it is there. */
static enum http_step check_size(struct http_parser *p, size_t line,
				 const struct http_limits *limits)
{
	/* The line's own end is no part of it. */
	if (p->lines == 0 && !p->response && line > limits->line + 2)
		return http_refuse(p, 414, "request line too long");
	if (p->scanned + line > limits->head)
		return http_refuse(p, 431, "head too large");
	if (p->lines > limits->headers + 1)
		return http_refuse(p, 431, "too many header fields");
	return HTTP_MORE;
}

/* An empty line before a request is forgiven (RFC 9112 §2.2), but not for ever. */
static enum http_step forgive(struct http_parser *p)
{
	p->start = p->scanned;
	if (!p->response && p->start <= 2 * MOST_EMPTY_LINES)
		return HTTP_MORE;
	return http_refuse(p, 400, "no start line");
}

/* A line with its end. DONE: it is the empty one that ends the head. */
static enum http_step take_line(struct http_parser *p, const char *at, size_t len)
{
	if (len < 2 || at[len - 2] != '\r')
		return http_refuse(p, 400, "bare LF");
	p->scanned += len;
	if (len == 2)
		return p->lines > 0 ? HTTP_DONE : forgive(p);
	if (p->lines++ > 0 && (*at == ' ' || *at == '\t'))
		return http_refuse(p, 400, "folded header line");
	return HTTP_MORE;
}

enum http_step http_find_head(struct http_parser *p, struct str bytes,
			      const struct http_limits *limits, size_t *len)
{
	for (;;) {
		const struct str rest = { bytes.at + p->scanned, bytes.len - p->scanned };
		const size_t span = line_span(rest), line = span + (span < rest.len);
		enum http_step step = check_size(p, line, limits);

		if (step == HTTP_BAD || span == rest.len)
			return step;
		step = take_line(p, rest.at, line);
		if (step == HTTP_MORE)
			continue;
		*len = p->scanned;
		return step;
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

static enum http_step take_host(struct http_parser *p, struct header *h,
				struct framing *f)
{
	f->hosts++;
	if (p->head->authority.len) {
		h->value = p->head->authority;
		h->as_it_came = false;
	}
	if (!p->response && host_span(h->value) != h->value.len)
		return http_refuse(p, 400, "Host is no host");
	return HTTP_DONE;
}

/* An encoding we do not know; or one after which nobody knows where the body ends. */
static enum http_step refuse_encoding(struct http_parser *p, struct str value)
{
	const struct str first = str_first(value, str_find(value, ','));
	struct str last = { NULL, 0 };
	bool chunked, twice;

	while (str_cut(&value, ',', &last))
		;
	chunked = str_eq_nocase(str_trim(last), STR("chunked"));
	twice = str_eq_nocase(str_trim(first), STR("chunked"));
	return http_refuse(p, chunked && !twice ? 501 : 400,
			   "Transfer-Encoding is not 'chunked'");
}

static enum http_step take_field(struct http_parser *p, struct header *h,
				 struct framing *f)
{
	struct http_head *head = p->head;

	switch ((int)h->field) {
	case HEADER_HOST:
		return take_host(p, h, f);
	case HEADER_EXPECT:
		head->expects_continue |= str_eq_nocase(h->value, STR("100-continue"));
		break;
	case HEADER_CONTENT_LENGTH:
		if (f->lengths++ > 0)
			return http_refuse(p, 400, "more than one Content-Length");
		if (!read_length(h->value, &head->length))
			return http_refuse(p, 400, "Content-Length is no number");
		break;
	case HEADER_TRANSFER_ENCODING:
		if (f->encodings++ > 0)
			return http_refuse(p, 400, "more than one Transfer-Encoding");
		if (!str_eq_nocase(h->value, STR("chunked")))
			return refuse_encoding(p, h->value);
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
	if (head->authority.len && f.hosts == 0 && head->minor == 0)
		headers_add(&head->headers, STR("Host"), head->authority);
	if (f.lengths && f.encodings)
		return http_refuse(p, 400, "both Content-Length and Transfer-Encoding");
	if (f.encodings && head->minor == 0)
		return http_refuse(p, 400, "Transfer-Encoding in HTTP/1.0");
	if (!p->response && (f.hosts > 1 || (f.hosts == 0 && head->minor > 0)))
		return http_refuse(p, 400, "not one Host");
	return HTTP_DONE;
}

/* --- the head --- */

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
	p->chunked = head->chunked && head->has_body;
	p->left = !head->has_body ? 0
		  : head->chunked ? BODY_LENGTH_UNKNOWN
				  : head->length;
	p->complete = !head->has_body;
}

enum http_step http_parse_head(struct http_parser *p, struct str block, struct arena *a,
			       struct http_head *head)
{
	*head = (struct http_head){ .length = BODY_LENGTH_UNKNOWN };
	headers_init(&head->headers, a);
	p->head = head;
	if (http_read_lines(p, block) == HTTP_BAD || check_fields(p) == HTTP_BAD)
		return HTTP_BAD;
	if (p->response && head->status == 101)
		return http_refuse(p, 502, "an upgrade nobody asked for");
	see_body(p);
	head->keep_alive = http_keeps_alive(head) &&
			   !(p->response && p->left == BODY_LENGTH_UNKNOWN &&
			     !p->chunked);
	p->head_done = true;
	return HTTP_DONE;
}

/* --- the body --- */

static int odd_chunk(llhttp_t *l, const char *why)
{
	struct http_parser *p = l->data;

	p->why = why;
	return HPE_USER;
}

static int count_trailer(llhttp_t *l, const char *at, size_t len)
{
	struct http_parser *p = l->data;

	(void)at;
	p->trailer += p->reads_chunks ? len : 0;
	return p->trailer > MOST_TRAILER ? odd_chunk(l, "trailer too large") : 0;
}

/* A value that goes on right behind a line end is a folded one. */
static int on_trailer_value(llhttp_t *l, const char *at, size_t len)
{
	const struct http_parser *p = l->data;

	if (p->reads_chunks && (at == p->bytes ? p->last : at[-1]) == '\n')
		return odd_chunk(l, "folded trailer");
	return count_trailer(l, at, len);
}

/* They mean nothing to us, and are as long as somebody likes. */
static int count_extension(llhttp_t *l, const char *at, size_t len)
{
	struct http_parser *p = l->data;

	(void)at;
	p->extensions += len;
	return p->extensions > MOST_EXTENSIONS ? odd_chunk(l, "chunk extensions too long")
					       : 0;
}

static int on_size(llhttp_t *l)
{
	return l->content_length > INT64_MAX ? odd_chunk(l, "chunk too large") : 0;
}

static void feed(struct http_parser *p, struct str bytes)
{
	p->came += bytes.len;
	if (p->body && p->body->body && bytes.len)
		p->paused = !body_feed(p->body->body, bytes);
}

static int on_chunk(llhttp_t *l, const char *at, size_t len)
{
	feed(l->data, (struct str){ at, len });
	return 0;
}

static int on_complete(llhttp_t *l)
{
	struct http_parser *p = l->data;

	p->complete = true;
	return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
	.on_header_field = count_trailer,
	.on_header_value = on_trailer_value,
	.on_chunk_extension_name = count_extension,
	.on_chunk_extension_value = count_extension,
	.on_chunk_header = on_size,
	.on_body = on_chunk,
	.on_message_complete = on_complete,
};

/* llhttp reads the chunks: it is told that a message has begun whose body they are. */
static void begin_chunks(struct http_parser *p)
{
	static const char head[] =
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

	/* llhttp changes nothing in its settings; the cast is its interface's fault. */
	llhttp_init(&p->llhttp, HTTP_REQUEST, (llhttp_settings_t *)&settings);
	p->llhttp.data = p;
	llhttp_execute(&p->llhttp, head, sizeof(head) - 1);
	p->reads_chunks = true;
}

void http_parser_init(struct http_parser *p, bool response)
{
	/* All but llhttp, which is begun when chunks are to be read. */
	memset((char *)p + offsetof(struct http_parser, head), 0,
	       sizeof(*p) - offsetof(struct http_parser, head));
	p->response = response;
}

/* llhttp would take LF alone. */
static bool ends_in_crlf(const struct http_parser *p, struct str bytes)
{
	return (bytes.len > 1 ? bytes.at[bytes.len - 2] : p->last) == '\r';
}

static enum http_step parse_chunks(struct http_parser *p, struct str bytes, size_t *used)
{
	enum llhttp_errno e;

	if (!p->reads_chunks)
		begin_chunks(p);
	p->bytes = bytes.at;
	e = llhttp_execute(&p->llhttp, bytes.at, bytes.len);
	if (e == HPE_PAUSED && p->complete) {
		*used = (size_t)(llhttp_get_error_pos(&p->llhttp) - bytes.at);
		return ends_in_crlf(p, str_first(bytes, *used))
			       ? HTTP_DONE
			       : http_refuse(p, 400, "bare LF after the last chunk");
	}
	*used = bytes.len;
	p->last = bytes.len ? bytes.at[bytes.len - 1] : p->last;
	if (e == HPE_OK)
		return HTTP_MORE;
	return http_refuse(p, 400, p->why ? p->why : llhttp_get_error_reason(&p->llhttp));
}

enum http_step http_parse_body(struct http_parser *p, struct str bytes, size_t *used)
{
	*used = 0;
	if (p->complete)
		return HTTP_DONE;
	if (p->chunked)
		return parse_chunks(p, bytes, used);
	if (p->left != BODY_LENGTH_UNKNOWN)
		bytes = str_first(bytes, (size_t)p->left);
	*used = bytes.len;
	feed(p, bytes);
	if (p->left == BODY_LENGTH_UNKNOWN)
		return HTTP_MORE;
	p->left -= (int64_t)bytes.len;
	p->complete = p->left == 0;
	return p->complete ? HTTP_DONE : HTTP_MORE;
}

enum http_step http_parse_end(struct http_parser *p)
{
	if (p->head_done && !p->chunked && p->left == BODY_LENGTH_UNKNOWN)
		p->complete = true;
	return p->complete ? HTTP_DONE : http_refuse(p, 400, "it ended too early");
}
