/*
 * The grammar of mediation.md §5.5, as it is: comparisons bind looser than and/or,
 * which are right-associative; a minus before a digit belongs to the number.
 */
#include "expr/synapse_priv.h"

#include <string.h>

#include "expr/expr_priv.h"

enum { MOST_DEPTH = 100 };

void *parse_fail(struct parser *p, const char *text)
{
	if (p->why && !p->why->text)
		*p->why = (struct fault){
			.code = FAULT_MEDIATION,
			.text = p->rest.len
					? arena_printf(p->arena,
						       "Syntax error in expression: %s "
						       "at '" STR_FMT "'",
						       text,
						       STR_ARG(str_first(p->rest, 24)))
					: arena_printf(
						  p->arena,
						  "Syntax error in expression: %s at "
						  "its end",
						  text),
		};
	return NULL;
}

void parse_blanks(struct parser *p)
{
	while (p->rest.len && strchr(" \t\r\n", p->rest.at[0]))
		p->rest = str_from(p->rest, 1);
}

bool parse_sign(struct parser *p, const char *sign)
{
	const struct str s = str_of(sign);

	parse_blanks(p);
	if (!str_starts(p->rest, s))
		return false;
	p->rest = str_from(p->rest, s.len);
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool starts_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

size_t parse_name_length(struct str s)
{
	size_t len = 0;

	while (len < s.len && (starts_name(s.at[len]) ||
			       (len && (is_digit(s.at[len]) || s.at[len] == '-'))))
		len++;
	return len;
}

bool parse_is_reserved(struct str name)
{
	static const char *const words[] = { "and",   "or",    "true",   "false",
					     "null",  "in",    "nin",    "size",
					     "empty", "anyof", "noneof", "subsetof" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq(name, str_of(words[i])))
			return true;
	return false;
}

/* Escapes are not decoded: the text is what stands between the quotes. */
bool parse_quoted(struct parser *p, struct str *s)
{
	const char quote = p->rest.len ? p->rest.at[0] : '\0';
	size_t end = 1;

	if (quote != '"' && quote != '\'')
		return false;
	while (end < p->rest.len && p->rest.at[end] != quote)
		end += p->rest.at[end] == '\\' ? 2 : 1;
	if (end >= p->rest.len) {
		parse_fail(p, "a text in quotes does not end");
		return false;
	}
	*s = (struct str){ p->rest.at + 1, end - 1 };
	p->rest = str_from(p->rest, end + 1);
	return true;
}

static struct term *new_term(struct parser *p, enum term_kind kind)
{
	struct term *t = arena_new(p->arena, struct term);

	t->kind = kind;
	return t;
}

static struct term *literal(struct parser *p, struct value v)
{
	struct term *t = new_term(p, TERM_LITERAL);

	t->literal = v;
	return t;
}

static struct term *parse_number(struct parser *p)
{
	size_t len = p->rest.at[0] == '-' ? 1 : 0;
	struct str s;
	double real;
	int64_t n;

	while (len < p->rest.len && is_digit(p->rest.at[len]))
		len++;
	if (len + 1 < p->rest.len && p->rest.at[len] == '.' &&
	    is_digit(p->rest.at[len + 1]))
		for (len++; len < p->rest.len && is_digit(p->rest.at[len]);)
			len++;
	s = str_first(p->rest, len);
	p->rest = str_from(p->rest, len);
	if (str_to_int(s, &n))
		return literal(p, value_int(n));
	if (str_to_double(s, &real))
		return literal(p, value_double(real));
	return parse_fail(p, "a number is too long");
}

/* Arguments up to the closing sign; the opening one was read. */
static bool parse_arguments(struct parser *p, struct term *t, const char *close)
{
	struct term **last = &t->arguments;

	if (parse_sign(p, close))
		return true;
	do {
		struct term *argument = parse_expression(p);

		if (!argument)
			return false;
		*last = argument;
		last = &argument->next;
		t->count++;
	} while (parse_sign(p, ","));
	return parse_sign(p, close) || parse_fail(p, "expected ',' or the end of a list");
}

static struct term *parse_list(struct parser *p)
{
	struct term *t = new_term(p, TERM_LIST);

	return parse_arguments(p, t, "]") ? t : NULL;
}

/* An XPath that is written out is compiled now, with the prefixes of this place. */
static bool prepare_xpath(struct parser *p, struct term *t)
{
	const struct term *source = t->arguments;

	if (t->count == 1)
		p->needs_tree = true;
	if (source->kind != TERM_LITERAL || source->literal.kind != VALUE_STR)
		return true;
	t->xpath = xpath_compile(source->literal.text, p->scope, p->arena, p->why);
	return t->xpath != NULL;
}

/* "Invalid function: f with one argument". */
static void *complain_count(struct parser *p, const struct term *t)
{
	static const char *const counts[] = { "no arguments", "one argument",
					      "two arguments", "three arguments" };

	return parse_fail(p, arena_printf(p->arena, "Invalid function: %s with %s",
					  t->function->name,
					  counts[t->count < 3 ? t->count : 3]));
}

static struct term *parse_call(struct parser *p, struct str name)
{
	struct term *t = new_term(p, TERM_CALL);
	struct str property;

	t->function = function_of(name);
	if (!t->function)
		return parse_fail(p, arena_printf(p->arena,
						  "there is no function '" STR_FMT "'",
						  STR_ARG(name)));
	if (!parse_sign(p, "("))
		return parse_fail(p, "expected '(' behind the name of a function");
	if (!parse_arguments(p, t, ")"))
		return NULL;
	if (t->count < t->function->least || t->count > t->function->most)
		return complain_count(p, t);
	if (str_eq(name, STR("xpath")) && !prepare_xpath(p, t))
		return NULL;
	if (str_starts(p->rest, STR(".property("))) {
		p->rest = str_from(p->rest, 10);
		parse_blanks(p);
		if (!parse_quoted(p, &property) || !parse_sign(p, ")"))
			return parse_fail(p, "expected a property's name in quotes");
		return t;
	}
	return parse_path(p, &t->path) ? t : NULL;
}

/* .name, ."name", ["name"] or .["name"]. */
static bool parse_member(struct parser *p, struct str *name)
{
	const bool point = str_starts(p->rest, STR("."));
	size_t len;

	if (point)
		p->rest = str_from(p->rest, 1);
	if (str_starts(p->rest, STR("["))) {
		p->rest = str_from(p->rest, 1);
		parse_blanks(p);
		return (parse_quoted(p, name) && parse_sign(p, "]")) ||
		       parse_fail(p, "expected a name in quotes and ']'");
	}
	if (!point)
		return parse_fail(p, "expected '.' or '['") != NULL;
	if (parse_quoted(p, name))
		return true;
	len = parse_name_length(p->rest);
	*name = str_first(p->rest, len);
	if (!len || parse_is_reserved(*name))
		return parse_fail(p, "expected a name") != NULL;
	p->rest = str_from(p->rest, len);
	return true;
}

static struct term *parse_property(struct parser *p, enum scope scope, const char *prefix)
{
	struct term *t = new_term(p, TERM_PROPERTY);
	struct str name;

	if (!parse_member(p, &name))
		return NULL;
	t->scope = scope;
	t->name = str_of(arena_printf(p->arena, "%s" STR_FMT, prefix, STR_ARG(name)));
	return t;
}

/* What follows params. or props.: which of them. */
static struct term *parse_group(struct parser *p, struct str group)
{
	static const struct {
		const char *group, *name, *prefix;
		enum scope scope;
	} groups[] = {
		{ "params", "queryParams", "query.param.", SCOPE_DEFAULT },
		{ "params", "pathParams", "uri.var.", SCOPE_DEFAULT },
		{ "params", "functionParams", "", SCOPE_FUNCTION },
		{ "props", "synapse", "", SCOPE_DEFAULT },
		{ "props", "axis2", "", SCOPE_AXIS2 },
		{ "properties", "synapse", "", SCOPE_DEFAULT },
		{ "properties", "axis2", "", SCOPE_AXIS2 },
	};
	struct str name;

	if (!parse_member(p, &name))
		return NULL;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (str_eq(group, str_of(groups[i].group)) &&
		    str_eq(name, str_of(groups[i].name)))
			return parse_property(p, groups[i].scope, groups[i].prefix);
	return parse_fail(p, arena_printf(p->arena, STR_FMT " has no '" STR_FMT "'",
					  STR_ARG(group), STR_ARG(name)));
}

static struct term *parse_payload(struct parser *p)
{
	struct term *t = new_term(p, TERM_PAYLOAD);

	p->needs_tree = true;
	return parse_path(p, &t->path) ? t : NULL;
}

static struct term *parse_variable(struct parser *p)
{
	struct term *t = new_term(p, TERM_VARIABLE);

	return parse_member(p, &t->name) && parse_path(p, &t->path) ? t : NULL;
}

static struct term *parse_config(struct parser *p)
{
	struct term *t = new_term(p, TERM_CONFIG);

	return parse_member(p, &t->name) ? t : NULL;
}

static struct term *parse_word(struct parser *p)
{
	const struct str name = str_first(p->rest, parse_name_length(p->rest));

	p->rest = str_from(p->rest, name.len);
	if (str_eq(name, STR("true")) || str_eq(name, STR("false")))
		return literal(p, value_bool(name.len == 4));
	if (str_eq(name, STR("null")))
		return literal(p, VALUE_NONE);
	if (str_eq(name, STR("payload")))
		return parse_payload(p);
	if (str_eq(name, STR("vars")))
		return parse_variable(p);
	if (str_eq(name, STR("headers")))
		return parse_property(p, SCOPE_TRANSPORT, "");
	if (str_eq(name, STR("configs")))
		return parse_config(p);
	if (str_eq(name, STR("params")) || str_eq(name, STR("props")) ||
	    str_eq(name, STR("properties")))
		return parse_group(p, name);
	return parse_call(p, name);
}

static struct term *parse_nested(struct parser *p)
{
	struct term *t = parse_expression(p);

	return t && !parse_sign(p, ")") ? parse_fail(p, "expected ')'") : t;
}

struct term *parse_factor(struct parser *p)
{
	struct str text;
	char c;

	parse_blanks(p);
	if (!p->rest.len)
		return parse_fail(p, "a value is missing");
	c = p->rest.at[0];
	if (is_digit(c) || (c == '-' && p->rest.len > 1 && is_digit(p->rest.at[1])))
		return parse_number(p);
	if (c == '"' || c == '\'')
		return parse_quoted(p, &text) ? literal(p, value_str(text)) : NULL;
	if (parse_sign(p, "("))
		return parse_nested(p);
	if (parse_sign(p, "["))
		return parse_list(p);
	if (parse_sign(p, "$"))
		return parse_payload(p);
	if (starts_name(c))
		return parse_word(p);
	return parse_fail(p, "a value was expected");
}

static struct term *join(struct parser *p, enum operation op, struct term *a,
			 struct term *b)
{
	struct term *t = new_term(p, TERM_BINARY);

	t->op = op;
	t->a = a;
	t->b = b;
	return b ? t : NULL;
}

static struct term *parse_product(struct parser *p)
{
	struct term *t = parse_factor(p);

	while (t) {
		if (parse_sign(p, "*"))
			t = join(p, OP_MULTIPLY, t, parse_factor(p));
		else if (parse_sign(p, "/"))
			t = join(p, OP_DIVIDE, t, parse_factor(p));
		else if (parse_sign(p, "%"))
			t = join(p, OP_MODULO, t, parse_factor(p));
		else
			break;
	}
	return t;
}

static bool minus_of_a_number(const struct parser *p)
{
	return p->rest.len > 1 && p->rest.at[0] == '-' && is_digit(p->rest.at[1]);
}

static struct term *parse_sum(struct parser *p)
{
	struct term *t = parse_product(p);

	while (t) {
		parse_blanks(p);
		if (minus_of_a_number(p))
			break;
		if (parse_sign(p, "+"))
			t = join(p, OP_ADD, t, parse_product(p));
		else if (parse_sign(p, "-"))
			t = join(p, OP_SUBTRACT, t, parse_product(p));
		else
			break;
	}
	return t;
}

static bool parse_keyword(struct parser *p, const char *word, const char *sign)
{
	const struct str name = str_first(p->rest, parse_name_length(p->rest));

	if (str_eq(name, str_of(word))) {
		p->rest = str_from(p->rest, name.len);
		return true;
	}
	return parse_sign(p, sign);
}

static struct term *parse_logical(struct parser *p)
{
	struct term *t = parse_sum(p);

	if (!t)
		return NULL;
	if (++p->depth > MOST_DEPTH)
		return parse_fail(p, "it is nested too deeply");
	parse_blanks(p);
	if (parse_keyword(p, "and", "&&"))
		t = join(p, OP_AND, t, parse_logical(p));
	else if (parse_keyword(p, "or", "||"))
		t = join(p, OP_OR, t, parse_logical(p));
	p->depth--;
	return t;
}

static bool parse_comparison_sign(struct parser *p, enum operation *op)
{
	static const struct {
		const char *sign;
		enum operation op;
	} signs[] = {
		{ "==", OP_EQUAL },         { "!=", OP_UNEQUAL },
		{ "<=", OP_LESS_OR_EQUAL }, { ">=", OP_GREATER_OR_EQUAL },
		{ "<", OP_LESS },           { ">", OP_GREATER },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (parse_sign(p, signs[i].sign)) {
			*op = signs[i].op;
			return true;
		}
	}
	return false;
}

static struct term *parse_comparison(struct parser *p)
{
	struct term *t = parse_logical(p);
	enum operation op;

	while (t && parse_comparison_sign(p, &op))
		t = join(p, op, t, parse_logical(p));
	return t;
}

static struct term *parse_choice(struct parser *p, struct term *condition)
{
	struct term *t = new_term(p, TERM_CHOICE);

	t->a = condition;
	t->b = parse_expression(p);
	if (!t->b)
		return NULL;
	if (!parse_sign(p, ":"))
		return parse_fail(p, "expected ':'");
	t->c = parse_expression(p);
	return t->c ? t : NULL;
}

struct term *parse_expression(struct parser *p)
{
	struct term *t;

	if (++p->depth > MOST_DEPTH)
		return parse_fail(p, "it is nested too deeply");
	t = parse_comparison(p);
	if (t && parse_sign(p, "?"))
		t = parse_choice(p, t);
	p->depth--;
	return t;
}
