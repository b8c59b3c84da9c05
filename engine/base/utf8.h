/* UTF-8, one character at a time. What is no UTF-8 counts as U+FFFD, byte by byte. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"

enum { UTF8_REPLACEMENT = 0xFFFD };

/* The first character of s, which must not be empty; how many bytes it takes. */
size_t utf8_next(struct str s, uint32_t *c);
/* Writes at most 4 bytes; how many. */
size_t utf8_put(char *to, uint32_t c);
/* In characters. */
size_t utf8_length(struct str s);
/* Where the n-th character begins; s.len if there are fewer. */
size_t utf8_offset(struct str s, size_t n);

/* Letters of Latin, Greek and Cyrillic scripts; others stay. The arena's. */
struct str utf8_upper(struct str s, struct arena *a);
struct str utf8_lower(struct str s, struct arena *a);

#endif
