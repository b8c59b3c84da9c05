#include "expr/jsonpath_priv.h"

#include <string.h>

enum { MOST_DEPTH = 32 };

void *reader_fail(struct path_reader *r, const char *text)
{
	if (r->why && !r->why->text)
		*r->why = (struct fault){
			.code = FAULT_MEDIATION,
			.text = r->rest.len
					? arena_printf(r->arena, "%s at '" STR_FMT "'",
						       text,
						       STR_ARG(str_first(r->rest, 20)))
					: arena_printf(r->arena, "%s at the end", text),
		};
	return NULL;
}

void reader_skip_blanks(struct path_reader *r)
{
	while (r->rest.len && strchr(" \t\r\n", r->rest.at[0]))
		r->rest = str_from(r->rest, 1);
}

bool reader_takes(struct path_reader *r, struct str token)
{
	if (!str_starts(r->rest, token))
		return false;
	r->rest = str_from(r->rest, token.len);
	return true;
}

/* A backslash keeps the character behind it. */
bool reader_quoted(struct path_reader *r, struct str *s)
{
	const char quote = r->rest.len ? r->rest.at[0] : '\0';
	char *to = arena_alloc_dirty(r->arena, r->rest.len + 1);
	size_t len = 0;

	if (quote != '\'' && quote != '"')
		return false;
	for (size_t i = 1; i < r->rest.len; i++) {
		if (r->rest.at[i] == quote) {
			*s = (struct str){ to, len };
			r->rest = str_from(r->rest, i + 1);
			return true;
		}
		if (r->rest.at[i] == '\\' && i + 1 < r->rest.len)
			i++;
		to[len++] = r->rest.at[i];
	}
	reader_fail(r, "a text in quotes does not end");
	return false;
}

static struct step *new_step(struct path_reader *r, enum step_kind kind)
{
	struct step *s = arena_new(r->arena, struct step);

	s->kind = kind;
	return s;
}

static void add_key(struct path_reader *r, struct step *s, struct str key)
{
	struct str *keys = arena_alloc(r->arena, (s->count + 1) * sizeof(*keys));

	if (s->count)
		memcpy(keys, s->keys, s->count * sizeof(*keys));
	keys[s->count++] = key;
	s->keys = keys;
}

static void add_index(struct path_reader *r, struct step *s, int64_t index)
{
	int64_t *indexes = arena_alloc(r->arena, (s->count + 1) * sizeof(*indexes));

	if (s->count)
		memcpy(indexes, s->indexes, s->count * sizeof(*indexes));
	indexes[s->count++] = index;
	s->indexes = indexes;
}

static struct step *read_keys(struct path_reader *r)
{
	struct step *s = new_step(r, STEP_KEYS);
	struct str key;

	do {
		reader_skip_blanks(r);
		if (!reader_quoted(r, &key))
			return reader_fail(r, "expected a name in quotes");
		add_key(r, s, key);
		reader_skip_blanks(r);
	} while (reader_takes(r, STR(",")));
	return s;
}

static bool read_int(struct path_reader *r, int64_t *n)
{
	size_t len = str_starts(r->rest, STR("-")) ? 1 : 0;

	while (len < r->rest.len && r->rest.at[len] >= '0' && r->rest.at[len] <= '9')
		len++;
	if (!str_to_int(str_first(r->rest, len), n))
		return false;
	r->rest = str_from(r->rest, len);
	reader_skip_blanks(r);
	return true;
}

/* The first number, if there was one, was read; the rest begins with ':'. */
static struct step *read_slice(struct path_reader *r, bool has_from, int64_t from)
{
	struct step *s = new_step(r, STEP_SLICE);

	s->slice = (struct slice){ .has_from = has_from, .from = from, .by = 1 };
	reader_takes(r, STR(":"));
	reader_skip_blanks(r);
	s->slice.has_to = read_int(r, &s->slice.to);
	if (reader_takes(r, STR(":"))) {
		reader_skip_blanks(r);
		read_int(r, &s->slice.by);
	}
	return s->slice.by > 0 ? s : reader_fail(r, "a range must go forward");
}

static struct step *read_indexes(struct path_reader *r)
{
	struct step *s = new_step(r, STEP_INDEXES);
	int64_t n = 0;
	const bool has_number = read_int(r, &n);

	if (str_starts(r->rest, STR(":")))
		return read_slice(r, has_number, n);
	if (!has_number)
		return reader_fail(
			r, "expected a name in quotes, a number, *, ? or a range");
	add_index(r, s, n);
	while (reader_takes(r, STR(","))) {
		reader_skip_blanks(r);
		if (!read_int(r, &n))
			return reader_fail(r, "expected a number");
		add_index(r, s, n);
	}
	return s;
}

static struct step *read_filter_step(struct path_reader *r)
{
	struct step *s = new_step(r, STEP_FILTER);

	reader_skip_blanks(r);
	if (!reader_takes(r, STR("(")))
		return reader_fail(r, "expected '(' behind '?'");
	s->filter = read_filter(r);
	if (!s->filter)
		return NULL;
	reader_skip_blanks(r);
	return reader_takes(r, STR(")")) ? s : reader_fail(r, "expected ')'");
}

/* Behind '['. */
static struct step *read_bracket(struct path_reader *r)
{
	struct step *s;

	reader_skip_blanks(r);
	if (reader_takes(r, STR("*")))
		s = new_step(r, STEP_ALL);
	else if (reader_takes(r, STR("?")))
		s = read_filter_step(r);
	else if (r->rest.len && strchr("'\"", r->rest.at[0]))
		s = read_keys(r);
	else
		s = read_indexes(r);
	if (!s)
		return NULL;
	reader_skip_blanks(r);
	return reader_takes(r, STR("]")) ? s : reader_fail(r, "expected ']'");
}

static bool function_named(struct str name, enum function *function)
{
	static const char *const names[FUNCTIONS] = {
		"length", "min",    "max",    "avg",   "stddev", "sum",
		"keys",   "concat", "append", "first", "last",   "index",
	};

	if (str_eq(name, STR("size")))
		name = STR("length");
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*function = (enum function)i;
			return true;
		}
	}
	return false;
}

static struct step *read_function(struct path_reader *r, struct str name)
{
	struct step *s = new_step(r, STEP_FUNCTION);
	const struct operand **last = &s->arguments;

	if (!function_named(name, &s->function))
		return reader_fail(r, "there is no such function");
	reader_skip_blanks(r);
	if (reader_takes(r, STR(")")))
		return s;
	do {
		struct operand *argument = read_operand(r);

		if (!argument)
			return NULL;
		*last = argument;
		last = (const struct operand **)(uintptr_t)&argument->next;
		reader_skip_blanks(r);
	} while (reader_takes(r, STR(",")));
	return reader_takes(r, STR(")")) ? s : reader_fail(r, "expected ')'");
}

/* A name behind a point: up to what cannot be part of one. */
static struct step *read_name(struct path_reader *r)
{
	struct step *s;
	struct str name;
	size_t len = 0;

	if (reader_takes(r, STR("*")))
		return new_step(r, STEP_ALL);
	while (len < r->rest.len && !strchr(".[]() \t\r\n,=<>!&|~'\"", r->rest.at[len]))
		len++;
	name = str_first(r->rest, len);
	if (!len)
		return reader_fail(r, "expected a name behind '.'");
	r->rest = str_from(r->rest, len);
	if (reader_takes(r, STR("(")))
		return read_function(r, name);
	s = new_step(r, STEP_KEYS);
	add_key(r, s, name);
	return s;
}

static bool is_definite(const struct step *s)
{
	return s->kind == STEP_FUNCTION ||
	       ((s->kind == STEP_KEYS || s->kind == STEP_INDEXES) && s->count == 1);
}

/* The next step; NULL and no complaint where the path ends. */
static struct step *read_step(struct path_reader *r)
{
	if (reader_takes(r, STR("..")))
		return new_step(r, STEP_DEEP);
	if (reader_takes(r, STR("["))) {
		return read_bracket(r);
	}
	if (reader_takes(r, STR(".")))
		return str_starts(r->rest, STR("[")) ? read_step(r) : read_name(r);
	return NULL;
}

/* What stands behind "..": a name without a point, or a bracket. */
static struct step *read_below(struct path_reader *r)
{
	if (str_starts(r->rest, STR("[")))
		return read_step(r);
	return read_name(r);
}

struct jsonpath *read_path(struct path_reader *r)
{
	struct jsonpath *p = arena_new(r->arena, struct jsonpath);
	struct step **last = &p->first, *s = NULL;

	if (++r->depth > MOST_DEPTH)
		return reader_fail(r, "a path is nested too deeply");
	p->definite = true;
	if (!reader_takes(r, STR("$")) && !reader_takes(r, STR("@")))
		return reader_fail(r, "expected '$'");
	for (;;) {
		s = s && s->kind == STEP_DEEP ? read_below(r) : read_step(r);
		if (!s)
			break;
		p->definite = s->kind == STEP_FUNCTION || (p->definite && is_definite(s));
		p->ends_in_function = s->kind == STEP_FUNCTION;
		*last = s;
		last = &s->next;
	}
	r->depth--;
	return r->why->text ? NULL : p;
}

const struct jsonpath *jsonpath_compile(struct str text, struct arena *a,
					struct fault *why)
{
	struct fault ignored = { 0 };
	struct path_reader r = { .arena = a, .why = why ? why : &ignored };
	struct jsonpath *p;

	*r.why = (struct fault){ 0 };
	r.rest = str_trim(arena_copy(a, text));
	if (str_find(text, '\0') < text.len)
		return reader_fail(&r, "there is a NUL character");
	p = read_path(&r);
	if (!p)
		return NULL;
	reader_skip_blanks(&r);
	return r.rest.len ? reader_fail(&r, "the path does not go on") : p;
}

bool jsonpath_is_definite(const struct jsonpath *p)
{
	return p->definite;
}
