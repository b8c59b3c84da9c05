#include "base/base64.h"

static const char usual[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char of_urls[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static struct str encode(struct str bytes, const char *alphabet, bool pad,
			 struct arena *a)
{
	char *to = arena_alloc_dirty(a, (bytes.len + 2) / 3 * 4 + 1);
	size_t len = 0;

	for (size_t i = 0; i < bytes.len; i += 3) {
		const size_t there = bytes.len - i < 3 ? bytes.len - i : 3;
		unsigned group = 0;

		for (size_t k = 0; k < 3; k++)
			group = group << 8 |
				(k < there ? (unsigned char)bytes.at[i + k] : 0u);
		for (size_t k = 0; k < 4; k++) {
			if (k <= there)
				to[len++] = alphabet[group >> (18 - 6 * k) & 63];
			else if (pad)
				to[len++] = '=';
		}
	}
	to[len] = '\0';
	return (struct str){ to, len };
}

struct str base64_encode(struct str bytes, struct arena *a)
{
	return encode(bytes, usual, true, a);
}

struct str base64url_encode(struct str bytes, struct arena *a)
{
	return encode(bytes, of_urls, false, a);
}

/* 0 to 63; -1: no letter of either alphabet. */
static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool base64_decode(struct str text, bool lenient, struct arena *a, struct str *bytes)
{
	char *to = arena_alloc_dirty(a, text.len / 4 * 3 + 4);
	size_t len = 0, digits = 0;
	unsigned group = 0;

	while (text.len && (text.at[text.len - 1] == '=' ||
			    (lenient && is_blank(text.at[text.len - 1]))))
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		const int d = digit(text.at[i]);

		if (d < 0 && lenient && is_blank(text.at[i]))
			continue;
		if (d < 0)
			return false;
		group = group << 6 | (unsigned)d;
		if (++digits % 4 != 1)
			to[len++] = (char)(group >> (8 - digits % 4 * 2) % 8 & 255);
	}
	if (digits % 4 == 1)
		return false;
	to[len] = '\0';
	*bytes = (struct str){ to, len };
	return true;
}
