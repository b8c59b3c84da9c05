#include "base/url.h"

/* The byte that the %XX at s.at[i] means; -1: it is none. */
static int escaped(struct str s, size_t i)
{
	if (s.at[i] != '%' || s.len - i < 3 || hex_digit(s.at[i + 1]) < 0 ||
	    hex_digit(s.at[i + 2]) < 0)
		return -1;
	return hex_digit(s.at[i + 1]) * 16 + hex_digit(s.at[i + 2]);
}

static struct str decode(struct str s, bool form, struct arena *a)
{
	char *to = arena_alloc_dirty(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		const int byte = escaped(s, i);

		if (byte >= 0) {
			to[len++] = (char)byte;
			i += 2;
		} else {
			to[len++] = (char)(form && s.at[i] == '+' ? ' ' : s.at[i]);
		}
	}
	to[len] = '\0';
	return (struct str){ to, len };
}

struct str url_decode(struct str s, struct arena *a)
{
	return decode(s, false, a);
}

struct str url_decode_form(struct str s, struct arena *a)
{
	return decode(s, true, a);
}

bool url_is_decodable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '%' && escaped(s, i) < 0)
			return false;
	return true;
}

static bool stays(char c, const char *plain)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return true;
	return c && strchr(plain, c);
}

static struct str encode(struct str s, const char *plain, bool form, struct arena *a)
{
	static const char digits[] = "0123456789ABCDEF";
	char *to = arena_alloc_dirty(a, s.len * 3 + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.at[i];

		if (stays(s.at[i], plain)) {
			to[len++] = s.at[i];
		} else if (form && c == ' ') {
			to[len++] = '+';
		} else {
			to[len++] = '%';
			to[len++] = digits[c >> 4];
			to[len++] = digits[c & 15];
		}
	}
	to[len] = '\0';
	return (struct str){ to, len };
}

struct str url_encode(struct str s, const char *plain, struct arena *a)
{
	return encode(s, plain, false, a);
}

struct str url_encode_form(struct str s, struct arena *a)
{
	return encode(s, ".-*_", true, a);
}
