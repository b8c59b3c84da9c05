/* Texts into the types that property and variable know (mediation.md §4.2, §4.4). */
#ifndef MEDIATORS_CONVERSION_H
#define MEDIATORS_CONVERSION_H

#include "message/value.h"
#include "base/arena.h"

enum conversion {
	CONVERT_STRING,
	CONVERT_INTEGER,
	CONVERT_SHORT,
	CONVERT_LONG,
	CONVERT_FLOAT,
	CONVERT_DOUBLE,
	CONVERT_BOOLEAN,
	CONVERT_OM, /* XML */
	CONVERT_JSON,
};

/* Of expressions' results, "12.7" is an INTEGER as well: 12. */
enum conversion_source { CONVERT_CONSTANT, CONVERT_EVALUATED };

bool conversion_named(struct str name, enum conversion *type);

/* False: it cannot be converted. What the value points to is text's or the arena's. */
bool convert(struct str text, enum conversion type, enum conversion_source source,
	     struct arena *a, struct value *v);

#endif
