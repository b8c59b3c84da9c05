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
	to->seen = from->seen;
}

void headers_clone(struct headers *to, const struct headers *from, struct arena *a)
{
	headers_init(to, a);
	for (unsigned i = 0; i < from->count; i++)
		headers_add(to, arena_copy(a, from->at[i].name),
			    arena_copy(a, from->at[i].value));
}

const struct header *headers_known(const struct headers *h, enum header_field field)
{
	if (!(h->seen & HEADER_BIT(field)))
		return NULL;
	for (unsigned i = 0; i < h->count; i++)
		if (h->at[i].field == field)
			return &h->at[i];
	return NULL;
}

static bool is_named(const struct header *h, enum header_field field, struct str name)
{
	return h->field == field &&
	       (field != HEADER_OTHER || str_eq_nocase(h->name, name));
}

/* The first of the name; h->count: there is none. */
static unsigned find(const struct headers *h, enum header_field field, struct str name)
{
	unsigned i = 0;

	if (!(h->seen & HEADER_BIT(field)))
		return h->count;
	while (i < h->count && !is_named(&h->at[i], field, name))
		i++;
	return i;
}

const struct header *headers_find(const struct headers *h, struct str name)
{
	const unsigned i = find(h, header_field_of(name), name);

	return i < h->count ? &h->at[i] : NULL;
}

struct str headers_get(const struct headers *h, struct str name)
{
	const struct header *found = headers_find(h, name);

	return found ? found->value : (struct str){ NULL, 0 };
}

struct header *headers_add(struct headers *h, struct str name, struct str value)
{
	const enum header_field field = header_field_of(name);
	struct header *added;

	if (h->count == h->room)
		make_room(h, h->room * 2 + 1);
	h->seen |= HEADER_BIT(field);
	added = &h->at[h->count++];
	*added = (struct header){ name, value, field, false };
	return added;
}

/* Drops those of the name from the i-th on. */
static void remove_from(struct headers *h, unsigned i, enum header_field field,
			struct str name)
{
	unsigned kept = i;

	for (; i < h->count; i++)
		if (!is_named(&h->at[i], field, name))
			h->at[kept++] = h->at[i];
	h->count = kept;
}

void headers_set(struct headers *h, struct str name, struct str value)
{
	const enum header_field field = header_field_of(name);
	const unsigned i = find(h, field, name);

	if (i == h->count) {
		headers_add(h, name, value);
		return;
	}
	h->at[i].value = value;
	h->at[i].as_it_came = false;
	remove_from(h, i + 1, field, name);
}

void headers_remove(struct headers *h, struct str name)
{
	const enum header_field field = header_field_of(name);

	remove_from(h, find(h, field, name), field, name);
}

void headers_drop(struct headers *h, uint32_t fields)
{
	unsigned kept = 0;

	if (!(h->seen & fields))
		return;
	for (unsigned i = 0; i < h->count; i++)
		if (!(HEADER_BIT(h->at[i].field) & fields))
			h->at[kept++] = h->at[i];
	h->count = kept;
}

bool header_name_is_valid(struct str name)
{
	return name.len > 0 && token_span(name) == name.len;
}

bool header_value_is_valid(struct str value)
{
	return clean_span(value) == value.len;
}
