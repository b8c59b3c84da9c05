/*
 * Regular expressions, as Java's users write them (PCRE2 behind our own names).
 *
 * Compiled once, matched by any number of threads. Backtracking is limited: a pattern
 * that takes too long does not match.
 */
#ifndef EXPR_REGEX_H
#define EXPR_REGEX_H

#include "base/arena.h"
#include "base/fault.h"

struct regex;

/* The arena's; the pattern is copied. NULL: why->text says what and where. */
const struct regex *regex_compile(struct str pattern, struct arena *a, struct fault *why);

/* Does all of the text match? *part (may be NULL) is the group; false if there is none.
 */
bool regex_matches(const struct regex *r, struct str text, unsigned group,
		   struct str *part);

/* The first match at or behind byte `from`; *found is a part of text. */
bool regex_find(const struct regex *r, struct str text, size_t from, struct str *found);
/* The same with its groups: the match, then each group ("" if it took no part). How many;
 * 0: no match. */
unsigned regex_find_groups(const struct regex *r, struct str text, size_t from,
			   struct str *groups, unsigned room);

/* Each match replaced, $1 being a group; the arena's. As it was if it takes too long. */
struct str regex_replace(const struct regex *r, struct str text, struct str by,
			 struct arena *a);

#endif
