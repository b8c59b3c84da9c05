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
	inner.guard = 0;
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
bool dw_key_begins(const struct dw_parser *p, size_t ahead)
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

/* prefix#name, the prefix one of an `ns` line. */
static struct dw_node *in_namespace(struct dw_parser *p, struct dw_node *n)
{
	const struct dw_prefix *known = p->prefixes;
	struct dw_tag *tag = arena_new(p->arena, struct dw_tag);

	while (known && !str_eq(known->name, n->value.text))
		known = known->outer;
	if (!known) {
		p->at--;
		dw_unexpected(p, "the prefix of an 'ns' line");
		return NULL;
	}
	p->at++;
	*tag = (struct dw_tag){ .prefix = known->name, .uri = known->uri };
	n->value.text = dw_peek(p, 0)->text;
	n->value.tag = tag;
	p->at++;
	return n;
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
	if (dw_is_sign(p, 0, "#"))
		return in_namespace(p, n);
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

/* `a: 1` where a value stands is an object of that alone. */
struct dw_node *dw_bare_pair(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_BUILD_OBJECT), *member;

	CHECK(member = dw_nested(p, pair));
	dw_append(n, member);
	return n;
}

/* `(a: 1) if c`, or `(object)` whose members come in here. */
static struct dw_node *inserted(struct dw_parser *p)
{
	struct dw_node *n;

	p->at++;
	if (dw_key_begins(p, 0)) {
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

		if (dw_key_begins(p, 0) || bracketed_key(p)) {
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

static bool is_name(const struct dw_parser *p, size_t ahead)
{
	return dw_peek(p, ahead)->kind == DW_TOKEN_NAME;
}

/* [head ~ tail], {key: value ~ tail}: names for the first and for the rest. */
static bool taken_apart(struct dw_parser *p, struct dw_node *n)
{
	const bool list = dw_is_sign(p, 0, "[") && is_name(p, 1) && dw_is_sign(p, 2, "~");
	const bool object = dw_is_sign(p, 0, "{") && is_name(p, 1) &&
			    dw_is_sign(p, 2, ":") && is_name(p, 3) &&
			    dw_is_sign(p, 4, "~");
	const size_t tail = list ? 3 : 5;

	if ((!list && !object) || !is_name(p, tail) ||
	    !dw_is_sign(p, tail + 1, list ? "]" : "}"))
		return false;
	n->index = list ? 2 : 3;
	for (size_t i = 1; i <= tail; i += 2)
		dw_bind(p, dw_peek(p, i)->text);
	p->at += tail + 2;
	return true;
}

/* A name of a case's own for what is looked at. */
static bool name_begins(const struct dw_parser *p)
{
	static const char *const words[] = { "is",   "if",    "matches", "true",
					     "null", "false", NULL };

	for (unsigned i = 0; words[i]; i++)
		if (dw_is_word(p, 0, words[i]))
			return false;
	return is_name(p, 0);
}

static bool pattern(struct dw_parser *p, struct dw_node *n)
{
	if (name_begins(p)) {
		p->names->name = dw_peek(p, 0)->text;
		p->at++;
		dw_take_sign(p, ":");
	}
	if (taken_apart(p, n))
		;
	else if (dw_take_word(p, "is"))
		n->type = dw_type(p);
	else if (dw_take_word(p, "matches") ||
		 (!dw_is_word(p, 0, "if") && !dw_is_sign(p, 0, "->")))
		n->a = dw_guarded(p, dw_disjunction);
	if (!p->failed && dw_take_word(p, "if"))
		n->c = dw_guarded(p, dw_expression);
	return !p->failed;
}

/* The subject of match is bound as `$`, and by name where the case gives it one. */
static struct dw_node *match_case(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_CASE);
	struct dw_name *outside = p->names;

	dw_bind(p, STR("$"));
	if (dw_take_word(p, "else")) {
		if (is_name(p, 0)) {
			p->names->name = dw_peek(p, 0)->text;
			p->at++;
		}
	} else {
		if (!dw_take_word(p, "case")) {
			dw_unexpected(p, "'case'");
			return NULL;
		}
		CHECK(pattern(p, n));
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
