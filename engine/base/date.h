/*
 * Dates as Java writes and reads them: the pattern letters of SimpleDateFormat and
 * DateTimeFormatter (y M d H h m s S a E z Z X D, quoted text). Time zone: the
 * system's. Moments are milliseconds since 1970.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/arena.h"

struct str java_date_format(int64_t moment, struct str pattern, struct arena *a);
/* False: the text is not as the pattern says. */
bool java_date_parse(struct str text, struct str pattern, int64_t *moment);
/* Does it have letters only that we know? */
bool java_date_is_known(struct str pattern);

#endif
