/*
 * Paths segment by segment: text, {name} for one segment, a star for one, a star at the
 * end for the rest. Of two that fit, the one that is more specific further left wins.
 */
#ifndef DEPLOY_SPECIFIC_H
#define DEPLOY_SPECIFIC_H

#include "deploy/template.h"

/* Against a path as received, its query left out. Values are parts of path; their names
 * those of uri.var.… */
bool specific_matches(struct str pattern, struct str path, struct template_match *match);
/* Below 0: a is to be asked before b. 0: they take the same paths. */
int specific_order(struct str a, struct str b);

#endif
