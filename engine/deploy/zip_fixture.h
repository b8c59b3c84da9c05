/* For tests: archives, made by hand. */
#ifndef DEPLOY_ZIP_FIXTURE_H
#define DEPLOY_ZIP_FIXTURE_H

#include <string.h>

#include "base/str.h"

/* An archive of stored files, as a test needs it. */
struct packing {
	char bytes[4096];
	size_t len, entries, count;
	char directory[2048];
};

static inline void packing_put(char *to, size_t *at, size_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		to[(*at)++] = (char)(i < 8 ? value >> 8 * i : 0);
}

static inline void packing_text(char *to, size_t *at, const char *text)
{
	memcpy(to + *at, text, strlen(text));
	*at += strlen(text);
}

/* unpacked: the size the archive claims. */
static inline void packing_add(struct packing *p, const char *name, const char *text,
			       size_t unpacked)
{
	const size_t offset = p->len;

	packing_put(p->bytes, &p->len, 0x04034b50, 4);
	packing_put(p->bytes, &p->len, 0, 22);
	packing_put(p->bytes, &p->len, strlen(name), 2);
	packing_put(p->bytes, &p->len, 0, 2);
	packing_text(p->bytes, &p->len, name);
	packing_text(p->bytes, &p->len, text);
	packing_put(p->directory, &p->entries, 0x02014b50, 4);
	packing_put(p->directory, &p->entries, 0, 8);
	packing_put(p->directory, &p->entries, 0, 8);
	packing_put(p->directory, &p->entries, strlen(text), 4);
	packing_put(p->directory, &p->entries, unpacked, 4);
	packing_put(p->directory, &p->entries, strlen(name), 2);
	packing_put(p->directory, &p->entries, 0, 12);
	packing_put(p->directory, &p->entries, offset, 4);
	packing_text(p->directory, &p->entries, name);
	p->count++;
}

static inline struct str packing_finish(struct packing *p)
{
	const size_t start = p->len;

	memcpy(p->bytes + p->len, p->directory, p->entries);
	p->len += p->entries;
	packing_put(p->bytes, &p->len, 0x06054b50, 4);
	packing_put(p->bytes, &p->len, 0, 6);
	packing_put(p->bytes, &p->len, p->count, 2);
	packing_put(p->bytes, &p->len, p->entries, 4);
	packing_put(p->bytes, &p->len, start, 4);
	packing_put(p->bytes, &p->len, 0, 2);
	return (struct str){ p->bytes, p->len };
}

#endif
