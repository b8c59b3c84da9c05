/* The compilers behind the door, for expr.c. */
#ifndef EXPR_EXPR_PRIV_H
#define EXPR_EXPR_PRIV_H

#include "expr/expr.h"

/* What is between json-eval( and the last parenthesis. */
const struct expr *json_eval_compile(struct str text, struct arena *a, struct fault *why);
const struct expr *xpath_compile(struct str text, const struct expr_scope *scope,
				 struct arena *a, struct fault *why);
/* What is between ${ and }. */
const struct expr *synapse_compile(struct str text, const struct expr_scope *scope,
				   struct arena *a, struct fault *why);

/* A fault of an expression: code 0, the text in printf's words, the arena's. False. */
bool expr_fail(struct fault *why, struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
