/*
 * What an input may look like, and whether one does (frontends.md §4.2): fields with
 * types, lengths, ranges, defaults. Used by definitions that are run with an input.
 *
 * A field is a type, or a map of `type` and rules. A map that has no type and names that
 * are no rules is an object of fields of its own, as is one with `properties`.
 */
#ifndef MEDIATORS_INPUT_SCHEMA_H
#define MEDIATORS_INPUT_SCHEMA_H

#include "message/json.h"
#include "schema/report.h"

/*
 * Checks a schema itself: { field: type | { type, required, default, min … } }.
 * False if it complained, at the lines of file that the schema's values have.
 */
bool input_schema_check(const struct json *schema, const char *file, struct report *r);

/*
 * The input with its defaults filled in. Fields that the schema does not know pass.
 * *errors: an array of { field, rule, message }, empty if all is well; a field inside of
 * another is "address.zip".
 */
struct json *input_validate(const struct json *schema, const struct json *input,
			    struct arena *a, struct json **errors);

/* { field: default } of those that have one. NULL schema: none. */
struct json *input_defaults(const struct json *schema, struct arena *a);

#endif
