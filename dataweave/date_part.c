/* `.year` of a date, `.days` of a period; and what o'clock it is elsewhere. */
#include <stdio.h>

#include "base/buf.h"
#include "dataweave/date_priv.h"

struct part {
	const char *name;
	int64_t n;
};

static bool find(const struct part *known, size_t count, struct str name,
		 struct dw_value *part)
{
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(name, str_of(known[i].name)))
			continue;
		*part = dw_integer(known[i].n);
		return true;
	}
	return false;
}

static bool period_part(const struct dw_value *v, struct str name, struct dw_value *part)
{
	const struct part known[] = {
		{ "years", v->zone / 12 },
		{ "months", v->zone % 12 },
		{ "days", v->integer / DAY_MS },
		{ "hours", v->integer / HOUR_MS % 24 },
		{ "minutes", v->integer / MINUTE_MS % 60 },
		{ "secs", v->integer / 1000 % 60 },
		{ "seconds", v->integer / 1000 % 60 },
	};

	return find(known, sizeof(known) / sizeof(known[0]), name, part);
}

bool dw_date_part(const struct dw_value *v, struct str name, struct dw_value *part)
{
	const struct dw_parts p = dw_parts_of(v);
	const struct part known[] = {
		{ "year", p.year },
		{ "month", p.month },
		{ "day", p.day },
		{ "hour", p.hour },
		{ "minutes", p.minute },
		{ "seconds", p.second },
		{ "milliseconds", p.milli },
		{ "nanoseconds", p.milli * 1000000LL },
		{ "dayOfWeek", dw_week_day(v) + 1 },
		{ "dayOfYear",
		  dw_floor_div(v->integer, DAY_MS) - dw_days_from(p.year, 1, 1) + 1 },
		{ "quarter", (p.month + 2) / 3 },
		{ "offsetSeconds", v->zone * 60 },
	};

	if (v->kind == DW_PERIOD)
		return period_part(v, name, part);
	return find(known, sizeof(known) / sizeof(known[0]), name, part);
}

/* --- zones --- */

/* "+02:00", "-0330", "+01". */
static bool offset(struct str text, short *minutes)
{
	uint64_t hours, rest = 0;
	const bool west = str_starts(text, STR("-"));
	struct str tail;

	if (!west && !str_starts(text, STR("+")))
		return false;
	text = str_from(text, 1);
	tail = str_from(text, 2);
	if (str_starts(tail, STR(":")))
		tail = str_from(tail, 1);
	if (!str_to_uint(str_first(text, 2), &hours) || hours > 18 ||
	    (tail.len && (!str_to_uint(tail, &rest) || rest > 59)))
		return false;
	*minutes = (short)(west ? -(int)(hours * 60 + rest) : (int)(hours * 60 + rest));
	return true;
}

static int64_t big_endian(const char *at, size_t bytes)
{
	uint64_t n = (unsigned char)at[0] & 0x80 ? ~UINT64_C(0) : 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)at[i];
	return (int64_t)n;
}

/* The second part of a file of RFC 8536, which counts in 64 bits. Empty: there is none.
 */
static struct str second_part(struct str file, int64_t counts[6])
{
	for (unsigned part = 0; part < 2; part++) {
		const size_t wide = part ? 8 : 4;
		size_t len;

		if (file.len < 44 || !str_starts(file, STR("TZif")))
			return STR("");
		for (unsigned i = 0; i < 6; i++) {
			counts[i] = big_endian(file.at + 20 + 4 * i, 4);
			if (counts[i] < 0 || counts[i] > 10000)
				return STR("");
		}
		len = (size_t)counts[3] * (wide + 1) + (size_t)counts[4] * 6 +
		      (size_t)counts[5] + (size_t)counts[2] * (wide + 4) +
		      (size_t)counts[1] + (size_t)counts[0];
		if (file.len - 44 < len)
			return STR("");
		if (part)
			return str_first(str_from(file, 44), len);
		file = str_from(file, 44 + len);
	}
	return STR("");
}

static bool offset_at(struct str file, int64_t moment, short *minutes)
{
	int64_t counts[6], seconds = dw_floor_div(moment, 1000);
	const struct str part = second_part(file, counts);
	const size_t times = part.len ? (size_t)counts[3] : 0;
	size_t type = 0, at = 0;

	if (!part.len || !counts[4])
		return false;
	while (at < times && big_endian(part.at + 8 * at, 8) <= seconds)
		at++;
	if (at)
		type = (unsigned char)part.at[8 * times + at - 1];
	if (type >= (size_t)counts[4])
		return false;
	*minutes = (short)(big_endian(part.at + 9 * times + 6 * type, 4) / 60);
	return true;
}

/* Area/City only: nothing that leads elsewhere. */
static bool is_place(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(i && ((c >= '0' && c <= '9') || strchr("/_-+", c))))
			return false;
	}
	return name.len > 0 && name.len < 64;
}

bool dw_date_zone(struct str name, int64_t moment, short *minutes)
{
	char path[128];
	struct buf file;
	bool fine;

	*minutes = 0;
	if (str_eq(name, STR("UTC")) || str_eq(name, STR("GMT")) ||
	    str_eq(name, STR("Z")) || offset(name, minutes))
		return true;
	if (!is_place(name))
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/" STR_FMT, STR_ARG(name));
	buf_init(&file, 1 << 20);
	fine = buf_read_file(&file, path) && offset_at(buf_str(&file), moment, minutes);
	buf_release(&file);
	return fine;
}
