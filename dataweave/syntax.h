/*
 * A DataWeave program as a tree. Names are resolved when it is read: what the text
 * binds itself (var, fun, parameters, $) is counted outwards from where it is used,
 * so that running needs no names.
 */
#ifndef DATAWEAVE_SYNTAX_H
#define DATAWEAVE_SYNTAX_H

#include "dataweave/lexer.h"
#include "dataweave/value.h"

enum dw_form {
	DW_LITERAL, /* value */
	DW_TEXT,    /* parts, as one string */
	DW_BUILD_ARRAY,
	DW_BUILD_OBJECT,
	DW_PAIR,       /* a: key, b: value, c: condition, d: attributes; of an object */
	DW_PART,       /* a: value, c: condition; of an array, or spread into an object */
	DW_LOCAL,      /* index: bindings outwards */
	DW_ROOT,       /* index: enum dw_root */
	DW_SELECT,     /* a .text; or a.(b) */
	DW_SELECT_ALL, /* a.*text */
	DW_SELECT_DEEP,      /* a..text */
	DW_SELECT_ATTRIBUTE, /* a.@text; a.@ */
	DW_SELECT_META,      /* a.^text */
	DW_INDEX,            /* a[b] */
	DW_FILTER,           /* a[?(b)]; b is a lambda */
	DW_HAS,              /* a? ; a is a selection */
	DW_MUST,             /* a! */
	DW_MINUS,
	DW_NOT,
	DW_AND,
	DW_OR,
	DW_DEFAULT,
	DW_BINARY,  /* operation, a, b */
	DW_IF,      /* a, b, else c */
	DW_MATCH,   /* a; parts are cases */
	DW_CASE,    /* a: literal or regex, c: condition, type; b: what it gives; index:
		       names it takes a list (2) or an object (3) apart into */
	DW_UPDATE,  /* a; parts are changes */
	DW_CHANGE,  /* parts: the way, c: condition, b: what is there then */
	DW_LAMBDA,  /* a; parts: defaults of the parameters; index: how many */
	DW_CALL,    /* a; parts are arguments */
	DW_BUILTIN, /* builtin; parts are arguments */
	DW_LET,     /* a bound in b; recursive: and in a itself */
	DW_AS,      /* a, type */
	DW_IS,
};

enum dw_root {
	DW_PAYLOAD,
	DW_ATTRIBUTES,
	DW_VARS,
	DW_ERROR,
	DW_MESSAGE,
	DW_CORRELATION_ID,
	DW_APP,
	DW_SERVER,
	DW_MULE,
	DW_FLOW,
	DW_AUTHENTICATION,
	DW_ITEM_SEQUENCE,
};

enum dw_operation {
	DW_ADD,
	DW_SUBTRACT,
	DW_MULTIPLY,
	DW_DIVIDE,
	DW_EQUAL,
	DW_UNEQUAL,
	DW_LIKE,
	DW_LESS,
	DW_GREATER,
	DW_AT_MOST,
	DW_AT_LEAST,
	DW_JOIN,    /* ++ */
	DW_WITHOUT, /* -- */
	DW_APPEND,  /* << */
	DW_PREPEND, /* >> */
};

enum dw_type_name {
	DW_TYPE_ANY,
	DW_TYPE_NULL,
	DW_TYPE_BOOLEAN,
	DW_TYPE_NUMBER,
	DW_TYPE_STRING,
	DW_TYPE_DATE_TIME,
	DW_TYPE_LOCAL_DATE_TIME,
	DW_TYPE_DATE,
	DW_TYPE_TIME,
	DW_TYPE_LOCAL_TIME,
	DW_TYPE_PERIOD,
	DW_TYPE_REGEX,
	DW_TYPE_RANGE,
	DW_TYPE_ARRAY,
	DW_TYPE_OBJECT,
	DW_TYPE_FUNCTION,
	DW_TYPE_KEY,
	DW_TYPE_BINARY,
};

/* `String {format: "0.00"}`, `Array<Number>`, `A | B`. */
struct dw_type {
	enum dw_type_name name;
	struct str text;               /* as written */
	const struct dw_node *options; /* an object; NULL: none */
	const struct dw_type *either;  /* or this one */
};

struct dw_builtin;

struct dw_node {
	enum dw_form form;
	enum dw_operation operation;
	unsigned index;
	bool recursive; /* of a let; of a change: what is not there is made */
	bool reorders; /* a lambda made of `$`: what it gives may be the function meant */
	size_t at;     /* in the text */
	struct str text;
	struct dw_value value;
	const struct dw_node *a, *b, *c, *d;
	struct dw_node *parts, *next; /* members; and the next one beside it */
	unsigned count;               /* of parts */
	const struct dw_type *type;
	const struct dw_builtin *builtin;
};

/* How the result is written (`output application/json indent=false`). */
struct dw_output {
	struct str media_type; /* empty: the text does not say */
	bool indent, skip_null, declaration, header;
	char separator;
};

struct dw_program {
	struct str text;
	const struct dw_node *body;
	struct dw_output output;
	bool uses_payload;
};

/* NULL: *why says what is wrong and where. */
const struct dw_program *dw_parse(struct str text, struct arena *a, struct fault *why);

#endif
