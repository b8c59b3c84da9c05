#include "dataweave/date_priv.h"

#include <stdlib.h>

#include "base/buf.h"

static const char *const months[] = { "January",   "February", "March",    "April",
				      "May",       "June",     "July",     "August",
				      "September", "October",  "November", "December" };
static const char *const days[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
				    "Friday", "Saturday", "Sunday" };

/* Days since 1970 of a day of the Gregorian calendar, and back (Howard Hinnant's way). */
int64_t dw_days_from(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_from(int64_t since, struct dw_parts *p)
{
	int64_t z = since + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	p->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	p->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	p->year = yoe + era * 400 + (p->month <= 2);
}

int64_t dw_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && a < 0);
}

struct dw_parts dw_parts_of(const struct dw_value *v)
{
	struct dw_parts p = { 0 };
	int64_t day = dw_floor_div(v->integer, DAY_MS);
	int64_t rest = v->integer - day * DAY_MS;

	civil_from(day, &p);
	p.hour = (int)(rest / HOUR_MS);
	p.minute = (int)(rest / MINUTE_MS % 60);
	p.second = (int)(rest / 1000 % 60);
	p.milli = (int)(rest % 1000);
	p.zone = v->zone;
	return p;
}

static int last_day(int64_t year, int month)
{
	static const int longest[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && !leap ? 28 : longest[month - 1];
}

static bool is_sane(const struct dw_parts *p)
{
	return p->month >= 1 && p->month <= 12 && p->day >= 1 &&
	       p->day <= last_day(p->year, p->month) && p->hour < 24 && p->minute < 60 &&
	       p->second < 61 && p->year < 10000000 && p->year > -10000000;
}

static bool to_value(const struct dw_parts *p, struct dw_value *v)
{
	if (!is_sane(p) || (!p->has_day && !p->has_time))
		return false;
	*v = (struct dw_value){ .kind = DW_DATE, .zone = p->zone };
	v->integer = (p->has_day ? dw_days_from(p->year, p->month, p->day) * DAY_MS : 0) +
		     p->hour * (int64_t)HOUR_MS + p->minute * (int64_t)MINUTE_MS +
		     p->second * 1000 + p->milli;
	if (p->has_day && p->has_time)
		v->shape = p->has_zone ? DW_DATE_TIME : DW_LOCAL_DATE_TIME;
	else if (p->has_day)
		v->shape = DW_DAY;
	else
		v->shape = p->has_zone ? DW_TIME : DW_LOCAL_TIME;
	return true;
}

static bool cut_digits(struct str *s, size_t least, size_t most, int64_t *n)
{
	size_t len = 0;

	*n = 0;
	while (len < s->len && len < most && s->at[len] >= '0' && s->at[len] <= '9')
		*n = *n * 10 + (s->at[len++] - '0');
	if (len < least)
		return false;
	*s = str_from(*s, len);
	return true;
}

static bool cut_int(struct str *s, size_t digits, int *n)
{
	int64_t wide;

	if (!cut_digits(s, digits, digits, &wide))
		return false;
	*n = (int)wide;
	return true;
}

static bool cut_char(struct str *s, char c)
{
	if (!s->len || s->at[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

/* Z, +02:00, +0200, +02. */
static bool cut_zone(struct str *s, struct dw_parts *p)
{
	int sign = 1, hours, minutes = 0;

	p->has_zone = true;
	if (cut_char(s, 'Z'))
		return true;
	if (cut_char(s, '-'))
		sign = -1;
	else if (!cut_char(s, '+'))
		return false;
	if (!cut_int(s, 2, &hours))
		return false;
	if (cut_char(s, ':') || (s->len && s->at[0] >= '0' && s->at[0] <= '9'))
		if (!cut_int(s, 2, &minutes))
			return false;
	p->zone = (short)(sign * (hours * 60 + minutes));
	return true;
}

static void cut_fraction(struct str *s, struct dw_parts *p)
{
	int scale = 100;

	for (; s->len && s->at[0] >= '0' && s->at[0] <= '9'; *s = str_from(*s, 1)) {
		p->milli += (s->at[0] - '0') * scale;
		scale /= 10;
	}
}

static bool cut_time(struct str *s, struct dw_parts *p)
{
	if (!cut_int(s, 2, &p->hour) || !cut_char(s, ':') || !cut_int(s, 2, &p->minute))
		return false;
	if (cut_char(s, ':') && !cut_int(s, 2, &p->second))
		return false;
	if (cut_char(s, '.'))
		cut_fraction(s, p);
	p->has_time = true;
	return !s->len || cut_zone(s, p);
}

static bool parse_period(struct str s, struct dw_value *v)
{
	bool time = false;
	int64_t n, months_in = 0, ms = 0;

	while (s.len) {
		if (cut_char(&s, 'T')) {
			time = true;
			continue;
		}
		if (!cut_digits(&s, 1, 9, &n) || !s.len)
			return false;
		if (cut_char(&s, '.')) {
			struct dw_parts p = { 0 };

			cut_fraction(&s, &p);
			ms += p.milli;
		}
		switch (s.at[0]) {
		case 'Y':
			months_in += 12 * n;
			break;
		case 'W':
			ms += 7 * n * DAY_MS;
			break;
		case 'D':
			ms += n * DAY_MS;
			break;
		case 'H':
			ms += n * HOUR_MS;
			break;
		case 'S':
			ms += n * 1000;
			break;
		case 'M':
			if (time)
				ms += n * MINUTE_MS;
			else
				months_in += n;
			break;
		default:
			return false;
		}
		s = str_from(s, 1);
	}
	*v = (struct dw_value){ .kind = DW_PERIOD, .integer = ms };
	v->zone = (short)(months_in % 30000);
	return true;
}

bool dw_date_parse(struct str text, struct dw_value *v)
{
	struct dw_parts p = { .month = 1, .day = 1 };

	text = str_trim(text);
	if (cut_char(&text, 'P'))
		return parse_period(text, v);
	if (text.len > 2 && text.at[2] == ':')
		return cut_time(&text, &p) && !text.len && to_value(&p, v);
	if (!cut_digits(&text, 4, 4, &p.year) || !cut_char(&text, '-') ||
	    !cut_int(&text, 2, &p.month) || !cut_char(&text, '-') ||
	    !cut_int(&text, 2, &p.day))
		return false;
	p.has_day = true;
	if (text.len && (cut_char(&text, 'T') || cut_char(&text, ' ')) &&
	    !cut_time(&text, &p))
		return false;
	return !text.len && to_value(&p, v);
}

int64_t dw_moment(const struct dw_value *v)
{
	return v->integer - (int64_t)v->zone * MINUTE_MS;
}

struct dw_value dw_date_of(int64_t moment, short zone, enum dw_shape shape)
{
	return (struct dw_value){ .kind = DW_DATE,
				  .shape = (unsigned char)shape,
				  .zone = zone,
				  .integer = moment + (int64_t)zone * MINUTE_MS };
}

struct dw_value dw_date_add(const struct dw_value *date, const struct dw_value *period,
			    int sign)
{
	struct dw_value v = *date;

	if (period->zone) {
		struct dw_parts p = dw_parts_of(date);
		int64_t of_day = v.integer - dw_floor_div(v.integer, DAY_MS) * DAY_MS;
		int64_t month = p.year * 12 + p.month - 1 + sign * period->zone;
		int64_t year = dw_floor_div(month, 12);
		int in_year = (int)(month - year * 12) + 1;
		int last = last_day(year, in_year);

		v.integer = dw_days_from(year, in_year, p.day > last ? last : p.day) *
				    DAY_MS +
			    of_day;
	}
	v.integer += sign * period->integer;
	return v;
}

static void write_zone(struct buf *to, short zone, bool colon, bool z)
{
	int minutes = zone < 0 ? -zone : zone;

	if (!zone && z) {
		buf_add_char(to, 'Z');
		return;
	}
	buf_printf(to, "%c%02d%s%02d", zone < 0 ? '-' : '+', minutes / 60,
		   colon ? ":" : "", minutes % 60);
}

int dw_week_day(const struct dw_value *v) /* 0 is Monday */
{
	int64_t d = (dw_floor_div(v->integer, DAY_MS) + 3) % 7;

	return (int)(d < 0 ? d + 7 : d);
}

static void write_number(struct buf *to, int64_t n, size_t width)
{
	buf_printf(to, "%0*lld", (int)width, (long long)n);
}

static void write_name(struct buf *to, const char *name, size_t len)
{
	buf_add(to, len >= 4 ? str_of(name) : str_first(str_of(name), 3));
}

static bool write_day_part(struct buf *to, const struct dw_value *v, char letter,
			   size_t len)
{
	const struct dw_parts p = dw_parts_of(v);

	switch (letter) {
	case 'y':
	case 'u':
		write_number(to, len == 2 ? p.year % 100 : p.year, len);
		return true;
	case 'M':
	case 'L':
		if (len >= 3)
			write_name(to, months[p.month - 1], len);
		else
			write_number(to, p.month, len);
		return true;
	case 'd':
		write_number(to, p.day, len);
		return true;
	case 'E':
		write_name(to, days[dw_week_day(v)], len);
		return true;
	case 'e':
		write_number(to, dw_week_day(v) + 1, len);
		return true;
	default:
		return false;
	}
}

static bool write_time_part(struct buf *to, const struct dw_value *v, char letter,
			    size_t len)
{
	const struct dw_parts p = dw_parts_of(v);
	char digits[16] = "000000000";

	switch (letter) {
	case 'H':
		write_number(to, p.hour, len);
		return true;
	case 'h':
		write_number(to, p.hour % 12 ? p.hour % 12 : 12, len);
		return true;
	case 'm':
		write_number(to, p.minute, len);
		return true;
	case 's':
		write_number(to, p.second, len);
		return true;
	case 'S':
		digits[0] = (char)('0' + p.milli / 100);
		digits[1] = (char)('0' + p.milli / 10 % 10);
		digits[2] = (char)('0' + p.milli % 10);
		buf_add(to, str_first((struct str){ digits, 9 }, len));
		return true;
	case 'a':
		buf_add(to, p.hour < 12 ? STR("AM") : STR("PM"));
		return true;
	default:
		return false;
	}
}

/* One run of a letter. False: a letter we do not know. */
static bool write_part(struct buf *to, const struct dw_value *v, char letter, size_t len)
{
	if (write_day_part(to, v, letter, len) || write_time_part(to, v, letter, len))
		return true;
	if (!strchr("XxZzVO", letter))
		return false;
	write_zone(to, v->zone,
		   letter != 'Z' && (letter != 'X' || len >= 3) &&
			   (letter != 'x' || len >= 3),
		   letter != 'Z' && letter != 'x');
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Text between quotes at the start of *rest, '' being one quote. */
static struct str cut_quoted(struct str *rest)
{
	struct str text;

	*rest = str_from(*rest, 1);
	if (rest->len && rest->at[0] == '\'') {
		text = str_first(*rest, 1);
		*rest = str_from(*rest, 1);
		return text;
	}
	text = str_first(*rest, str_find(*rest, '\''));
	*rest = str_from(*rest, text.len + 1);
	return text;
}

static size_t run_of(struct str s)
{
	size_t len = 1;

	while (len < s.len && s.at[len] == s.at[0])
		len++;
	return len;
}

bool dw_date_format(const struct dw_value *v, struct str pattern, struct arena *a,
		    struct str *text)
{
	struct buf b;
	bool known = true;

	buf_init(&b, 4096);
	while (pattern.len && known) {
		size_t len = run_of(pattern);

		if (pattern.at[0] == '\'') {
			buf_add(&b, cut_quoted(&pattern));
			continue;
		}
		if (!is_letter(pattern.at[0]))
			buf_add(&b, str_first(pattern, len));
		else
			known = write_part(&b, v, pattern.at[0], len < 40 ? len : 40);
		pattern = str_from(pattern, len);
	}
	*text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return known;
}

static void write_amount(struct buf *to, int64_t n, char unit)
{
	if (n)
		buf_printf(to, "%lld%c", (long long)n, unit);
}

/* P1Y2M3D, PT1H30M, PT0.5S; nothing at all is PT0S. */
static struct str period_text(const struct dw_value *v, struct arena *a)
{
	const int64_t ms = v->integer % DAY_MS;
	struct str text;
	struct buf b;

	buf_init(&b, 256);
	buf_add_char(&b, 'P');
	write_amount(&b, v->zone / 12, 'Y');
	write_amount(&b, v->zone % 12, 'M');
	write_amount(&b, v->integer / DAY_MS, 'D');
	if (ms || b.len == 1)
		buf_add_char(&b, 'T');
	write_amount(&b, ms / HOUR_MS, 'H');
	write_amount(&b, ms / MINUTE_MS % 60, 'M');
	if (ms % 1000)
		buf_printf(&b, "%s%lld.%03lldS", ms < 0 ? "-" : "", llabs(ms / 1000 % 60),
			   llabs(ms % 1000));
	else if (ms % MINUTE_MS || b.len == 2)
		buf_printf(&b, "%lldS", (long long)(ms / 1000 % 60));
	text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return text;
}

struct str dw_date_text(const struct dw_value *v, struct arena *a)
{
	static const char *const fine[] = { "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
					    "yyyy-MM-dd'T'HH:mm:ss.SSS", "yyyy-MM-dd",
					    "HH:mm:ss.SSSXXX", "HH:mm:ss.SSS" };
	static const char *const plain[] = { "yyyy-MM-dd'T'HH:mm:ssXXX",
					     "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd",
					     "HH:mm:ssXXX", "HH:mm:ss" };
	struct str text;

	if (v->kind == DW_PERIOD)
		return period_text(v, a);
	dw_date_format(v, str_of((v->integer % 1000 ? fine : plain)[v->shape]), a, &text);
	return text;
}

static bool cut_name(struct str *s, const char *const *names, int count, bool whole,
		     int *n)
{
	for (int i = 0; i < count; i++) {
		struct str name = str_of(names[i]);

		if (!whole)
			name = str_first(name, 3);
		if (!str_eq_nocase(str_first(*s, name.len), name))
			continue;
		*s = str_from(*s, name.len);
		*n = i + 1;
		return true;
	}
	return false;
}

static bool cut_number(struct str *s, size_t len, int *n)
{
	int64_t wide;

	if (!cut_digits(s, len < 2 ? 1 : len, len < 2 ? 2 : len, &wide))
		return false;
	*n = (int)wide;
	return true;
}

static bool cut_half(struct str *s, struct dw_parts *p)
{
	p->has_pm = true;
	p->pm = str_eq_nocase(str_first(*s, 2), STR("PM"));
	if (!p->pm && !str_eq_nocase(str_first(*s, 2), STR("AM")))
		return false;
	*s = str_from(*s, 2);
	return true;
}

static bool read_day_part(struct str *s, char letter, size_t len, struct dw_parts *p)
{
	int ignored;

	p->has_day |= letter != 'E';
	switch (letter) {
	case 'y':
	case 'u':
		if (!cut_digits(s, len == 2 ? 2 : 4, len == 2 ? 2 : 4, &p->year))
			return false;
		p->year += len == 2 ? 2000 : 0;
		return true;
	case 'M':
	case 'L':
		return len >= 3 ? cut_name(s, months, 12, len >= 4, &p->month)
				: cut_number(s, len, &p->month);
	case 'd':
		return cut_number(s, len, &p->day);
	default:
		return cut_name(s, days, 7, len >= 4, &ignored);
	}
}

static bool read_part(struct str *s, char letter, size_t len, struct dw_parts *p)
{
	if (strchr("yuMLdE", letter))
		return read_day_part(s, letter, len, p);
	if (strchr("XxZzVO", letter))
		return cut_zone(s, p);
	p->has_time = true;
	switch (letter) {
	case 'H':
	case 'h':
		return cut_number(s, len, &p->hour);
	case 'm':
		return cut_number(s, len, &p->minute);
	case 's':
		return cut_number(s, len, &p->second);
	case 'S':
		cut_fraction(s, p);
		return true;
	case 'a':
		return cut_half(s, p);
	default:
		return false;
	}
}

bool dw_date_parse_as(struct str text, struct str pattern, struct dw_value *v)
{
	struct dw_parts p = { .month = 1, .day = 1, .year = 1970 };

	while (pattern.len) {
		struct str literal = str_first(pattern, 1);
		size_t len = run_of(pattern);

		if (is_letter(pattern.at[0])) {
			if (!read_part(&text, pattern.at[0], len, &p))
				return false;
			pattern = str_from(pattern, len);
			continue;
		}
		if (pattern.at[0] == '\'')
			literal = cut_quoted(&pattern);
		else
			pattern = str_from(pattern, 1);
		if (!str_starts(text, literal))
			return false;
		text = str_from(text, literal.len);
	}
	if (p.has_pm)
		p.hour = p.hour % 12 + (p.pm ? 12 : 0);
	return !text.len && to_value(&p, v);
}
