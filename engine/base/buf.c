#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_READ = 65536 };

void buf_init(struct buf *b, size_t most)
{
	*b = (struct buf){ .most = most };
}

void buf_release(struct buf *b)
{
	free(b->at);
	*b = (struct buf){ .most = b->most };
}

static void grow(struct buf *b, size_t need)
{
	size_t room = b->room ? b->room : 256;

	while (room < need)
		room *= 2;
	if (room > b->most)
		room = b->most;

	char *at = realloc(b->at, room);
	if (!at) {
		fputs("out of memory\n", stderr);
		abort();
	}
	b->at = at;
	b->room = room;
}

char *buf_reserve(struct buf *b, size_t len)
{
	if (b->full || len > b->most - b->len) {
		b->full = true;
		return NULL;
	}
	if (b->room - b->len < len)
		grow(b, b->len + len);
	return b->at + b->len;
}

void buf_add_char(struct buf *b, char c)
{
	buf_add(b, (struct str){ &c, 1 });
}

void buf_add_uint(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	buf_add(b, (struct str){ digits + at, sizeof(digits) - at });
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);

	char *to = buf_reserve(b, (size_t)len + 1);
	if (to) {
		vsnprintf(to, (size_t)len + 1, fmt, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

bool buf_is_full(const struct buf *b)
{
	return b->full;
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->at, b->len };
}

bool buf_read_file(struct buf *b, const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t got;

	if (!f)
		return false;
	do {
		char *room = buf_reserve(b, FILE_READ);

		got = room ? fread(room, 1, FILE_READ, f) : 0;
		b->len += got;
	} while (got);

	const bool fine = !ferror(f) && !buf_is_full(b);
	fclose(f);
	return fine;
}
