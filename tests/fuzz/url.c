/* URLs of backends: the parts lie within the text, and no line end gets through. */
#include <stdlib.h>

#include "net/url.h"
#include "tests/fuzz/fuzz.h"

static void must_lie_in(struct str part, struct str all)
{
	if (part.at < all.at || part.at + part.len > all.at + all.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct str text = { (const char *)bytes, len };
	struct url u;

	if (!url_parse(text, &u))
		return 0;
	must_lie_in(u.host, text);
	must_lie_in(u.origin, text);
	must_lie_in(u.authority, text);
	if (u.port == 0 || u.port > 65535 || u.host.len == 0)
		abort();
	if (str_find(u.target, '\r') < u.target.len ||
	    str_find(u.target, ' ') < u.target.len)
		abort();
	return 0;
}
