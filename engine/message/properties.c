#include "message/properties.h"

static struct property *find(const struct properties *p, struct str name)
{
	for (unsigned i = 0; i < p->count; i++)
		if (str_eq(p->at[i].name, name))
			return &p->at[i];
	return NULL;
}

struct value properties_get(const struct properties *p, struct str name, bool *known)
{
	const struct property *found = find(p, name);

	if (known)
		*known = found != NULL;
	return found && !found->removed ? found->value : VALUE_NONE;
}

static struct property *add(struct properties *p, struct arena *a, struct str name)
{
	if (p->count == p->room) {
		const unsigned room = p->room ? p->room * 2 : 8;
		struct property *at = arena_alloc_dirty(a, room * sizeof(*at));

		if (p->count)
			memcpy(at, p->at, p->count * sizeof(*at));
		p->at = at;
		p->room = room;
	}
	p->at[p->count] = (struct property){ .name = name };
	return &p->at[p->count++];
}

void properties_set(struct properties *p, struct arena *a, struct str name,
		    struct value value)
{
	struct property *found = find(p, name);

	if (!found)
		found = add(p, a, name);
	found->value = value;
	found->removed = false;
}

void properties_add(struct properties *p, struct arena *a, struct str name,
		    struct value value)
{
	add(p, a, name)->value = value;
}

void properties_remove(struct properties *p, struct arena *a, struct str name)
{
	struct property *found = find(p, name);

	if (!found)
		found = add(p, a, name);
	found->value = VALUE_NONE;
	found->removed = true;
}

void properties_clear(struct properties *p)
{
	p->count = 0;
}
