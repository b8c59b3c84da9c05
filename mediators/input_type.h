/* The types that fields of an input have (frontends.md §4.2), and what fits them. */
#ifndef MEDIATORS_INPUT_TYPE_H
#define MEDIATORS_INPUT_TYPE_H

#include "message/json.h"

struct input_type;

/* "number", NUMBER, DataTypes.NUMBER; array-string is ARRAY_STRING as well. NULL: none.
 */
const struct input_type *input_type_named(struct str name);
const char *input_type_name(const struct input_type *t);
bool input_type_fits(const struct input_type *t, const struct json *value);

#endif
