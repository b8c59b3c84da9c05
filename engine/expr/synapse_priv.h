/* What ${…} is compiled to, and what its parser, evaluator and functions share. */
#ifndef EXPR_SYNAPSE_PRIV_H
#define EXPR_SYNAPSE_PRIV_H

#include "expr/expr.h"
#include "expr/jsonpath.h"

enum operation {
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_MODULO,
	OP_AND,
	OP_OR,
	OP_EQUAL,
	OP_UNEQUAL,
	OP_LESS,
	OP_LESS_OR_EQUAL,
	OP_GREATER,
	OP_GREATER_OR_EQUAL,
};

enum term_kind {
	TERM_LITERAL,
	TERM_LIST, /* [a, b] */
	TERM_BINARY,
	TERM_CHOICE, /* a ? b : c */
	TERM_CALL,
	TERM_PAYLOAD,
	TERM_VARIABLE, /* vars.name */
	TERM_PROPERTY, /* headers, params, props */
	TERM_CONFIG,
};

/* Text of a path, then an expression whose value is put in; and so on. */
struct path_piece {
	struct str text;
	const struct term *inner; /* NULL: text only */
	struct path_piece *next;
};

struct path {
	struct path_piece *pieces;       /* NULL: no path */
	const struct jsonpath *compiled; /* NULL: it has expressions in it */
};

struct term {
	enum term_kind kind;
	enum operation op;
	struct value literal;
	struct term *a, *b, *c;          /* operands */
	struct term *arguments, *next;   /* of a call or list; the next beside it */
	unsigned count;                  /* of arguments */
	const struct function *function; /* of a call */
	const struct expr *xpath;        /* of xpath("…") */
	enum scope scope;                /* of a property */
	struct str name;
	struct path path;
};

/* One evaluation. */
struct run {
	struct message *message;
	struct arena *arena;
	const char *error; /* why it cannot be evaluated */
	unsigned depth;
};

struct function {
	const char *name;
	unsigned least, most; /* arguments */
	bool (*call)(struct run *r, const struct value *arguments, unsigned count,
		     struct value *v);
};

/* What a compilation knows. */
struct parser {
	struct str rest;
	struct arena *arena;
	const struct expr_scope *scope;
	struct fault *why;
	unsigned depth;
	bool needs_tree;
};

/* Parsing: NULL or false, and *why is set. */
struct term *parse_expression(struct parser *p);
struct term *parse_factor(struct parser *p);
void *parse_fail(struct parser *p, const char *text);
void parse_blanks(struct parser *p);
bool parse_sign(struct parser *p, const char *sign);
bool parse_quoted(struct parser *p, struct str *s); /* raw text, without quotes */
size_t parse_name_length(struct str s);
bool parse_is_reserved(struct str name);
/* The path behind an access; none is fine. */
bool parse_path(struct parser *p, struct path *path);

const struct function *function_of(struct str name);
const struct function *number_function_of(struct str name);

/* Evaluation: false, and r->error is set. */
bool term_value(struct run *r, const struct term *t, struct value *v);
bool run_fail(struct run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* JSON strings, numbers, truths and null as what they are; XML as text. */
struct value plain_value(struct run *r, struct value v);
struct str text_of_value(struct run *r, struct value v);
bool path_apply(struct run *r, const struct path *path, const struct json *root,
		struct value *v);
/* JSON of a value: itself, or text that is JSON; NULL: it is none. */
const struct json *json_of_value(struct run *r, struct value v);
bool operator_value(struct run *r, enum operation op, struct value a, struct value b,
		    struct value *v);
bool is_int32(struct value v);

#endif
