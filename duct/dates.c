#include "duct/dates.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"

enum { MOST_TEXT = 4096 };

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

/* 0 is Sunday; Sakamoto's method. */
static int weekday(int year, int month, int day)
{
	static const int offset[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };

	year -= month < 3;
	return (year + year / 4 - year / 100 + year / 400 + offset[month - 1] + day) % 7;
}

/* YYYY-MM-DD[THH:MM[:SS[.fff]]][Z]; other offsets are not asked for by anybody. */
static bool read_date(struct str s, struct tm *t)
{
	int year, month;

	*t = (struct tm){ 0 };
	if (!digits(&s, 4, &year) || !letter(&s, "-") || !digits(&s, 2, &month) ||
	    !letter(&s, "-") || !digits(&s, 2, &t->tm_mday))
		return false;
	if (month < 1 || month > 12 || t->tm_mday < 1 || t->tm_mday > 31)
		return false;
	t->tm_year = year - 1900;
	t->tm_mon = month - 1;
	if (letter(&s, "T ") && (!digits(&s, 2, &t->tm_hour) || !letter(&s, ":") ||
				 !digits(&s, 2, &t->tm_min)))
		return false;
	if (letter(&s, ":") && !digits(&s, 2, &t->tm_sec))
		return false;
	while (letter(&s, ".0123456789"))
		continue;
	(void)letter(&s, "Z");
	if (s.len || year < 1 || t->tm_hour > 23 || t->tm_min > 59 || t->tm_sec > 60)
		return false;
	t->tm_wday = weekday(year, month, t->tm_mday);
	return true;
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

	if (!read_date(iso, &t))
		return false;
	buf_init(&b, MOST_TEXT);
	while (pattern.len) {
		const struct token *token = token_at(pattern);

		if (token)
			write_token(token, &t, &b);
		else
			buf_add_char(&b, pattern.at[0]);
		pattern = str_from(pattern, token ? strlen(token->token) : 1);
	}
	*text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return true;
}
