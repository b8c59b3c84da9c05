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

/* Runs of letters whose other case is as far away for all, or beside each other. */
static const struct {
	uint32_t first, last; /* capitals */
	int apart;            /* 1: capital and small letter take turns */
} cases[] = {
	{ 'A', 'Z', 32 },      { 0xC0, 0xD6, 32 },     { 0xD8, 0xDE, 32 },
	{ 0x100, 0x12E, 1 },   { 0x132, 0x136, 1 },    { 0x139, 0x147, 1 },
	{ 0x14A, 0x176, 1 },   { 0x178, 0x178, -121 }, { 0x179, 0x17D, 1 },
	{ 0x391, 0x3A1, 32 },  { 0x3A3, 0x3AB, 32 },   { 0x386, 0x386, 38 },
	{ 0x388, 0x38A, 37 },  { 0x38C, 0x38C, 64 },   { 0x38E, 0x38F, 63 },
	{ 0x410, 0x42F, 32 },  { 0x400, 0x40F, 80 },   { 0x460, 0x480, 1 },
	{ 0x48A, 0x4BE, 1 },   { 0x4D0, 0x52E, 1 },    { 0x1E00, 0x1E94, 1 },
	{ 0x1EA0, 0x1EFE, 1 },
};

static uint32_t other_case(uint32_t c, bool upper)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint32_t shift = upper ? (uint32_t)cases[i].apart : 0;
		const uint32_t capital = c - shift;

		if (capital < cases[i].first || capital > cases[i].last)
			continue;
		if (cases[i].apart == 1 && (capital - cases[i].first) % 2)
			continue;
		return upper ? capital : c + (uint32_t)cases[i].apart;
	}
	return c;
}

static struct str change_case(struct str s, bool upper, struct arena *a)
{
	char *to = arena_alloc_dirty(a, s.len * 3 + 1);
	size_t len = 0;

	while (s.len) {
		uint32_t c;
		const size_t used = utf8_next(s, &c);

		len += utf8_put(to + len, other_case(c, upper));
		s = str_from(s, used);
	}
	to[len] = '\0';
	return (struct str){ to, len };
}

struct str utf8_upper(struct str s, struct arena *a)
{
	return change_case(s, true, a);
}

struct str utf8_lower(struct str s, struct arena *a)
{
	return change_case(s, false, a);
}
