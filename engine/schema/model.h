/*
 * From what was bound back to elements: the binder's way in the other direction.
 *
 * The tables say what is written and where. Fields that have their default are left
 * out, so that what comes out is what was understood and nothing else.
 */
#ifndef SCHEMA_MODEL_H
#define SCHEMA_MODEL_H

#include "schema/schema.h"

struct node;

/* What writing needs from the floors above; synapse-xml/writer.c fills these in. */
struct model_writer {
	struct arena *arena; /* of what is written; borrowed */
	/* Where a struct or expression was bound; NULL: nobody knows. */
	const struct bound *(*bound)(const struct model_writer *w, const void *thing);
	/* The mediators of a sequence, and its onError, into an element. */
	void (*steps)(const struct model_writer *w, const struct node *steps,
		      struct element *to);
	/* What stands in an <endpoint>. */
	void (*endpoint)(const struct model_writer *w, const struct node *endpoint,
			 struct element *to);
	const void *ctx;
};

/* Attributes, text and children of self, into an element that has a name already. */
void schema_write(const struct schema *s, const void *self, struct element *to,
		  const struct model_writer *w);

/* The prefixes that `from` sees and `to` does not are declared at `to`. */
void element_take_prefixes(struct element *to, const struct element *from,
			   struct arena *a);

#endif
