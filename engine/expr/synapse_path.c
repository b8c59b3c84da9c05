/*
 * The path behind payload, vars or a function: it becomes a JSON path. Expressions in
 * brackets are worked out first and their values written into it.
 */
#include "expr/synapse_priv.h"

#include <string.h>

enum { MOST_DEPTH = 100 };

struct writer {
	struct parser *parser;
	struct path_piece **last;
	struct buf text;
	bool constant;
};

static void write_piece(struct writer *w, const struct term *inner)
{
	struct path_piece *piece = arena_new(w->parser->arena, struct path_piece);

	piece->text = arena_copy(w->parser->arena, buf_str(&w->text));
	piece->inner = inner;
	*w->last = piece;
	w->last = &piece->next;
	w->constant = w->constant && !inner;
	buf_clear(&w->text);
}

/* To where the bracket that was opened is closed; s.len: nowhere. */
static size_t closing(struct str s)
{
	unsigned depth = 1;
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
		} else if (c == '[' || c == '(') {
			depth++;
		} else if ((c == ']' || c == ')') && --depth == 0) {
			return c == ']' ? i : s.len;
		}
	}
	return s.len;
}

static bool is_access(struct str name)
{
	static const char *const names[] = { "vars",   "payload", "headers",   "configs",
					     "params", "props",   "properties" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

/* vars.min in a filter is an expression; @.min and the words of filters are not. */
static bool copy_filter(struct writer *w, struct str filter)
{
	struct parser inner = *w->parser;
	char before = '\0';

	inner.rest = filter;
	while (inner.rest.len) {
		const struct str name = str_first(inner.rest,
						  parse_name_length(inner.rest));
		struct str quoted;
		const struct term *t;

		if (name.len && before != '.' && before != '@' && is_access(name)) {
			t = parse_factor(&inner);
			if (!t)
				return false;
			write_piece(w, t);
		} else if (name.len) {
			buf_add(&w->text, name);
			inner.rest = str_from(inner.rest, name.len);
		} else if (strchr("'\"", inner.rest.at[0])) {
			const char *start = inner.rest.at;

			if (!parse_quoted(&inner, &quoted))
				return false;
			buf_add(&w->text, (struct str){ start, quoted.len + 2 });
		} else {
			buf_add_char(&w->text, inner.rest.at[0]);
			inner.rest = str_from(inner.rest, 1);
		}
		before = inner.rest.at[-1];
	}
	w->parser->needs_tree = inner.needs_tree;
	return true;
}

/* Numbers, texts in quotes, blanks and signs stand as they are. */
static bool is_plain(struct str part)
{
	struct parser p = { .rest = part };
	struct str quoted;

	parse_blanks(&p);
	if (p.rest.len && strchr("'\"", p.rest.at[0])) {
		const char quote = p.rest.at[0];

		quoted = str_trim(p.rest);
		return quoted.len > 1 && quoted.at[quoted.len - 1] == quote &&
		       str_find(str_from(quoted, 1), quote) == quoted.len - 2;
	}
	for (size_t i = 0; i < p.rest.len; i++)
		if (!strchr("0123456789-* \t", p.rest.at[i]))
			return false;
	return true;
}

static bool copy_part(struct writer *w, struct str part)
{
	struct parser inner = *w->parser;
	const struct term *t;

	if (is_plain(part)) {
		buf_add(&w->text, part);
		return true;
	}
	inner.rest = part;
	t = parse_expression(&inner);
	parse_blanks(&inner);
	if (t && inner.rest.len)
		return parse_fail(&inner, "the index does not end") != NULL;
	w->parser->needs_tree = inner.needs_tree;
	if (t)
		write_piece(w, t);
	return t != NULL;
}

/* The parts of an index, between commas and colons that stand outside of anything. */
static bool copy_index(struct writer *w, struct str index)
{
	unsigned depth = 0;
	size_t start = 0;
	char quote = '\0';

	for (size_t i = 0; i <= index.len; i++) {
		const char c = i < index.len ? index.at[i] : ',';

		if (i < index.len && quote) {
			quote = c == quote ? '\0' : quote;
			continue;
		}
		depth += c == '(' || c == '[';
		depth -= (c == ')' || c == ']') && depth;
		if (c == '"' || c == '\'')
			quote = c;
		if ((c != ',' && c != ':') || (depth && i < index.len))
			continue;
		if (!copy_part(w, (struct str){ index.at + start, i - start }))
			return false;
		if (i < index.len)
			buf_add_char(&w->text, c);
		start = i + 1;
	}
	return true;
}

/* Behind '['. */
static bool copy_bracket(struct writer *w)
{
	struct parser *p = w->parser;
	const size_t end = closing(p->rest);
	struct str inside = str_trim(str_first(p->rest, end));
	bool copied;

	if (end == p->rest.len)
		return parse_fail(p, "expected ']'") != NULL;
	if (!inside.len)
		return parse_fail(p, "there is nothing in the brackets") != NULL;
	buf_add_char(&w->text, '[');
	if (str_starts(inside, STR("(")))
		buf_add_char(&w->text, '?');
	if (str_starts(inside, STR("?")) || str_starts(inside, STR("(")))
		copied = copy_filter(w, inside);
	else
		copied = copy_index(w, inside);
	buf_add_char(&w->text, ']');
	p->rest = str_from(p->rest, end + 1);
	return copied;
}

static bool is_path_function(struct str name)
{
	static const char *const names[] = {
		"length", "size",   "min",  "max",   "avg",
		"sum",    "stddev", "keys", "first", "last"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

/* Behind '.': a name, a function of paths, '*'. */
static bool copy_name(struct writer *w, bool below)
{
	struct parser *p = w->parser;
	const size_t len = parse_name_length(p->rest);
	const struct str name = str_first(p->rest, len);

	if (str_starts(p->rest, STR("*"))) {
		buf_add(&w->text, below ? STR("*") : STR(".*"));
		p->rest = str_from(p->rest, 1);
		return true;
	}
	if (!len)
		return parse_fail(p, "expected a name behind '.'") != NULL;
	p->rest = str_from(p->rest, len);
	if (is_path_function(name) && str_starts(p->rest, STR("()"))) {
		p->rest = str_from(p->rest, 2);
		buf_printf(&w->text, "." STR_FMT "()", STR_ARG(name));
		return true;
	}
	if (parse_is_reserved(name))
		return parse_fail(p, arena_printf(p->arena,
						  "'" STR_FMT "' as a name needs [\"\"]",
						  STR_ARG(name))) != NULL;
	buf_printf(&w->text, "['" STR_FMT "']", STR_ARG(name));
	return true;
}

/* One step; *more is false where the path ends. */
static bool copy_step(struct writer *w, bool *more)
{
	struct parser *p = w->parser;

	*more = true;
	if (str_starts(p->rest, STR(".."))) {
		p->rest = str_from(p->rest, 2);
		buf_add(&w->text, STR(".."));
		if (!str_starts(p->rest, STR("[")))
			return copy_name(w, true);
	} else if (str_starts(p->rest, STR("."))) {
		p->rest = str_from(p->rest, 1);
		if (!str_starts(p->rest, STR("[")))
			return copy_name(w, false);
	}
	if (str_starts(p->rest, STR("["))) {
		p->rest = str_from(p->rest, 1);
		return copy_bracket(w);
	}
	*more = false;
	return true;
}

bool parse_path(struct parser *p, struct path *path)
{
	struct writer w = { .parser = p, .last = &path->pieces, .constant = true };
	bool more = true, fine = true;

	if (!str_starts(p->rest, STR(".")) && !str_starts(p->rest, STR("[")))
		return true;
	if (++p->depth > MOST_DEPTH)
		return parse_fail(p, "it is nested too deeply") != NULL;
	buf_init(&w.text, 65536);
	buf_add_char(&w.text, '$');
	while (fine && more)
		fine = copy_step(&w, &more);
	if (fine) {
		write_piece(&w, NULL);
		if (w.constant)
			path->compiled = jsonpath_compile(path->pieces->text, p->arena,
							  p->why);
		fine = !w.constant || path->compiled;
	}
	buf_release(&w.text);
	p->depth--;
	return fine;
}

/* A value within a path: texts in quotes, all else as its text. */
static void write_inner(struct run *r, struct value v, struct buf *to)
{
	v = plain_value(r, v);
	if (v.kind != VALUE_STR) {
		buf_add(to, value_text(v, r->arena));
		return;
	}
	buf_add_char(to, '\'');
	for (size_t i = 0; i < v.text.len; i++) {
		if (v.text.at[i] == '\'' || v.text.at[i] == '\\')
			buf_add_char(to, '\\');
		buf_add_char(to, v.text.at[i]);
	}
	buf_add_char(to, '\'');
}

static const struct jsonpath *path_now(struct run *r, const struct path *path)
{
	const struct jsonpath *compiled = NULL;
	struct fault why = { 0 };
	struct value v;
	struct buf b;
	bool fine = true;

	if (path->compiled)
		return path->compiled;
	buf_init(&b, 65536);
	for (const struct path_piece *p = path->pieces; p && fine; p = p->next) {
		buf_add(&b, p->text);
		if (!p->inner)
			continue;
		fine = term_value(r, p->inner, &v);
		if (fine)
			write_inner(r, v, &b);
	}
	if (fine) {
		compiled = jsonpath_compile(buf_str(&b), r->arena, &why);
		if (!compiled)
			run_fail(r, "%s", why.text);
	}
	buf_release(&b);
	return compiled;
}

bool path_apply(struct run *r, const struct path *path, const struct json *root,
		struct value *v)
{
	const struct jsonpath *compiled = path_now(r, path);
	const struct json *found;
	struct fault why = { 0 };

	if (!compiled)
		return false;
	if (!jsonpath_find(compiled, root, r->arena, &found, &why))
		return run_fail(r, "%s", why.text);
	if (!found)
		return run_fail(r, "the path leads nowhere");
	*v = value_json(found);
	return true;
}
