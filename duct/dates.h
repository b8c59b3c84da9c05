/*
 * Dates of the mapping language: ISO 8601 or milliseconds since 1970 in, a pattern of
 * YYYY, MM, DD … out, in UTC. What stands in [brackets] is text.
 */
#ifndef DUCT_DATES_H
#define DUCT_DATES_H

#include "base/arena.h"

/* False: the text is no date. A date alone is its midnight. */
bool date_format(struct str iso, struct str pattern, struct arena *a, struct str *text);

/* A moment, ms since 1970, as YYYY-MM-DDTHH:MM:SS.fffZ. */
struct str date_iso(int64_t moment, struct arena *a);

#endif
