#include "base/bytes.h"

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

enum { TOKEN = 1, GRAPHIC = 2, TARGET = 4, HOST = 8, CLEAN = 16, NOT_FEED = 32 };

/* What a byte may be part of: names and methods (RFC 9110 §5.6.2), targets,
 * hosts, values. */
/* clang-format off */
static const unsigned char classes[256] = {
	32, 32, 32, 32, 32, 32, 32, 32, 32, 48,  0, 32, 32, 32, 32, 32,
	32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
	48, 63, 54, 51, 63, 63, 63, 63, 62, 62, 63, 63, 62, 63, 63, 54,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 62, 62, 54, 62, 54, 54,
	54, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 62, 54, 62, 55, 63,
	55, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 54, 55, 54, 63, 32,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
};
/* clang-format on */

static unsigned class_of(char c)
{
	return classes[(unsigned char)c];
}

/* From the n-th byte on. */
static size_t span(struct str s, size_t n, unsigned class)
{
	while (n < s.len && (class_of(s.at[n]) & class))
		n++;
	return n;
}

/* --- sixteen bytes at a time; which are of a kind, as bits --- */

#ifdef __SSE2__

enum { LANES = 16, ALL_LANES = 0xffff };

static __m128i load(const char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static __m128i each(int c)
{
	return _mm_set1_epi8((char)c);
}

static __m128i is_at_most(__m128i bytes, int most)
{
	return _mm_cmpeq_epi8(_mm_min_epu8(bytes, each(most)), bytes);
}

static __m128i is_between(__m128i bytes, int least, int most)
{
	return is_at_most(_mm_sub_epi8(bytes, each(least)), most - least);
}

/* What nearly all tokens are made of. */
static unsigned plain_lanes(const char *at)
{
	const __m128i bytes = load(at);
	const __m128i letter = is_between(_mm_or_si128(bytes, each(0x20)), 'a', 'z');
	const __m128i digit = is_between(bytes, '0', '9');
	const __m128i hyphen = _mm_cmpeq_epi8(bytes, each('-'));

	return (unsigned)_mm_movemask_epi8(
		_mm_or_si128(_mm_or_si128(letter, digit), hyphen));
}

static __m128i is_graphic(__m128i bytes)
{
	return is_between(bytes, '!', '~');
}

static unsigned graphic_lanes(const char *at)
{
	return (unsigned)_mm_movemask_epi8(is_graphic(load(at)));
}

static unsigned target_lanes(const char *at)
{
	const __m128i bytes = load(at);
	const __m128i hash = _mm_cmpeq_epi8(bytes, each('#'));

	return (unsigned)_mm_movemask_epi8(_mm_andnot_si128(hash, is_graphic(bytes)));
}

static unsigned clean_lanes(const char *at)
{
	const __m128i bytes = load(at);
	const __m128i low = is_at_most(bytes, ' ' - 1);
	const __m128i other = _mm_andnot_si128(_mm_cmpeq_epi8(bytes, each('\t')), low);
	const __m128i delete = _mm_cmpeq_epi8(bytes, each(127));

	return ~(unsigned)_mm_movemask_epi8(_mm_or_si128(other, delete)) & ALL_LANES;
}

static unsigned not_feed_lanes(const char *at)
{
	return ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(at), each('\n'))) &
	       ALL_LANES;
}

/* How many at the front are of a kind; in what is too short for lanes, of a class. */
static size_t lane_span(struct str s, unsigned (*lanes)(const char *at), unsigned class)
{
	size_t n = 0;

	for (; s.len - n >= LANES; n += LANES) {
		const unsigned others = lanes(s.at + n) ^ ALL_LANES;

		if (others)
			return n + (size_t)__builtin_ctz(others);
	}
	return span(s, n, class);
}

#else

static size_t lane_span(struct str s, unsigned (*lanes)(const char *at), unsigned class)
{
	(void)lanes;
	return span(s, 0, class);
}

#	define plain_lanes NULL
#	define graphic_lanes NULL
#	define clean_lanes NULL
#	define not_feed_lanes NULL

#endif

/* Tokens and hosts have some rarer bytes as well: those are looked at by class. */
size_t token_span(struct str s)
{
	return span(s, lane_span(s, plain_lanes, TOKEN), TOKEN);
}

size_t host_span(struct str s)
{
	return span(s, lane_span(s, plain_lanes, HOST), HOST);
}

size_t graphic_span(struct str s)
{
	return lane_span(s, graphic_lanes, GRAPHIC);
}

size_t target_span(struct str s)
{
	return lane_span(s, target_lanes, TARGET);
}

size_t clean_span(struct str s)
{
	return lane_span(s, clean_lanes, CLEAN);
}

size_t line_span(struct str s)
{
	return lane_span(s, not_feed_lanes, NOT_FEED);
}
