#include "base/map.h"

static size_t hash(struct str key)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (unsigned char)key.at[i]) * 1099511628211u;
	return (size_t)(h ^ (h >> 32));
}

void map_init(struct map *m, struct arena *a)
{
	*m = (struct map){ .arena = a };
}

static struct map_entry *find(const struct map *m, struct str key)
{
	if (!m->room)
		return NULL;
	for (struct map_entry *e = m->slots[hash(key) & (m->room - 1)]; e; e = e->next)
		if (str_eq(e->key, key))
			return e;
	return NULL;
}

static void put(struct map *m, struct map_entry *e)
{
	struct map_entry **slot = &m->slots[hash(e->key) & (m->room - 1)];

	e->next = *slot;
	*slot = e;
}

static void grow(struct map *m)
{
	m->room = m->room ? m->room * 2 : 16;
	m->slots = arena_alloc(m->arena, m->room * sizeof(*m->slots));
	map_each(e, m) put(m, e);
}

bool map_add(struct map *m, struct str key, void *value)
{
	if (find(m, key))
		return false;
	if (m->count == m->room)
		grow(m);

	struct map_entry *e = arena_new(m->arena, struct map_entry);
	e->key = key;
	e->value = value;
	put(m, e);
	if (m->newest)
		m->newest->newer = e;
	else
		m->oldest = e;
	m->newest = e;
	m->count++;
	return true;
}

void map_set(struct map *m, struct str key, void *value)
{
	struct map_entry *e = find(m, key);

	if (e)
		e->value = value;
	else
		map_add(m, key, value);
}

void *map_get(const struct map *m, struct str key)
{
	struct map_entry *e = find(m, key);

	return e ? e->value : NULL;
}
