#include "base/bytes.h"

#include <criterion/criterion.h>

static bool is_token(unsigned char c)
{
	return c && strchr("!#$%&'*+-.^_`|~0123456789"
			   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
			   c);
}

static bool is_graphic(unsigned char c)
{
	return c > ' ' && c < 127;
}

static bool is_target(unsigned char c)
{
	return is_graphic(c) && c != '#';
}

static bool is_host(unsigned char c)
{
	return c && strchr("!$%&'()*+,-.:;=[]_~0123456789"
			   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
			   c);
}

static bool is_clean(unsigned char c)
{
	return c == '\t' || (c >= ' ' && c != 127);
}

static bool is_no_feed(unsigned char c)
{
	return c != '\n';
}

static const struct kind {
	const char *name;
	size_t (*span)(struct str s);
	bool (*is)(unsigned char c);
} kinds[] = {
	{ "token", token_span, is_token },    { "graphic", graphic_span, is_graphic },
	{ "target", target_span, is_target }, { "host", host_span, is_host },
	{ "clean", clean_span, is_clean },    { "line", line_span, is_no_feed },
};

/* Every byte at every place of texts of every length that matters: 40 is two lanes and
 * a half. */
Test(bytes, a_span_ends_at_the_first_byte_of_another_kind)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t len = 0; len <= 40; len++)
			for (size_t at = 0; at < len; at++)
				for (unsigned c = 0; c < 256; c++) {
					char text[40];
					const struct str s = { text, len };

					memset(text, 'a', sizeof(text));
					text[at] = (char)c;

					const size_t want = kinds[k].is((unsigned char)c)
								    ? len
								    : at;

					cr_assert(kinds[k].span(s) == want,
						  "%s: byte %u at %zu of %zu",
						  kinds[k].name, c, at, len);
				}
}
