#include "daemon/toml.h"

#include <stdarg.h>

#include "base/buf.h"

enum { MAX_DEPTH = 32, MAX_TABLES = 256, MAX_KEY = 1024 };

/* An array of tables seen so far, and how many it has. */
struct tables {
	struct str key;
	unsigned count;
};

struct reader {
	struct str rest;
	unsigned line, depth;
	struct str table; /* of the last [header] */
	struct tables arrays[MAX_TABLES];
	unsigned array_count;
	struct arena *arena;
	toml_each *each;
	void *ctx;
	struct fault *why;
};

static bool value(struct reader *r, struct str key, struct buf *element);

static bool complain(struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static bool complain(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r->why->text = arena_vprintf(r->arena, fmt, ap);
	r->why->where.line = r->line;
	va_end(ap);
	return false;
}

static char look(const struct reader *r)
{
	return r->rest.len ? r->rest.at[0] : '\0';
}

static void skip(struct reader *r, size_t len)
{
	r->rest = str_from(r->rest, len);
}

static bool take(struct reader *r, char c)
{
	if (!r->rest.len || r->rest.at[0] != c)
		return false;
	skip(r, 1);
	return true;
}

static void blanks(struct reader *r)
{
	while (look(r) == ' ' || look(r) == '\t')
		skip(r, 1);
}

static void comment(struct reader *r)
{
	blanks(r);
	if (look(r) == '#')
		skip(r, str_find(r->rest, '\n'));
}

/* Blanks, comments and line ends. */
static void space(struct reader *r)
{
	for (;;) {
		comment(r);
		if (take(r, '\n'))
			r->line++;
		else if (!take(r, '\r'))
			return;
	}
}

static bool line_end(struct reader *r)
{
	comment(r);
	take(r, '\r');
	if (r->rest.len == 0)
		return true;
	if (!take(r, '\n'))
		return complain(r, "the line should end here, before '" STR_FMT "'",
				STR_ARG(str_first(r->rest, 1)));
	r->line++;
	return true;
}

static bool is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static void add_utf8(struct buf *to, uint64_t c)
{
	if (c < 0x80) {
		buf_add_char(to, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_add_char(to, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_add_char(to, (char)(0xe0 | c >> 12));
		} else {
			buf_add_char(to, (char)(0xf0 | c >> 18));
			buf_add_char(to, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_add_char(to, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_add_char(to, (char)(0x80 | (c & 0x3f)));
}

/* \uXXXX and \UXXXXXXXX */
static bool unicode(struct reader *r, size_t digits, struct buf *to)
{
	uint64_t c = 0;

	for (size_t i = 0; i < digits; i++) {
		const int digit = hex_digit(look(r));

		if (digit < 0)
			return complain(r, "\\u needs %zu hexadecimal digits", digits);
		c = c << 4 | (uint64_t)digit;
		skip(r, 1);
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return complain(r, "\\u%llx is no character", (unsigned long long)c);
	add_utf8(to, c);
	return true;
}

static bool escape(struct reader *r, bool multiline, struct buf *to)
{
	static const char from[] = "btnfr\"\\", means[] = "\b\t\n\f\r\"\\";
	const char c = look(r);
	const char *at = c ? strchr(from, c) : NULL;

	if (multiline && (c == '\n' || c == '\r' || c == ' ' || c == '\t')) {
		for (; strchr(" \t\r\n", look(r)) && r->rest.len; skip(r, 1))
			r->line += look(r) == '\n';
		return true;
	}
	if (!at && c != 'u' && c != 'U')
		return complain(r, "\\%c means nothing in a string", c ? c : ' ');
	skip(r, 1);
	if (!at)
		return unicode(r, c == 'u' ? 4 : 8, to);
	buf_add_char(to, means[at - from]);
	return true;
}

/* After the opening quotes, up to and with the closing ones. */
static bool string_rest(struct reader *r, char quote, bool multiline, struct buf *to)
{
	const char closing[] = { quote, quote, quote };
	const struct str end = { closing, multiline ? 3 : 1 };

	while (r->rest.len) {
		if (str_starts(r->rest, end)) {
			skip(r, end.len);
			for (int i = 0; multiline && i < 2 && take(r, quote); i++)
				buf_add_char(to, quote);
			return true;
		}

		const char c = look(r);

		if (c == '\n' && !multiline)
			break;
		r->line += c == '\n';
		skip(r, 1);
		if (c != '\\' || quote == '\'')
			buf_add_char(to, c);
		else if (!escape(r, multiline, to))
			return false;
	}
	return complain(r, "a string is not closed");
}

static bool string(struct reader *r, struct buf *to)
{
	const char quote = look(r);
	const char three[] = { quote, quote, quote };
	const bool multiline = str_starts(r->rest, (struct str){ three, 3 });

	skip(r, multiline ? 3 : 1);
	if (multiline) {
		take(r, '\r');
		r->line += take(r, '\n');
	}
	return string_rest(r, quote, multiline, to);
}

/* A key with its dots, added to *key. */
static bool dotted(struct reader *r, struct buf *key)
{
	do {
		const size_t before = key->len;

		if (key->len)
			buf_add_char(key, '.');
		blanks(r);
		if (look(r) == '"' || look(r) == '\'') {
			if (!string(r, key))
				return false;
		} else {
			for (; is_bare(look(r)); skip(r, 1))
				buf_add_char(key, look(r));
		}
		if (key->len <= before + (before ? 1 : 0))
			return complain(r, "a key should stand here");
		blanks(r);
	} while (take(r, '.'));
	return buf_is_full(key) ? complain(r, "a key is too long") : true;
}

static bool key_in(struct reader *r, struct str table, struct str *key)
{
	struct buf b;

	buf_init(&b, MAX_KEY);
	buf_add(&b, table);

	const bool fine = dotted(r, &b);

	*key = arena_copy(r->arena, buf_str(&b));
	buf_release(&b);
	return fine;
}

static void tell(struct reader *r, struct str key, enum toml_kind kind, struct str text)
{
	const struct toml_value v = { key, arena_copy(r->arena, text), kind, r->line };

	r->each(r->ctx, &v);
}

/* key = value */
static bool pair(struct reader *r, struct str table)
{
	struct str key;

	if (!key_in(r, table, &key))
		return false;
	if (!take(r, '='))
		return complain(r, "'" STR_FMT "' needs an = and a value", STR_ARG(key));
	blanks(r);
	return value(r, key, NULL);
}

static bool inline_table(struct reader *r, struct str key)
{
	skip(r, 1);
	space(r);
	while (!take(r, '}')) {
		if (!pair(r, key))
			return false;
		space(r);
		if (!take(r, ',') && look(r) != '}')
			return complain(r, "between { and } a comma is missing");
		space(r);
	}
	return true;
}

/* Plain elements are gathered in *joined; tables have a key of their own. */
static bool elements(struct reader *r, struct str key, struct buf *joined)
{
	skip(r, 1);
	space(r);
	for (unsigned i = 0; !take(r, ']'); i++) {
		const char *each = arena_printf(r->arena, STR_FMT ".%u", STR_ARG(key), i);

		if (!value(r, str_of(each), joined))
			return false;
		space(r);
		if (!take(r, ',') && look(r) != ']')
			return complain(r, "between [ and ] a comma is missing");
		space(r);
	}
	return true;
}

static bool array(struct reader *r, struct str key, struct buf *element)
{
	struct buf joined;
	bool fine;

	if (element)
		return elements(r, key, element);
	buf_init(&joined, r->rest.len + 16);
	fine = elements(r, key, &joined);
	if (fine)
		tell(r, key, TOML_ARRAY, buf_str(&joined));
	buf_release(&joined);
	return fine;
}

/* A number, a boolean, a date: whatever stands there without quotes. */
static bool plain(struct reader *r, struct buf *to)
{
	const size_t before = to->len;

	for (; is_bare(look(r)) || strchr("+.:", look(r)); skip(r, 1)) {
		if (r->rest.len == 0)
			break;
		if (look(r) != '_' && !(look(r) == '+' && to->len == before))
			buf_add_char(to, look(r));
	}
	return to->len > before ? true : complain(r, "a value should stand here");
}

static bool scalar(struct reader *r, struct str key, struct buf *element)
{
	const bool quoted = look(r) == '"' || look(r) == '\'';
	struct buf text;
	bool fine;

	if (element && element->len)
		buf_add_char(element, ',');
	if (element)
		return quoted ? string(r, element) : plain(r, element);
	buf_init(&text, r->rest.len + 16);
	fine = quoted ? string(r, &text) : plain(r, &text);
	if (fine)
		tell(r, key, quoted ? TOML_STRING : TOML_OTHER, buf_str(&text));
	buf_release(&text);
	return fine;
}

/* element: where plain values go that are part of an array; NULL: they are told. */
static bool value(struct reader *r, struct str key, struct buf *element)
{
	bool fine;

	if (r->depth == MAX_DEPTH)
		return complain(r, "nested deeper than %d", MAX_DEPTH);
	r->depth++;
	if (look(r) == '[')
		fine = array(r, key, element);
	else if (look(r) == '{')
		fine = inline_table(r, key);
	else
		fine = scalar(r, key, element);
	r->depth--;
	return fine;
}

static struct tables *find_array(struct reader *r, struct str key)
{
	for (unsigned i = 0; i < r->array_count; i++)
		if (str_eq(r->arrays[i].key, key))
			return &r->arrays[i];
	return NULL;
}

/* [a.b] below [[a]] means the last a: the index comes into its key. */
static struct str indexed(struct reader *r, struct str key)
{
	for (size_t i = key.len; i > 0; i--) {
		const struct tables *t = find_array(r, str_first(key, i));

		if (t && (i == key.len || key.at[i] == '.'))
			return str_of(arena_printf(r->arena, STR_FMT ".%u" STR_FMT,
						   (int)i, key.at, t->count - 1,
						   STR_ARG(str_from(key, i))));
	}
	return key;
}

static bool array_header(struct reader *r, struct str key)
{
	struct tables *t = find_array(r, key);

	if (!take(r, ']'))
		return complain(r, "[[" STR_FMT " needs two closing ]", STR_ARG(key));
	if (!t && r->array_count == MAX_TABLES)
		return complain(r, "more than %d arrays of tables", MAX_TABLES);
	if (!t) {
		t = &r->arrays[r->array_count++];
		*t = (struct tables){ .key = key };
	}
	t->count++;
	return true;
}

static bool header(struct reader *r)
{
	const bool of_array = take(r, '[');
	struct str key;

	if (!key_in(r, STR(""), &key))
		return false;
	if (!take(r, ']'))
		return complain(r, "[" STR_FMT " needs a closing ]", STR_ARG(key));
	if (of_array && !array_header(r, key))
		return false;
	r->table = indexed(r, key);
	return true;
}

bool toml_read(struct str text, struct arena *a, toml_each *each, void *ctx,
	       struct fault *why)
{
	struct reader *r = arena_new(a, struct reader);

	*r = (struct reader){
		.rest = text, .line = 1, .arena = a, .each = each, .ctx = ctx, .why = why
	};
	for (space(r); r->rest.len; space(r)) {
		const bool fine = take(r, '[') ? header(r) : pair(r, r->table);

		if (!fine || !line_end(r))
			return false;
	}
	return true;
}
