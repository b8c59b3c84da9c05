/* Percent coding, in the few dialects that the originals speak. Results are the arena's.
 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/arena.h"

/* %XX becomes a byte; a bad one stays as it stands. */
struct str url_decode(struct str s, struct arena *a);
/* The same, and '+' is a blank (application/x-www-form-urlencoded). */
struct str url_decode_form(struct str s, struct arena *a);
/* Is every '%' followed by two hex digits? */
bool url_is_decodable(struct str s);

/* All but letters, digits and the characters of `plain` become %XX. */
struct str url_encode(struct str s, const char *plain, struct arena *a);
/* As java.net.URLEncoder: letters, digits and .-*_ stay, a blank becomes '+'. */
struct str url_encode_form(struct str s, struct arena *a);

/* Characters that stay: of RFC 3986's unreserved, and of a path with its query. */
#define URL_UNRESERVED "-._~"
#define URL_PATH_QUERY "-_.!~*'():@&=+$,;/?"

#endif
