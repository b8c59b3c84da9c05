#include "base/base64.h"
#include "base/utf8.h"
#include "duct/duct_priv.h"
#include "duct/dates.h"

enum { MOST_PARTS = 64 * 1024 }; /* of a text that is split */

static struct str text_of(const struct json *j, struct arena *a)
{
	return duct_text(j, a);
}

/* A list or object is no text; null is an empty one. */
static bool is_text(const struct json *j)
{
	return j->kind != JSON_ARRAY && j->kind != JSON_OBJECT;
}

/* The text collected, which is released; NULL: it was too much. */
static const struct json *text_in(struct buf *b, struct arena *a)
{
	const struct json *j = buf_is_full(b) ? NULL
					      : json_string(a, arena_copy(a, buf_str(b)));

	buf_release(b);
	return j;
}

static const struct json *number(double n, struct arena *a)
{
	const bool whole = n >= -9007199254740992.0 && n <= 9007199254740992.0 &&
			   n == (double)(int64_t)n;

	if (whole)
		return json_int(a, (int64_t)n);
	return json_number(a, str_of(arena_printf(a, "%.15g", n)));
}

static const struct json *add(const struct json *const *args, unsigned count,
			      struct arena *a)
{
	double x, y;

	(void)count;
	if (!json_to_double(args[0], &x) || !json_to_double(args[1], &y))
		return NULL;
	return number(x + y, a);
}

static const struct json *subtract(const struct json *const *args, unsigned count,
				   struct arena *a)
{
	double x, y;

	(void)count;
	if (!json_to_double(args[0], &x) || !json_to_double(args[1], &y))
		return NULL;
	return number(x - y, a);
}

/* $Concat and $Join: the members of a list with something between them. */
static const struct json *concat(const struct json *const *args, unsigned count,
				 struct arena *a)
{
	const struct str between = count > 1 ? text_of(args[1], a) : STR("");
	struct buf b;

	if (args[0]->kind != JSON_ARRAY || (count > 1 && !is_text(args[1])))
		return NULL;
	buf_init(&b, DUCT_MAX_TEXT);
	for (const struct json *i = args[0]->first; i; i = i->next) {
		buf_add(&b, text_of(i, a));
		if (i->next)
			buf_add(&b, between);
	}
	return text_in(&b, a);
}

/* In characters; what lies outside of the text is cut off. */
static const struct json *substring(const struct json *const *args, unsigned count,
				    struct arena *a)
{
	const struct str s = text_of(args[0], a);
	int64_t start, end = (int64_t)s.len;
	size_t from, to;

	if (!is_text(args[0]) || !json_to_int(args[1], &start) ||
	    (count > 2 && !json_to_int(args[2], &end)))
		return NULL;
	from = utf8_offset(s, start < 0 ? 0 : (size_t)start);
	to = utf8_offset(s, end < 0 ? 0 : (size_t)end);
	if (to <= from)
		return json_string(a, STR(""));
	return json_string(a, str_first(str_from(s, from), to - from));
}

static const struct json *trim(const struct json *const *args, unsigned count,
			       struct arena *a)
{
	(void)count;
	return is_text(args[0]) ? json_string(a, str_trim(text_of(args[0], a))) : NULL;
}

/* The part before the next delimiter; the rest behind it (its `at` NULL at the end). */
static struct str cut_at(struct str *rest, struct str delimiter)
{
	const size_t at = str_find_str(*rest, delimiter);
	const struct str part = str_first(*rest, at);

	if (!delimiter.len || at == rest->len)
		*rest = (struct str){ NULL, 0 };
	else
		*rest = str_from(*rest, at + delimiter.len);
	return part;
}

static const struct json *split(const struct json *const *args, unsigned count,
				struct arena *a)
{
	struct str rest = text_of(args[0], a);
	const struct str delimiter = text_of(args[1], a);
	struct json *list = json_new(a, JSON_ARRAY);

	(void)count;
	if (!delimiter.len || !is_text(args[0]))
		return NULL;
	while (rest.at && list->count < MOST_PARTS)
		json_append(list, json_string(a, cut_at(&rest, delimiter)));
	return rest.at ? NULL : list;
}

static const struct json *pick(const struct json *const *args, unsigned count,
			       struct arena *a)
{
	static const struct json nothing = { .kind = JSON_NULL };
	const struct json *found;
	int64_t index;

	(void)count;
	(void)a;
	if (args[0]->kind != JSON_ARRAY || !json_to_int(args[1], &index))
		return NULL;
	found = index < 0 ? NULL : json_at(args[0], (size_t)index);
	return found ? found : &nothing;
}

static const struct json *uppercase(const struct json *const *args, unsigned count,
				    struct arena *a)
{
	(void)count;
	return is_text(args[0]) ? json_string(a, utf8_upper(text_of(args[0], a), a))
				: NULL;
}

static const struct json *lowercase(const struct json *const *args, unsigned count,
				    struct arena *a)
{
	(void)count;
	return is_text(args[0]) ? json_string(a, utf8_lower(text_of(args[0], a), a))
				: NULL;
}

static const struct json *replace(const struct json *const *args, unsigned count,
				  struct arena *a)
{
	struct str rest = text_of(args[0], a);
	const struct str from = text_of(args[1], a), to = text_of(args[2], a);
	struct buf b;

	(void)count;
	if (!is_text(args[0]) || !is_text(args[1]) || !is_text(args[2]))
		return NULL;
	if (!from.len)
		return json_string(a, rest);
	buf_init(&b, DUCT_MAX_TEXT);
	while (rest.at) {
		buf_add(&b, cut_at(&rest, from));
		if (rest.at)
			buf_add(&b, to);
	}
	return text_in(&b, a);
}

/* -1, 0, 1; numbers as numbers, else as text. */
static int compare(const struct json *x, const struct json *y, struct arena *a)
{
	const struct str s = text_of(x, a), t = text_of(y, a);
	const size_t len = s.len < t.len ? s.len : t.len;
	double n, m;
	int order;

	if (json_to_double(x, &n) && json_to_double(y, &m))
		return (n > m) - (n < m);
	order = len ? memcmp(s.at, t.at, len) : 0;
	return order ? order : (s.len > t.len) - (s.len < t.len);
}

static bool holds(const struct json *x, struct str op, const struct json *y,
		  struct arena *a)
{
	const int order = compare(x, y, a);

	if (str_eq(op, STR("==")))
		return order == 0;
	if (str_eq(op, STR("!==")))
		return order != 0;
	if (str_eq(op, STR(">=")))
		return order >= 0;
	if (str_eq(op, STR("<=")))
		return order <= 0;
	return str_eq(op, STR(">")) ? order > 0 : order < 0;
}

static bool is_operator(struct str op)
{
	static const char *const all[] = { ">", "<", ">=", "<=", "==", "!==" };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (str_eq(op, str_of(all[i])))
			return true;
	return false;
}

static const struct json *filter(const struct json *const *args, unsigned count,
				 struct arena *a)
{
	const struct str op = text_of(args[1], a);
	struct json *list = json_new(a, JSON_ARRAY);

	(void)count;
	if (args[0]->kind != JSON_ARRAY || !is_operator(op))
		return NULL;
	for (const struct json *i = args[0]->first; i; i = i->next)
		if (holds(i, op, args[2], a))
			json_append(list, json_copy(a, i));
	return list;
}

static const struct json *find(const struct json *const *args, unsigned count,
			       struct arena *a)
{
	const struct json *list = filter(args, count, a);

	if (!list)
		return NULL;
	return list->first ? list->first : json_new(a, JSON_NULL);
}

static const struct json *dateformat(const struct json *const *args, unsigned count,
				     struct arena *a)
{
	struct str text;

	(void)count;
	if (!is_text(args[0]) || args[1]->kind != JSON_STRING ||
	    !date_format(text_of(args[0], a), args[1]->text, a, &text))
		return NULL;
	return json_string(a, text);
}

static const struct json *base64(const struct json *const *args, unsigned count,
				 struct arena *a)
{
	(void)count;
	return is_text(args[0]) ? json_string(a, base64_encode(text_of(args[0], a), a))
				: NULL;
}

static const struct duct_function functions[] = {
	{ "Base64", 1, 1, base64 },       { "Add", 2, 2, add },
	{ "Subtract", 2, 2, subtract },   { "Concat", 1, 2, concat },
	{ "Substring", 2, 3, substring }, { "Trim", 1, 1, trim },
	{ "Split", 2, 2, split },         { "Pick", 2, 2, pick },
	{ "Join", 1, 2, concat },         { "Uppercase", 1, 1, uppercase },
	{ "Lowercase", 1, 1, lowercase }, { "Dateformat", 2, 2, dateformat },
	{ "Replace", 3, 3, replace },     { "Filter", 3, 3, filter },
	{ "Find", 3, 3, find },
};

const struct duct_function *duct_function_named(struct str name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (str_eq(name, str_of(functions[i].name)))
			return &functions[i];
	return NULL;
}
