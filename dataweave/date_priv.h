/* Between the files that take dates apart. */
#ifndef DATAWEAVE_DATE_PRIV_H
#define DATAWEAVE_DATE_PRIV_H

#include "dataweave/date.h"

enum { DAY_MS = 86400000, HOUR_MS = 3600000, MINUTE_MS = 60000 };

struct dw_parts {
	int64_t year;
	int month, day, hour, minute, second, milli;
	bool pm, has_pm;
	short zone;
	bool has_zone, has_day, has_time;
};

struct dw_parts dw_parts_of(const struct dw_value *v);
/* Since 1970. */
int64_t dw_days_from(int64_t year, int month, int day);
int64_t dw_floor_div(int64_t a, int64_t b);
int dw_week_day(const struct dw_value *v); /* 0 is Monday */

#endif
