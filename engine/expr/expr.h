/*
 * Expressions over a message: the one door for every language there is.
 *
 * Compiled once when a definition is deployed, immutable after, evaluated by any
 * number of exchanges at a time. Which language a text is in says mediation.md
 * §5.1: json-eval(…), ${…}, else XPath. What else is to come (DataWeave, the mapping
 * language of fallbacks) is one more struct expr_ops behind this door.
 */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "base/arena.h"
#include "base/buf.h"
#include "message/message.h"

/* How much of the payload must be there to evaluate; flow/node.h waits for it. */
enum needs { NEEDS_NOTHING, NEEDS_BYTES, NEEDS_VALUE, NEEDS_TREE };

struct expr;

struct expr_ops {
	/*
	 * The value, null if there is none. False: an error that is a fault (*why);
	 * errors that only yield "" with a WARN (§5.5) are logged by the language.
	 */
	bool (*eval)(const struct expr *e, struct message *m, struct value *v,
		     struct fault *why);
	/* As text, by the language's own rules (§5.2, §5.3). NULL: value_text(). */
	bool (*text)(const struct expr *e, struct message *m, struct str *s,
		     bool *is_null, struct fault *why);
	/* As truth, by the language's own rules. NULL: from text, "true" in any case. */
	bool (*truth)(const struct expr *e, struct message *m, bool *b,
		      struct fault *why);
};

/* The first member of each language's own struct. */
struct expr {
	const struct expr_ops *ops;
	struct str source; /* as written */
	enum needs needs;
	bool is_constant;      /* a literal; its text is `source` */
	struct str media_type; /* of what it makes, where the text says so; else empty */
};

/* What prefixes mean where the expression stands. NULL in `at`: nothing. */
struct expr_scope {
	struct str (*namespace)(const void *ctx, struct str prefix);
	const void *ctx;
};

/*
 * A language that is told by how its expressions begin ("#[" is DataWeave). Its room
 * stands above this one and is registered at the start, before threads are. Where an
 * expression or a value may stand, text that begins so is its.
 */
struct expr_language {
	const char *begins;
	const struct expr *(*compile)(struct str text, struct arena *a,
				      struct fault *why);
};
void expr_add_language(const struct expr_language *language); /* borrowed; once */
/* Whose is it? NULL: one of our own. */
const struct expr_language *expr_language_of(struct str text);

/* An expression (FORM_EXPR), decided by its beginning. NULL: *why. */
const struct expr *expr_compile(struct str text, const struct expr_scope *scope,
				struct arena *a, struct fault *why);
/* A constant, or an expression in {…}. */
const struct expr *expr_compile_value(struct str text, const struct expr_scope *scope,
				      struct arena *a, struct fault *why);
/* Text with ${…} in it. */
const struct expr *expr_compile_template(struct str text, const struct expr_scope *scope,
					 struct arena *a, struct fault *why);
/* JSONPath with or without json-eval(…) around it (payloadFactory's evaluator="json"). */
const struct expr *expr_compile_json(struct str text, struct arena *a, struct fault *why);
const struct expr *expr_constant(struct str text, struct arena *a);

/* False: *why says it. Null is no error: v->kind is VALUE_NULL, *is_null (may be NULL).
 */
bool expr_eval(const struct expr *e, struct message *m, struct value *v,
	       struct fault *why);
bool expr_text(const struct expr *e, struct message *m, struct str *s, bool *is_null,
	       struct fault *why);
bool expr_truth(const struct expr *e, struct message *m, bool *b, struct fault *why);

#endif
