/* Object literals as people copy them out of code: made strict JSON, line by line. */
#include "fallback/fallback_priv.h"

struct reading {
	struct str rest;
	struct buf to;
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

/* A string in any quotes; inside single ones a double one must be escaped. */
static void take_string(struct reading *r)
{
	const char quote = next_char(r);

	buf_add_char(&r->to, '"');
	r->rest = str_from(r->rest, 1);
	while (r->rest.len && next_char(r) != quote) {
		const bool escaped = next_char(r) == '\\' && r->rest.len > 1;

		if (escaped && r->rest.at[1] == '\'') {
			r->rest = str_from(r->rest, 1);
			take(r, 1);
		} else if (escaped) {
			take(r, 2);
		} else {
			if (next_char(r) == '"')
				buf_add_char(&r->to, '\\');
			take(r, 1);
		}
	}
	buf_add_char(&r->to, '"');
	r->rest = str_from(r->rest, 1);
}

static bool is_json_word(struct str word)
{
	double n;

	return str_eq(word, STR("true")) || str_eq(word, STR("false")) ||
	       str_eq(word, STR("null")) || str_to_double(word, &n);
}

/* A key, an enumeration's name, or what JSON knows. */
static void take_word(struct reading *r)
{
	size_t len = 0;
	bool quoted;

	while (len < r->rest.len && is_word_char(r->rest.at[len]))
		len++;
	quoted = !is_json_word(str_first(r->rest, len));
	if (quoted)
		buf_add_char(&r->to, '"');
	take(r, len);
	if (quoted)
		buf_add_char(&r->to, '"');
}

/* A comma that only a bracket follows goes. */
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
	if (next_char(&ahead) == '}' || next_char(&ahead) == ']')
		r->rest = str_from(r->rest, 1);
	else
		take(r, 1);
	buf_release(&ahead.to);
}

struct str json_of_literal(struct str text, struct arena *a)
{
	struct reading r = { .rest = text };
	struct str json;

	buf_init(&r.to, text.len * 2 + 64);
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
