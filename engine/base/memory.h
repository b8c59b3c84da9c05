/* Memory that is no arena's; arenas are the rule. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* Zeroed and never NULL; to be given to free(). */
void *memory_new(size_t size);

#endif
