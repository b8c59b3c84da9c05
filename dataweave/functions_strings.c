/* The rest of dw::core::Strings. */
#include "base/buf.h"
#include "base/utf8.h"
#include "dataweave/builtin.h"

enum { MOST_TEXT = 64 << 20 };

static bool text_arg(struct dw_run *r, const struct dw_value *v, const char *name,
		     struct str *text)
{
	return dw_text_of(r, v, name, text);
}

static bool number_arg(struct dw_run *r, const struct dw_value *v, int64_t *n)
{
	struct dw_value number;

	if (!dw_coerce(r, v, DW_TYPE_NUMBER, NULL, &number))
		return false;
	*n = number.whole ? number.integer : (int64_t)number.real;
	return true;
}

static bool give(struct dw_run *r, struct buf *b, struct dw_value *v)
{
	*v = dw_string(arena_copy(r->arena, buf_str(b)));
	buf_release(b);
	return dw_spend(r, v->text.len);
}

static size_t character(struct str s)
{
	uint32_t c;

	return utf8_next(s, &c);
}

/* Text of nothing is nothing. */
static bool is_null(const struct dw_value *v, struct dw_value *to)
{
	*to = DW_NOTHING;
	return v->kind == DW_NULL;
}

static bool repeat(struct dw_run *r, struct dw_value *args, unsigned count,
		   struct dw_value *v)
{
	struct str text;
	int64_t times;
	struct buf b;

	(void)count;
	if (!text_arg(r, &args[0], "repeat", &text) || !number_arg(r, &args[1], &times))
		return false;
	if (times > 0 && text.len && times > MOST_TEXT / (int64_t)text.len)
		return dw_fail(r, "the expression makes too much data");
	buf_init(&b, MOST_TEXT);
	while (text.len && times-- > 0)
		buf_add(&b, text);
	return give(r, &b, v);
}

static bool substring(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct str text;
	int64_t from, to, at = 0;
	struct buf b;

	(void)count;
	if (is_null(&args[0], v))
		return true;
	if (!text_arg(r, &args[0], "substring", &text) ||
	    !number_arg(r, &args[1], &from) || !number_arg(r, &args[2], &to))
		return false;
	buf_init(&b, MOST_TEXT);
	for (; text.len && at < to; at++) {
		const size_t len = character(text);

		if (at >= from)
			buf_add(&b, str_first(text, len));
		text = str_from(text, len);
	}
	return give(r, &b, v);
}

static bool first(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	struct dw_value all[3] = { args[0], dw_integer(0), args[1] };

	return substring(r, all, count, v);
}

static bool split(struct dw_run *r, struct str text, const char *between,
		  struct dw_value *v)
{
	*v = dw_new(DW_ARRAY, r->arena);
	while (text.len) {
		size_t len = 0;

		while (len < text.len && !strchr(between, text.at[len]))
			len++;
		if (len || *between == '\n')
			dw_add(v, r->arena, STR(""), dw_string(str_first(text, len)));
		text = str_from(text, len + 1);
	}
	return dw_spend(r, 64 * dw_count(v));
}

static bool words(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	struct str text;

	(void)count;
	return is_null(&args[0], v) ||
	       (text_arg(r, &args[0], "words", &text) && split(r, text, " \t\r\n", v));
}

static bool lines(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	struct str text;

	(void)count;
	return is_null(&args[0], v) ||
	       (text_arg(r, &args[0], "lines", &text) && split(r, text, "\n", v));
}

static bool last_index_of(struct dw_run *r, struct dw_value *args, unsigned count,
			  struct dw_value *v)
{
	struct str text, what;
	int64_t at = 0, found = -1;

	(void)count;
	if (is_null(&args[0], v))
		return true;
	if (!text_arg(r, &args[0], "lastIndexOf", &text) ||
	    !text_arg(r, &args[1], "lastIndexOf", &what))
		return false;
	for (; text.len; at++, text = str_from(text, character(text)))
		if (str_starts(text, what))
			found = at;
	*v = dw_integer(found);
	return true;
}

static bool count_matches(struct dw_run *r, struct dw_value *args, unsigned count,
			  struct dw_value *v)
{
	struct str text, what;
	int64_t n = 0;

	(void)count;
	if (!text_arg(r, &args[0], "countMatches", &text) ||
	    !text_arg(r, &args[1], "countMatches", &what))
		return false;
	for (size_t at = 0; what.len && (at = str_find_str(text, what)) < text.len; n++)
		text = str_from(text, at + what.len);
	*v = dw_integer(n);
	return true;
}

static bool with_max_size(struct dw_run *r, struct dw_value *args, unsigned count,
			  struct dw_value *v)
{
	return is_null(&args[0], v) || first(r, args, count, v);
}

/* "[" and "]" of wrapWith; wrapIfMissing adds only what is not there. */
static bool wrapped(struct dw_run *r, struct dw_value *args, bool if_missing,
		    struct dw_value *v)
{
	struct str text, with;
	struct buf b;

	if (is_null(&args[0], v))
		return true;
	if (!text_arg(r, &args[0], "wrapWith", &text) ||
	    !text_arg(r, &args[1], "wrapWith", &with))
		return false;
	buf_init(&b, MOST_TEXT);
	if (!if_missing || !str_starts(text, with))
		buf_add(&b, with);
	buf_add(&b, text);
	if (!if_missing || !str_ends(text, with))
		buf_add(&b, with);
	return give(r, &b, v);
}

static bool wrap_with(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	(void)count;
	return wrapped(r, args, false, v);
}

static bool wrap_if_missing(struct dw_run *r, struct dw_value *args, unsigned count,
			    struct dw_value *v)
{
	(void)count;
	return wrapped(r, args, true, v);
}

static bool appended(struct dw_run *r, struct dw_value *args, bool before,
		     struct dw_value *v)
{
	struct str text, what;
	struct buf b;

	if (is_null(&args[0], v))
		return true;
	if (!text_arg(r, &args[0], "appendIfMissing", &text) ||
	    !text_arg(r, &args[1], "appendIfMissing", &what))
		return false;
	buf_init(&b, MOST_TEXT);
	if (before && !str_starts(text, what))
		buf_add(&b, what);
	buf_add(&b, text);
	if (!before && !str_ends(text, what))
		buf_add(&b, what);
	return give(r, &b, v);
}

static bool append_if_missing(struct dw_run *r, struct dw_value *args, unsigned count,
			      struct dw_value *v)
{
	(void)count;
	return appended(r, args, false, v);
}

static bool prepend_if_missing(struct dw_run *r, struct dw_value *args, unsigned count,
			       struct dw_value *v)
{
	(void)count;
	return appended(r, args, true, v);
}

/* Are all its characters of a kind, and is there one? */
static bool all_are(struct dw_run *r, const struct dw_value *of, bool (*kind)(char c),
		    struct dw_value *v)
{
	struct str text = STR("");
	bool yes;

	if (of->kind != DW_NULL && !text_arg(r, of, "isAlpha", &text))
		return false;
	yes = text.len > 0;
	for (size_t i = 0; i < text.len; i++)
		yes = yes && kind(text.at[i]);
	*v = dw_boolean(yes);
	return true;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
	return is_upper(c) || is_lower(c) || (unsigned char)c >= 0x80;
}

static bool is_letter_or_digit(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#define KIND(name, kind)                                                          \
	static bool name(struct dw_run *r, struct dw_value *args, unsigned count, \
			 struct dw_value *v)                                      \
	{                                                                         \
		(void)count;                                                      \
		return all_are(r, &args[0], kind, v);                             \
	}

KIND(only_letters, is_letter)
KIND(only_letters_or_digits, is_letter_or_digit)
KIND(only_upper, is_upper)
KIND(only_lower, is_lower)
KIND(only_space, is_space)

/* The plural of a word of English, and the word of a plural, by the usual endings. */
static bool pluralize(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct str text;
	const char *ending = "s";
	struct buf b;

	(void)count;
	if (is_null(&args[0], v))
		return true;
	if (!text_arg(r, &args[0], "pluralize", &text))
		return false;
	if (str_ends(text, STR("y")) && text.len > 1 &&
	    !strchr("aeiou", text.at[text.len - 2])) {
		text = str_first(text, text.len - 1);
		ending = "ies";
	} else if (str_ends(text, STR("s")) || str_ends(text, STR("x")) ||
		   str_ends(text, STR("ch")) || str_ends(text, STR("sh"))) {
		ending = "es";
	}
	buf_init(&b, MOST_TEXT);
	buf_printf(&b, STR_FMT "%s", STR_ARG(text), ending);
	return give(r, &b, v);
}

static bool ordinalize(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	static const char *const endings[] = { "th", "st", "nd", "rd" };
	int64_t n;

	(void)count;
	if (is_null(&args[0], v))
		return true;
	if (!number_arg(r, &args[0], &n))
		return false;
	*v = dw_string(str_of(arena_printf(
		r->arena, "%lld%s", (long long)n,
		n % 100 / 10 == 1 || n % 10 > 3 || n < 0 ? "th" : endings[n % 10])));
	return true;
}

/* clang-format off */
const struct dw_builtin dw_strings[] = {
	{ "repeat", 2, 2, 0, repeat },
	{ "substring", 3, 3, 0, substring },
	{ "first", 2, 2, 0, first },
	{ "withMaxSize", 2, 2, 0, with_max_size },
	{ "words", 1, 1, 0, words },
	{ "lines", 1, 1, 0, lines },
	{ "lastIndexOf", 2, 2, 0, last_index_of },
	{ "countMatches", 2, 2, 0, count_matches },
	{ "wrapWith", 2, 2, 0, wrap_with },
	{ "wrapIfMissing", 2, 2, 0, wrap_if_missing },
	{ "appendIfMissing", 2, 2, 0, append_if_missing },
	{ "prependIfMissing", 2, 2, 0, prepend_if_missing },
	{ "isAlpha", 1, 1, 0, only_letters },
	{ "isAlphanumeric", 1, 1, 0, only_letters_or_digits },
	{ "isUpperCase", 1, 1, 0, only_upper },
	{ "isLowerCase", 1, 1, 0, only_lower },
	{ "isWhitespace", 1, 1, 0, only_space },
	{ "pluralize", 1, 1, 0, pluralize },
	{ "ordinalize", 1, 1, 0, ordinalize },
	{ NULL },
};
/* clang-format on */
