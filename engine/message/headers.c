#include "message/headers.h"

#include "base/bytes.h"

void headers_init(struct headers *h, struct arena *a)
{
	*h = (struct headers){ .arena = a };
}

static void make_room(struct headers *h, unsigned room)
{
	struct header *at;

	if (h->room >= room)
		return;
	room = room < 16 ? 16 : room;
	at = arena_alloc_dirty(h->arena, room * sizeof(*at));
	if (h->count)
		memcpy(at, h->at, h->count * sizeof(*at));
	h->at = at;
	h->room = room;
}

void headers_copy(struct headers *to, const struct headers *from, struct arena *a)
{
	headers_init(to, a);
	make_room(to, from->count);
	if (from->count)
		memcpy(to->at, from->at, from->count * sizeof(*to->at));
	to->count = from->count;
}

void headers_clone(struct headers *to, const struct headers *from, struct arena *a)
{
	headers_init(to, a);
	for (unsigned i = 0; i < from->count; i++)
		headers_add(to, arena_copy(a, from->at[i].name),
			    arena_copy(a, from->at[i].value));
}

const struct header *headers_find(const struct headers *h, struct str name)
{
	for (unsigned i = 0; i < h->count; i++)
		if (str_eq_nocase(h->at[i].name, name))
			return &h->at[i];
	return NULL;
}

struct str headers_get(const struct headers *h, struct str name)
{
	const struct header *found = headers_find(h, name);

	return found ? found->value : (struct str){ NULL, 0 };
}

void headers_add(struct headers *h, struct str name, struct str value)
{
	if (h->count == h->room)
		make_room(h, h->room * 2 + 1);
	h->at[h->count++] = (struct header){ name, value, false };
}

/* Drops those of the name from the i-th on. */
static void remove_from(struct headers *h, unsigned i, struct str name)
{
	unsigned kept = i;

	for (; i < h->count; i++)
		if (!str_eq_nocase(h->at[i].name, name))
			h->at[kept++] = h->at[i];
	h->count = kept;
}

void headers_set(struct headers *h, struct str name, struct str value)
{
	for (unsigned i = 0; i < h->count; i++) {
		if (str_eq_nocase(h->at[i].name, name)) {
			h->at[i] = (struct header){ h->at[i].name, value, false };
			remove_from(h, i + 1, name);
			return;
		}
	}
	headers_add(h, name, value);
}

void headers_remove(struct headers *h, struct str name)
{
	remove_from(h, 0, name);
}

bool header_name_is_valid(struct str name)
{
	return name.len > 0 && token_span(name) == name.len;
}

bool header_value_is_valid(struct str value)
{
	return clean_span(value) == value.len;
}
