#include "duct/dates.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"

enum { MOST_TEXT = 4096 };

static const int64_t LAST_MOMENT = 253402300799999; /* of the year 9999 */

static bool digits(struct str *s, unsigned count, int *n)
{
	uint64_t value;

	if (s->len < count || !str_to_uint(str_first(*s, count), &value))
		return false;
	*n = (int)value;
	*s = str_from(*s, count);
	return true;
}

static bool letter(struct str *s, const char *any)
{
	if (!s->len || !strchr(any, s->at[0]))
		return false;
	*s = str_from(*s, 1);
	return true;
}

enum { MINUTES = 24 * 60 };

/* Days since 1970-01-01, and back; of the proleptic Gregorian calendar. */
static int64_t days_of(int64_t year, int month, int day)
{
	const int64_t y = month > 2 ? year : year - 1;
	const int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void set_day(struct tm *t, int64_t days)
{
	const int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	const int64_t d = z - era * 146097;
	const int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	const int64_t of_year = d - (365 * y + y / 4 - y / 100);
	const int64_t m = (5 * of_year + 2) / 153;

	t->tm_mday = (int)(of_year - (153 * m + 2) / 5 + 1);
	t->tm_mon = (int)(m < 10 ? m + 2 : m - 10);
	t->tm_year = (int)(y + era * 400 + (m >= 10) - 1900);
	t->tm_wday = (int)(((days + 4) % 7 + 7) % 7);
}

static bool is_day(int year, int month, int day)
{
	const int64_t first = days_of(year, month, 1);
	const int64_t next = month == 12 ? days_of(year + 1, 1, 1)
					 : days_of(year, month + 1, 1);

	return day >= 1 && day <= next - first;
}

/* Z, +01:00, -0530 or nothing: minutes to be taken off. */
static bool read_zone(struct str s, int *minutes)
{
	const bool west = str_starts(s, STR("-"));
	int hours, rest;

	*minutes = 0;
	if (!s.len || str_eq(s, STR("Z")))
		return true;
	if (!letter(&s, "+-") || !digits(&s, 2, &hours))
		return false;
	(void)letter(&s, ":");
	if (!digits(&s, 2, &rest) || s.len || hours > 14 || rest > 59)
		return false;
	*minutes = (hours * 60 + rest) * (west ? -1 : 1);
	return true;
}

static bool read_time(struct str *s, struct tm *t)
{
	if (!letter(s, "T "))
		return true;
	if (!digits(s, 2, &t->tm_hour) || !letter(s, ":") || !digits(s, 2, &t->tm_min))
		return false;
	if (letter(s, ":")) {
		if (!digits(s, 2, &t->tm_sec))
			return false;
		if (letter(s, ".,"))
			while (letter(s, "0123456789"))
				continue;
	}
	return t->tm_hour <= 23 && t->tm_min <= 59 && t->tm_sec <= 60;
}

/* YYYY-MM-DD[THH:MM[:SS[.fff]][Z|+01:00]] */
static bool read_date(struct str s, struct tm *t)
{
	int year, month, day, zone;
	int64_t minutes, days;

	*t = (struct tm){ 0 };
	if (!digits(&s, 4, &year) || !letter(&s, "-") || !digits(&s, 2, &month) ||
	    !letter(&s, "-") || !digits(&s, 2, &day))
		return false;
	if (month < 1 || month > 12 || !is_day(year, month, day) || !read_time(&s, t) ||
	    !read_zone(s, &zone))
		return false;
	minutes = days_of(year, month, day) * MINUTES + t->tm_hour * 60 + t->tm_min -
		  zone;
	days = (minutes >= 0 ? minutes : minutes - MINUTES + 1) / MINUTES;
	minutes -= days * MINUTES;
	t->tm_hour = (int)minutes / 60;
	t->tm_min = (int)minutes % 60;
	set_day(t, days);
	return true;
}

static struct tm parts_of(int64_t seconds)
{
	const int64_t days = seconds / 86400, of_day = seconds % 86400;
	struct tm t = {
		.tm_hour = (int)(of_day / 3600),
		.tm_min = (int)(of_day / 60 % 60),
		.tm_sec = (int)(of_day % 60),
	};

	set_day(&t, days);
	return t;
}

/* Milliseconds since 1970, as many programs write a moment. */
static bool read_moment(struct str s, struct tm *t)
{
	int64_t ms;

	if (s.len < 9 || !str_to_int(s, &ms) || ms > LAST_MOMENT || ms < 0)
		return false;
	*t = parts_of(ms / 1000);
	return true;
}

struct str date_iso(int64_t moment, struct arena *a)
{
	const int64_t ms = moment < 0 ? 0 : moment > LAST_MOMENT ? LAST_MOMENT : moment;
	const struct tm t = parts_of(ms / 1000);

	return str_of(arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
				   t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
				   t.tm_min, t.tm_sec, (int)(ms % 1000)));
}

/* What our tokens are in strftime's words, longest first. */
static const struct token {
	const char *token, *format;
	bool bare; /* without a leading zero */
} tokens[] = {
	{ "YYYY", "%Y", false }, { "YY", "%y", false }, { "MMMM", "%B", false },
	{ "MMM", "%b", false },  { "MM", "%m", false }, { "M", "%m", true },
	{ "DD", "%d", false },   { "D", "%d", true },   { "dddd", "%A", false },
	{ "ddd", "%a", false },  { "HH", "%H", false }, { "H", "%H", true },
	{ "hh", "%I", false },   { "h", "%I", true },   { "mm", "%M", false },
	{ "m", "%M", true },     { "ss", "%S", false }, { "s", "%S", true },
	{ "A", "%p", false },    { "a", "%p", false },
};

static const struct token *token_at(struct str s)
{
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
		if (str_starts(s, str_of(tokens[i].token)))
			return &tokens[i];
	return NULL;
}

static void write_token(const struct token *token, const struct tm *t, struct buf *to)
{
	char text[32];
	const size_t len = strftime(text, sizeof(text), token->format, t);
	const bool drop = token->bare && len > 1 && text[0] == '0';

	if (token->token[0] == 'a')
		for (size_t i = 0; i < len; i++)
			text[i] = (char)(text[i] | 0x20);
	buf_add(to, (struct str){ text + drop, len - drop });
}

bool date_format(struct str iso, struct str pattern, struct arena *a, struct str *text)
{
	struct buf b;
	struct tm t;

	if (!read_date(iso, &t) && !read_moment(iso, &t))
		return false;
	buf_init(&b, MOST_TEXT);
	while (pattern.len) {
		const size_t end = pattern.at[0] == '[' ? str_find(pattern, ']')
							: pattern.len;
		const struct token *token = token_at(pattern);

		if (token)
			write_token(token, &t, &b);
		else if (end < pattern.len)
			buf_add(&b, str_first(str_from(pattern, 1), end - 1));
		else
			buf_add_char(&b, pattern.at[0]);
		pattern = str_from(pattern, token               ? strlen(token->token)
					    : end < pattern.len ? end + 1
								: 1);
	}
	*text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return true;
}
