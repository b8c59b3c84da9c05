/* What the files of this room share. */
#ifndef DUCT_DUCT_PRIV_H
#define DUCT_DUCT_PRIV_H

#include "duct/duct.h"

struct duct_function {
	const char *name;
	unsigned least, most; /* arguments */
	/* NULL: an argument is of the wrong type. */
	const struct json *(*call)(const struct json *const *args, unsigned count,
				   struct arena *a);
};

const struct duct_function *duct_function_named(struct str name);

/* A string of a mapping as pieces. */
struct duct *duct_parse_text(struct str text, unsigned depth, struct arena *a);

struct duct *duct_new(struct arena *a, enum duct_kind kind);
void duct_append(struct duct *to, struct duct *piece);

/* As text: strings without quotes, null empty, the rest compact. */
struct str duct_text(const struct json *j, struct arena *a);

#endif
