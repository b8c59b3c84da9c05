#include "message/body_spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct body_spool {
	int descriptor;
	uint64_t base, size;
	char window[64 * 1024];
};

struct mapping {
	void *at;
	size_t len;
};

static int open_unlinked(void)
{
	const char *folder = getenv("TMPDIR");
	char path[256];

	if (!folder || strlen(folder) > sizeof(path) - 32)
		folder = "/tmp";
	snprintf(path, sizeof(path), "%s/myelin-XXXXXX", folder);

	int descriptor = mkstemp(path);

	if (descriptor >= 0)
		unlink(path);
	return descriptor;
}

struct body_spool *spool_open(uint64_t base)
{
	const int descriptor = open_unlinked();
	struct body_spool *s = descriptor < 0 ? NULL : malloc(sizeof(*s));

	if (!s) {
		if (descriptor >= 0)
			close(descriptor);
		return NULL;
	}
	s->descriptor = descriptor;
	s->base = base;
	s->size = 0;
	return s;
}

void spool_close(struct body_spool *s)
{
	close(s->descriptor);
	free(s);
}

bool spool_add(struct body_spool *s, struct str bytes)
{
	while (bytes.len > 0) {
		const ssize_t n = pwrite(s->descriptor, bytes.at, bytes.len,
					 (off_t)s->size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s->size += (uint64_t)n;
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

struct str spool_read(struct body_spool *s, uint64_t from)
{
	ssize_t n;

	do
		n = pread(s->descriptor, s->window, sizeof(s->window),
			  (off_t)(from - s->base));
	while (n < 0 && errno == EINTR);
	return n > 0 ? (struct str){ s->window, (size_t)n } : (struct str){ NULL, 0 };
}

static void unmap(void *mapping)
{
	const struct mapping *m = mapping;

	munmap(m->at, m->len);
}

struct str spool_map(struct body_spool *s, struct arena *a)
{
	const size_t len = (size_t)s->size;
	void *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, s->descriptor, 0);
	struct mapping *m;

	if (at == MAP_FAILED)
		return (struct str){ NULL, 0 };
	m = arena_new(a, struct mapping);
	*m = (struct mapping){ at, len };
	arena_on_release(a, unmap, m);
	return (struct str){ at, len };
}
