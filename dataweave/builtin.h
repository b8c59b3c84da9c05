/*
 * The functions that are there from the start. Each gets its arguments evaluated; those
 * in `lambdas` (a bit each) may be written with $, $$ and $$$ instead of as a function.
 */
#ifndef DATAWEAVE_BUILTIN_H
#define DATAWEAVE_BUILTIN_H

#include "dataweave/run.h"

struct dw_builtin {
	const char *name;
	unsigned least, most, lambdas;
	/* False: dw_fail() was called. */
	bool (*call)(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v);
};

/* Each ends in a NULL name. */
extern const struct dw_builtin dw_texts[], dw_lists[], dw_objects[], dw_numbers[],
	dw_others[], dw_strings[], dw_arrays[];

/* NULL: there is none of this name. */
const struct dw_builtin *dw_builtin_named(struct str name);

#endif
