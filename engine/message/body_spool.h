/*
 * The part of a body that is too large for memory: an unlinked temporary file.
 *
 * Written at its end, read from anywhere; gone with its descriptor.
 */
#ifndef MESSAGE_BODY_SPOOL_H
#define MESSAGE_BODY_SPOOL_H

#include "base/arena.h"
#include "base/str.h"

struct body_spool;

/* Its first byte is byte `base` of the body. NULL: no temporary file to be had. */
struct body_spool *spool_open(uint64_t base);
void spool_close(struct body_spool *s);

bool spool_add(struct body_spool *s, struct str bytes); /* false: disk full */
/* Some bytes from byte `from` of the body; `at` NULL: it cannot be read. */
struct str spool_read(struct body_spool *s, uint64_t from);
/* All of it as memory, until the arena is released; `at` NULL: it cannot be. */
struct str spool_map(struct body_spool *s, struct arena *a);

#endif
