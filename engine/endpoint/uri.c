#include "endpoint/uri.h"

#include "base/bytes.h"

enum { URI_MOST = 1 << 20 };

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

static bool is_escape(struct str s)
{
	return s.len >= 3 && s.at[0] == '%' && hex_digit(s.at[1]) >= 0 &&
	       hex_digit(s.at[2]) >= 0;
}

static void add_escaped(struct buf *b, char c)
{
	buf_printf(b, "%%%02X", (unsigned char)c);
}

/* What no part of a URL may hold as it is. */
static bool is_illegal(char c)
{
	return (unsigned char)c <= ' ' || (unsigned char)c >= 127 ||
	       strchr("<>\"{}|\\^`", c);
}

static void encode(struct str value, bool reserved, struct buf *b)
{
	for (size_t i = 0; i < value.len; i++) {
		const char c = value.at[i];
		const bool stays = !reserved  ? is_unreserved(c)
				   : c == '%' ? is_escape(str_from(value, i))
					      : !is_illegal(c) && c != '[' && c != ']';

		if (stays)
			buf_add_char(b, c);
		else
			add_escaped(b, c);
	}
}

void uri_encode(struct str text, struct buf *to)
{
	encode(text, false, to);
}

/* The eight expressions of RFC 6570. */
struct operator
{
	char sign;
	const char *first, *between;
	bool named, reserved;
	const char *if_empty;
};

static const struct operator operators[] = {
	{ '+', "", ",", false, true, "" },   { '#', "#", ",", false, true, "" },
	{ '.', ".", ".", false, false, "" }, { '/', "/", "/", false, false, "" },
	{ ';', ";", ";", true, false, "" },  { '?', "?", "&", true, false, "=" },
	{ '&', "&", "&", true, false, "=" }, { '\0', "", ",", false, false, "" },
};

static const struct operator* operator_of(char sign)
{
	const struct operator* o = operators;

	while (o->sign && o->sign != sign)
		o++;
	return o;
}

/* At most so many characters, not bytes. */
static struct str first_characters(struct str s, uint64_t count)
{
	size_t i = 0;

	while (i < s.len) {
		if (((unsigned char)s.at[i] & 0xc0) != 0x80 && count-- == 0)
			break;
		i++;
	}
	return str_first(s, i);
}

static struct str cut_modifier(struct str *name)
{
	struct str limit = *name, bare;

	if (name->len && name->at[name->len - 1] == '*') {
		*name = str_first(*name, name->len - 1);
		return (struct str){ NULL, 0 };
	}
	str_cut(&limit, ':', &bare);
	*name = bare;
	return limit;
}

static void expand_variables(const struct operator* o, struct str names,
			     const struct uri_variables *v, struct buf *b)
{
	bool any = false;
	struct str name;

	while (str_cut(&names, ',', &name)) {
		struct str limit = cut_modifier(&name), value;
		uint64_t most;

		if (!v->find(v->ctx, name, &value))
			continue;
		if (limit.at && str_to_uint(limit, &most))
			value = first_characters(value, most);
		buf_add(b, str_of(any ? o->between : o->first));
		any = true;
		if (o->named) {
			buf_add(b, name);
			buf_add(b, str_of(value.len ? "=" : o->if_empty));
		}
		encode(value, o->reserved, b);
	}
}

static void expand_expression(struct str inner, bool plus, const struct uri_variables *v,
			      struct buf *b)
{
	const struct operator* o = operator_of(inner.len ? inner.at[0] : '\0');

	if (o->sign)
		inner = str_from(inner, 1);
	else if (plus)
		o = operator_of('+');
	expand_variables(o, inner, v, b);
}

static void expand(struct str template, const struct uri_variables *v, struct buf *b)
{
	struct str rest = template;
	/* A base in front keeps its slashes (§10.2, 2). */
	bool plus = rest.len && rest.at[0] == '{';

	while (rest.len) {
		const size_t open = str_find(rest, '{');
		const struct str inner = str_from(rest, open + 1);
		const size_t close = str_find(inner, '}');

		buf_add(b, str_first(rest, open));
		if (open == rest.len)
			return;
		if (close == inner.len) {
			buf_add(b, str_from(rest, open));
			return;
		}
		expand_expression(str_first(inner, close), plus, v, b);
		plus = false;
		rest = str_from(inner, close + 1);
	}
}

/* As java.net.URI would take it. */
static bool is_valid(struct str url)
{
	bool query = false, fragment = false;

	for (size_t i = 0; i < url.len; i++) {
		const char c = url.at[i];

		if (c == '%' && !is_escape(str_from(url, i)))
			return false;
		if ((unsigned char)c < 127 && is_illegal(c))
			return false;
		if (c == '#' && fragment)
			return false;
		query = query || c == '?';
		fragment = fragment || c == '#';
	}
	return url.len > 0;
}

static struct str take(struct buf *b, struct arena *a)
{
	const struct str copy = arena_copy(a, buf_str(b));

	buf_release(b);
	return copy;
}

struct str uri_expand(struct str template, const struct uri_variables *v, struct arena *a)
{
	struct str url;
	struct buf b;

	if (str_find(template, '{') == template.len)
		return template;
	buf_init(&b, URI_MOST);
	expand(template, v, &b);
	url = take(&b, a);
	return is_valid(url) ? url : template;
}

/* As URLDecoder; what is no escape stays, where the original gave up. */
static struct str decode(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (is_escape(str_from(s, i))) {
			to[len++] = (char)(hex_digit(s.at[i + 1]) * 16 +
					   hex_digit(s.at[i + 2]));
			i += 2;
		} else {
			to[len++] = (char)(s.at[i] == '+' ? ' ' : s.at[i]);
		}
	}
	return (struct str){ to, len };
}

struct decoding {
	const struct uri_variables *inner;
	struct arena *arena;
};

static bool find_decoded(const void *ctx, struct str name, struct str *value)
{
	const struct decoding *d = ctx;

	if (!d->inner->find(d->inner->ctx, name, value))
		return false;
	*value = decode(*value, d->arena);
	return true;
}

/* Each part quoted as URI's constructor of many arguments does: % as well. */
static void quote(struct str part, const char *legal, struct buf *b)
{
	for (size_t i = 0; i < part.len; i++) {
		const char c = part.at[i];

		if (is_unreserved(c) || (c && strchr(legal, c)))
			buf_add_char(b, c);
		else
			add_escaped(b, c);
	}
}

static void quote_url(struct str url, struct buf *b)
{
	static const char in_path[] = "!*'(),;:$&+=/@";
	static const char in_query[] = "!*'(),;:$&+=/@?[]";
	const size_t slashes = str_find_str(url, STR("://")) + 3;
	struct str rest = str_from(url, slashes), main = rest, part;
	const struct str authority = str_first(
		rest, str_find(str_first(rest, str_find(rest, '?')), '/'));

	str_cut(&rest, '#', &main);
	buf_add(b, str_first(url, slashes));
	buf_add(b, authority);
	main = str_from(main, authority.len);
	str_cut(&main, '?', &part);
	quote(part, in_path, b);
	if (main.at) {
		buf_add_char(b, '?');
		quote(main, in_query, b);
	}
	if (rest.at) {
		buf_add_char(b, '#');
		quote(rest, in_query, b);
	}
}

struct str uri_expand_legacy(struct str template, const struct uri_variables *v,
			     struct arena *a)
{
	const struct decoding decoding = { v, a };
	const struct uri_variables decoded = { find_decoded, &decoding };
	struct str url;
	struct buf b;

	buf_init(&b, URI_MOST);
	expand(template, &decoded, &b);
	url = decode(buf_str(&b), a);
	buf_clear(&b);
	if (str_find_str(url, STR("://")) == url.len) {
		buf_release(&b);
		return template;
	}
	quote_url(url, &b);
	return take(&b, a);
}

struct str uri_fill(struct str address, const struct uri_variables *v, struct arena *a)
{
	struct str rest = address, value;
	struct buf b;

	if (str_find_str(address, STR("${")) == address.len)
		return address;
	buf_init(&b, URI_MOST);
	while (rest.len) {
		const size_t open = str_find_str(rest, STR("${"));
		const struct str inner = str_from(rest, open + 2);
		const size_t close = str_find(inner, '}');

		buf_add(&b, str_first(rest, open));
		rest = str_from(rest, open);
		if (close == inner.len)
			break;
		if (v->find(v->ctx, str_first(inner, close), &value))
			buf_add(&b, value);
		else
			buf_add(&b, str_first(rest, close + 3));
		rest = str_from(inner, close + 1);
	}
	buf_add(&b, rest);
	return take(&b, a);
}

struct str uri_join(struct str address, struct str rest, bool collapse, struct arena *a)
{
	const bool slash = str_ends(address, STR("/"));
	struct str seam = STR("");

	if (!rest.len || str_starts(address, STR("jms")))
		return address;
	if (slash && ((collapse && rest.at[0] == '/') || rest.at[0] == '?'))
		address = str_first(address, address.len - 1);
	else if (!slash && rest.at[0] != '/' && rest.at[0] != '?')
		seam = STR("/");
	if (slash && rest.at[0] == '/' && !collapse)
		seam = STR("");
	return arena_join(a, address, seam.len ? arena_join(a, seam, rest) : rest);
}

static bool has_host(struct str url)
{
	struct str rest;

	if (str_starts(url, STR("http://")))
		rest = str_from(url, 7);
	else if (str_starts(url, STR("https://")))
		rest = str_from(url, 8);
	else
		return false;
	return rest.len && !strchr("/?#:", rest.at[0]);
}

bool uri_for_wire(struct str url, struct arena *a, struct str *out)
{
	const struct str bare = str_first(url, str_find(url, '#'));
	struct buf b;

	if (clean_span(bare) != bare.len || memchr(bare.at, '\t', bare.len))
		return false;
	*out = bare;
	if (!has_host(bare))
		return false;
	if (graphic_span(bare) == bare.len)
		return true;
	buf_init(&b, URI_MOST);
	for (size_t i = 0; i < bare.len; i++) {
		if ((unsigned char)bare.at[i] > ' ' && (unsigned char)bare.at[i] < 127)
			buf_add_char(&b, bare.at[i]);
		else
			add_escaped(&b, bare.at[i]);
	}
	*out = take(&b, a);
	return true;
}
