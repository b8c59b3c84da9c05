#include "base/str.h"

#include <stdlib.h>

#define EACH(byte) (~(uint64_t)0 / 255 * (byte))

/* Bit 0x20 of each byte that is a letter of ASCII. */
static uint64_t case_bits(uint64_t word)
{
	const uint64_t low = (word | EACH(0x20)) & EACH(0x7f);
	const uint64_t from_a = low + EACH(0x80 - 'a'), after_z = low + EACH(0x7f - 'z');

	return ((from_a & ~after_z & ~word) & EACH(0x80)) >> 2;
}

static bool words_eq_nocase(uint64_t x, uint64_t y)
{
	return !((x ^ y) & ~case_bits(x));
}

static uint64_t word_at(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Of fewer than eight bytes; some are in it twice. */
static uint64_t short_word(struct str s)
{
	uint32_t first, last;

	if (s.len < sizeof(first)) {
		uint64_t word = (unsigned char)s.at[s.len - 1];

		word = word << 8 | (unsigned char)s.at[s.len / 2];
		return word << 8 | (unsigned char)s.at[0];
	}
	memcpy(&first, s.at, sizeof(first));
	memcpy(&last, s.at + s.len - sizeof(last), sizeof(last));
	return (uint64_t)last << 32 | first;
}

/* In words of eight bytes; the last one may overlap. */
bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	if (a.len < sizeof(uint64_t))
		return a.len == 0 || words_eq_nocase(short_word(a), short_word(b));
	for (size_t i = 0; i + sizeof(uint64_t) <= a.len; i += sizeof(uint64_t))
		if (!words_eq_nocase(word_at(a.at + i), word_at(b.at + i)))
			return false;

	const size_t last = a.len - sizeof(uint64_t);

	return words_eq_nocase(word_at(a.at + last), word_at(b.at + last));
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
	for (size_t i = 0; i + what.len <= s.len; i++) {
		i += str_find(str_from(s, i), what.at[0]);
		if (i + what.len <= s.len && memcmp(s.at + i, what.at, what.len) == 0)
			return i;
	}
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

size_t str_digits(struct str s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] >= '0' && s.at[n] <= '9')
		n++;
	return n;
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool str_is_nearer(struct str a, struct str b, size_t *least)
{
	const size_t distance = str_distance(a, b);

	if (distance >= *least)
		return false;
	*least = distance;
	return true;
}
