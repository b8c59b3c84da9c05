/* Properties of one scope of a message: names and values, in order of arrival. */
#ifndef MESSAGE_PROPERTIES_H
#define MESSAGE_PROPERTIES_H

#include "base/arena.h"
#include "message/value.h"

struct property {
	struct str name;
	struct value value;
	bool removed; /* hides what the message would know by itself */
};

struct properties {
	struct property *at;
	unsigned count, room;
};

/* Null if removed or never set; *known says which (may be NULL). */
struct value properties_get(const struct properties *p, struct str name, bool *known);
/* Names are kept as given: the arena's, or static. */
void properties_set(struct properties *p, struct arena *a, struct str name,
		    struct value value);
/* One whose name is not there yet; no search. */
void properties_add(struct properties *p, struct arena *a, struct str name,
		    struct value value);
void properties_remove(struct properties *p, struct arena *a, struct str name);
void properties_clear(struct properties *p);

#endif
