#include "base/bytes.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#	define FIRST_BYTE(bits) ((size_t)__builtin_ctzll(bits) / 8)
#else
#	define FIRST_BYTE(bits) ((size_t)__builtin_clzll(bits) / 8)
#endif

enum { TOKEN = 1, GRAPHIC = 2 };

/* What a byte may be part of: names and methods (RFC 9110 §5.6.2), targets. */
/* clang-format off */
static const unsigned char classes[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 3, 2, 3, 3, 3, 3, 3, 2, 2, 3, 3, 2, 3, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2,
	2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 3, 3,
	3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 3, 2, 3, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
/* clang-format on */

static unsigned class_of(char c)
{
	return classes[(unsigned char)c];
}

/* Four bytes at a time: most names have a dozen. */
static size_t span(struct str s, unsigned class)
{
	size_t n = 0;

	for (; s.len - n >= 4; n += 4)
		if (!(class_of(s.at[n]) & class_of(s.at[n + 1]) & class_of(s.at[n + 2]) &
		      class_of(s.at[n + 3]) & class))
			break;
	while (n < s.len && (class_of(s.at[n]) & class))
		n++;
	return n;
}

size_t token_span(struct str s)
{
	return span(s, TOKEN);
}

size_t graphic_span(struct str s)
{
	return span(s, GRAPHIC);
}

#define EACH(byte) (~(uint64_t)0 / 255 * (byte))

/* The high bit of each control character; of those, the lowest is exact. */
static uint64_t control_bits(uint64_t word)
{
	const uint64_t other = word ^ EACH(0x7f);
	const uint64_t below_space = (word - EACH(0x20)) & ~word;
	const uint64_t is_delete = (other - EACH(1)) & ~other;

	return (below_space | is_delete) & EACH(0x80);
}

static bool is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 127;
}

size_t clean_span(struct str s)
{
	size_t i = 0;

	while (s.len - i >= sizeof(uint64_t)) {
		uint64_t word, bits;

		memcpy(&word, s.at + i, sizeof(word));
		bits = control_bits(word);
		if (!bits) {
			i += sizeof(word);
			continue;
		}
		i += FIRST_BYTE(bits);
		if (s.at[i] != '\t')
			return i;
		i++;
	}
	while (i < s.len && !is_control(s.at[i]))
		i++;
	return i;
}
