/*
 * URI templates of resources: /order/{id}?q={q} (mediation.md §2.5).
 *
 * Matched greedily from left to right and never back, as the original does, and
 * against the path with its query as received: nothing is decoded but values.
 */
#ifndef DEPLOY_TEMPLATE_H
#define DEPLOY_TEMPLATE_H

#include "base/arena.h"
#include "base/fault.h"

enum { TEMPLATE_MOST_VALUES = 32 };

struct template;

struct template_value {
	struct str name;
	struct str raw; /* as in the path */
};

struct template_match {
	struct template_value values[TEMPLATE_MOST_VALUES];
	unsigned count;
};

/* NULL: *why. */
const struct template *template_compile(struct str text, struct arena *a,
					struct fault *why);
/* The values are parts of path. */
bool template_matches(const struct template *t, struct str path,
		      struct template_match *match);

#endif
