#include "net/url.h"

#include "base/bytes.h"

static bool has_only_url_bytes(struct str s)
{
	return clean_span(s) == s.len && str_find(s, ' ') == s.len &&
	       str_find(s, '\t') == s.len;
}

/* Up to the first byte of the path, the query or the fragment. */
static size_t authority_length(struct str s)
{
	const struct str no_path = str_first(s, str_find(s, '/'));
	const struct str no_query = str_first(no_path, str_find(no_path, '?'));

	return str_find(no_query, '#');
}

static bool parse_port(struct str text, unsigned *port)
{
	uint64_t n;

	if (!str_to_uint(text, &n) || n == 0 || n > 65535)
		return false;
	*port = (unsigned)n;
	return true;
}

static bool parse_host(struct str authority, struct url *u)
{
	const bool six = authority.len && authority.at[0] == '[';
	const size_t end = str_find(authority, six ? ']' : ':');

	if (six && end == authority.len)
		return false;
	u->host = six ? str_from(str_first(authority, end), 1)
		      : str_first(authority, end);

	const struct str rest = str_from(authority, six ? end + 1 : end);

	if (rest.len && (rest.at[0] != ':' || !parse_port(str_from(rest, 1), &u->port)))
		return false;
	return u->host.len > 0 && str_find(u->host, '@') == u->host.len;
}

bool url_parse(struct str text, struct url *u)
{
	struct str rest;

	*u = (struct url){ 0 };
	if (str_eq_nocase(str_first(text, 7), STR("http://"))) {
		rest = str_from(text, 7);
		u->port = 80;
	} else if (str_eq_nocase(str_first(text, 8), STR("https://"))) {
		rest = str_from(text, 8);
		u->port = 443;
		u->tls = true;
	} else {
		return false;
	}
	u->authority = str_first(rest, authority_length(rest));
	u->origin = str_first(text, text.len - rest.len + u->authority.len);
	u->target = str_from(rest, u->authority.len);
	u->target = str_first(u->target, str_find(u->target, '#'));
	if (u->target.len == 0)
		u->target = STR("/");
	return has_only_url_bytes(text) && parse_host(u->authority, u);
}
