/*
 * DataWeave behind the house's door for expressions: `#[…]` wherever an expression or a
 * value may stand (frontends.md §2.9). Register it once, at the start.
 */
#ifndef DATAWEAVE_LANGUAGE_H
#define DATAWEAVE_LANGUAGE_H

#include "dataweave/value.h"
#include "expr/expr.h"

void dataweave_register(void);

/* Where p('name') looks: false is null. Set once, before threads start. */
void dataweave_properties(bool (*find)(const void *ctx, struct str name,
				       struct str *value),
			  const void *ctx);
struct dw_value dw_language_property(struct str name, struct arena *a);

/* "#[…]" or what stands between; a whole script too. NULL: *why. */
const struct expr *dataweave_compile(struct str text, struct arena *a, struct fault *why);

#endif
