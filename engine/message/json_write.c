#include "message/json.h"

#include <string.h>

/* As in json.c: what was built deeper than this by hand is cut. */
enum { DEEPEST = 2 * JSON_MAX_DEPTH };

static void escape_char(char c, struct buf *to)
{
	static const char from[] = "\"\\\b\f\n\r\t", into[] = "\"\\bfnrt";
	const char *found = c ? strchr(from, c) : NULL;

	if (found) {
		buf_add_char(to, '\\');
		buf_add_char(to, into[found - from]);
	} else {
		buf_printf(to, "\\u%04x", (unsigned)(unsigned char)c);
	}
}

void json_escape(struct str text, struct buf *to)
{
	size_t plain = 0;

	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.at[i];

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		buf_add(to, (struct str){ text.at + plain, i - plain });
		escape_char(text.at[i], to);
		plain = i + 1;
	}
	buf_add(to, str_from(text, plain));
}

void json_write_string(struct str text, struct buf *to)
{
	buf_add_char(to, '"');
	json_escape(text, to);
	buf_add_char(to, '"');
}

static void new_line(bool pretty, unsigned depth, struct buf *to)
{
	if (!pretty)
		return;
	buf_add_char(to, '\n');
	for (unsigned i = 0; i < depth; i++)
		buf_add(to, STR("  "));
}

static void write_value(const struct json *j, bool pretty, unsigned depth,
			struct buf *to);

static void write_members(const struct json *j, bool pretty, unsigned depth,
			  struct buf *to)
{
	for (const struct json *m = j->first; m; m = m->next) {
		if (m != j->first)
			buf_add_char(to, ',');
		new_line(pretty, depth, to);
		if (j->kind == JSON_OBJECT) {
			json_write_string(m->key, to);
			buf_add(to, pretty ? STR(": ") : STR(":"));
		}
		write_value(m, pretty, depth, to);
	}
}

static void write_container(const struct json *j, bool pretty, unsigned depth,
			    struct buf *to)
{
	buf_add_char(to, j->kind == JSON_ARRAY ? '[' : '{');
	if (j->first && depth < DEEPEST) {
		write_members(j, pretty, depth + 1, to);
		new_line(pretty, depth, to);
	}
	buf_add_char(to, j->kind == JSON_ARRAY ? ']' : '}');
}

static void write_value(const struct json *j, bool pretty, unsigned depth, struct buf *to)
{
	switch (j->kind) {
	case JSON_NULL:
		buf_add(to, STR("null"));
		break;
	case JSON_FALSE:
		buf_add(to, STR("false"));
		break;
	case JSON_TRUE:
		buf_add(to, STR("true"));
		break;
	case JSON_NUMBER:
		buf_add(to, j->text);
		break;
	case JSON_STRING:
		json_write_string(j->text, to);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		write_container(j, pretty, depth, to);
		break;
	}
}

void json_write(const struct json *j, bool pretty, struct buf *to)
{
	write_value(j, pretty, 0, to);
}

struct str json_text(const struct json *j, struct arena *a)
{
	struct buf b;
	struct str s;

	buf_init(&b, SIZE_MAX / 2);
	json_write(j, false, &b);
	s = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return s;
}
