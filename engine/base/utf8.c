#include "base/utf8.h"

static size_t length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first < 0xE0)
		return 2;
	if (first >= 0xE0 && first < 0xF0)
		return 3;
	return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

static bool is_character(uint32_t c, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	return c >= least[len] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

size_t utf8_next(struct str s, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)s.at;
	const size_t len = length_of(p[0]);

	if (len == 1) {
		*c = p[0];
		return 1;
	}
	*c = UTF8_REPLACEMENT;
	if (len == 0 || len > s.len)
		return 1;

	uint32_t found = p[0] & (0x7Fu >> len);

	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 1;
		found = found << 6 | (p[i] & 0x3F);
	}
	if (!is_character(found, len))
		return 1;
	*c = found;
	return len;
}

size_t utf8_put(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xE0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 63));
		to[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	to[0] = (char)(0xF0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 63));
	to[2] = (char)(0x80 | (c >> 6 & 63));
	to[3] = (char)(0x80 | (c & 63));
	return 4;
}

size_t utf8_length(struct str s)
{
	size_t count = 0;
	uint32_t c;

	for (; s.len; count++)
		s = str_from(s, utf8_next(s, &c));
	return count;
}

size_t utf8_offset(struct str s, size_t n)
{
	struct str rest = s;
	uint32_t c;

	while (n-- && rest.len)
		rest = str_from(rest, utf8_next(rest, &c));
	return s.len - rest.len;
}
