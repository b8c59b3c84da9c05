#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void *memory_new(size_t size)
{
	void *p = calloc(1, size);

	if (!p) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}
