/*
 * Dates of DataWeave: what stands between bars, what formats make of them, and how far
 * they are from each other. Zones are offsets; the name of a place becomes the one that
 * it has at that moment, by the zone files of the system.
 */
#ifndef DATAWEAVE_DATE_H
#define DATAWEAVE_DATE_H

#include "dataweave/value.h"

/* ISO 8601: a date, a time, both, with or without an offset; or a period (P1DT2H). */
bool dw_date_parse(struct str text, struct dw_value *v);
/* By a pattern of Java's DateTimeFormatter. */
bool dw_date_parse_as(struct str text, struct str pattern, struct dw_value *v);

/* ISO 8601. */
struct str dw_date_text(const struct dw_value *v, struct arena *a);
/* False: the pattern has letters we do not know. */
bool dw_date_format(const struct dw_value *v, struct str pattern, struct arena *a,
		    struct str *text);

/* Milliseconds since 1970, in UTC. */
int64_t dw_moment(const struct dw_value *v);
struct dw_value dw_date_of(int64_t moment, short zone, enum dw_shape shape);
/* A date so many periods later; sign is 1 or -1. */
struct dw_value dw_date_add(const struct dw_value *date, const struct dw_value *period,
			    int sign);
/* Minutes east of Greenwich of "+02:00", "UTC", "Europe/Berlin"; false: unknown. */
bool dw_date_zone(struct str name, int64_t moment, short *minutes);
/* year, month, day … dayOfWeek; of a period years … secs; false: unknown. */
bool dw_date_part(const struct dw_value *v, struct str name, struct dw_value *part);

#endif
