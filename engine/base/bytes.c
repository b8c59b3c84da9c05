#include "base/bytes.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#	define FIRST_BYTE(bits) ((size_t)__builtin_ctzll(bits) / 8)
#else
#	define FIRST_BYTE(bits) ((size_t)__builtin_clzll(bits) / 8)
#endif

enum { TOKEN = 1, GRAPHIC = 2, TARGET = 4, HOST = 8 };

/* What a byte may be part of: names and methods (RFC 9110 §5.6.2), targets, hosts. */
/* clang-format off */
static const unsigned char classes[256] = {
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0, 15,  6,  3, 15, 15, 15, 15, 14, 14, 15, 15, 14, 15, 15,  6,
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14, 14,  6, 14,  6,  6,
	 6, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14,  6, 14,  7, 15,
	 7, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,  6,  7,  6, 15,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
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

size_t target_span(struct str s)
{
	return span(s, TARGET);
}

size_t host_span(struct str s)
{
	return span(s, HOST);
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
