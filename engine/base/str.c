#include "base/str.h"

#include <stdlib.h>

static bool is_letter(unsigned char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool bytes_eq_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

		if (x != y && ((x ^ y) != 0x20 || !is_letter(x)))
			return false;
	}
	return true;
}

/* Words of eight bytes first: most texts of one length differ in more than case. */
bool str_eq_nocase(struct str a, struct str b)
{
	const uint64_t but_case = ~(~(uint64_t)0 / 255 * 0x20);
	size_t i = 0;

	if (a.len != b.len)
		return false;
	for (; i + sizeof(uint64_t) <= a.len; i += sizeof(uint64_t)) {
		uint64_t x, y;

		memcpy(&x, a.at + i, sizeof(x));
		memcpy(&y, b.at + i, sizeof(y));
		if ((x ^ y) & but_case)
			return false;
		if (x != y && !bytes_eq_nocase(a.at + i, b.at + i, sizeof(x)))
			return false;
	}
	return bytes_eq_nocase(a.at + i, b.at + i, a.len - i);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_first(s, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len && is_blank(s.at[0]))
		s.at++, s.len--;
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

struct str str_from(struct str s, size_t from)
{
	if (from > s.len)
		from = s.len;
	return (struct str){ s.at ? s.at + from : s.at, s.len - from };
}

struct str str_first(struct str s, size_t len)
{
	return (struct str){ s.at, len < s.len ? len : s.len };
}

size_t str_find(struct str s, char c)
{
	const char *p = s.len ? memchr(s.at, c, s.len) : NULL;

	return p ? (size_t)(p - s.at) : s.len;
}

size_t str_find_str(struct str s, struct str what)
{
	if (!what.len)
		return 0;
	for (size_t i = 0; i + what.len <= s.len; i++)
		if (memcmp(s.at + i, what.at, what.len) == 0)
			return i;
	return s.len;
}

bool str_cut(struct str *rest, char separator, struct str *part)
{
	if (!rest->at)
		return false;

	size_t i = str_find(*rest, separator);

	*part = str_first(*rest, i);
	*rest = i < rest->len ? str_from(*rest, i + 1) : (struct str){ NULL, 0 };
	return true;
}

bool str_to_uint(struct str s, uint64_t *n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(s.at[i] - '0');

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (s.len)
		*n = value;
	return s.len > 0;
}

bool str_to_int(struct str s, int64_t *n)
{
	const bool negative = s.len && s.at[0] == '-';
	uint64_t size;

	if (!str_to_uint(negative ? str_from(s, 1) : s, &size))
		return false;
	if (size > (uint64_t)INT64_MAX + negative)
		return false;
	*n = negative ? (int64_t)(0 - size) : (int64_t)size;
	return true;
}

bool str_to_double(struct str s, double *n)
{
	char text[64];
	char *end;

	if (!s.len || s.len >= sizeof(text) || is_blank(s.at[0]))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';

	double value = strtod(text, &end);

	if (*end)
		return false;
	*n = value;
	return true;
}

size_t str_distance(struct str a, struct str b)
{
	size_t row[64];

	if (a.len >= 64 || b.len >= 64)
		return 64;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = diagonal + (a.at[i - 1] != b.at[j - 1]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b.len];
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
