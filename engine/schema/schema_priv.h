#ifndef SCHEMA_SCHEMA_PRIV_H
#define SCHEMA_SCHEMA_PRIV_H

#include "schema/schema.h"

/*
 * Puts a value into the member of self that f describes. e is the element it stands
 * in: of a child, the child; its namespaces are those of an expression.
 */
bool bind_text(const struct field *f, struct str text, void *self,
	       const struct element *e, struct binder *b);
bool bind_child(const struct field *f, const struct element *child, void *self,
		struct binder *b);
/* All children that this FIELD_LIST or FIELD_ENDPOINTS takes. */
bool bind_all(const struct field *f, const struct element *parent, void *self,
	      struct binder *b);

/* description and the like: attributes and children that mean nothing. */
bool is_known_everywhere(struct str name);
bool field_takes(const struct field *f, const struct element *child);

#endif
