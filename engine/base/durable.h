/* Files that a crash leaves as they were or as they are to be, never in between. */
#ifndef BASE_DURABLE_H
#define BASE_DURABLE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

/* Directories on the way are made. False: *why, in the arena. */
bool durable_write(const char *path, struct str text, struct arena *a, struct fault *why);
/* False: it could not be done. */
bool durable_rename(const char *from, const char *to, struct arena *a);
bool durable_remove(const char *path, struct arena *a);

#endif
