#include "net/http_fields.h"

#include "base/bytes.h"

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

/*
 * "HTTP/1.1" or "HTTP/1.0"; what comes after 1.1 is read as that (RFC 9110 §2.5), another
 * number is 505, anything else 400.
 */
static enum http_step read_version(struct http_parser *p, struct str s)
{
	if (s.len != 8 || !str_starts(s, STR("HTTP/")) || !is_digit(s.at[5]) ||
	    s.at[6] != '.' || !is_digit(s.at[7]))
		return http_refuse(p, 400, "no version of HTTP");
	if (s.at[5] != '1')
		return http_refuse(p, 505, "unknown version of HTTP");
	p->head->minor = s.at[7] > '0';
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

/*
 * http://host/path?query is /path?query, and the host wins over the field (RFC 9112
 * §3.2.2). False: it is no such URL.
 */
static bool use_origin_form(struct http_head *head, struct arena *a)
{
	const size_t scheme = str_find_str(head->target, STR("://"));
	const struct str name = str_first(head->target, scheme);
	const struct str rest = str_from(head->target, scheme + 3);
	const struct str host = str_first(rest, host_span(rest));
	const struct str path = str_from(rest, host.len);

	if ((!str_eq_nocase(name, STR("http")) && !str_eq_nocase(name, STR("https"))) ||
	    !host.len || (path.len && path.at[0] != '/' && path.at[0] != '?'))
		return false;
	head->authority = host;
	head->target = path;
	if (!path.len || path.at[0] == '?')
		head->target = str_of(arena_printf(a, "/" STR_FMT, STR_ARG(path)));
	return true;
}

/* A path; all of a URL; or, for OPTIONS, the star. */
static bool take_target(struct http_head *head)
{
	if (!head->target.len)
		return false;
	if (head->target.at[0] == '/')
		return true;
	if (str_eq(head->target, STR("*")))
		return str_eq(head->method, STR("OPTIONS"));
	return use_origin_form(head, head->headers.arena);
}

static enum http_step read_request_line(struct http_parser *p, struct str line)
{
	static const char odd[] = "request line is not 'method target version'";
	struct http_head *head = p->head;
	struct str rest;

	head->method = str_first(line, token_span(line));
	rest = str_from(line, head->method.len);
	if (str_eq(head->method, STR("PRI")))
		return http_refuse(p, 400, "HTTP/2 is not spoken here");
	if (!head->method.len || !rest.len || rest.at[0] != ' ')
		return http_refuse(p, 400, odd);
	if (!is_method(head->method))
		return http_refuse(p, 501, "unknown method");
	if (str_eq(head->method, STR("CONNECT")))
		return http_refuse(p, 405, "CONNECT");
	rest = str_from(rest, 1);
	head->target = str_first(rest, target_span(rest));
	rest = str_from(rest, head->target.len);
	if (!rest.len || rest.at[0] != ' ' || !take_target(head))
		return http_refuse(p, 400, odd);
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

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Before the line's end; NULL: something is in the way. */
static const char *line_end(const char *at, const char *end)
{
	at += clean_span((struct str){ at, (size_t)(end - at) });
	return at[0] == '\r' && at[1] == '\n' ? at : NULL;
}

/*
 * One field; gives where the next line starts, or NULL. Blanks and tabs at both ends do
 * not belong to the value. Flat, as it is what is done most.
 */
static __attribute__((flatten)) const char *read_field(struct http_parser *p,
						       const char *at, const char *end)
{
	struct headers *h = &p->head->headers;
	const struct str name = { at,
				  token_span((struct str){ at, (size_t)(end - at) }) };
	const char *value = at + name.len + 1, *line, *last;

	if (!name.len || at[name.len] != ':') {
		http_refuse(p, 400, "a field that is not 'name: value'");
		return NULL;
	}
	line = last = line_end(value, end);
	if (!line) {
		http_refuse(p, 400, "a control character in a field");
		return NULL;
	}
	while (value < last && is_blank(*value))
		value++;
	while (value < last && is_blank(last[-1]))
		last--;
	/* Up to and with CR LF it stands in memory as it is to be written. */
	headers_add(h, name, (struct str){ value, (size_t)(last - value) })
		->as_it_came = value < last && last == line;
	return line + 2;
}

static const char *read_first_line(struct http_parser *p, const char *at, const char *end)
{
	const char *line = line_end(at, end);
	enum http_step step;

	if (!line) {
		http_refuse(p, 400, "a control character in the first line");
		return NULL;
	}

	const struct str text = { at, (size_t)(line - at) };

	step = p->response ? read_status_line(p, text) : read_request_line(p, text);
	return step == HTTP_BAD ? NULL : line + 2;
}

enum http_step http_read_lines(struct http_parser *p, struct str block)
{
	const char *end = block.at + block.len;
	const char *at = read_first_line(p, block.at, end);

	while (at && !(at[0] == '\r' && at[1] == '\n'))
		at = read_field(p, at, end);
	return at ? HTTP_DONE : HTTP_BAD;
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

	if (!(head->headers.seen & HEADER_BIT(HEADER_CONNECTION)))
		return keep;
	for (unsigned i = 0; i < head->headers.count; i++) {
		const struct header *h = &head->headers.at[i];

		if (h->field != HEADER_CONNECTION)
			continue;
		if (names(h->value, STR("close")))
			return false;
		if (names(h->value, STR("keep-alive")))
			keep = true;
	}
	return keep;
}
