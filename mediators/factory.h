/*
 * The templates of payloadFactory (mediation.md §4.5): text with $1, "${…}" and ${…}
 * in it, read once, filled in for each message by the rules of its media type.
 */
#ifndef MEDIATORS_FACTORY_H
#define MEDIATORS_FACTORY_H

#include "expr/expr.h"

enum media { MEDIA_XML, MEDIA_JSON, MEDIA_TEXT };

struct factory_part;

/* Immutable once read; the arena's. */
struct factory {
	const struct factory_part *first;
	enum needs needs;
};

/* An argument: a constant, or an expression. */
struct factory_argument {
	struct str value;
	const struct expr *expression; /* NULL: the value */
	bool is_json_path;
	bool literal; /* goes in as a string, whatever it looks like */
};

struct factory_arguments {
	const struct factory_argument *const *at;
	unsigned count;
};

/* False: an expression in it is none; *why. */
bool factory_read(struct factory *f, struct str text, const struct expr_scope *scope,
		  struct arena *a, struct fault *why);

/*
 * False: *why. *mismatch: a $N without an argument; the rest stands there as written,
 * as in the original.
 */
bool factory_fill(const struct factory *f, const struct factory_arguments *arguments,
		  enum media media, bool escape_controls, struct message *m,
		  struct buf *to, bool *mismatch, struct fault *why);

#endif
