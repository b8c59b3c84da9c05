#include "expr/expr_priv.h"

const struct expr *synapse_compile(struct str text, const struct expr_scope *scope,
				   struct arena *a, struct fault *why)
{
	(void)scope;
	expr_fail(why, a, "${" STR_FMT "}: this language is not known here",
		  STR_ARG(text));
	return NULL;
}
