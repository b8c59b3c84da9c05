/*
 * Names to things: a hash table on an arena that only grows.
 *
 * For what is built once and asked often (the names of a deployment). Keys are
 * borrowed and must live as long as the map.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

struct map_entry {
	struct str key;
	void *value;
	struct map_entry *next;  /* in the same slot */
	struct map_entry *newer; /* in order of arrival */
};

struct map {
	struct arena *arena; /* borrowed */
	struct map_entry **slots;
	size_t room, count;
	struct map_entry *oldest, *newest;
};

void map_init(struct map *m, struct arena *a);

/* False if the key is there already; the old value stays. */
bool map_add(struct map *m, struct str key, void *value);
void map_set(struct map *m, struct str key, void *value);
void *map_get(const struct map *m, struct str key); /* NULL: not there */

#define map_each(e, m) for (struct map_entry *e = (m)->oldest; e; e = e->newer)

#endif
