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
/* Is a to be asked before b? Of the same pattern, the one that names its methods is. */
bool specific_before(struct str a, unsigned a_methods, struct str b, unsigned b_methods);

#endif
