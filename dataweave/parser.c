/*
 * Reads DataWeave by precedence (Pratt): each level takes what binds tighter and then
 * its own operators, from the left (frontends.md §2.9).
 */
#include "dataweave/builtin.h"
#include "dataweave/parser_priv.h"

#define CHECK(x)                     \
	do {                         \
		if (!(x))            \
			return NULL; \
	} while (0)

const struct dw_token *dw_peek(const struct dw_parser *p, size_t ahead)
{
	size_t i = p->at + ahead;

	return &p->tokens.at[i < p->tokens.count ? i : p->tokens.count - 1];
}

bool dw_is_sign(const struct dw_parser *p, size_t ahead, const char *sign)
{
	const struct dw_token *t = dw_peek(p, ahead);

	return t->kind == DW_TOKEN_SIGN && str_eq(t->text, str_of(sign));
}

bool dw_is_word(const struct dw_parser *p, size_t ahead, const char *word)
{
	const struct dw_token *t = dw_peek(p, ahead);

	return t->kind == DW_TOKEN_NAME && str_eq(t->text, str_of(word));
}

bool dw_take_sign(struct dw_parser *p, const char *sign)
{
	if (!dw_is_sign(p, 0, sign))
		return false;
	p->at++;
	return true;
}

bool dw_take_word(struct dw_parser *p, const char *word)
{
	if (!dw_is_word(p, 0, word))
		return false;
	p->at++;
	return true;
}

bool dw_unexpected(struct dw_parser *p, const char *wanted)
{
	const struct dw_token *t = dw_peek(p, 0);

	if (p->failed)
		return false;
	p->failed = true;
	if (t->kind == DW_TOKEN_END)
		return dw_complain(p->why, p->arena, p->text, p->offset + t->at,
				   "%s is missing at the end,", wanted);
	return dw_complain(p->why, p->arena, p->text, p->offset + t->at,
			   "'" STR_FMT "' where %s was expected,", STR_ARG(t->text),
			   wanted);
}

bool dw_expect(struct dw_parser *p, const char *sign)
{
	return dw_take_sign(p, sign) ||
	       dw_unexpected(p, arena_printf(p->arena, "'%s'", sign));
}

struct dw_node *dw_node(struct dw_parser *p, enum dw_form form)
{
	struct dw_node *n = arena_new(p->arena, struct dw_node);

	n->form = form;
	n->at = p->offset + dw_peek(p, 0)->at;
	return n;
}

void dw_append(struct dw_node *to, struct dw_node *part)
{
	struct dw_node **last = &to->parts;

	while (*last)
		last = &(*last)->next;
	*last = part;
	to->count++;
}

void dw_bind(struct dw_parser *p, struct str name)
{
	struct dw_name *n = arena_new(p->arena, struct dw_name);

	n->name = name;
	n->outer = p->names;
	p->names = n;
}

struct dw_node *dw_make(struct dw_parser *p, enum dw_form form, const struct dw_node *a,
			const struct dw_node *b)
{
	struct dw_node *n = dw_node(p, form);

	n->a = a;
	n->b = b;
	return n;
}

static struct dw_node *prefixed(struct dw_parser *p)
{
	struct dw_node *n;

	if (dw_take_sign(p, "-")) {
		CHECK(n = dw_nested(p, prefixed));
		return dw_make(p, DW_MINUS, n, NULL);
	}
	if (dw_take_sign(p, "!")) {
		CHECK(n = dw_nested(p, prefixed));
		return dw_make(p, DW_NOT, n, NULL);
	}
	if (dw_is_word(p, 0, "not") && !dw_local(p, STR("not"))) {
		p->at++;
		CHECK(n = dw_nested(p, dw_disjunction));
		return dw_make(p, DW_NOT, n, NULL);
	}
	return dw_primary(p);
}

static struct dw_node *cast(struct dw_parser *p)
{
	struct dw_node *n;

	CHECK(n = prefixed(p));
	while (dw_take_word(p, "as")) {
		n = dw_make(p, DW_AS, n, NULL);
		CHECK(n->type = dw_type(p));
	}
	return n;
}

/* The operators of one level: sign, operation; ends in NULL. */
struct operators {
	const char *sign;
	enum dw_operation operation;
};

static struct dw_node *from_the_left(struct dw_parser *p, const struct operators *of,
				     struct dw_node *(*tighter)(struct dw_parser *))
{
	struct dw_node *n;

	CHECK(n = tighter(p));
	for (unsigned i = 0; of[i].sign; i++) {
		if (!dw_take_sign(p, of[i].sign))
			continue;
		n = dw_make(p, DW_BINARY, n, NULL);
		n->operation = of[i].operation;
		CHECK(n->b = tighter(p));
		i = (unsigned)-1;
	}
	return n;
}

static struct dw_node *product(struct dw_parser *p)
{
	static const struct operators of[] = { { "*", DW_MULTIPLY },
					       { "/", DW_DIVIDE },
					       { NULL, 0 } };

	return from_the_left(p, of, cast);
}

static struct dw_node *sum(struct dw_parser *p)
{
	static const struct operators of[] = { { "+", DW_ADD },
					       { "-", DW_SUBTRACT },
					       { ">>", DW_PREPEND },
					       { "<<", DW_APPEND },
					       { NULL, 0 } };

	return from_the_left(p, of, product);
}

static struct dw_node *relation(struct dw_parser *p)
{
	static const struct operators of[] = { { "<=", DW_AT_MOST },
					       { ">=", DW_AT_LEAST },
					       { "<", DW_LESS },
					       { ">", DW_GREATER },
					       { NULL, 0 } };
	struct dw_node *n;

	CHECK(n = from_the_left(p, of, sum));
	while (dw_take_word(p, "is")) {
		n = dw_make(p, DW_IS, n, NULL);
		CHECK(n->type = dw_type(p));
	}
	return n;
}

static struct dw_node *equality(struct dw_parser *p)
{
	static const struct operators of[] = {
		{ "==", DW_EQUAL }, { "!=", DW_UNEQUAL }, { "~=", DW_LIKE }, { NULL, 0 }
	};

	return from_the_left(p, of, relation);
}

static struct dw_node *conjunction(struct dw_parser *p)
{
	struct dw_node *n;

	CHECK(n = equality(p));
	while (dw_take_word(p, "and")) {
		n = dw_make(p, DW_AND, n, NULL);
		CHECK(n->b = equality(p));
	}
	return n;
}

struct dw_node *dw_disjunction(struct dw_parser *p)
{
	struct dw_node *n;

	CHECK(n = conjunction(p));
	while (dw_take_word(p, "or")) {
		n = dw_make(p, DW_OR, n, NULL);
		CHECK(n->b = conjunction(p));
	}
	return n;
}

/* Words that end an expression rather than name a function between two values. */
static const char *const closing[] = { "else", "otherwise", "if",      "unless", "and",
				       "or",   "is",        "as",      "case",   "var",
				       "fun",  "with",      "default", "output", "input",
				       "ns",   "import",    "type",    NULL };

static bool function_follows(const struct dw_parser *p)
{
	const struct dw_token *t = dw_peek(p, 0);

	if (t->kind != DW_TOKEN_NAME || t->text.at[0] == '$')
		return false;
	for (unsigned i = 0; closing[i]; i++)
		if (str_eq(t->text, str_of(closing[i])))
			return false;
	return true;
}

/* `a map b`: a function of two between its arguments. */
static struct dw_node *infix(struct dw_parser *p, struct dw_node *left)
{
	const struct dw_builtin *f;
	struct dw_node *n, *right, *callee;

	dw_skip_modules(p);
	f = dw_builtin_named(dw_peek(p, 0)->text);
	callee = dw_local(p, dw_peek(p, 0)->text);
	if (!callee && (!f || f->most < 2)) {
		dw_unexpected(p, "an operator");
		return NULL;
	}
	n = dw_node(p, callee ? DW_CALL : DW_BUILTIN);
	p->at++;
	n->a = callee;
	n->builtin = callee ? NULL : f;
	CHECK(right = dw_argument(p, !callee && f->lambdas >> 1 & 1, dw_disjunction));
	left->next = NULL;
	dw_append(n, left);
	dw_append(n, right);
	return callee ? n : dw_with(p, n);
}

static struct dw_node *join(struct dw_parser *p, struct dw_node *left,
			    enum dw_operation o)
{
	struct dw_node *n = dw_make(p, DW_BINARY, left, NULL);

	n->operation = o;
	CHECK(n->b = dw_disjunction(p));
	return n;
}

static struct dw_node *functions(struct dw_parser *p)
{
	struct dw_node *n = dw_key_begins(p, 0) ? dw_bare_pair(p) : dw_disjunction(p);

	while (n) {
		if (dw_take_sign(p, "++"))
			n = join(p, n, DW_JOIN);
		else if (dw_take_sign(p, "--"))
			n = join(p, n, DW_WITHOUT);
		else if (dw_take_word(p, "default")) {
			n = dw_make(p, DW_DEFAULT, n, NULL);
			CHECK(n->b = dw_disjunction(p));
		} else if (dw_is_word(p, 0, "match") && dw_is_sign(p, 1, "{")) {
			p->at += 2;
			n = dw_cases(p, n);
		} else if (dw_is_word(p, 0, "update") && dw_is_sign(p, 1, "{")) {
			p->at += 2;
			n = dw_update(p, n);
		} else if (function_follows(p))
			n = infix(p, n);
		else
			return n;
	}
	return NULL;
}

struct dw_node *dw_nested(struct dw_parser *p,
			  struct dw_node *(*read)(struct dw_parser *))
{
	struct dw_node *n = NULL;

	if (++p->depth > DW_MOST_NESTING)
		dw_unexpected(p, "less nesting");
	else
		n = read(p);
	p->depth--;
	return n;
}

struct dw_node *dw_expression(struct dw_parser *p)
{
	return dw_nested(p, functions);
}
