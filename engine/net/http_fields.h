/*
 * A head as text, line by line. That it ends in an empty line, and that each LF in it
 * has a CR before it, http_find_head() has seen to.
 *
 * Strict where leniency would let two readers disagree (RFC 9112 §2.2, §3, §5): names
 * are tokens right up to the colon, the request line has two single blanks.
 */
#ifndef NET_HTTP_FIELDS_H
#define NET_HTTP_FIELDS_H

#include "net/http_parse.h"

/* BAD, and why; `why` is static. */
enum http_step http_refuse(struct http_parser *p, unsigned status, const char *why);

/* Fills method and target, or status and reason; minor; headers. DONE or BAD. */
enum http_step http_read_lines(struct http_parser *p, struct str block);

/* Does the connection stay, by its version and the Connection fields? */
bool http_keeps_alive(const struct http_head *head);

#endif
