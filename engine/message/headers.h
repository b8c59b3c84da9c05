/*
 * Header fields, in the order they came, repeated ones included.
 *
 * Names are found whatever their case and kept as written. Texts are the
 * arena's, or live at least as long. What came off the wire lies in one block;
 * fields that are still as they came are written in runs, not one by one.
 */
#ifndef MESSAGE_HEADERS_H
#define MESSAGE_HEADERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "message/header_field.h"

struct header {
	struct str name, value;
	enum header_field field; /* which of those we know, by its name */
	/* "Name: value\r\n" stands in memory just like that, starting at name.at. */
	bool as_it_came;
};

struct headers {
	struct arena *arena; /* borrowed */
	struct header *at;
	unsigned count, room;
	uint32_t seen; /* FIELD_BITs; of a field that is not among them there is none */
};

void headers_init(struct headers *h, struct arena *a);
/* Copies the table; texts stay borrowed. */
void headers_copy(struct headers *to, const struct headers *from, struct arena *a);
/* Copies the texts as well. */
void headers_clone(struct headers *to, const struct headers *from, struct arena *a);

/* The first of a field we know. */
const struct header *headers_known(const struct headers *h, enum header_field field);
const struct header *headers_find(const struct headers *h, struct str name); /* first */
struct str headers_get(const struct headers *h, struct str name); /* at NULL: none */

/* set: one field of the name remains, where the first stood; add: one more, which it
 * gives. */
void headers_set(struct headers *h, struct str name, struct str value);
struct header *headers_add(struct headers *h, struct str name, struct str value);
void headers_remove(struct headers *h, struct str name); /* all of that name */
void headers_drop(struct headers *h, uint32_t fields);   /* all of these FIELD_BITs */

/* Could it be sent as a field? No CR, LF, NUL; names are tokens. */
bool header_name_is_valid(struct str name);
bool header_value_is_valid(struct str value);

#endif
