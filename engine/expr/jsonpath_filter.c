/* The condition in [?(…)]: how it is read, and when it holds. */
#include "expr/jsonpath_priv.h"

#include <string.h>

enum { MOST_DEPTH = 32 };

static struct operand *new_operand(struct path_reader *r, enum operand_kind kind)
{
	struct operand *o = arena_new(r->arena, struct operand);

	o->kind = kind;
	return o;
}

static struct operand *read_path_operand(struct path_reader *r)
{
	struct operand *o = new_operand(r, OPERAND_PATH);

	o->of_root = r->rest.at[0] == '$';
	o->path = read_path(r);
	return o->path ? o : NULL;
}

/* /pattern/flags; a backslash keeps a slash in the pattern. */
static struct operand *read_regex(struct path_reader *r)
{
	struct operand *o = new_operand(r, OPERAND_REGEX);
	const char *flag = "";
	size_t end = 1;

	while (end < r->rest.len && r->rest.at[end] != '/')
		end += r->rest.at[end] == '\\' ? 2 : 1;
	if (end >= r->rest.len)
		return reader_fail(r, "a regular expression does not end");

	const struct str pattern = { r->rest.at + 1, end - 1 };

	r->rest = str_from(r->rest, end + 1);
	while (r->rest.len && strchr("idmsuxU", r->rest.at[0])) {
		flag = r->rest.at[0] == 'i' ? "(?i)" : flag;
		r->rest = str_from(r->rest, 1);
	}
	o->regex = regex_compile(
		str_of(arena_printf(r->arena, "%s" STR_FMT, flag, STR_ARG(pattern))),
		r->arena, r->why);
	return o->regex ? o : NULL;
}

/* How far an array or object literal goes; 0: it does not end. */
static size_t literal_length(struct str s)
{
	size_t depth = 0;
	char quote = '\0';

	for (size_t i = 0; i < s.len; i++) {
		const char c = s.at[i];

		if (quote) {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = '\0';
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '[' || c == '{') {
			depth++;
		} else if ((c == ']' || c == '}') && --depth == 0) {
			return i + 1;
		}
	}
	return 0;
}

static struct json *read_list(struct path_reader *r)
{
	struct json *list = json_new(r->arena, JSON_ARRAY);

	reader_takes(r, STR("["));
	reader_skip_blanks(r);
	if (reader_takes(r, STR("]")))
		return list;
	do {
		const struct operand *o = read_operand(r);

		if (!o)
			return NULL;
		if (o->kind != OPERAND_LITERAL)
			return reader_fail(r, "a list holds plain values only");
		json_append(list, json_copy(r->arena, o->literal));
		reader_skip_blanks(r);
	} while (reader_takes(r, STR(",")));
	return reader_takes(r, STR("]")) ? list : reader_fail(r, "expected ']'");
}

static struct json *read_plain(struct path_reader *r)
{
	size_t len = 0;
	struct json *j;

	if (str_starts(r->rest, STR("{")))
		len = literal_length(r->rest);
	else
		while (len < r->rest.len && !strchr(" \t\r\n,)]=<>!&|", r->rest.at[len]))
			len++;
	j = len ? json_parse(str_first(r->rest, len), r->arena, NULL) : NULL;
	if (!j)
		return reader_fail(r, "expected a value, @ or $");
	r->rest = str_from(r->rest, len);
	return j;
}

struct operand *read_operand(struct path_reader *r)
{
	struct operand *o;
	struct str text;

	reader_skip_blanks(r);
	if (!r->rest.len)
		return reader_fail(r, "expected a value, @ or $");
	if (strchr("@$", r->rest.at[0]))
		return read_path_operand(r);
	if (r->rest.at[0] == '/')
		return read_regex(r);
	o = new_operand(r, OPERAND_LITERAL);
	if (strchr("'\"", r->rest.at[0])) {
		if (!reader_quoted(r, &text))
			return NULL;
		o->literal = json_string(r->arena, text);
	} else if (r->rest.at[0] == '[') {
		if (++r->depth > MOST_DEPTH)
			return reader_fail(r, "a list is nested too deeply");
		o->literal = read_list(r);
		r->depth--;
	} else {
		o->literal = read_plain(r);
	}
	return o->literal ? o : NULL;
}

static bool read_compare(struct path_reader *r, enum compare *compare)
{
	static const struct {
		const char *sign;
		enum compare compare;
	} signs[] = {
		{ "===", COMPARE_EQ },   { "!==", COMPARE_NE }, { "==", COMPARE_EQ },
		{ "!=", COMPARE_NE },    { "<=", COMPARE_LE },  { ">=", COMPARE_GE },
		{ "=~", COMPARE_MATCH }, { "<", COMPARE_LT },   { ">", COMPARE_GT },
	};
	static const struct {
		const char *word;
		enum compare compare;
	} words[] = {
		{ "in", COMPARE_IN },
		{ "nin", COMPARE_NOT_IN },
		{ "subsetof", COMPARE_SUBSET_OF },
		{ "anyof", COMPARE_ANY_OF },
		{ "noneof", COMPARE_NONE_OF },
		{ "size", COMPARE_SIZE },
		{ "empty", COMPARE_EMPTY },
		{ "contains", COMPARE_CONTAINS },
		{ "type", COMPARE_TYPE },
	};
	size_t len = 0;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (reader_takes(r, str_of(signs[i].sign))) {
			*compare = signs[i].compare;
			return true;
		}
	}
	while (len < r->rest.len &&
	       ((r->rest.at[len] | 32) >= 'a' && (r->rest.at[len] | 32) <= 'z'))
		len++;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eq_nocase(str_first(r->rest, len), str_of(words[i].word))) {
			*compare = words[i].compare;
			r->rest = str_from(r->rest, len);
			return true;
		}
	}
	return false;
}

static const struct filter *read_or(struct path_reader *r);

static const struct filter *read_comparison(struct path_reader *r)
{
	struct filter *f = arena_new(r->arena, struct filter);

	f->kind = FILTER_COMPARE;
	f->a = read_operand(r);
	if (!f->a)
		return NULL;
	reader_skip_blanks(r);
	if (!read_compare(r, &f->compare))
		return f;
	f->b = read_operand(r);
	return f->b ? f : NULL;
}

static const struct filter *read_single(struct path_reader *r)
{
	const struct filter *inner;
	struct filter * not ;

	reader_skip_blanks(r);
	if (reader_takes(r, STR("!"))) {
		if (++r->depth > MOST_DEPTH)
			return reader_fail(r, "a filter is nested too deeply");
		inner = read_single(r);
		r->depth--;
		not = arena_new(r->arena, struct filter);
		*not = (struct filter){ .kind = FILTER_NOT, .left = inner };
		return inner ? not : NULL;
	}
	if (!reader_takes(r, STR("(")))
		return read_comparison(r);
	inner = read_or(r);
	reader_skip_blanks(r);
	if (inner && !reader_takes(r, STR(")")))
		return reader_fail(r, "expected ')'");
	return inner;
}

static const struct filter *join(struct path_reader *r, enum filter_kind kind,
				 const struct filter *left, const struct filter *right)
{
	struct filter *f = arena_new(r->arena, struct filter);

	*f = (struct filter){ .kind = kind, .left = left, .right = right };
	return right ? f : NULL;
}

static const struct filter *read_and(struct path_reader *r)
{
	const struct filter *f = read_single(r);

	while (f) {
		reader_skip_blanks(r);
		if (!reader_takes(r, STR("&&")))
			break;
		f = join(r, FILTER_AND, f, read_single(r));
	}
	return f;
}

static const struct filter *read_or(struct path_reader *r)
{
	const struct filter *f;

	if (++r->depth > MOST_DEPTH)
		return reader_fail(r, "a filter is nested too deeply");
	f = read_and(r);
	while (f) {
		reader_skip_blanks(r);
		if (!reader_takes(r, STR("||")))
			break;
		f = join(r, FILTER_OR, f, read_and(r));
	}
	r->depth--;
	return f;
}

const struct filter *read_filter(struct path_reader *r)
{
	return read_or(r);
}

/* --- when it holds --- */

const struct json *operand_value(struct search *s, const struct operand *o,
				 const struct json *current)
{
	switch (o->kind) {
	case OPERAND_LITERAL:
		return o->literal;
	case OPERAND_PATH:
		return path_value(s, o->path, o->of_root ? s->root : current);
	case OPERAND_REGEX:
		break;
	}
	return NULL;
}

static bool is_scalar_text(const struct json *j)
{
	return j->kind == JSON_STRING || j->kind == JSON_NUMBER;
}

/* A text equals a number of the same letters; a number equals a text of its value. */
static bool are_equal(const struct json *a, const struct json *b)
{
	double x, y;

	if (!a || !b)
		return !a && !b;
	if (is_scalar_text(a) && is_scalar_text(b) && a->kind != b->kind) {
		if (a->kind == JSON_STRING)
			return str_eq(a->text, b->text);
		return str_to_double(a->text, &x) && str_to_double(b->text, &y) && x == y;
	}
	return json_equal(a, b);
}

/* Below 0, 0, above 0; false: they cannot be put in an order. */
static bool order(const struct json *a, const struct json *b, int *sign)
{
	double x, y;

	if (!a || !b || a->kind != b->kind)
		return false;
	if (a->kind == JSON_NUMBER && json_to_double(a, &x) && json_to_double(b, &y)) {
		*sign = (x > y) - (x < y);
		return true;
	}
	if (a->kind == JSON_STRING) {
		const size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
		const int first = len ? memcmp(a->text.at, b->text.at, len) : 0;

		*sign = first ? first
			      : (a->text.len > b->text.len) - (a->text.len < b->text.len);
		return true;
	}
	return false;
}

static bool is_in(struct search *s, const struct json *j, const struct json *list)
{
	if (!j || !list || list->kind != JSON_ARRAY)
		return false;
	for (const struct json *m = list->first; m && search_step(s); m = m->next)
		if (are_equal(j, m))
			return true;
	return false;
}

/* How many members of a are in b; SIZE_MAX: they are no lists. */
static size_t count_in(struct search *s, const struct json *a, const struct json *b)
{
	size_t count = 0;

	if (!a || !b || a->kind != JSON_ARRAY || b->kind != JSON_ARRAY)
		return SIZE_MAX;
	for (const struct json *m = a->first; m && search_step(s); m = m->next)
		count += is_in(s, m, b);
	return count;
}

static bool has_size(const struct json *a, const struct json *b)
{
	int64_t n;

	if (!a || !json_to_int(b, &n))
		return false;
	if (a->kind == JSON_ARRAY)
		return (int64_t)a->count == n;
	return a->kind == JSON_STRING && (int64_t)a->text.len == n;
}

static bool is_empty(const struct json *a, const struct json *b)
{
	const bool wanted = b && b->kind == JSON_TRUE;

	if (!a || !b)
		return false;
	if (a->kind == JSON_ARRAY || a->kind == JSON_OBJECT)
		return (a->count == 0) == wanted;
	return a->kind == JSON_STRING && (a->text.len == 0) == wanted;
}

static bool contains(struct search *s, const struct json *a, const struct json *b)
{
	if (!a || !b)
		return false;
	if (a->kind == JSON_STRING && b->kind == JSON_STRING)
		return !b->text.len || str_find_str(a->text, b->text) < a->text.len;
	return is_in(s, b, a);
}

static bool has_type(const struct json *a, const struct json *b)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",     [JSON_FALSE] = "boolean",
		[JSON_TRUE] = "boolean",  [JSON_NUMBER] = "number",
		[JSON_STRING] = "string", [JSON_ARRAY] = "array",
		[JSON_OBJECT] = "object",
	};

	return a && b && b->kind == JSON_STRING &&
	       str_eq(b->text, str_of(names[a->kind]));
}

static bool text_matches(const struct json *j, const struct operand *o)
{
	return j && o->kind == OPERAND_REGEX && is_scalar_text(j) &&
	       regex_matches(o->regex, j->text, 0, NULL);
}

static bool holds_between(struct search *s, const struct filter *f, const struct json *a,
			  const struct json *b)
{
	int sign = 0;

	switch (f->compare) {
	case COMPARE_EXISTS:
		return a != NULL;
	case COMPARE_EQ:
		return are_equal(a, b);
	case COMPARE_NE:
		return !are_equal(a, b);
	case COMPARE_LT:
		return order(a, b, &sign) && sign < 0;
	case COMPARE_LE:
		return order(a, b, &sign) && sign <= 0;
	case COMPARE_GT:
		return order(a, b, &sign) && sign > 0;
	case COMPARE_GE:
		return order(a, b, &sign) && sign >= 0;
	case COMPARE_MATCH:
		return text_matches(a, f->b);
	case COMPARE_IN:
		return is_in(s, a, b);
	case COMPARE_NOT_IN:
		return !is_in(s, a, b);
	case COMPARE_SUBSET_OF:
		return a && count_in(s, a, b) == a->count;
	case COMPARE_ANY_OF:
		return count_in(s, a, b) - 1 < SIZE_MAX - 1;
	case COMPARE_NONE_OF:
		return count_in(s, a, b) == 0;
	case COMPARE_SIZE:
		return has_size(a, b);
	case COMPARE_EMPTY:
		return is_empty(a, b);
	case COMPARE_CONTAINS:
		return contains(s, a, b);
	case COMPARE_TYPE:
		return has_type(a, b);
	}
	return false;
}

static bool comparison_holds(struct search *s, const struct filter *f,
			     const struct json *j)
{
	const struct json *a = operand_value(s, f->a, j);
	const struct json *b = f->b ? operand_value(s, f->b, j) : NULL;

	return holds_between(s, f, a, b);
}

bool filter_holds(struct search *s, const struct filter *f, const struct json *j)
{
	if (!search_step(s))
		return false;
	switch (f->kind) {
	case FILTER_COMPARE:
		return comparison_holds(s, f, j);
	case FILTER_NOT:
		return !filter_holds(s, f->left, j);
	case FILTER_AND:
		return filter_holds(s, f->left, j) && filter_holds(s, f->right, j);
	case FILTER_OR:
		return filter_holds(s, f->left, j) || filter_holds(s, f->right, j);
	}
	return false;
}
