/*
 * What is taken beyond RFC 8259, because Gson takes it and messages have it: numbers
 * with leading zeros, line ends and tabs within strings, a byte order mark.
 */
#include "message/json.h"

#include "base/utf8.h"

struct parser {
	const char *at, *end;
	struct arena *arena;
	struct fault *why;
	unsigned line, depth;
};

static struct json *fail(struct parser *p, const char *text)
{
	if (p->why)
		*p->why = (struct fault){ .code = FAULT_BUILDING,
					  .text = text,
					  .where = { NULL, p->line } };
	return NULL;
}

static void skip_blanks(struct parser *p)
{
	const char *at = p->at;

	for (; at < p->end && (unsigned char)*at <= ' '; at++) {
		if (*at == '\n')
			p->line++;
		else if (*at != ' ' && *at != '\t' && *at != '\r')
			break;
	}
	p->at = at;
}

static bool next_is(struct parser *p, char c)
{
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

/* Four hex digits at p; -1: there are none. */
static int32_t hex_unit(const char *at, const char *end)
{
	int32_t unit = 0;

	if (end - at < 4)
		return -1;
	for (unsigned i = 0; i < 4; i++) {
		const int digit = hex_digit(at[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

/* \uXXXX, or two of them for one character; a lone surrogate becomes U+FFFD. */
static bool put_unicode(const char **at, const char *end, char **to)
{
	const int32_t unit = hex_unit(*at, end);
	int32_t low;
	uint32_t c;

	if (unit < 0)
		return false;
	*at += 4;
	c = (uint32_t)unit;
	if (unit >= 0xD800 && unit < 0xE000) {
		low = end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u'
			      ? hex_unit(*at + 2, end)
			      : -1;
		c = 0xFFFD;
		if (unit < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
			c = 0x10000 + ((uint32_t)unit - 0xD800) * 0x400 +
			    ((uint32_t)low - 0xDC00);
			*at += 6;
		}
	}
	*to += utf8_put(*to, c);
	return true;
}

/* The escape that begins at *at, behind its backslash. */
static bool put_escape(const char **at, const char *end, char **to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (*at == end)
		return false;
	if (**at == 'u') {
		(*at)++;
		return put_unicode(at, end, to);
	}
	found = **at ? strchr(from, **at) : NULL;
	if (!found)
		return false;
	*(*to)++ = into[found - from];
	(*at)++;
	return true;
}

/* What is unescaped is never longer than what is escaped. */
static bool unescape(struct parser *p, const char *at, const char *end, struct str *s)
{
	char *start = arena_alloc_dirty(p->arena, (size_t)(end - at) + 1), *to = start;

	while (at < end) {
		if (*at != '\\') {
			*to++ = *at++;
			continue;
		}
		at++;
		if (!put_escape(&at, end, &to)) {
			fail(p, "an escape in a string is not one of JSON's");
			return false;
		}
	}
	*s = (struct str){ start, (size_t)(to - start) };
	return true;
}

/* To the closing quote; the end of the text if there is none. */
static const char *closing_quote(struct parser *p, bool *escapes)
{
	const char *at = p->at;

	for (; at < p->end && *at != '"'; at++) {
		if (*at == '\\') {
			*escapes = true;
			if (++at == p->end)
				break;
		} else if (*at == '\n') {
			p->line++;
		}
	}
	return at;
}

/* The opening quote was read. */
static bool parse_text(struct parser *p, struct str *s)
{
	const char *start = p->at;
	bool escapes = false;

	p->at = closing_quote(p, &escapes);
	if (p->at == p->end) {
		fail(p, "a string does not end");
		return false;
	}
	p->at++;
	if (escapes)
		return unescape(p, start, p->at - 1, s);
	*s = (struct str){ start, (size_t)(p->at - 1 - start) };
	return true;
}

static struct json *start(struct parser *p, enum json_kind kind)
{
	struct json *j = json_new(p->arena, kind);

	j->line = p->line;
	return j;
}

static bool skip_digits(struct parser *p)
{
	const char *before = p->at;

	while (p->at < p->end && *p->at >= '0' && *p->at <= '9')
		p->at++;
	return p->at > before;
}

static struct json *parse_number(struct parser *p)
{
	const char *before = p->at;
	struct json *j = start(p, JSON_NUMBER);

	next_is(p, '-');
	if (!skip_digits(p))
		return fail(p, "this is not a JSON value");
	if (next_is(p, '.') && !skip_digits(p))
		return fail(p, "a number ends in its decimal point");
	if (next_is(p, 'e') || next_is(p, 'E')) {
		if (!next_is(p, '-'))
			next_is(p, '+');
		if (!skip_digits(p))
			return fail(p, "a number has an empty exponent");
	}
	j->text = (struct str){ before, (size_t)(p->at - before) };
	return j;
}

static struct json *parse_word(struct parser *p, struct str word, enum json_kind kind)
{
	if ((size_t)(p->end - p->at) < word.len || memcmp(p->at, word.at, word.len) != 0)
		return fail(p, "this is not a JSON value");
	p->at += word.len;
	return start(p, kind);
}

static struct json *parse_value(struct parser *p);

static struct json *parse_array(struct parser *p)
{
	struct json *array = start(p, JSON_ARRAY), *member;

	p->at++;
	skip_blanks(p);
	if (next_is(p, ']'))
		return array;
	do {
		member = parse_value(p);
		if (!member)
			return NULL;
		json_append(array, member);
		skip_blanks(p);
	} while (next_is(p, ','));
	return next_is(p, ']') ? array : fail(p, "expected ',' or ']' in an array");
}

static bool parse_member(struct parser *p, struct json *object)
{
	struct json *member;
	struct str key;

	skip_blanks(p);
	if (!next_is(p, '"')) {
		fail(p, "expected a key in quotes in an object");
		return false;
	}
	if (!parse_text(p, &key))
		return false;
	skip_blanks(p);
	if (!next_is(p, ':')) {
		fail(p, "expected ':' behind a key");
		return false;
	}
	member = parse_value(p);
	if (!member)
		return false;
	member->key = key;
	json_append(object, member);
	return true;
}

static struct json *parse_object(struct parser *p)
{
	struct json *object = start(p, JSON_OBJECT);

	p->at++;
	skip_blanks(p);
	if (next_is(p, '}'))
		return object;
	do {
		if (!parse_member(p, object))
			return NULL;
		skip_blanks(p);
	} while (next_is(p, ','));
	return next_is(p, '}') ? object : fail(p, "expected ',' or '}' in an object");
}

static struct json *parse_string(struct parser *p)
{
	struct json *j = start(p, JSON_STRING);

	p->at++;
	return parse_text(p, &j->text) ? j : NULL;
}

static struct json *parse_container(struct parser *p)
{
	struct json *j;

	if (++p->depth > JSON_MAX_DEPTH)
		return fail(p, "nested deeper than 512");
	j = *p->at == '{' ? parse_object(p) : parse_array(p);
	p->depth--;
	return j;
}

static struct json *parse_kind(struct parser *p)
{
	switch (*p->at) {
	case '{':
	case '[':
		return parse_container(p);
	case '"':
		return parse_string(p);
	case 't':
		return parse_word(p, STR("true"), JSON_TRUE);
	case 'f':
		return parse_word(p, STR("false"), JSON_FALSE);
	case 'n':
		return parse_word(p, STR("null"), JSON_NULL);
	default:
		return parse_number(p);
	}
}

static struct json *parse_value(struct parser *p)
{
	const char *before;
	struct json *j;

	skip_blanks(p);
	if (p->at == p->end)
		return fail(p, "the text ends where a value was expected");
	before = p->at;
	j = parse_kind(p);
	if (j)
		j->source = (struct str){ before, (size_t)(p->at - before) };
	return j;
}

struct json *json_parse(struct str text, struct arena *a, struct fault *why)
{
	struct parser p = { .arena = a, .why = why, .line = 1 };
	struct json *j;

	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_from(text, 3);
	p.at = text.len ? text.at : "";
	p.end = p.at + text.len;
	j = parse_value(&p);
	if (!j)
		return NULL;
	skip_blanks(&p);
	return p.at == p.end ? j : fail(&p, "something follows the JSON value");
}
