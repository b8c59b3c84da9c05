/* Where a copy of a message goes: the <target> of clone and iterate. */
#ifndef MEDIATORS_TARGET_H
#define MEDIATORS_TARGET_H

#include "branches.h"

struct target {
	struct ref *sequence;
	const struct node *steps;
	const struct node *endpoint;
	struct branch_body body;
	struct node by_key; /* runs the sequence of the key */
};

extern const struct schema target_schema;

void target_init(struct target *t, const struct node *rest, struct where where);

#endif
