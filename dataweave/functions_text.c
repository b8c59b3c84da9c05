/* Functions over texts. */
#include "base/buf.h"
#include "dataweave/builtin.h"
#include "expr/regex.h"

enum { MOST_GROUPS = 16 };

/* null stays null, as most functions have it. */
#define NULL_IS_NULL(args, v)                    \
	do {                                     \
		if ((args)[0].kind == DW_NULL) { \
			*(v) = DW_NOTHING;       \
			return true;             \
		}                                \
	} while (0)

static bool mapped(struct dw_run *r, const struct dw_value *args, const char *what,
		   int from, int to, struct dw_value *v)
{
	struct str s;
	char *text;

	if (!dw_text_of(r, &args[0], what, &s))
		return false;
	text = arena_alloc_dirty(r->arena, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		text[i] = c >= from && c <= from + 25 ? (char)(c - from + to) : c;
	}
	*v = dw_string((struct str){ text, s.len });
	return dw_spend(r, s.len);
}

static bool upper(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	(void)count;
	NULL_IS_NULL(args, v);
	return mapped(r, args, "upper", 'a', 'A', v);
}

static bool lower(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	(void)count;
	NULL_IS_NULL(args, v);
	return mapped(r, args, "lower", 'A', 'a', v);
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_alphanumeric(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* Words parted by blanks, signs and humps: "customerFirst_name" has three. */
static bool words(struct dw_run *r, struct dw_value *v, const char *what, struct buf *b,
		  void (*add)(struct buf *b, struct str word, bool first))
{
	struct str s;
	size_t from = 0;
	bool first = true;

	if (!dw_text_of(r, v, what, &s))
		return false;
	buf_init(b, 2 * s.len + 64);
	for (size_t i = 0; i <= s.len; i++) {
		bool hump = i > 0 && i < s.len && is_upper(s.at[i]) &&
			    !is_upper(s.at[i - 1]);

		if (i < s.len && is_alphanumeric(s.at[i]) && !hump)
			continue;
		if (i > from) {
			add(b, str_first(str_from(s, from), i - from), first);
			first = false;
		}
		from = hump ? i : i + 1;
	}
	*v = dw_string(arena_copy(r->arena, buf_str(b)));
	buf_release(b);
	return true;
}

static char to_lower(char c)
{
	return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static char to_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static void add_lower(struct buf *b, struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		buf_add_char(b, to_lower(word.at[i]));
}

static void add_capital(struct buf *b, struct str word, bool first)
{
	if (!first)
		buf_add_char(b, ' ');
	buf_add_char(b, to_upper(word.at[0]));
	add_lower(b, str_from(word, 1));
}

static void add_camel(struct buf *b, struct str word, bool first)
{
	buf_add_char(b, first ? to_lower(word.at[0]) : to_upper(word.at[0]));
	add_lower(b, str_from(word, 1));
}

static void add_dashed(struct buf *b, struct str word, bool first)
{
	if (!first)
		buf_add_char(b, '-');
	add_lower(b, word);
}

static void add_underscored(struct buf *b, struct str word, bool first)
{
	if (!first)
		buf_add_char(b, '_');
	add_lower(b, word);
}

#define WORDS(name, add)                                                          \
	static bool name(struct dw_run *r, struct dw_value *args, unsigned count, \
			 struct dw_value *v)                                      \
	{                                                                         \
		struct buf b;                                                     \
                                                                                  \
		(void)count;                                                      \
		*v = args[0];                                                     \
		return v->kind == DW_NULL || words(r, v, #name, &b, add);         \
	}

WORDS(capitalize, add_capital)
WORDS(camelize, add_camel)
WORDS(dasherize, add_dashed)
WORDS(underscore, add_underscored)

static bool trim(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	struct str s;

	(void)count;
	NULL_IS_NULL(args, v);
	if (!dw_text_of(r, &args[0], "trim", &s))
		return false;
	*v = dw_string(str_trim(s));
	return true;
}

static bool starts_with(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	struct str s, with;

	(void)count;
	*v = dw_boolean(false);
	if (args[0].kind == DW_NULL)
		return true;
	if (!dw_text_of(r, &args[0], "startsWith", &s) ||
	    !dw_text_of(r, &args[1], "startsWith", &with))
		return false;
	*v = dw_boolean(str_starts(s, with));
	return true;
}

static bool ends_with(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct str s, with;

	(void)count;
	*v = dw_boolean(false);
	if (args[0].kind == DW_NULL)
		return true;
	if (!dw_text_of(r, &args[0], "endsWith", &s) ||
	    !dw_text_of(r, &args[1], "endsWith", &with))
		return false;
	*v = dw_boolean(str_ends(s, with));
	return true;
}

static bool matches(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_value regex;
	struct str s;

	(void)count;
	if (!dw_text_of(r, &args[0], "matches", &s) ||
	    !dw_coerce(r, &args[1], DW_TYPE_REGEX, NULL, &regex))
		return false;
	*v = dw_boolean(regex_matches(regex.regex, s, 0, NULL));
	return true;
}

static struct dw_value groups_of(struct dw_run *r, const struct str *groups,
				 unsigned count)
{
	struct dw_value list = dw_new(DW_ARRAY, r->arena);

	for (unsigned i = 0; i < count; i++)
		dw_add(&list, r->arena, STR(""), dw_string(groups[i]));
	return list;
}

/* `match`: the groups of a match of the whole; nothing: an empty array. */
static bool match(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	struct str s, groups[MOST_GROUPS];
	struct dw_value regex;
	unsigned found = 0;

	(void)count;
	if (!dw_text_of(r, &args[0], "match", &s) ||
	    !dw_coerce(r, &args[1], DW_TYPE_REGEX, NULL, &regex))
		return false;
	if (regex_matches(regex.regex, s, 0, NULL))
		found = regex_find_groups(regex.regex, s, 0, groups, MOST_GROUPS);
	*v = groups_of(r, groups, found);
	return true;
}

/* Past a match; one byte on if it was empty. */
static size_t after(struct str s, struct str found)
{
	return (size_t)(found.at - s.at) + (found.len ? found.len : 1);
}

static bool scan(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	struct str s, groups[MOST_GROUPS];
	struct dw_value regex, list = dw_new(DW_ARRAY, r->arena);
	unsigned found;

	(void)count;
	if (!dw_text_of(r, &args[0], "scan", &s) ||
	    !dw_coerce(r, &args[1], DW_TYPE_REGEX, NULL, &regex))
		return false;
	for (size_t at = 0;
	     (found = regex_find_groups(regex.regex, s, at, groups, MOST_GROUPS)) > 0;
	     at = after(s, groups[0])) {
		dw_add(&list, r->arena, STR(""), groups_of(r, groups, found));
		if (!dw_spend(r, 64 * found))
			return false;
	}
	*v = list;
	return true;
}

/* The next match of a text or a pattern at or behind `at`. */
static unsigned next_match(const struct dw_value *what, struct str s, size_t at,
			   struct str *groups)
{
	size_t found;

	if (what->kind == DW_REGEX)
		return regex_find_groups(what->regex, s, at, groups, MOST_GROUPS);
	found = str_find_str(str_from(s, at), what->text);
	if (at + found + what->text.len > s.len || !what->text.len)
		return 0;
	groups[0] = str_first(str_from(s, at + found), what->text.len);
	return 1;
}

static bool replacement(struct dw_run *r, const struct dw_value *with,
			struct dw_value groups, struct str *text)
{
	struct dw_value made = *with, args[2] = { groups, DW_NOTHING };

	if (with->kind == DW_FUNCTION && !dw_call(r, with, args, 2, &made))
		return false;
	return dw_text_of(r, &made, "with", text);
}

static bool replaced(struct dw_run *r, struct str s, const struct dw_value *what,
		     const struct dw_value *with, struct buf *b)
{
	struct str groups[MOST_GROUPS], text;
	size_t at = 0;
	unsigned found;

	while (at <= s.len && (found = next_match(what, s, at, groups)) > 0) {
		buf_add(b, (struct str){ s.at + at, (size_t)(groups[0].at - s.at) - at });
		if (!replacement(r, with, groups_of(r, groups, found), &text) ||
		    !dw_spend(r, text.len + 64))
			return false;
		buf_add(b, text);
		if (!groups[0].len && groups[0].at < s.at + s.len)
			buf_add_char(b, groups[0].at[0]);
		at = after(s, groups[0]);
	}
	buf_add(b, str_from(s, at));
	return true;
}

static bool replace(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct str s;
	struct buf b;
	bool fine;

	if (count < 3)
		return dw_fail(r, "replace needs `with`");
	NULL_IS_NULL(args, v);
	if (!dw_text_of(r, &args[0], "replace", &s))
		return false;
	if (args[1].kind != DW_REGEX &&
	    !dw_text_of(r, &args[1], "replace", &args[1].text))
		return false;
	buf_init(&b, DW_MOST_BYTES);
	fine = replaced(r, s, &args[1], &args[2], &b);
	*v = dw_string(arena_copy(r->arena, buf_str(&b)));
	buf_release(&b);
	return fine;
}

static bool split_by(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	struct str s, groups[MOST_GROUPS];
	struct dw_value list = dw_new(DW_ARRAY, r->arena);
	size_t at = 0, from = 0;

	(void)count;
	NULL_IS_NULL(args, v);
	if (!dw_text_of(r, &args[0], "splitBy", &s))
		return false;
	if (args[1].kind != DW_REGEX &&
	    !dw_text_of(r, &args[1], "splitBy", &args[1].text))
		return false;
	if (args[1].kind != DW_REGEX && !args[1].text.len) { /* into characters */
		for (; from < s.len; from = at) {
			for (at = from + 1; at < s.len && (s.at[at] & 0xc0) == 0x80;)
				at++;
			dw_add(&list, r->arena, STR(""),
			       dw_string((struct str){ s.at + from, at - from }));
		}
		*v = list;
		return dw_spend(r, 64 * s.len);
	}
	while (at <= s.len && next_match(&args[1], s, at, groups)) {
		size_t here = (size_t)(groups[0].at - s.at);

		if (groups[0].len || (here > from && here < s.len)) {
			dw_add(&list, r->arena, STR(""),
			       dw_string((struct str){ s.at + from, here - from }));
			from = here + groups[0].len;
		}
		at = after(s, groups[0]);
	}
	dw_add(&list, r->arena, STR(""), dw_string(str_from(s, from)));
	*v = list;
	return dw_spend(r, 64 * list.list->count);
}

static bool join_by(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct str separator, text;
	struct buf b;
	bool fine = true;

	(void)count;
	NULL_IS_NULL(args, v);
	if (!dw_text_of(r, &args[1], "joinBy", &separator))
		return false;
	buf_init(&b, DW_MOST_BYTES);
	for (size_t i = 0; i < l->count && fine; i++) {
		if (i)
			buf_add(&b, separator);
		fine = dw_text_of(r, &l->at[i].value, "joinBy", &text);
		if (fine)
			buf_add(&b, text);
	}
	fine = fine && dw_spend(r, b.len);
	*v = dw_string(arena_copy(r->arena, buf_str(&b)));
	buf_release(&b);
	return fine;
}

static bool is_blank(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	(void)r;
	(void)count;
	*v = dw_boolean(args[0].kind == DW_NULL ||
			(args[0].kind == DW_STRING && !str_trim(args[0].text).len));
	return true;
}

static bool is_numeric(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct dw_value n;
	struct fault before = *r->why;

	(void)count;
	*v = dw_boolean((args[0].kind == DW_STRING || args[0].kind == DW_NUMBER) &&
			dw_coerce(r, &args[0], DW_TYPE_NUMBER, NULL, &n));
	*r->why = before;
	return true;
}

/* substringBefore, substringAfter and their Last. */
static bool parted(struct dw_run *r, struct dw_value *args, bool last, bool behind,
		   struct dw_value *v)
{
	struct str s, by;
	size_t at;

	NULL_IS_NULL(args, v);
	if (!dw_text_of(r, &args[0], "substring", &s) ||
	    !dw_text_of(r, &args[1], "substring", &by))
		return false;
	at = str_find_str(s, by);
	for (size_t next = at; last && next + by.len <= s.len && by.len;) {
		at = next;
		next += 1 + str_find_str(str_from(s, next + 1), by);
	}
	if (at + by.len > s.len)
		*v = dw_string(STR(""));
	else
		*v = dw_string(behind ? str_from(s, at + by.len) : str_first(s, at));
	return true;
}

#define PARTED(name, last, behind)                                                \
	static bool name(struct dw_run *r, struct dw_value *args, unsigned count, \
			 struct dw_value *v)                                      \
	{                                                                         \
		(void)count;                                                      \
		return parted(r, args, last, behind, v);                          \
	}

PARTED(substring_before, false, false)
PARTED(substring_before_last, true, false)
PARTED(substring_after, false, true)
PARTED(substring_after_last, true, true)

static bool padded(struct dw_run *r, struct dw_value *args, unsigned count, bool left,
		   struct dw_value *v)
{
	struct str s, with = STR(" ");
	char *text;
	size_t size;

	NULL_IS_NULL(args, v);
	if (!dw_text_of(r, &args[0], "pad", &s) ||
	    (count > 2 && !dw_text_of(r, &args[2], "pad", &with)))
		return false;
	size = args[1].kind == DW_NUMBER && args[1].whole && args[1].integer > 0
		       ? (size_t)args[1].integer
		       : 0;
	if (size <= s.len || !with.len || !dw_spend(r, size)) {
		*v = dw_string(s);
		return r->bytes <= DW_MOST_BYTES;
	}
	text = arena_alloc_dirty(r->arena, size + 1);
	for (size_t i = 0; i < size; i++)
		text[i] = with.at[i % with.len];
	memcpy(left ? text + size - s.len : text, s.at, s.len);
	*v = dw_string((struct str){ text, size });
	return true;
}

static bool left_pad(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	return padded(r, args, count, true, v);
}

static bool right_pad(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	return padded(r, args, count, false, v);
}

static bool remove_text(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	struct dw_value three[3] = { args[0], args[1], dw_string(STR("")) };

	(void)count;
	return replace(r, three, 3, v);
}

/* clang-format off */
const struct dw_builtin dw_texts[] = {
	{ "upper", 1, 1, 0, upper },
	{ "lower", 1, 1, 0, lower },
	{ "capitalize", 1, 1, 0, capitalize },
	{ "camelize", 1, 1, 0, camelize },
	{ "dasherize", 1, 1, 0, dasherize },
	{ "underscore", 1, 1, 0, underscore },
	{ "trim", 1, 1, 0, trim },
	{ "startsWith", 2, 2, 0, starts_with },
	{ "endsWith", 2, 2, 0, ends_with },
	{ "matches", 2, 2, 0, matches },
	{ "match", 2, 2, 0, match },
	{ "scan", 2, 2, 0, scan },
	{ "replace", 2, 3, 1 << 2, replace },
	{ "splitBy", 2, 2, 0, split_by },
	{ "joinBy", 2, 2, 0, join_by },
	{ "isBlank", 1, 1, 0, is_blank },
	{ "isNumeric", 1, 1, 0, is_numeric },
	{ "substringBefore", 2, 2, 0, substring_before },
	{ "substringBeforeLast", 2, 2, 0, substring_before_last },
	{ "substringAfter", 2, 2, 0, substring_after },
	{ "substringAfterLast", 2, 2, 0, substring_after_last },
	{ "leftPad", 2, 3, 0, left_pad },
	{ "rightPad", 2, 3, 0, right_pad },
	{ "remove", 2, 2, 0, remove_text },
	{ NULL },
};
/* clang-format on */
