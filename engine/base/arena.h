/*
 * An arena: memory that dies together.
 *
 * There are three kinds in this program, and every allocation belongs to one of
 * them: a deployment's (as long as the configuration lives), an exchange's
 * (as long as the message is mediated) and an exchange's stack (as long as
 * the frame is on it).
 *
 * An arena never returns NULL. What comes from the network is measured before
 * it is allocated; what then still does not fit ends the process. Chunks of the
 * usual size come from a list of each thread, so that a request costs no malloc.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

/* Bytes that allocations are cut from, one after the other. */
struct arena_chunk {
	struct arena_chunk *below;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct arena_chunk *top;
	struct arena_cleanup *cleanups;
};

/* A place to rewind to; everything allocated after it is gone then. */
struct arena_mark {
	struct arena_chunk *chunk;
	size_t used;
};

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

void *arena_alloc_chunk(struct arena *a, size_t size); /* when the top one is full */

/* Whatever was there before is in it. */
static inline void *arena_alloc_dirty(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	const size_t need = (size + align - 1) & ~(align - 1);
	struct arena_chunk *c = a->top;

	if (!c || c->size - c->used < need)
		return arena_alloc_chunk(a, need);
	c->used += need;
	return c->bytes + c->used - need;
}

/* Zeroed. */
static inline void *arena_alloc(struct arena *a, size_t size)
{
	return memset(arena_alloc_dirty(a, size), 0, size);
}
struct str arena_copy(struct arena *a, struct str s); /* a NUL stands behind it */
/* One after the other; a NUL stands behind them. */
struct str arena_join(struct arena *a, struct str first, struct str second);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* For what is not memory of ours (a libxml2 tree): called at release, last first. */
void arena_on_release(struct arena *a, void (*release)(void *thing), void *thing);

/* Not for arenas that something was given to by arena_on_release() since the mark. */
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark to);
void arena_release(struct arena *a);

/* Gives this thread's spare chunks back to the system; before a thread ends. */
void arena_trim(void);

#endif
