/*
 * A whole script: `%dw 2.0`, the lines before `---`, and the body. An expression
 * alone is a script without a head. `do { … }` is the same once more, inside.
 */
#include "dataweave/parser_priv.h"
#include "dataweave/run.h"

#define CHECK(x)                     \
	do {                         \
		if (!(x))            \
			return NULL; \
	} while (0)

/* The value of an option: a name, a string or a number. */
static struct str option_value(struct dw_parser *p)
{
	struct str text = dw_peek(p, 0)->text;

	p->at++;
	return text;
}

static bool output_line(struct dw_parser *p)
{
	struct buf b;
	struct str type;

	buf_init(&b, 256);
	buf_add(&b, option_value(p));
	while (!dw_peek(p, 0)->spaced && dw_peek(p, 0)->kind != DW_TOKEN_BODY &&
	       dw_peek(p, 0)->kind != DW_TOKEN_END)
		buf_add(&b, option_value(p));
	type = arena_copy(p->arena, buf_str(&b));
	buf_release(&b);
	if (str_eq(type, STR("json")) || str_eq(type, STR("java")) ||
	    str_eq(type, STR("xml")) || str_eq(type, STR("csv")))
		type = str_of(
			arena_printf(p->arena, "application/" STR_FMT, STR_ARG(type)));
	dw_output_init(p->output, type);
	dw_take_word(p, "with");
	while (dw_peek(p, 0)->kind == DW_TOKEN_NAME && dw_is_sign(p, 1, "=")) {
		struct str name = option_value(p);

		p->at++;
		dw_output_option(p->output, name, option_value(p));
		dw_take_sign(p, ",");
	}
	return true;
}

/* import, input: nothing that we would need; up to where the next one begins. */
static bool skip_line(struct dw_parser *p)
{
	static const char *const begins[] = { "var",    "fun", "output", "input",
					      "import", "ns",  "type",   NULL };

	for (;; p->at++) {
		const struct dw_token *t = dw_peek(p, 0);

		if (t->kind == DW_TOKEN_BODY || t->kind == DW_TOKEN_END)
			return true;
		for (unsigned i = 0; begins[i]; i++)
			if (dw_is_word(p, 0, begins[i]) && !dw_is_sign(p, 1, ","))
				return true;
	}
}

/* ns soap http://…: two slashes begin a comment, so this is read from the text. */
static bool ns_line(struct dw_parser *p)
{
	const struct dw_token *t = dw_peek(p, 0);
	struct dw_prefix *prefix = arena_new(p->arena, struct dw_prefix);
	struct str rest = str_from(p->text, p->offset + t->at + t->text.len), line;
	size_t end;

	if (t->kind != DW_TOKEN_NAME || !str_cut(&rest, '\n', &line))
		return dw_unexpected(p, "a prefix");
	end = (size_t)(line.at + line.len - p->text.at) - p->offset;
	prefix->name = t->text;
	prefix->uri = str_trim(line);
	prefix->outer = p->prefixes;
	p->prefixes = prefix;
	while (dw_peek(p, 0)->kind != DW_TOKEN_END && dw_peek(p, 0)->at < end)
		p->at++;
	return true;
}

/* type NAME = …, type NAME<T> = … */
static bool type_line(struct dw_parser *p)
{
	const struct str name = dw_peek(p, 0)->text;
	const struct dw_type *type;

	if (dw_peek(p, 0)->kind != DW_TOKEN_NAME)
		return dw_unexpected(p, "the name of a type");
	p->at++;
	if (!dw_type_parameters(p) || !dw_expect(p, "=") || !(type = dw_type(p)))
		return false;
	while (dw_take_sign(p, "&")) /* what is joined in is not checked either */
		if (!dw_type(p))
			return false;
	dw_name_type(p, name, type);
	return true;
}

static struct dw_node *block(struct dw_parser *p, bool script);

/* var name = value, or fun name(a, b) = value; and all that follows, where it is bound.
 */
static struct dw_node *binding(struct dw_parser *p, bool script, bool function)
{
	struct dw_node *n = dw_node(p, DW_LET);
	const struct dw_token *t = dw_peek(p, 0);
	struct dw_name *outside = p->names;

	if (t->kind != DW_TOKEN_NAME) {
		dw_unexpected(p, "a name");
		return NULL;
	}
	p->at++;
	n->recursive = function;
	if (function) {
		dw_bind(p, t->text);
		CHECK(dw_type_parameters(p));
		CHECK(n->a = dw_lambda(p));
	} else {
		if (dw_take_sign(p, ":"))
			CHECK(dw_type(p));
		CHECK(dw_expect(p, "="));
		CHECK(n->a = dw_expression(p));
		dw_bind(p, t->text);
	}
	CHECK(n->b = block(p, script));
	p->names = outside;
	return n;
}

static struct dw_node *block_in_depth(struct dw_parser *p, bool script)
{
	for (;;) {
		if (dw_take_word(p, "var"))
			return binding(p, script, false);
		if (dw_take_word(p, "fun"))
			return binding(p, script, true);
		if (script && dw_take_word(p, "output")) {
			CHECK(output_line(p));
			continue;
		}
		if (dw_take_word(p, "import") || dw_take_word(p, "input")) {
			CHECK(skip_line(p));
			continue;
		}
		if (dw_take_word(p, "ns")) {
			CHECK(ns_line(p));
			continue;
		}
		if (dw_take_word(p, "type")) {
			CHECK(type_line(p));
			continue;
		}
		if (dw_peek(p, 0)->kind != DW_TOKEN_BODY) {
			dw_unexpected(p, "'---'");
			return NULL;
		}
		p->at++;
		return dw_expression(p);
	}
}

static struct dw_node *block(struct dw_parser *p, bool script)
{
	struct dw_node *n = NULL;

	if (++p->depth > DW_MOST_NESTING)
		dw_unexpected(p, "less nesting");
	else
		n = block_in_depth(p, script);
	p->depth--;
	return n;
}

struct dw_node *dw_do_block(struct dw_parser *p)
{
	struct dw_name *outside = p->names;
	struct dw_node *n;

	CHECK(n = block(p, false));
	p->names = outside;
	CHECK(dw_expect(p, "}"));
	return n;
}

static bool has_head(const struct dw_parser *p)
{
	size_t depth = 0;

	for (size_t i = 0; dw_peek(p, i)->kind != DW_TOKEN_END; i++) {
		if (dw_is_sign(p, i, "{") || dw_is_sign(p, i, "("))
			depth++;
		else if (dw_is_sign(p, i, "}") || dw_is_sign(p, i, ")"))
			depth -= depth > 0;
		else if (depth == 0 && dw_peek(p, i)->kind == DW_TOKEN_BODY)
			return true;
	}
	return false;
}

static bool version(struct dw_parser *p)
{
	if (!dw_take_sign(p, "%"))
		return true;
	if (!dw_take_word(p, "dw"))
		return dw_unexpected(p, "'dw'");
	if (!str_starts(dw_peek(p, 0)->text, STR("2")))
		return dw_unexpected(p, "version 2.0");
	p->at++;
	return true;
}

const struct dw_program *dw_parse(struct str text, struct arena *a, struct fault *why)
{
	struct dw_program *program = arena_new(a, struct dw_program);
	struct dw_parser p = {
		.text = text, .arena = a, .why = why, .output = &program->output
	};

	program->text = text;
	dw_output_init(&program->output, STR(""));
	CHECK(dw_lex(text, a, &p.tokens, why));
	CHECK(version(&p));
	CHECK(program->body = has_head(&p) ? block(&p, true) : dw_expression(&p));
	if (dw_peek(&p, 0)->kind != DW_TOKEN_END) {
		dw_unexpected(&p, "the end");
		return NULL;
	}
	program->uses_payload = p.uses_payload;
	return program;
}
