/* Object literals as people copy them out of code: made strict JSON, line by line. */
#include "fallback/fallback_priv.h"

struct reading {
	struct str rest;
	struct buf to;
	unsigned lines; /* inside of a string, still to be counted */
};

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '$' ||
	       c == '+';
}

static char next_char(const struct reading *r)
{
	return r->rest.len ? r->rest.at[0] : '\0';
}

static void take(struct reading *r, size_t len)
{
	buf_add(&r->to, str_first(r->rest, len));
	r->rest = str_from(r->rest, len);
}

/* A comment goes, the ends of its lines stay, so that lines are counted right. */
static bool skip_comment(struct reading *r)
{
	size_t len;

	if (str_starts(r->rest, STR("//")) || next_char(r) == '#')
		len = str_find(r->rest, '\n');
	else if (str_starts(r->rest, STR("/*")))
		len = 2 + str_find_str(str_from(r->rest, 2), STR("*/")) + 2;
	else
		return false;
	for (size_t i = 0; i < len && i < r->rest.len; i++)
		if (r->rest.at[i] == '\n')
			buf_add_char(&r->to, '\n');
	r->rest = str_from(r->rest, len);
	return true;
}

/* An escape of JavaScript's that JSON has as well, or what it means. */
static void take_escape(struct reading *r)
{
	const char c = r->rest.len > 1 ? r->rest.at[1] : '\\';
	const bool hex = c == 'x' && r->rest.len > 3 && hex_digit(r->rest.at[2]) >= 0 &&
			 hex_digit(r->rest.at[3]) >= 0;

	if (hex) {
		buf_printf(&r->to, "\\u00%.2s", r->rest.at + 2);
		r->rest = str_from(r->rest, 4);
	} else if (c && strchr("\"\\/bfnrtu", c)) {
		take(r, 2);
	} else {
		r->rest = str_from(r->rest, 1);
		if (c == 'v' || c == '0')
			buf_add(&r->to, c == 'v' ? STR("\\u000b") : STR("\\u0000"));
		else if (c != '\n')
			buf_add_char(&r->to, c);
		r->lines += c == '\n'; /* the line goes on: it is counted behind it */
		r->rest = str_from(r->rest, 1);
	}
}

/* What JSON wants escaped in a string: in code it may stand as it is. */
static void take_plain(struct reading *r)
{
	const char c = next_char(r);

	if (c == '"')
		buf_add(&r->to, STR("\\\""));
	else if (c == '\n')
		buf_add(&r->to, STR("\\n"));
	else if ((unsigned char)c < 0x20)
		buf_printf(&r->to, "\\u%04x", (unsigned char)c);
	else
		buf_add_char(&r->to, c);
	r->lines += c == '\n';
	r->rest = str_from(r->rest, 1);
}

/*
 * A string in any quotes. Only one in backticks may have the ends of lines in it; they
 * are counted behind it.
 */
static void take_string(struct reading *r)
{
	const char quote = next_char(r);

	buf_add_char(&r->to, '"');
	r->rest = str_from(r->rest, 1);
	while (r->rest.len && next_char(r) != quote) {
		if (next_char(r) == '\\')
			take_escape(r);
		else if (next_char(r) == '\n' && quote != '`')
			r->rest = STR(""); /* it does not end: JSON will say where */
		else
			take_plain(r);
	}
	if (r->rest.len)
		buf_add_char(&r->to, '"');
	r->rest = str_from(r->rest, 1);
	for (; r->lines; r->lines--)
		buf_add_char(&r->to, '\n');
}

/* [sign] digits [. digits] [e digits], any of which JSON may want otherwise. */
static bool is_number(struct str s)
{
	const bool sign = s.len && (s.at[0] == '+' || s.at[0] == '-');
	size_t whole, part = 0;

	s = str_from(s, sign);
	whole = str_digits(s);
	s = str_from(s, whole);
	if (str_starts(s, STR("."))) {
		part = str_digits(str_from(s, 1));
		s = str_from(s, part + 1);
	}
	if (!whole && !part)
		return false;
	if (!s.len)
		return true;
	if (s.at[0] != 'e' && s.at[0] != 'E')
		return false;
	s = str_from(s, 1);
	if (s.len && (s.at[0] == '+' || s.at[0] == '-'))
		s = str_from(s, 1);
	return s.len && str_digits(s) == s.len;
}

/* 0x1F in decimal; false: it is none. */
static bool add_hex(struct str s, struct buf *to)
{
	uint64_t n = 0;

	if (s.len < 3 || s.len > 17 || s.at[0] != '0' || (s.at[1] | 0x20) != 'x')
		return false;
	for (size_t i = 2; i < s.len; i++) {
		if (hex_digit(s.at[i]) < 0)
			return false;
		n = n << 4 | (unsigned)hex_digit(s.at[i]);
	}
	buf_add_uint(to, n);
	return true;
}

/* As JSON writes it: no plus, a digit on both sides of the dot. */
static void add_number(struct str s, struct buf *to)
{
	if (s.at[0] == '+')
		s = str_from(s, 1);
	if (str_starts(s, STR("-"))) {
		buf_add_char(to, '-');
		s = str_from(s, 1);
	}
	if (str_starts(s, STR(".")))
		buf_add_char(to, '0');
	for (size_t i = 0; i < s.len; i++) {
		buf_add_char(to, s.at[i]);
		if (s.at[i] == '.' && !str_digits(str_from(s, i + 1)))
			buf_add_char(to, '0');
	}
}

static bool is_key(struct str behind)
{
	while (behind.len && strchr(" \t\r\n", behind.at[0]) && behind.at[0])
		behind = str_from(behind, 1);
	return str_starts(behind, STR(":"));
}

static bool is_json_word(struct str word)
{
	return str_eq(word, STR("true")) || str_eq(word, STR("false")) ||
	       str_eq(word, STR("null"));
}

/* A key, an enumeration's name, a number, or what JSON knows. */
static void take_word(struct reading *r)
{
	struct str word;
	size_t len = 0;

	while (len < r->rest.len && is_word_char(r->rest.at[len]))
		len++;
	word = str_first(r->rest, len);
	r->rest = str_from(r->rest, len);
	if (!is_key(r->rest) && is_json_word(word))
		buf_add(&r->to, word);
	else if (!is_key(r->rest) && is_number(word))
		add_number(word, &r->to);
	else if (is_key(r->rest) || !add_hex(word, &r->to))
		buf_printf(&r->to, "\"" STR_FMT "\"", STR_ARG(word));
}

static bool follows_value(const struct reading *r)
{
	size_t len = r->to.len;

	while (len && strchr(" \t\r\n", r->to.at[len - 1]) && r->to.at[len - 1])
		len--;
	return len && !strchr("[{,:", r->to.at[len - 1]);
}

/* A comma behind a value that only a bracket follows goes. */
static void take_comma(struct reading *r)
{
	struct reading ahead = { .rest = str_from(r->rest, 1) };

	buf_init(&ahead.to, r->to.most);
	for (;;) {
		ahead.rest = str_from(ahead.rest, 0);
		while (ahead.rest.len && strchr(" \t\r\n", next_char(&ahead)))
			ahead.rest = str_from(ahead.rest, 1);
		if (!skip_comment(&ahead))
			break;
	}
	if (follows_value(r) && (next_char(&ahead) == '}' || next_char(&ahead) == ']'))
		r->rest = str_from(r->rest, 1);
	else
		take(r, 1);
	buf_release(&ahead.to);
}

struct str json_of_literal(struct str text, struct arena *a)
{
	struct reading r = { .rest = text };
	struct str json;

	buf_init(&r.to, text.len * 6 + 64);
	while (r.rest.len) {
		const char c = next_char(&r);

		if (skip_comment(&r))
			continue;
		if (c == '"' || c == '\'' || c == '`')
			take_string(&r);
		else if (c == ',')
			take_comma(&r);
		else if (is_word_char(c))
			take_word(&r);
		else if (c == ';')
			r.rest = str_from(r.rest, 1);
		else
			take(&r, 1);
	}
	json = arena_copy(a, buf_str(&r.to));
	buf_release(&r.to);
	return json;
}
