/*
 * Text that grows, up to a maximum that is given at the start.
 *
 * What does not fit any more is dropped and remembered: ask buf_is_full() once
 * at the end instead of checking every call.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *at;
	size_t len, room, most; /* room is never more than most */
	bool full;
};

void buf_init(struct buf *b, size_t most);
void buf_release(struct buf *b);

/* Space for `len` more bytes, to be written and then counted; NULL if too much. */
char *buf_reserve(struct buf *b, size_t len);

static inline void buf_add(struct buf *b, struct str s)
{
	const bool fits = !b->full && b->room - b->len >= s.len;
	char *to = fits ? b->at + b->len : buf_reserve(b, s.len);

	if (!to || s.len == 0)
		return;
	memcpy(to, s.at, s.len);
	b->len += s.len;
}

void buf_add_char(struct buf *b, char c);
void buf_add_uint(struct buf *b, uint64_t n);
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A whole file; false: errno, or it is larger than the most. */
bool buf_read_file(struct buf *b, const char *path);

void buf_clear(struct buf *b); /* keeps the memory */
bool buf_is_full(const struct buf *b);
struct str buf_str(const struct buf *b); /* borrowed until the next change */

#endif
