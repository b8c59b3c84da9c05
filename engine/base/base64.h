/* Base64 (RFC 4648), with the usual alphabet or that of URLs (- and _, no padding). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/arena.h"

struct str base64_encode(struct str bytes, struct arena *a);
struct str base64url_encode(struct str bytes, struct arena *a);

/*
 * Takes both alphabets, with or without padding; blanks and line ends only if
 * `lenient`. False: it is not base64.
 */
bool base64_decode(struct str text, bool lenient, struct arena *a, struct str *bytes);

#endif
