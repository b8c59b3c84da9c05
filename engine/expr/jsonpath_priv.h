/* What a path is compiled to; for jsonpath_compile.c, jsonpath.c and their filters. */
#ifndef EXPR_JSONPATH_PRIV_H
#define EXPR_JSONPATH_PRIV_H

#include "expr/jsonpath.h"
#include "expr/regex.h"

enum step_kind {
	STEP_KEYS,     /* .a ['a'] ['a','b'] */
	STEP_INDEXES,  /* [0] [-1] [0,2] */
	STEP_SLICE,    /* [1:3] [:2] [-2:] [::2] */
	STEP_ALL,      /* * [*] */
	STEP_DEEP,     /* ..: the value and all below it */
	STEP_FILTER,   /* [?(…)] */
	STEP_FUNCTION, /* .length() */
};

struct slice {
	bool has_from, has_to;
	int64_t from, to, by;
};

enum function {
	FUNCTION_LENGTH,
	FUNCTION_MIN,
	FUNCTION_MAX,
	FUNCTION_AVG,
	FUNCTION_STDDEV,
	FUNCTION_SUM,
	FUNCTION_KEYS,
	FUNCTION_CONCAT,
	FUNCTION_APPEND,
	FUNCTION_FIRST,
	FUNCTION_LAST,
	FUNCTION_INDEX,
	FUNCTIONS,
};

/* What a function is given, or a side of a comparison in a filter. */
enum operand_kind { OPERAND_LITERAL, OPERAND_PATH, OPERAND_REGEX };

struct operand {
	enum operand_kind kind;
	const struct json *literal;
	const struct jsonpath *path;
	bool of_root; /* begins with $; else @ */
	const struct regex *regex;
	struct operand *next;
};

enum compare {
	COMPARE_EXISTS, /* only the left side */
	COMPARE_EQ,
	COMPARE_NE,
	COMPARE_LT,
	COMPARE_LE,
	COMPARE_GT,
	COMPARE_GE,
	COMPARE_MATCH,
	COMPARE_IN,
	COMPARE_NOT_IN,
	COMPARE_SUBSET_OF,
	COMPARE_ANY_OF,
	COMPARE_NONE_OF,
	COMPARE_SIZE,
	COMPARE_EMPTY,
	COMPARE_CONTAINS,
	COMPARE_TYPE,
};

enum filter_kind { FILTER_COMPARE, FILTER_NOT, FILTER_AND, FILTER_OR };

struct filter {
	enum filter_kind kind;
	const struct filter *left, *right; /* NOT: left only */
	enum compare compare;
	const struct operand *a, *b;
};

struct step {
	enum step_kind kind;
	struct str *keys;
	int64_t *indexes;
	size_t count; /* of keys or indexes */
	struct slice slice;
	const struct filter *filter;
	enum function function;
	const struct operand *arguments;
	struct step *next;
};

struct jsonpath {
	struct step *first;
	bool definite;
	bool ends_in_function;
};

/* One evaluation. */
struct search {
	struct arena *arena;
	const struct json *root;
	unsigned steps; /* left to take */
	unsigned depth;
	struct fault *why;
	bool failed;
};

/* Values found, in order. */
struct found {
	const struct json **at;
	size_t count, room;
};

void found_add(struct found *f, struct arena *a, const struct json *j);
/* False: enough is enough. */
bool search_step(struct search *s);
bool search_fail(struct search *s, const char *text);

/* From one value; definite paths give at most one. */
const struct json *path_value(struct search *s, const struct jsonpath *p,
			      const struct json *from);
bool filter_holds(struct search *s, const struct filter *f, const struct json *j);
/* NULL: a path that leads nowhere. */
const struct json *operand_value(struct search *s, const struct operand *o,
				 const struct json *current);
const struct json *function_value(struct search *s, const struct step *step,
				  const struct json *j);

/* Reads a filter that stands between ( and ) at *rest; NULL: *why. */
struct path_reader {
	struct str rest;
	struct arena *arena;
	struct fault *why;
	unsigned depth;
};
const struct filter *read_filter(struct path_reader *r);
struct operand *read_operand(struct path_reader *r);
/* A path that ends where it cannot go on; "$" or "@" was not read yet. */
struct jsonpath *read_path(struct path_reader *r);
void reader_skip_blanks(struct path_reader *r);
bool reader_takes(struct path_reader *r, struct str token);
void *reader_fail(struct path_reader *r, const char *text);
/* Text in quotes of either kind, at *rest. */
bool reader_quoted(struct path_reader *r, struct str *s);

#endif
