#include "net/http_fields.h"

/* Sets of bytes, a bit each. */
struct byte_set {
	uint64_t bits[4];
};

static const struct byte_set token = { { 0x03ff6cfa00000000, 0x57ffffffc7fffffe, 0, 0 } };
static const struct byte_set graphic = { { 0xfffffffe00000000, 0x7fffffffffffffff, 0,
					   0 } };

static bool is_in(const struct byte_set *set, char c)
{
	const unsigned char b = (unsigned char)c;

	return set->bits[b >> 6] >> (b & 63) & 1;
}

/* How many bytes at the front are of the set. */
static size_t span(struct str s, const struct byte_set *set)
{
	size_t n = 0;

	while (n < s.len && is_in(set, s.at[n]))
		n++;
	return n;
}

#define EACH(byte) (~(uint64_t)0 / 255 * (byte))

static bool word_is_clean(uint64_t word)
{
	const uint64_t below_space = (word - EACH(0x20)) & ~word & EACH(0x80);
	const uint64_t other = word ^ EACH(0x7f);
	const uint64_t is_delete = (other - EACH(1)) & ~other & EACH(0x80);

	return !(below_space | is_delete);
}

static bool bytes_are_clean(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.at[i];

		if ((c < ' ' && c != '\t') || c == 127)
			return false;
	}
	return true;
}

bool line_is_clean(struct str line)
{
	for (; line.len >= sizeof(uint64_t); line = str_from(line, sizeof(uint64_t))) {
		uint64_t word;

		memcpy(&word, line.at, sizeof(word));
		if (!word_is_clean(word) &&
		    !bytes_are_clean(str_first(line, sizeof(uint64_t))))
			return false;
	}
	return bytes_are_clean(line);
}

enum http_step http_refuse(struct http_parser *p, unsigned status, const char *why)
{
	p->refused = status;
	p->why = why;
	return HTTP_BAD;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "HTTP/1.1" or "HTTP/1.0"; another number is 505, anything else 400. */
static enum http_step read_version(struct http_parser *p, struct str s)
{
	if (s.len != 8 || !str_starts(s, STR("HTTP/")) || !is_digit(s.at[5]) ||
	    s.at[6] != '.' || !is_digit(s.at[7]))
		return http_refuse(p, 400, "no version of HTTP");
	if (s.at[5] != '1' || s.at[7] > '1')
		return http_refuse(p, 505, "unknown version of HTTP");
	p->head->minor = (unsigned)(s.at[7] - '0');
	return HTTP_DONE;
}

/* The methods there are; case counts. */
static bool is_method(struct str name)
{
	static const char *const usual[] = { "GET",  "POST",  "PUT",    "DELETE",
					     "HEAD", "PATCH", "OPTIONS" };

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (str_eq(name, str_of(usual[i])))
			return true;
	for (int m = HTTP_DELETE; m <= HTTP_SOURCE; m++)
		if (m != HTTP_PRI &&
		    str_eq(name, str_of(llhttp_method_name((llhttp_method_t)m))))
			return true;
	return false;
}

static bool is_target(struct str s)
{
	const bool letter = s.len && ((s.at[0] | 0x20) >= 'a' && (s.at[0] | 0x20) <= 'z');

	return s.len && (s.at[0] == '/' || s.at[0] == '*' || letter);
}

static enum http_step read_request_line(struct http_parser *p, struct str line)
{
	struct http_head *head = p->head;
	struct str rest;

	head->method = str_first(line, span(line, &token));
	rest = str_from(line, head->method.len);
	if (str_eq(head->method, STR("PRI")))
		return http_refuse(p, 400, "HTTP/2 is not spoken here");
	if (!rest.len || rest.at[0] != ' ' || !is_method(head->method))
		return http_refuse(p, 501, "unknown method");
	if (str_eq(head->method, STR("CONNECT")))
		return http_refuse(p, 405, "CONNECT");
	rest = str_from(rest, 1);
	head->target = str_first(rest, span(rest, &graphic));
	rest = str_from(rest, head->target.len);
	if (!is_target(head->target) || !rest.len || rest.at[0] != ' ')
		return http_refuse(p, 400, "request line is not 'method target version'");
	return read_version(p, str_from(rest, 1));
}

/* "HTTP/1.1 200 OK"; the reason may be missing, with its blank. */
static enum http_step read_status_line(struct http_parser *p, struct str line)
{
	const struct str status = str_first(str_from(line, 9), 3);
	struct http_head *head = p->head;
	uint64_t n;

	if (read_version(p, str_first(line, 8)) == HTTP_BAD)
		return HTTP_BAD;
	if (line.len < 12 || line.at[8] != ' ' || !str_to_uint(status, &n) || n < 100 ||
	    (line.len > 12 && line.at[12] != ' '))
		return http_refuse(p, 502, "a status that is none");
	head->status = (unsigned)n;
	head->reason = str_from(line, 13);
	return HTTP_DONE;
}

/* Blanks and tabs at both ends do not belong to a value. */
static struct str trim(struct str s)
{
	while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
		s.at++, s.len--;
	while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static enum http_step read_field(struct http_parser *p, struct str line)
{
	struct headers *h = &p->head->headers;
	const struct str name = str_first(line, span(line, &token));
	const struct str rest = str_from(line, name.len);
	const struct str value = trim(str_from(rest, 1));

	if (!name.len || !rest.len || rest.at[0] != ':')
		return http_refuse(p, 400, "a field that is not 'name: value'");
	headers_add(h, name, value);
	/* Up to and with CR LF it stands in memory as it is to be written. */
	h->at[h->count - 1].as_it_came = value.len &&
					 value.at + value.len == line.at + line.len;
	return HTTP_DONE;
}

enum http_step http_read_lines(struct http_parser *p, struct str block)
{
	bool first = true;

	for (;;) {
		const struct str line = str_first(block, str_find(block, '\r'));
		enum http_step step;

		if (!line.len)
			return HTTP_DONE;
		if (!first)
			step = read_field(p, line);
		else if (p->response)
			step = read_status_line(p, line);
		else
			step = read_request_line(p, line);
		if (step == HTTP_BAD)
			return HTTP_BAD;
		first = false;
		block = str_from(block, line.len + 2);
	}
}

static bool names(struct str list, struct str word)
{
	struct str part;

	while (str_cut(&list, ',', &part))
		if (str_eq_nocase(str_trim(part), word))
			return true;
	return false;
}

bool http_keeps_alive(const struct http_head *head)
{
	bool keep = head->minor > 0;

	for (unsigned i = 0; i < head->headers.count; i++) {
		const struct header *h = &head->headers.at[i];

		if (h->name.len != 10 || !str_eq_nocase(h->name, STR("connection")))
			continue;
		if (names(h->value, STR("close")))
			return false;
		if (names(h->value, STR("keep-alive")))
			keep = true;
	}
	return keep;
}
