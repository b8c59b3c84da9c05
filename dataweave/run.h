/*
 * A program at work on one message. Bounded: so deep, so many steps, so many bytes
 * made, and then it is an error like any other.
 */
#ifndef DATAWEAVE_RUN_H
#define DATAWEAVE_RUN_H

#include "dataweave/syntax.h"
#include "message/message.h"

enum { DW_MOST_DEPTH = 800, DW_MOST_STEPS = 5000000, DW_MOST_BYTES = 128 << 20 };

struct dw_run {
	struct message *message;
	struct arena *arena; /* the message's */
	struct fault *why;
	const struct dw_program *program;
	unsigned depth;
	uint64_t steps, bytes;
	/* payload, vars … once they were asked for: what is opened of them stays so. */
	struct dw_value roots[DW_ITEM_SEQUENCE + 1];
	bool has_root[DW_ITEM_SEQUENCE + 1];
};

/* One binding, and the one around it. */
struct dw_scope {
	struct dw_value value;
	const struct dw_scope *outer;
};

struct dw_function {
	const struct dw_node *lambda;
	const struct dw_scope *scope;
	const struct dw_builtin *builtin; /* instead of the two above */
};

/* Always false. The code of the fault is MULE:EXPRESSION. */
bool dw_fail(struct dw_run *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Counts what is made; false: too much. */
bool dw_spend(struct dw_run *r, uint64_t bytes);

/* One more binding. */
struct dw_scope *dw_inside(struct dw_run *r, struct dw_value v,
			   const struct dw_scope *outer);
bool dw_evaluate(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		 struct dw_value *v);
/* Arguments that the function has no parameters for are left out. */
bool dw_call(struct dw_run *r, const struct dw_value *function,
	     const struct dw_value *args, unsigned count, struct dw_value *v);

/* payload, attributes, vars … */
bool dw_root(struct dw_run *r, enum dw_root root, struct dw_value *v);
bool dw_select(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
	       struct dw_value *v, bool *found);
bool dw_run_update(struct dw_run *r, const struct dw_node *n,
		   const struct dw_scope *scope, struct dw_value *v);
bool dw_operate(struct dw_run *r, enum dw_operation o, const struct dw_value *a,
		const struct dw_value *b, struct dw_value *v);
/* Less: below 0. False: they cannot be compared. */
bool dw_compare(struct dw_run *r, const struct dw_value *a, const struct dw_value *b,
		int *order);

/* `as`: false, with a complaint unless quiet. */
bool dw_coerce(struct dw_run *r, const struct dw_value *from, enum dw_type_name to,
	       const struct dw_value *options, struct dw_value *v);
bool dw_is(const struct dw_value *v, const struct dw_type *t);
/* Of a condition: a boolean, or "true" and "false". */
bool dw_truth(struct dw_run *r, const struct dw_value *v, bool *truth);
/* Any simple value as text; false with a complaint for containers and null. */
bool dw_text_of(struct dw_run *r, const struct dw_value *v, const char *what,
		struct str *text);

/* A text of this media type as a value; and back. */
bool dw_read(struct dw_run *r, struct str text, struct str media_type,
	     struct dw_value *v);
bool dw_write(struct dw_run *r, const struct dw_value *v, const struct dw_output *how,
	      struct str *text);
void dw_output_init(struct dw_output *o, struct str media_type);
/* indent, skipNullOn … */
void dw_output_option(struct dw_output *o, struct str name, struct str value);

#endif
