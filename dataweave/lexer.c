#include "dataweave/lexer.h"

#include <stdarg.h>

struct lexer {
	struct str text;
	size_t at;
	struct arena *arena;
	struct dw_tokens *tokens;
	size_t room;
	struct fault *why;
};

bool dw_complain(struct fault *why, struct arena *a, struct str text, size_t at,
		 const char *fmt, ...)
{
	unsigned line = 1;
	size_t column = 1;
	va_list ap;

	for (size_t i = 0; i < at && i < text.len; i++) {
		column = text.at[i] == '\n' ? 1 : column + 1;
		line += text.at[i] == '\n';
	}
	va_start(ap, fmt);
	why->text = arena_printf(a, "%s at %u:%zu of the expression",
				 arena_vprintf(a, fmt, ap), line, column);
	va_end(ap);
	why->code_text = "MULE:EXPRESSION";
	return false;
}

static char look(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.len ? l->text.at[l->at + ahead] : '\0';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void add(struct lexer *l, enum dw_token_kind kind, size_t from, size_t len,
		bool spaced)
{
	struct dw_tokens *t = l->tokens;

	if (t->count == l->room) {
		struct dw_token *grown;

		l->room = l->room ? l->room * 2 : 32;
		grown = arena_alloc(l->arena, l->room * sizeof(*grown));
		if (t->count)
			memcpy(grown, t->at, t->count * sizeof(*grown));
		t->at = grown;
	}
	t->at[t->count++] = (struct dw_token){
		kind, { l->text.at + from, len }, from, spaced
	};
}

/* False: a comment that does not end. */
static bool skip_blanks(struct lexer *l)
{
	for (;;) {
		while (is_blank(look(l, 0)))
			l->at++;
		if (look(l, 0) == '/' && look(l, 1) == '/') {
			while (l->at < l->text.len && look(l, 0) != '\n')
				l->at++;
		} else if (look(l, 0) == '/' && look(l, 1) == '*') {
			size_t end = str_find_str(str_from(l->text, l->at + 2),
						  STR("*/"));

			if (l->at + 2 + end >= l->text.len)
				return dw_complain(l->why, l->arena, l->text, l->at,
						   "a comment does not end");
			l->at += end + 4;
		} else {
			return true;
		}
	}
}

/* The byte after what ends at `end`, a backslash taking the next one along; 0: never. */
static size_t end_of(const struct lexer *l, char end)
{
	size_t depth = 0;
	char inside = '\0'; /* the quote of a string within a hole */

	for (size_t i = l->at + 1; i < l->text.len; i++) {
		char c = l->text.at[i];

		if (c == '\\')
			i++;
		else if (inside || (depth > 0 && (c == '"' || c == '\'')))
			inside = !inside ? c : c == inside ? '\0' : inside;
		else if (depth > 0 && c == '(')
			depth++;
		else if (end != '/' && depth == 0 && c == '$' && i + 1 < l->text.len &&
			 l->text.at[i + 1] == '(') {
			depth++;
			i++;
		} else if (depth > 0 && c == ')')
			depth--;
		else if (c == end && depth == 0)
			return i;
	}
	return 0;
}

static bool quoted(struct lexer *l, enum dw_token_kind kind, char end, bool spaced)
{
	size_t stop = end_of(l, end);

	if (!stop)
		return dw_complain(l->why, l->arena, l->text, l->at, "%s does not end",
				   kind == DW_TOKEN_STRING  ? "a string"
				   : kind == DW_TOKEN_REGEX ? "a regular expression"
							    : "a date");
	add(l, kind, l->at + 1, stop - l->at - 1, spaced);
	l->at = stop + 1;
	return true;
}

static void number(struct lexer *l, bool spaced)
{
	size_t from = l->at;

	while (is_digit(look(l, 0)))
		l->at++;
	if (look(l, 0) == '.' && is_digit(look(l, 1)))
		for (l->at++; is_digit(look(l, 0));)
			l->at++;
	if ((look(l, 0) == 'e' || look(l, 0) == 'E') &&
	    (is_digit(look(l, 1)) ||
	     ((look(l, 1) == '-' || look(l, 1) == '+') && is_digit(look(l, 2)))))
		for (l->at += 2; is_digit(look(l, 0));)
			l->at++;
	add(l, DW_TOKEN_NUMBER, from, l->at - from, spaced);
}

static void name(struct lexer *l, bool spaced)
{
	size_t from = l->at;

	if (look(l, 0) == '$') {
		while (look(l, 0) == '$')
			l->at++;
	} else {
		while (is_letter(look(l, 0)) || is_digit(look(l, 0)))
			l->at++;
	}
	add(l, DW_TOKEN_NAME, from, l->at - from, spaced);
}

/* Longer ones before those they begin with. */
static const char *const signs[] = { "->", "==", "!=", "~=", ">=", "<=", ">>", "<<", "++",
				     "--", "::", "..", "[?", ".*", ".@", ".^", ".#", ".&",
				     "(",  ")",  "[",  "]",  "{",  "}",  ",",  ":",  ";",
				     "=",  "+",  "-",  "*",  "/",  "<",  ">",  "!",  "?",
				     ".",  "@",  "#",  "|",  "&",  "%",  "~",  NULL };

static bool sign(struct lexer *l, bool spaced)
{
	for (size_t i = 0; signs[i]; i++) {
		if (!str_starts(str_from(l->text, l->at), str_of(signs[i])))
			continue;
		add(l, DW_TOKEN_SIGN, l->at, strlen(signs[i]), spaced);
		l->at += strlen(signs[i]);
		return true;
	}
	return dw_complain(l->why, l->arena, l->text, l->at, "'%c' means nothing here",
			   look(l, 0));
}

/* After these a slash begins a regular expression, though they look like operands. */
static const char *const before_regex[] = { "replace", "matches", "match",    "splitBy",
					    "find",    "scan",    "contains", "case",
					    "with",    "else",    "then",     "default",
					    "and",     "or",      "not",      NULL };

/* Can what came last be followed by a value? Else a slash divides. */
static bool value_may_follow(const struct dw_tokens *t)
{
	const struct dw_token *last = t->count ? &t->at[t->count - 1] : NULL;

	if (!last || last->kind == DW_TOKEN_BODY)
		return true;
	if (last->kind == DW_TOKEN_SIGN)
		return last->text.at[0] != ')' && last->text.at[0] != ']' &&
		       last->text.at[0] != '}';
	if (last->kind != DW_TOKEN_NAME ||
	    (t->count > 1 && str_eq(t->at[t->count - 2].text, STR("."))))
		return false;
	for (size_t i = 0; before_regex[i]; i++)
		if (str_eq(last->text, str_of(before_regex[i])))
			return true;
	return false;
}

static bool token(struct lexer *l, bool spaced)
{
	char c = look(l, 0);

	if (c == '"' || c == '\'' || c == '`')
		return quoted(l, DW_TOKEN_STRING, c, spaced);
	if (c == '|' && value_may_follow(l->tokens) && is_digit(look(l, 1)))
		return quoted(l, DW_TOKEN_DATE, c, spaced);
	if (c == '|' && value_may_follow(l->tokens) &&
	    (look(l, 1) == 'P' || look(l, 1) == '-' || look(l, 1) == 'T'))
		return quoted(l, DW_TOKEN_DATE, c, spaced);
	if (c == '/' && value_may_follow(l->tokens))
		return quoted(l, DW_TOKEN_REGEX, c, spaced);
	if (is_digit(c)) {
		number(l, spaced);
		return true;
	}
	if (is_letter(c) || c == '$') {
		name(l, spaced);
		return true;
	}
	if (c == '-' && look(l, 1) == '-' && look(l, 2) == '-') {
		add(l, DW_TOKEN_BODY, l->at, 3, spaced);
		while (look(l, 0) == '-')
			l->at++;
		return true;
	}
	return sign(l, spaced);
}

bool dw_lex(struct str text, struct arena *a, struct dw_tokens *tokens, struct fault *why)
{
	struct lexer l = { .text = text, .arena = a, .tokens = tokens, .why = why };

	*tokens = (struct dw_tokens){ 0 };
	if (text.len > DW_MOST_TEXT)
		return dw_complain(why, a, text, 0, "the expression is too long");
	for (;;) {
		size_t before = l.at;

		if (!skip_blanks(&l))
			return false;
		if (l.at >= text.len)
			break;
		if (!token(&l, l.at > before || l.at == 0))
			return false;
	}
	add(&l, DW_TOKEN_END, text.len, 0, true);
	return true;
}
