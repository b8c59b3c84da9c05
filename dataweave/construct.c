/* What has brackets of its own: objects, arrays, strings, lambdas, match, types. */
#include "base/buf.h"
#include "dataweave/date.h"
#include "dataweave/parser_priv.h"

#define CHECK(x)                     \
	do {                         \
		if (!(x))            \
			return NULL; \
	} while (0)

bool dw_date_of_text(struct str text, struct dw_value *v)
{
	return dw_date_parse(text, v);
}

/* --- strings --- */

static void add_utf8(struct buf *b, unsigned c)
{
	if (c < 0x80) {
		buf_add_char(b, (char)c);
	} else if (c < 0x800) {
		buf_add_char(b, (char)(0xc0 | c >> 6));
		buf_add_char(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_add_char(b, (char)(0xe0 | c >> 12));
		buf_add_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_char(b, (char)(0x80 | (c & 0x3f)));
	}
}

static size_t unicode(struct str s, struct buf *b)
{
	unsigned c = 0;

	for (size_t i = 0; i < 4; i++) {
		if (i >= s.len || hex_digit(s.at[i]) < 0)
			return 0;
		c = c << 4 | (unsigned)hex_digit(s.at[i]);
	}
	add_utf8(b, c ? c : 0xfffd);
	return 4;
}

/* The escape after a backslash; how many bytes it is long. */
static size_t escape(struct str s, struct buf *b)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	const char *known;

	if (!s.len)
		return 0;
	known = s.at[0] ? strchr(from, s.at[0]) : NULL;
	if (s.at[0] == 'u')
		return 1 + unicode(str_from(s, 1), b);
	buf_add_char(b, known ? to[known - from] : s.at[0]);
	return 1;
}

static void add_literal(struct dw_parser *p, struct dw_node *text, struct buf *b)
{
	struct dw_node *part = dw_node(p, DW_LITERAL);

	part->value = dw_string(arena_copy(p->arena, buf_str(b)));
	dw_append(text, part);
	buf_clear(b);
}

/* An expression in the middle of a string, with the names of where it stands. */
static bool hole(struct dw_parser *p, struct dw_node *text, struct str source)
{
	struct dw_parser inner = *p;
	struct dw_node *part;

	inner.offset = (size_t)(source.at - p->text.at);
	inner.at = 0;
	if (!dw_lex(source, p->arena, &inner.tokens, p->why))
		return false;
	part = dw_expression(&inner);
	if (part && dw_peek(&inner, 0)->kind != DW_TOKEN_END) {
		dw_unexpected(&inner, "')'");
		part = NULL;
	}
	p->uses_payload |= inner.uses_payload;
	p->failed |= inner.failed;
	if (!part)
		return false;
	part->next = NULL;
	dw_append(text, part);
	return true;
}

static size_t close_of(struct str s)
{
	size_t depth = 0;
	char inside = '\0';

	for (size_t i = 0; i < s.len; i++) {
		if (inside || s.at[i] == '"' || s.at[i] == '\'')
			inside = !inside ? s.at[i] : s.at[i] == inside ? '\0' : inside;
		else if (s.at[i] == '(')
			depth++;
		else if (s.at[i] == ')' && --depth == 0)
			return i;
	}
	return s.len;
}

static size_t name_length(struct str s)
{
	size_t len = 0;

	while (len < s.len &&
	       (s.at[len] == '_' || (s.at[len] >= '0' && s.at[len] <= '9') ||
		(s.at[len] >= 'a' && s.at[len] <= 'z') ||
		(s.at[len] >= 'A' && s.at[len] <= 'Z')))
		len++;
	return len && s.at[0] >= '0' && s.at[0] <= '9' ? 0 : len;
}

/* What stands after a '$': how much of it was taken; 0: the dollar is one. */
static size_t dollar(struct dw_parser *p, struct dw_node *text, struct str s,
		     struct buf *b, bool *failed)
{
	size_t len;

	if (s.len && s.at[0] == '(') {
		len = close_of(s);
		add_literal(p, text, b);
		*failed = !hole(p, text, str_first(str_from(s, 1), len - 1));
		return len + 1;
	}
	len = name_length(s);
	if (!len)
		return 0;
	add_literal(p, text, b);
	*failed = !hole(p, text, str_first(s, len));
	return len;
}

static bool string_parts(struct dw_parser *p, struct dw_node *text, struct str s,
			 struct buf *b)
{
	bool failed = false;

	while (s.len && !failed) {
		size_t taken = 1;

		if (s.at[0] == '\\')
			taken += escape(str_from(s, 1), b);
		else if (s.at[0] == '$' &&
			 (taken = dollar(p, text, str_from(s, 1), b, &failed)) > 0)
			taken++;
		else {
			buf_add_char(b, s.at[0]);
			taken = 1;
		}
		s = str_from(s, taken);
	}
	if (!failed && (b->len || !text->parts))
		add_literal(p, text, b);
	return !failed;
}

struct dw_node *dw_string_token(struct dw_parser *p)
{
	struct dw_node *text = dw_node(p, DW_TEXT);
	struct str s = dw_peek(p, 0)->text;
	struct buf b;
	bool fine;

	p->at++;
	buf_init(&b, DW_MOST_TEXT);
	fine = string_parts(p, text, s, &b);
	buf_release(&b);
	CHECK(fine);
	if (text->count == 1 && text->parts->form == DW_LITERAL)
		return text->parts;
	return text;
}

/* --- objects and arrays --- */

/* Is it `name:`, `"name":`, `(name):`, or with attributes or a prefix before the colon?
 */
static bool key_begins(const struct dw_parser *p, size_t ahead)
{
	enum dw_token_kind k = dw_peek(p, ahead)->kind;

	if (k == DW_TOKEN_NAME && dw_is_sign(p, ahead + 1, "#"))
		return true;
	return (k == DW_TOKEN_NAME || k == DW_TOKEN_STRING || k == DW_TOKEN_NUMBER) &&
	       (dw_is_sign(p, ahead + 1, ":") || dw_is_sign(p, ahead + 1, "@"));
}

static bool bracketed_key(const struct dw_parser *p)
{
	size_t depth = 0, i = 0;

	if (!dw_is_sign(p, 0, "("))
		return false;
	do {
		if (dw_peek(p, i)->kind == DW_TOKEN_END)
			return false;
		if (dw_is_sign(p, i, "("))
			depth++;
		else if (dw_is_sign(p, i, ")"))
			depth--;
		i++;
	} while (depth);
	return dw_is_sign(p, i, ":") || dw_is_sign(p, i, "@");
}

static struct dw_node *key(struct dw_parser *p)
{
	const struct dw_token *t = dw_peek(p, 0);
	struct dw_node *n;

	if (t->kind == DW_TOKEN_STRING)
		return dw_string_token(p);
	if (dw_take_sign(p, "(")) {
		CHECK(n = dw_expression(p));
		CHECK(dw_expect(p, ")"));
		return n;
	}
	n = dw_node(p, DW_LITERAL);
	n->value = dw_string(t->text);
	p->at++;
	if (dw_take_sign(p, "#")) {
		n->value.text = str_of(arena_printf(p->arena, STR_FMT ":" STR_FMT,
						    STR_ARG(t->text),
						    STR_ARG(dw_peek(p, 0)->text)));
		p->at++;
	}
	return n;
}

static struct dw_node *pair(struct dw_parser *p);

/* @(name: value, …) */
static struct dw_node *attributes(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_BUILD_OBJECT);

	CHECK(dw_expect(p, "("));
	while (!dw_take_sign(p, ")")) {
		struct dw_node *one;

		CHECK(one = dw_nested(p, pair));
		dw_append(n, one);
		if (!dw_is_sign(p, 0, ")"))
			CHECK(dw_expect(p, ","));
	}
	return n;
}

static struct dw_node *condition(struct dw_parser *p, struct dw_node *n)
{
	if (!dw_is_word(p, 0, "if"))
		return n;
	p->at++;
	CHECK(n->c = dw_expression(p));
	return n;
}

static struct dw_node *pair(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_PAIR);

	CHECK(n->a = key(p));
	if (dw_take_sign(p, "@"))
		CHECK(n->d = attributes(p));
	CHECK(dw_expect(p, ":"));
	CHECK(n->b = dw_expression(p));
	return condition(p, n);
}

/* `(a: 1) if c`, or `(object)` whose members come in here. */
static struct dw_node *inserted(struct dw_parser *p)
{
	struct dw_node *n;

	p->at++;
	if (key_begins(p, 0)) {
		CHECK(n = pair(p));
	} else {
		n = dw_node(p, DW_PART);
		CHECK(n->a = dw_expression(p));
	}
	CHECK(dw_expect(p, ")"));
	return condition(p, n);
}

struct dw_node *dw_object(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_BUILD_OBJECT);

	CHECK(dw_expect(p, "{"));
	while (!dw_take_sign(p, "}")) {
		struct dw_node *member;

		if (key_begins(p, 0) || bracketed_key(p)) {
			CHECK(member = pair(p));
		} else if (dw_is_sign(p, 0, "(")) {
			CHECK(member = inserted(p));
		} else {
			dw_unexpected(p, "a key or '}'");
			return NULL;
		}
		dw_append(n, member);
		if (!dw_is_sign(p, 0, "}"))
			CHECK(dw_expect(p, ","));
	}
	return n;
}

struct dw_node *dw_array(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_BUILD_ARRAY);

	CHECK(dw_expect(p, "["));
	while (!dw_take_sign(p, "]")) {
		struct dw_node *part = dw_node(p, DW_PART);

		CHECK(part->a = dw_expression(p));
		CHECK(condition(p, part));
		dw_append(n, part);
		if (!dw_is_sign(p, 0, "]"))
			CHECK(dw_expect(p, ","));
	}
	return n;
}

/* --- lambdas --- */

static bool parameter(struct dw_parser *p, struct dw_node *lambda)
{
	struct dw_node *fallback = dw_node(p, DW_LITERAL);
	const struct dw_token *t = dw_peek(p, 0);

	if (t->kind != DW_TOKEN_NAME)
		return dw_unexpected(p, "the name of a parameter");
	p->at++;
	if (dw_take_sign(p, ":") && !dw_type(p))
		return false;
	if (dw_take_sign(p, "=")) {
		fallback = dw_expression(p);
		if (!fallback)
			return false;
		fallback->next = NULL;
	}
	dw_append(lambda, fallback);
	dw_bind(p, t->text);
	return true;
}

/* Names stay bound; whoever calls this frees them. */
static bool parameters(struct dw_parser *p, struct dw_node *lambda)
{
	if (!dw_take_sign(p, "("))
		return parameter(p, lambda);
	while (!dw_take_sign(p, ")")) {
		if (!parameter(p, lambda))
			return false;
		if (!dw_is_sign(p, 0, ")") && !dw_expect(p, ","))
			return false;
	}
	return true;
}

struct dw_node *dw_lambda(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_LAMBDA);
	struct dw_name *outside = p->names;

	CHECK(parameters(p, n));
	n->index = n->count;
	if (dw_take_sign(p, ":"))
		CHECK(dw_type(p));
	if (!dw_take_sign(p, "="))
		CHECK(dw_expect(p, "->"));
	CHECK(n->a = dw_expression(p));
	p->names = outside;
	return n;
}

/* --- match --- */

/* The subject of match is bound as `$`, and by name where the case gives it one. */
static struct dw_node *match_case(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_CASE);
	struct dw_name *outside = p->names;

	dw_bind(p, STR("$"));
	if (dw_take_word(p, "else")) {
		if (dw_peek(p, 0)->kind == DW_TOKEN_NAME) {
			p->names->name = dw_peek(p, 0)->text;
			p->at++;
		}
	} else {
		if (!dw_take_word(p, "case")) {
			dw_unexpected(p, "'case'");
			return NULL;
		}
		if (dw_peek(p, 0)->kind == DW_TOKEN_NAME && !dw_is_word(p, 0, "is") &&
		    !dw_is_word(p, 0, "if") && !dw_is_word(p, 0, "matches") &&
		    !dw_is_word(p, 0, "true") && !dw_is_word(p, 0, "false") &&
		    !dw_is_word(p, 0, "null")) {
			p->names->name = dw_peek(p, 0)->text;
			p->at++;
			dw_take_sign(p, ":");
		}
		if (dw_take_word(p, "is"))
			CHECK(n->type = dw_type(p));
		else if (dw_take_word(p, "matches") ||
			 (!dw_is_word(p, 0, "if") && !dw_is_sign(p, 0, "->")))
			CHECK(n->a = dw_disjunction(p));
		if (dw_take_word(p, "if"))
			CHECK(n->c = dw_disjunction(p));
	}
	CHECK(dw_expect(p, "->"));
	CHECK(n->b = dw_expression(p));
	p->names = outside;
	return n;
}

struct dw_node *dw_cases(struct dw_parser *p, struct dw_node *of)
{
	struct dw_node *n = dw_make(p, DW_MATCH, of, NULL);

	while (!dw_take_sign(p, "}")) {
		struct dw_node *one;

		CHECK(one = dw_nested(p, match_case));
		dw_append(n, one);
		dw_take_sign(p, ",");
	}
	return n;
}

/* --- types --- */

static const struct {
	const char *word;
	enum dw_type_name name;
} type_names[] = {
	{ "Any", DW_TYPE_ANY },
	{ "Nothing", DW_TYPE_ANY },
	{ "Null", DW_TYPE_NULL },
	{ "Boolean", DW_TYPE_BOOLEAN },
	{ "Number", DW_TYPE_NUMBER },
	{ "String", DW_TYPE_STRING },
	{ "DateTime", DW_TYPE_DATE_TIME },
	{ "LocalDateTime", DW_TYPE_LOCAL_DATE_TIME },
	{ "Date", DW_TYPE_DATE },
	{ "Time", DW_TYPE_TIME },
	{ "LocalTime", DW_TYPE_LOCAL_TIME },
	{ "Period", DW_TYPE_PERIOD },
	{ "Regex", DW_TYPE_REGEX },
	{ "Range", DW_TYPE_RANGE },
	{ "Array", DW_TYPE_ARRAY },
	{ "Object", DW_TYPE_OBJECT },
	{ "Function", DW_TYPE_FUNCTION },
	{ "Key", DW_TYPE_KEY },
	{ "Binary", DW_TYPE_BINARY },
};

static bool type_named(struct str word, enum dw_type_name *name)
{
	for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++) {
		if (!str_eq(word, str_of(type_names[i].word)))
			continue;
		*name = type_names[i].name;
		return true;
	}
	return false;
}

/* <String, Number>: what is inside is not checked, as the product does not either. */
static bool skip_type_arguments(struct dw_parser *p)
{
	if (!dw_take_sign(p, "<"))
		return true;
	do {
		if (!dw_type(p))
			return false;
	} while (dw_take_sign(p, ","));
	return dw_expect(p, ">");
}

static struct dw_type *one_type(struct dw_parser *p)
{
	struct dw_type *t = arena_new(p->arena, struct dw_type);

	if (dw_is_sign(p, 0, "{")) { /* an object's shape */
		t->name = DW_TYPE_OBJECT;
		CHECK(dw_object(p));
		return t;
	}
	dw_take_sign(p, ":");
	t->text = dw_peek(p, 0)->text;
	if (dw_peek(p, 0)->kind != DW_TOKEN_NAME || !type_named(t->text, &t->name)) {
		dw_unexpected(p, "a type");
		return NULL;
	}
	p->at++;
	CHECK(skip_type_arguments(p));
	if (dw_is_sign(p, 0, "{"))
		CHECK(t->options = dw_object(p));
	return t;
}

static struct dw_node *type_in_depth(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_LITERAL);
	struct dw_type *t;

	CHECK(t = one_type(p));
	if (dw_take_sign(p, "|"))
		CHECK(t->either = dw_type(p));
	n->type = t;
	return n;
}

const struct dw_type *dw_type(struct dw_parser *p)
{
	struct dw_node *n = dw_nested(p, type_in_depth);

	return n ? n->type : NULL;
}

/* A type where a value stands: `typeOf(x) == String`. */
struct dw_node *dw_type_value(struct dw_parser *p, struct str name)
{
	struct dw_type *t = arena_new(p->arena, struct dw_type);
	struct dw_node *n;

	if (!type_named(name, &t->name))
		return NULL;
	n = dw_node(p, DW_LITERAL);
	t->text = name;
	n->value = (struct dw_value){ .kind = DW_TYPE, .type = t, .text = name };
	return n;
}
