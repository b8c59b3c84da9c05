/*
 * What bytes may be part of: how many at the front of a text are of a class. Quick,
 * since every byte of every head goes through here.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/str.h"

/* Of a token (RFC 9110 §5.6.2): field names, methods. */
size_t token_span(struct str s);
/* Visible ASCII: no blanks, no control characters, nothing beyond 126. */
size_t graphic_span(struct str s);
/* Of a request's target: visible, and no fragment. */
size_t target_span(struct str s);
/* Of a host and its port (RFC 3986 §3.2.2): no user, no path. */
size_t host_span(struct str s);
/* Before the first control character that is no tab; DEL is one. */
size_t clean_span(struct str s);
/* Before the first LF. */
size_t line_span(struct str s);

#endif
