#include "net/url.h"

#include <criterion/criterion.h>

/* A URL and its parts; no host: it is none. */
static const struct {
	const char *text, *origin, *authority, *host;
	unsigned port;
	const char *target;
	bool tls;
} urls[] = {
	{ "http://a", "http://a", "a", "a", 80, "/", false },
	{ "http://a/", "http://a", "a", "a", 80, "/", false },
	{ "HTTP://a:81/b?c#d", "HTTP://a:81", "a:81", "a", 81, "/b?c", false },
	{ "https://a.b/c//d", "https://a.b", "a.b", "a.b", 443, "/c//d", true },
	{ "https://a?b", "https://a", "a", "a", 443, "?b", true },
	{ "http://[::1]:82/x", "http://[::1]:82", "[::1]:82", "::1", 82, "/x", false },
	{ .text = "" },
	{ .text = "http" },
	{ .text = "http:/a" },
	{ .text = "ftp://a/" },
	{ .text = "http://" },
	{ .text = "http://:80/" },
	{ .text = "http://a:/x" },
	{ .text = "http://a:b/x" },
	{ .text = "http://a:0/x" },
	{ .text = "http://a:65536/x" },
	{ .text = "http://u:p@a/x" },
	{ .text = "http://u@a/x" },
	{ .text = "http://[::1/x" },
	{ .text = "http://[::1]x/x" },
	{ .text = "http://a/b c" },
	{ .text = "http://a/b\r\nc" },
	{ .text = "http://a/b\x7f" },
};

Test(url, is_taken_apart_or_refused)
{
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct url u;
		const bool fine = url_parse(str_of(urls[i].text), &u);

		cr_expect_eq(fine, urls[i].host != NULL, "%s", urls[i].text);
		if (!fine || !urls[i].host)
			continue;
		cr_expect(str_eq(u.origin, str_of(urls[i].origin)), "%s", urls[i].text);
		cr_expect(str_eq(u.authority, str_of(urls[i].authority)), "%s",
			  urls[i].text);
		cr_expect(str_eq(u.host, str_of(urls[i].host)), "%s", urls[i].text);
		cr_expect_eq(u.port, urls[i].port, "%s", urls[i].text);
		cr_expect(str_eq(u.target, str_of(urls[i].target)), "%s", urls[i].text);
		cr_expect_eq(u.tls, urls[i].tls, "%s", urls[i].text);
	}
}
