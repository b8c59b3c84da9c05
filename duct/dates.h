/* Dates of the mapping language: ISO 8601 in, a pattern of YYYY, MM, DD … out; UTC. */
#ifndef DUCT_DATES_H
#define DUCT_DATES_H

#include "base/arena.h"

/* False: the text is no date. A date alone is its midnight. */
bool date_format(struct str iso, struct str pattern, struct arena *a, struct str *text);

#endif
