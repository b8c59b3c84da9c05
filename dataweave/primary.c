/* What binds tightest: literals, names, brackets, and the selectors and calls behind. */
#include "dataweave/builtin.h"
#include "dataweave/parser_priv.h"
#include "expr/regex.h"

#define CHECK(x)                     \
	do {                         \
		if (!(x))            \
			return NULL; \
	} while (0)

static struct dw_node *dollars(struct dw_parser *p,
			       struct dw_node *(*read)(struct dw_parser *))
{
	struct dw_name *outside = p->names;
	struct dw_node *n = dw_node(p, DW_LAMBDA), *body;

	dw_bind(p, STR("$"));
	dw_bind(p, STR("$$"));
	dw_bind(p, STR("$$$"));
	body = read(p);
	p->names = outside;
	CHECK(body);
	n->a = body;
	n->index = 3;
	n->reorders = true;
	return n;
}

/* Not the one behind the condition of a case. */
static bool is_arrow(const struct dw_parser *p, size_t ahead)
{
	return dw_is_sign(p, ahead, "->") && p->at + ahead != p->guard;
}

/* The arrow of a case whose condition begins here. */
static size_t arrow_behind(const struct dw_parser *p)
{
	size_t depth = 0, i = 0;

	for (; dw_peek(p, i)->kind != DW_TOKEN_END; i++) {
		if (dw_is_sign(p, i, "(") || dw_is_sign(p, i, "{") ||
		    dw_is_sign(p, i, "["))
			depth++;
		else if (dw_is_sign(p, i, ")") || dw_is_sign(p, i, "}") ||
			 dw_is_sign(p, i, "]"))
			depth -= depth > 0;
		else if (depth == 0 && dw_is_sign(p, i, "->"))
			break;
	}
	return p->at + i;
}

struct dw_node *dw_guarded(struct dw_parser *p,
			   struct dw_node *(*read)(struct dw_parser *))
{
	const size_t outside = p->guard;
	struct dw_node *n;

	p->guard = arrow_behind(p);
	n = read(p);
	p->guard = outside;
	return n;
}

/* Does a lambda begin there? `(a, b: String) ->`, or `name ->`. */
static bool lambda_begins(const struct dw_parser *p, size_t ahead)
{
	size_t depth = 0, i = ahead;

	if (dw_peek(p, ahead)->kind == DW_TOKEN_NAME)
		return is_arrow(p, ahead + 1);
	if (!dw_is_sign(p, ahead, "("))
		return false;
	do {
		if (dw_is_sign(p, i, "("))
			depth++;
		else if (dw_is_sign(p, i, ")"))
			depth--;
		else if (dw_peek(p, i)->kind == DW_TOKEN_END)
			return false;
		i++;
	} while (depth);
	return is_arrow(p, i);
}

/* The same, in brackets or not. */
static bool is_lambda(const struct dw_parser *p)
{
	for (size_t i = 0; i < 4; i++) {
		if (lambda_begins(p, i))
			return true;
		if (!dw_is_sign(p, i, "("))
			return false;
	}
	return false;
}

/* One argument; `$` may stand for the parameters of a function. */
struct dw_node *dw_argument(struct dw_parser *p, bool function,
			    struct dw_node *(*read)(struct dw_parser *))
{
	return function && !is_lambda(p) ? dollars(p, read) : read(p);
}

/* What stands between the brackets of a call. */
static bool arguments(struct dw_parser *p, struct dw_node *call, unsigned lambdas)
{
	if (dw_take_sign(p, ")"))
		return true;
	do {
		bool function = call->count < 31 && lambdas >> call->count & 1;
		struct dw_node *n = dw_argument(p, function, dw_expression);

		if (!n)
			return false;
		dw_append(call, n);
	} while (dw_take_sign(p, ","));
	return dw_expect(p, ")");
}

/* `replace(a, b) with c`, `a replace b with c`: its third argument. */
struct dw_node *dw_with(struct dw_parser *p, struct dw_node *call)
{
	struct dw_node *n;

	if (call->form != DW_BUILTIN || strcmp(call->builtin->name, "replace") != 0 ||
	    call->count != 2 || !dw_take_word(p, "with"))
		return call;
	CHECK(n = dw_argument(p, true, dw_disjunction));
	dw_append(call, n);
	return call;
}

static bool counts(struct dw_parser *p, const struct dw_node *call)
{
	const struct dw_builtin *f = call->builtin;

	if (call->count >= f->least && call->count <= f->most)
		return true;
	p->failed = true;
	return dw_complain(p->why, p->arena, p->text, call->at,
			   "%s takes %u to %u arguments, not %u,", f->name, f->least,
			   f->most, call->count);
}

static struct dw_node *call_builtin(struct dw_parser *p, const struct dw_builtin *f)
{
	struct dw_node *n = dw_node(p, DW_BUILTIN);

	n->builtin = f;
	CHECK(arguments(p, n, f->lambdas));
	CHECK(counts(p, n));
	return dw_with(p, n);
}

static struct dw_node *name_of_selection(struct dw_parser *p, enum dw_form form,
					 const struct dw_node *a)
{
	struct dw_node *n = dw_make(p, form, a, NULL);
	const struct dw_token *t = dw_peek(p, 0);

	if (t->kind == DW_TOKEN_NAME || t->kind == DW_TOKEN_NUMBER) {
		n->text = t->text;
		p->at++;
		if (dw_is_sign(p, 0, "#") && dw_peek(p, 1)->kind == DW_TOKEN_NAME) {
			n->text = dw_peek(p, 1)->text; /* the prefix says no more to us */
			p->at += 2;
		}
		return n;
	}
	if (t->kind == DW_TOKEN_STRING) {
		n->b = dw_string_token(p);
		return n->b ? n : NULL;
	}
	if (dw_take_sign(p, "(")) {
		CHECK(n->b = dw_expression(p));
		CHECK(dw_expect(p, ")"));
		return n;
	}
	if (form == DW_SELECT_ATTRIBUTE)
		return n;
	dw_unexpected(p, "a name");
	return NULL;
}

static struct dw_node *index_of(struct dw_parser *p, const struct dw_node *a)
{
	struct dw_node *n = dw_make(p, DW_INDEX, a, NULL);

	CHECK(n->b = dw_expression(p));
	CHECK(dw_expect(p, "]"));
	return n;
}

static struct dw_node *filter_of(struct dw_parser *p, const struct dw_node *a)
{
	struct dw_node *n = dw_make(p, DW_FILTER, a, NULL);

	CHECK(n->b = dw_argument(p, true, dw_expression));
	CHECK(dw_expect(p, "]"));
	return n;
}

static struct dw_node *call_of(struct dw_parser *p, const struct dw_node *a)
{
	struct dw_node *n = dw_make(p, DW_CALL, a, NULL);

	CHECK(arguments(p, n, 0));
	return n;
}

static bool is_selection(const struct dw_node *n)
{
	return n->form >= DW_SELECT && n->form <= DW_FILTER;
}

/* Selectors and calls, as many as follow. */
static struct dw_node *postfix(struct dw_parser *p, struct dw_node *n)
{
	while (n) {
		const struct dw_token *t = dw_peek(p, 0);

		if (dw_take_sign(p, ".*"))
			n = name_of_selection(p, DW_SELECT_ALL, n);
		else if (dw_take_sign(p, "..")) {
			dw_take_sign(p, "*");
			n = name_of_selection(p, DW_SELECT_DEEP, n);
		} else if (dw_take_sign(p, ".@"))
			n = name_of_selection(p, DW_SELECT_ATTRIBUTE, n);
		else if (dw_take_sign(p, ".^"))
			n = name_of_selection(p, DW_SELECT_META, n);
		else if (dw_take_sign(p, ".") || dw_take_sign(p, ".&"))
			n = name_of_selection(p, DW_SELECT, n);
		else if (dw_take_sign(p, "[?"))
			n = filter_of(p, n);
		else if (dw_is_sign(p, 0, "[") && (!t->spaced || is_selection(n))) {
			p->at++;
			n = index_of(p, n);
		} else if (dw_is_sign(p, 0, "(") && !t->spaced) {
			p->at++;
			n = call_of(p, n);
		} else if (is_selection(n) && dw_take_sign(p, "?"))
			n = dw_make(p, DW_HAS, n, NULL);
		else if (is_selection(n) && dw_is_sign(p, 0, "!") && !t->spaced) {
			p->at++;
			n = dw_make(p, DW_MUST, n, NULL);
		} else
			return n;
	}
	return NULL;
}

static const char *const roots[] = { "payload", "attributes",     "vars",
				     "error",   "message",        "correlationId",
				     "app",     "server",         "mule",
				     "flow",    "authentication", "itemSequenceInfo",
				     NULL };

static struct dw_node *root(struct dw_parser *p, struct str name)
{
	for (unsigned i = 0; roots[i]; i++) {
		struct dw_node *n;

		if (!str_eq(name, str_of(roots[i])))
			continue;
		n = dw_node(p, DW_ROOT);
		n->index = i;
		p->uses_payload |= i == DW_PAYLOAD || i == DW_MESSAGE;
		return n;
	}
	return NULL;
}

static const char *const mel[] = { "flowVars",           "sessionVars",
				   "inboundProperties",  "recordVars",
				   "outboundProperties", NULL };

static bool complain_unknown(struct dw_parser *p, const struct dw_token *t)
{
	p->failed = true;
	for (unsigned i = 0; mel[i]; i++)
		if (str_eq(t->text, str_of(mel[i])))
			return dw_complain(p->why, p->arena, p->text, p->offset + t->at,
					   "'%s' belongs to Mule 3's expressions (MEL), "
					   "which are not supported,",
					   mel[i]);
	return dw_complain(p->why, p->arena, p->text, p->offset + t->at,
			   "nothing is called '" STR_FMT "',", STR_ARG(t->text));
}

struct dw_node *dw_local(struct dw_parser *p, struct str name)
{
	unsigned index = 0;

	for (struct dw_name *n = p->names; n; n = n->outer, index++) {
		struct dw_node *found;

		if (!str_eq(n->name, name))
			continue;
		found = dw_node(p, DW_LOCAL);
		found->index = index;
		return found;
	}
	return NULL;
}

/* A function as a value: `payload map upper`. */
static struct dw_node *function_value(struct dw_parser *p, const struct dw_builtin *f)
{
	struct dw_node *n = dw_node(p, DW_LITERAL);
	struct dw_function *function = arena_new(p->arena, struct dw_function);

	function->builtin = f;
	n->value = (struct dw_value){ .kind = DW_FUNCTION, .function = function };
	return n;
}

/* dw::core::Strings::upper, Mule::p: only the last word says anything to us. */
void dw_skip_modules(struct dw_parser *p)
{
	while (dw_peek(p, 0)->kind == DW_TOKEN_NAME && dw_is_sign(p, 1, "::"))
		p->at += 2;
}

static struct dw_node *named(struct dw_parser *p)
{
	const struct dw_token *t;
	const struct dw_builtin *f;
	struct dw_node *n;

	dw_skip_modules(p);
	t = dw_peek(p, 0);
	p->at++;
	if ((n = dw_local(p, t->text)) != NULL)
		return n;
	f = dw_builtin_named(t->text);
	if (f && dw_is_sign(p, 0, "(")) {
		p->at++;
		return call_builtin(p, f);
	}
	if ((n = root(p, t->text)) != NULL)
		return n;
	if (f)
		return function_value(p, f);
	if ((n = dw_type_value(p, t->text)) != NULL)
		return n;
	complain_unknown(p, t);
	return NULL;
}

static struct dw_node *literal(struct dw_parser *p, struct dw_value v)
{
	struct dw_node *n = dw_node(p, DW_LITERAL);

	n->value = v;
	p->at++;
	return n;
}

static struct dw_node *number_token(struct dw_parser *p)
{
	struct json *j = json_number(p->arena, dw_peek(p, 0)->text);

	return literal(p, dw_json(j, p->arena));
}

static struct dw_node *date_token(struct dw_parser *p)
{
	struct dw_value v;

	if (!dw_date_of_text(dw_peek(p, 0)->text, &v)) {
		dw_unexpected(p, "a date of ISO 8601");
		return NULL;
	}
	return literal(p, v);
}

static struct dw_node *regex_token(struct dw_parser *p)
{
	struct dw_value v = { .kind = DW_REGEX, .text = dw_peek(p, 0)->text };
	struct fault why = { 0 };

	v.regex = regex_compile(v.text, p->arena, &why);
	if (v.regex)
		return literal(p, v);
	p->failed = true;
	dw_complain(p->why, p->arena, p->text, p->offset + dw_peek(p, 0)->at, "%s,",
		    why.text);
	return NULL;
}

static struct dw_node *conditional(struct dw_parser *p, bool unless)
{
	struct dw_node *n = dw_node(p, DW_IF);

	CHECK(dw_expect(p, "("));
	CHECK(n->a = dw_expression(p));
	CHECK(dw_expect(p, ")"));
	CHECK(n->b = dw_expression(p));
	if (!dw_take_word(p, unless ? "otherwise" : "else") && !dw_take_word(p, "else")) {
		dw_unexpected(p, "'else'");
		return NULL;
	}
	CHECK(n->c = dw_expression(p));
	if (unless) {
		const struct dw_node *then = n->b;

		n->b = n->c;
		n->c = then;
	}
	return n;
}

static struct dw_node *bracketed(struct dw_parser *p)
{
	struct dw_node *n;

	p->at++;
	CHECK(n = dw_expression(p));
	CHECK(dw_expect(p, ")"));
	return n;
}

static struct dw_node *keyword_or_name(struct dw_parser *p)
{
	if (dw_is_word(p, 0, "true") || dw_is_word(p, 0, "false"))
		return literal(p, dw_boolean(dw_is_word(p, 0, "true")));
	if (dw_is_word(p, 0, "null"))
		return literal(p, DW_NOTHING);
	if (dw_is_word(p, 0, "if") && dw_is_sign(p, 1, "(")) {
		p->at++;
		return conditional(p, false);
	}
	if (dw_is_word(p, 0, "unless") && dw_is_sign(p, 1, "(")) {
		p->at++;
		return conditional(p, true);
	}
	if (dw_is_word(p, 0, "do") && dw_is_sign(p, 1, "{")) {
		p->at += 2;
		return dw_do_block(p);
	}
	return named(p);
}

static struct dw_node *primary(struct dw_parser *p)
{
	const struct dw_token *t = dw_peek(p, 0);

	if (lambda_begins(p, 0))
		return dw_lambda(p);
	switch (t->kind) {
	case DW_TOKEN_NUMBER:
		return number_token(p);
	case DW_TOKEN_STRING:
		return dw_string_token(p);
	case DW_TOKEN_REGEX:
		return regex_token(p);
	case DW_TOKEN_DATE:
		return date_token(p);
	case DW_TOKEN_NAME:
		return keyword_or_name(p);
	case DW_TOKEN_SIGN:
		if (dw_is_sign(p, 0, "("))
			return bracketed(p);
		if (dw_is_sign(p, 0, "{"))
			return dw_object(p);
		if (dw_is_sign(p, 0, "["))
			return dw_array(p);
		break;
	case DW_TOKEN_BODY:
	case DW_TOKEN_END:
		break;
	}
	dw_unexpected(p, "a value");
	return NULL;
}

struct dw_node *dw_primary(struct dw_parser *p)
{
	return postfix(p, primary(p));
}
