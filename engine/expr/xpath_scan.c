#include "expr/xpath_priv.h"

#include <string.h>

/*
 * A text is cut into tokens to see three things: which prefixes it uses and for what;
 * whether it looks at the message's tree at all (a path that begins nowhere else); and
 * whether it is one of the short forms. Whether it is well formed, libxml2 will say.
 */
enum token_kind { TOKEN_END, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_NAME, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	struct str text; /* of a text: what is between the quotes */
};

struct scan {
	struct str rest;
	struct arena *arena;
	struct xpath_facts *facts;
	bool operand;      /* an operand may begin here */
	bool behind_slash; /* a step of a path that began before */
	unsigned brackets; /* open predicates */
};

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool is_name_char(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static size_t name_length(struct str s)
{
	size_t len = 0;

	while (len < s.len && (len ? is_name_char(s.at[len]) : is_name_start(s.at[len])))
		len++;
	return len;
}

/* A name with its prefix, but not the axis before "::". */
static size_t qname_length(struct str s)
{
	const size_t len = name_length(s);
	const struct str behind = str_from(s, len);

	if (!len || !str_starts(behind, STR(":")) || str_starts(behind, STR("::")))
		return len;
	if (str_starts(behind, STR(":*")))
		return len + 2;

	const size_t local = name_length(str_from(behind, 1));

	return local ? len + 1 + local : len;
}

static struct str skip_blanks(struct str s)
{
	while (s.len && strchr(" \t\r\n", s.at[0]))
		s = str_from(s, 1);
	return s;
}

static struct token cut(struct scan *s, enum token_kind kind, size_t len)
{
	const struct token t = { kind, str_first(s->rest, len) };

	s->rest = str_from(s->rest, len);
	return t;
}

static size_t sign_length(struct str s)
{
	static const char *const pairs[] = { "//", "::", "..", "!=", "<=", ">=" };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (str_starts(s, str_of(pairs[i])))
			return 2;
	return 1;
}

static size_t number_length(struct str s)
{
	size_t len = 0;

	while (len < s.len &&
	       ((s.at[len] >= '0' && s.at[len] <= '9') || s.at[len] == '.'))
		len++;
	return len;
}

static struct token next_token(struct scan *s)
{
	char c;

	s->rest = skip_blanks(s->rest);
	if (!s->rest.len)
		return (struct token){ .kind = TOKEN_END };
	c = s->rest.at[0];
	if (c == '\'' || c == '"') {
		const struct str behind = str_from(s->rest, 1);
		const size_t len = str_find(behind, c);

		s->rest = str_from(behind, len + 1);
		return (struct token){ TOKEN_TEXT, str_first(behind, len) };
	}
	if (c >= '0' && c <= '9')
		return cut(s, TOKEN_NUMBER, number_length(s->rest));
	if (is_name_start(c))
		return cut(s, TOKEN_NAME, qname_length(s->rest));
	return cut(s, TOKEN_SIGN, sign_length(s->rest));
}

static void add_prefix(struct scan *s, struct str qname, enum prefix_role role)
{
	const size_t colon = str_find(qname, ':');
	const struct str name = str_first(qname, colon);
	struct prefix *p;

	if (colon == qname.len)
		return;
	for (p = s->facts->prefixes; p; p = p->next) {
		if (str_eq(p->name, name)) {
			p->role = role > p->role ? role : p->role;
			return;
		}
	}
	p = arena_new(s->arena, struct prefix);
	*p = (struct prefix){ arena_copy(s->arena, name), role, s->facts->prefixes };
	s->facts->prefixes = p;
}

static struct str local_part(struct str qname)
{
	const size_t colon = str_find(qname, ':');

	return colon < qname.len ? str_from(qname, colon + 1) : qname;
}

/* A path that begins here begins at the context node, or at the root. */
static void path_begins(struct scan *s)
{
	if (!s->behind_slash && !s->brackets)
		s->facts->needs_tree = true;
}

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_eq(name, str_of(*names)))
			return true;
	return false;
}

static void see_function(struct scan *s, struct str name)
{
	static const char *const tests[] = { "text", "node", "comment",
					     "processing-instruction", NULL };
	const struct str behind = skip_blanks(str_from(skip_blanks(s->rest), 1));

	if (is_one_of(name, tests)) {
		path_begins(s);
		return;
	}
	add_prefix(s, name, PREFIX_FUNCTIONS);
	/* Functions of the context node, when nothing is given to them. */
	if (str_starts(behind, STR(")")) && !s->brackets && !s->behind_slash &&
	    (str_eq(name, STR("string")) || str_eq(name, STR("name")) ||
	     str_eq(name, STR("local-name")) || str_eq(name, STR("normalize-space"))))
		s->facts->needs_tree = true;
}

static void see_variable(struct scan *s)
{
	static const char *const trees[] = { "body", "header", "env", NULL };
	const struct token t = next_token(s);

	if (is_one_of(t.text, trees))
		s->facts->needs_tree = true;
	add_prefix(s, t.text, PREFIX_VARIABLES);
}

/* and, or, div, mod between operands; else a function, an axis or a name to look for. */
static void see_name(struct scan *s, struct str name)
{
	static const char *const operators[] = { "and", "or", "div", "mod", NULL };
	const struct str behind = skip_blanks(s->rest);

	if (!s->operand && is_one_of(name, operators)) {
		s->operand = true;
		return;
	}
	if (str_starts(behind, STR("("))) {
		see_function(s, name);
		s->operand = false;
	} else if (str_starts(behind, STR("::"))) {
		path_begins(s);
		s->operand = s->behind_slash = true;
		return;
	} else {
		path_begins(s);
		add_prefix(s, name, PREFIX_NAMES);
		s->operand = false;
	}
	s->behind_slash = false;
}

static void see_slash(struct scan *s)
{
	/* An absolute path; within a predicate as well. */
	if (s->operand && !s->behind_slash)
		s->facts->needs_tree = true;
	s->operand = s->behind_slash = true;
}

static void see_sign(struct scan *s, struct str sign)
{
	const char c = sign.at[0];

	if (c == '$') {
		see_variable(s);
		s->operand = s->behind_slash = false;
	} else if (c == '/') {
		see_slash(s);
	} else if (c == '.' || c == '@' || (c == '*' && s->operand)) {
		path_begins(s);
		s->operand = c == '@';
		s->behind_slash = c == '@';
	} else if (sign.len == 2 && c == ':') {
		s->operand = s->behind_slash = true;
	} else {
		s->brackets += c == '[';
		s->brackets -= c == ']' && s->brackets;
		s->operand = c != ')' && c != ']';
		s->behind_slash = false;
	}
}

static void see(struct scan *s, const struct token *t)
{
	switch (t->kind) {
	case TOKEN_TEXT:
		if (str_eq(t->text, STR("FAULT")) || str_eq(t->text, STR("From")))
			s->facts->needs_tree = true;
		s->operand = false;
		break;
	case TOKEN_NUMBER:
		s->operand = false;
		break;
	case TOKEN_NAME:
		see_name(s, t->text);
		break;
	case TOKEN_SIGN:
		see_sign(s, t->text);
		break;
	case TOKEN_END:
		break;
	}
}

static bool takes_sign(struct scan *s, const char *sign)
{
	const struct token t = next_token(s);

	return t.kind == TOKEN_SIGN && str_eq(t.text, str_of(sign));
}

static bool at_end(struct scan *s)
{
	return next_token(s).kind == TOKEN_END;
}

/* Behind "get-property". */
static bool is_get_property(struct scan *s, struct shortcut *to)
{
	struct token t;

	*to = (struct shortcut){ .kind = SHORTCUT_PROPERTY };
	if (!takes_sign(s, "("))
		return false;
	t = next_token(s);
	to->second = t.text;
	if (t.kind != TOKEN_TEXT)
		return false;
	t = next_token(s);
	if (t.kind == TOKEN_SIGN && str_eq(t.text, STR(","))) {
		to->first = to->second;
		to->has_first = true;
		t = next_token(s);
		to->second = t.text;
		if (t.kind != TOKEN_TEXT)
			return false;
		t = next_token(s);
	}
	return t.kind == TOKEN_SIGN && str_eq(t.text, STR(")")) && at_end(s);
}

static bool is_variable(struct scan *s, struct shortcut *to)
{
	const struct token t = next_token(s);
	const size_t colon = str_find(t.text, ':');

	*to = (struct shortcut){ .kind = SHORTCUT_VARIABLE };
	to->first = str_first(t.text, colon);
	to->second = str_from(t.text, colon + 1);
	return t.kind == TOKEN_NAME && colon < t.text.len && at_end(s);
}

static bool is_short(struct str text, struct shortcut *to)
{
	struct scan s = { .rest = text };
	const struct token t = next_token(&s);

	if (t.kind == TOKEN_TEXT) {
		*to = (struct shortcut){ .kind = SHORTCUT_LITERAL, .first = t.text };
		return at_end(&s) && text.at[text.len - 1] == text.at[0];
	}
	if (t.kind == TOKEN_SIGN && str_eq(t.text, STR("$")))
		return is_variable(&s, to);
	return t.kind == TOKEN_NAME && str_eq(local_part(t.text), STR("get-property")) &&
	       is_get_property(&s, to);
}

void xpath_look_over(struct str text, struct arena *a, struct xpath_facts *facts)
{
	struct scan s = { .rest = text, .arena = a, .facts = facts, .operand = true };
	struct token t;

	*facts = (struct xpath_facts){ .prefixes = NULL };
	while ((t = next_token(&s)).kind != TOKEN_END)
		see(&s, &t);
	if (!is_short(text, &facts->shortcut))
		facts->shortcut = (struct shortcut){ .kind = SHORTCUT_NONE };
}
