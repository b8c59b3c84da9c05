#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_SIZE = 4096 - 32, MOST_SPARE = 4096 };

struct arena_cleanup {
	struct arena_cleanup *below;
	void (*release)(void *thing);
	void *thing;
};

/* Chunks of CHUNK_SIZE that nobody uses; this thread's own. */
static _Thread_local struct arena_chunk *spare;
static _Thread_local unsigned spare_count;

static struct arena_chunk *take_spare(void)
{
	struct arena_chunk *c = spare;

	spare = c->below;
	spare_count--;
	return c;
}

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *c = malloc(sizeof(*c) + size);

	if (!c) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return c;
}

static struct arena_chunk *chunk_push(struct arena *a, size_t need)
{
	const size_t size = need > CHUNK_SIZE ? need : CHUNK_SIZE;
	struct arena_chunk *c = size == CHUNK_SIZE && spare ? take_spare()
							    : chunk_new(size);

	c->below = a->top;
	c->size = size;
	c->used = 0;
	return a->top = c;
}

static void chunk_free(struct arena_chunk *c)
{
	if (c->size != CHUNK_SIZE || spare_count == MOST_SPARE) {
		free(c);
		return;
	}
	c->below = spare;
	spare = c;
	spare_count++;
}

void *arena_alloc_chunk(struct arena *a, size_t size)
{
	struct arena_chunk *c = chunk_push(a, size);

	c->used = size;
	return c->bytes;
}

struct str arena_copy(struct arena *a, struct str s)
{
	char *p = arena_alloc_dirty(a, s.len + 1);

	if (s.len)
		memcpy(p, s.at, s.len);
	p[s.len] = '\0';
	return (struct str){ p, s.len };
}

struct str arena_join(struct arena *a, struct str first, struct str second)
{
	char *p = arena_alloc_dirty(a, first.len + second.len + 1);

	if (first.len)
		memcpy(p, first.at, first.len);
	if (second.len)
		memcpy(p + first.len, second.at, second.len);
	p[first.len + second.len] = '\0';
	return (struct str){ p, first.len + second.len };
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);

	char *p = arena_alloc_dirty(a, (size_t)len + 1);
	vsnprintf(p, (size_t)len + 1, fmt, again);
	va_end(again);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

void arena_on_release(struct arena *a, void (*release)(void *thing), void *thing)
{
	struct arena_cleanup *c = arena_new(a, struct arena_cleanup);

	*c = (struct arena_cleanup){ a->cleanups, release, thing };
	a->cleanups = c;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->top, a->top ? a->top->used : 0 };
}

void arena_rewind(struct arena *a, struct arena_mark to)
{
	while (a->top != to.chunk) {
		struct arena_chunk *below = a->top->below;

		chunk_free(a->top);
		a->top = below;
	}
	if (a->top)
		a->top->used = to.used;
}

void arena_release(struct arena *a)
{
	while (a->cleanups) {
		struct arena_cleanup *c = a->cleanups;

		a->cleanups = c->below;
		c->release(c->thing);
	}
	arena_rewind(a, (struct arena_mark){ 0 });
}

void arena_trim(void)
{
	while (spare)
		free(take_spare());
}
