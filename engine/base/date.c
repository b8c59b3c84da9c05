#include "base/date.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"

/* Longer than any date that anybody writes. */
enum { MOST = 4096, MOST_WIDTH = 32 };

static const char letters[] = "GyuYMLdDEeaHhKkmsSnzZXxV";

static const char *const months[] = { "January",   "February", "March",    "April",
				      "May",       "June",     "July",     "August",
				      "September", "October",  "November", "December" };
static const char *const days[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
				    "Thursday", "Friday", "Saturday" };

/* The moment, and its calendar in the local zone. */
struct date {
	struct tm tm;
	int milliseconds;
	long zone; /* seconds east of UTC */
};

static long zone_of(const struct tm *local, time_t seconds)
{
	struct tm utc;
	long days_apart;

	gmtime_r(&seconds, &utc);
	days_apart = local->tm_year != utc.tm_year ? local->tm_year - utc.tm_year
						   : local->tm_yday - utc.tm_yday;
	return ((days_apart * 24 + local->tm_hour - utc.tm_hour) * 60 + local->tm_min -
		utc.tm_min) *
	       60;
}

static struct date date_of(int64_t moment)
{
	struct date d = { .milliseconds = (int)(((moment % 1000) + 1000) % 1000) };
	const time_t seconds = (time_t)((moment - d.milliseconds) / 1000);

	localtime_r(&seconds, &d.tm);
	d.zone = zone_of(&d.tm, seconds);
	return d;
}

static void write_name(struct buf *b, const char *name, int width)
{
	buf_add(b, width >= 4 ? str_of(name) : str_first(str_of(name), 3));
}

static void write_zone(struct buf *b, char letter, int width, long zone)
{
	const long minutes = (zone < 0 ? -zone : zone) / 60;
	const bool colon = letter == 'z' ||
			   ((letter == 'X' || letter == 'x') && width == 3);

	if (letter == 'X' && zone == 0) {
		buf_add_char(b, 'Z');
		return;
	}
	if ((letter == 'z' || letter == 'V') && zone == 0) {
		buf_add(b, STR("UTC"));
		return;
	}
	if (letter == 'z')
		buf_add(b, STR("GMT"));
	buf_printf(b, "%c%02ld", zone < 0 ? '-' : '+', minutes / 60);
	if (letter != 'X' || width > 1)
		buf_printf(b, "%s%02ld", colon ? ":" : "", minutes % 60);
}

/* S is a count in SimpleDateFormat and a fraction in java.time; the same for SSS. */
static void write_fraction(struct buf *b, int width, int milliseconds)
{
	char digits[MOST_WIDTH + 1];

	snprintf(digits, sizeof(digits), "%03d000000000000000000000000000", milliseconds);
	buf_add(b, str_first(str_of(digits), (size_t)width));
}

static int hour_of(char letter, int hour)
{
	if (letter == 'h')
		return hour % 12 ? hour % 12 : 12;
	if (letter == 'K')
		return hour % 12;
	if (letter == 'k')
		return hour ? hour : 24;
	return hour;
}

static void write_year(struct buf *b, int width, int year)
{
	if (width == 2)
		buf_printf(b, "%02d", year % 100);
	else
		buf_printf(b, "%0*d", width, year);
}

static void write_field(struct buf *b, char letter, int width, const struct date *d)
{
	if (strchr("yuY", letter))
		write_year(b, width, d->tm.tm_year + 1900);
	else if (strchr("ML", letter) && width >= 3)
		write_name(b, months[d->tm.tm_mon], width);
	else if (strchr("ML", letter))
		buf_printf(b, "%0*d", width, d->tm.tm_mon + 1);
	else if (letter == 'd')
		buf_printf(b, "%0*d", width, d->tm.tm_mday);
	else if (letter == 'D')
		buf_printf(b, "%0*d", width, d->tm.tm_yday + 1);
	else if (strchr("Ee", letter))
		write_name(b, days[d->tm.tm_wday], width);
	else if (letter == 'a')
		buf_add(b, d->tm.tm_hour < 12 ? STR("AM") : STR("PM"));
	else if (strchr("HhKk", letter))
		buf_printf(b, "%0*d", width, hour_of(letter, d->tm.tm_hour));
	else if (letter == 'm')
		buf_printf(b, "%0*d", width, d->tm.tm_min);
	else if (letter == 's')
		buf_printf(b, "%0*d", width, d->tm.tm_sec);
	else if (strchr("Sn", letter))
		write_fraction(b, width, d->milliseconds);
	else if (strchr("zZXxV", letter))
		write_zone(b, letter, width, d->zone);
	else if (letter == 'G')
		buf_add(b, STR("AD"));
}

/* One piece of a pattern: a letter repeated, or text to stand as it is. */
struct piece {
	char letter; /* NUL: text */
	int width;
	struct str text;
};

/* Text in quotes; '' is one quote. *pattern stands behind it then. */
static struct str quoted(struct str *pattern)
{
	const struct str rest = str_from(*pattern, 1);
	const size_t end = str_find(rest, '\'');

	*pattern = str_from(rest, end + 1);
	return end == 0 ? STR("'") : str_first(rest, end);
}

static bool next_piece(struct str *pattern, struct piece *p)
{
	size_t width = 1;

	if (!pattern->len)
		return false;
	*p = (struct piece){ 0 };
	if (pattern->at[0] == '\'') {
		p->text = quoted(pattern);
		return true;
	}
	while (width < pattern->len && pattern->at[width] == pattern->at[0] &&
	       width < MOST_WIDTH - 1)
		width++;
	if (strchr(letters, pattern->at[0]))
		p->letter = pattern->at[0];
	else
		p->text = str_first(*pattern, width);
	p->width = (int)width;
	*pattern = str_from(*pattern, width);
	return true;
}

bool java_date_is_known(struct str pattern)
{
	struct piece p;

	while (next_piece(&pattern, &p)) {
		const char c = p.text.len ? p.text.at[0] : '\0';

		if (p.width && !p.letter &&
		    ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return false;
	}
	return true;
}

struct str java_date_format(int64_t moment, struct str pattern, struct arena *a)
{
	const struct date d = date_of(moment);
	struct piece p;
	struct buf b;
	struct str s;

	buf_init(&b, MOST);
	while (next_piece(&pattern, &p)) {
		if (p.letter)
			write_field(&b, p.letter, p.width, &d);
		else
			buf_add(&b, p.text);
	}
	s = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return s;
}

/* What was read so far. */
struct reading {
	struct tm tm;
	int milliseconds;
	long zone;
	bool has_zone, afternoon, has_half;
};

static bool read_digits(struct str *text, int most, int *n)
{
	int count = 0;

	*n = 0;
	while (count < most && text->len && text->at[0] >= '0' && text->at[0] <= '9') {
		*n = *n * 10 + (text->at[0] - '0');
		*text = str_from(*text, 1);
		count++;
	}
	return count > 0;
}

static bool read_name(struct str *text, const char *const *names, int count, int *n)
{
	for (int i = 0; i < count; i++) {
		const struct str whole = str_of(names[i]), brief = str_first(whole, 3);
		const struct str *found = NULL;

		if (str_eq_nocase(str_first(*text, whole.len), whole))
			found = &whole;
		else if (str_eq_nocase(str_first(*text, 3), brief))
			found = &brief;
		if (found) {
			*n = i;
			*text = str_from(*text, found->len);
			return true;
		}
	}
	return false;
}

static bool read_zone(struct str *text, struct reading *r)
{
	int hours = 0, minutes = 0;
	bool west;

	r->has_zone = true;
	if (str_starts(*text, STR("GMT")) || str_starts(*text, STR("UTC")))
		*text = str_from(*text, 3);
	else if (str_starts(*text, STR("Z")))
		*text = str_from(*text, 1);
	if (!text->len || (text->at[0] != '+' && text->at[0] != '-'))
		return true;
	west = text->at[0] == '-';
	*text = str_from(*text, 1);
	if (!read_digits(text, 2, &hours))
		return false;
	if (str_starts(*text, STR(":")))
		*text = str_from(*text, 1);
	read_digits(text, 2, &minutes);
	r->zone = (hours * 60L + minutes) * 60 * (west ? -1 : 1);
	return true;
}

static bool read_half(struct str *text, struct reading *r)
{
	r->has_half = true;
	r->afternoon = str_eq_nocase(str_first(*text, 2), STR("PM"));
	if (!r->afternoon && !str_eq_nocase(str_first(*text, 2), STR("AM")))
		return false;
	*text = str_from(*text, 2);
	return true;
}

static bool read_fraction(struct str *text, int width, struct reading *r)
{
	const struct str before = *text;
	int n = 0;

	if (!read_digits(text, width > 9 ? 9 : width, &n))
		return false;
	for (size_t digits = before.len - text->len; digits < 3; digits++)
		n *= 10;
	for (size_t digits = before.len - text->len; digits > 3; digits--)
		n /= 10;
	r->milliseconds = n;
	return true;
}

static bool read_year(struct str *text, int width, struct reading *r)
{
	int n;

	if (!read_digits(text, width == 2 ? 2 : 4, &n))
		return false;
	r->tm.tm_year = width == 2 ? n + 100 : n - 1900;
	return true;
}

static bool read_month(struct str *text, int width, struct reading *r)
{
	if (width >= 3)
		return read_name(text, months, 12, &r->tm.tm_mon);
	if (!read_digits(text, 2, &r->tm.tm_mon))
		return false;
	r->tm.tm_mon--;
	return r->tm.tm_mon >= 0 && r->tm.tm_mon < 12;
}

static bool read_field(struct str *text, const struct piece *p, struct reading *r)
{
	int ignored;

	if (strchr("yuY", p->letter))
		return read_year(text, p->width, r);
	if (strchr("ML", p->letter))
		return read_month(text, p->width, r);
	if (p->letter == 'd')
		return read_digits(text, 2, &r->tm.tm_mday) && r->tm.tm_mday >= 1 &&
		       r->tm.tm_mday <= 31;
	if (strchr("HhKk", p->letter))
		return read_digits(text, 2, &r->tm.tm_hour) && r->tm.tm_hour <= 24;
	if (p->letter == 'm')
		return read_digits(text, 2, &r->tm.tm_min) && r->tm.tm_min < 60;
	if (p->letter == 's')
		return read_digits(text, 2, &r->tm.tm_sec) && r->tm.tm_sec < 61;
	if (strchr("Sn", p->letter))
		return read_fraction(text, p->width, r);
	if (strchr("Ee", p->letter))
		return read_name(text, days, 7, &ignored);
	if (p->letter == 'a')
		return read_half(text, r);
	return strchr("zZXxV", p->letter) && read_zone(text, r);
}

/* Days since 1970 of a date in the calendar of today, by Hinnant's way. */
static int64_t days_since_1970(int year, int month, int day)
{
	const int64_t y = month <= 2 ? year - 1 : year;
	const int64_t era = (y >= 0 ? y : y - 399) / 400;
	const int64_t of_era = y - era * 400;
	const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t moment_of(struct reading *r)
{
	int64_t seconds;

	if (r->has_half)
		r->tm.tm_hour = r->tm.tm_hour % 12 + (r->afternoon ? 12 : 0);
	r->tm.tm_isdst = -1;
	if (r->has_zone)
		seconds = days_since_1970(r->tm.tm_year + 1900, r->tm.tm_mon + 1,
					  r->tm.tm_mday) *
				  86400 +
			  r->tm.tm_hour * 3600L + r->tm.tm_min * 60L + r->tm.tm_sec -
			  r->zone;
	else
		seconds = (int64_t)mktime(&r->tm);
	return seconds * 1000 + r->milliseconds;
}

bool java_date_parse(struct str text, struct str pattern, int64_t *moment)
{
	struct reading r = { .tm = { .tm_mday = 1, .tm_year = 70 } };
	struct piece p;

	while (next_piece(&pattern, &p)) {
		if (p.letter) {
			if (!read_field(&text, &p, &r))
				return false;
		} else if (!str_starts(text, p.text)) {
			return false;
		} else {
			text = str_from(text, p.text.len);
		}
	}
	if (text.len)
		return false;
	*moment = moment_of(&r);
	return true;
}
