/*
 * JSONPath, in Jayway's dialect (mediation.md §5.3): `$.a[0]..b[?(@.c > 1)].length()`.
 *
 * A path without wildcard, choice, range, filter or `..` is definite: it leads to one
 * value, or to none. Any other gives an array of all it finds. Compiled once,
 * immutable after. A limit on steps keeps what comes from outside from taking for ever.
 */
#ifndef EXPR_JSONPATH_H
#define EXPR_JSONPATH_H

#include "message/json.h"

struct jsonpath;

/* `text` is copied. "$" and "@" both begin a path. NULL: *why. */
const struct jsonpath *jsonpath_compile(struct str text, struct arena *a,
					struct fault *why);
bool jsonpath_is_definite(const struct jsonpath *p);

/*
 * *found is NULL where the path leads nowhere; a part of the tree, or the arena's.
 * False: it took too many steps, or a function got what it cannot work on; *why.
 */
bool jsonpath_find(const struct jsonpath *p, const struct json *root, struct arena *a,
		   const struct json **found, struct fault *why);

#endif
