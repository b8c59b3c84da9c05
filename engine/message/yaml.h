/*
 * YAML read into the same tree as JSON, each value with its line (the door to libyaml).
 *
 * Plain words become what they look like by the core schema of YAML 1.2: null, true,
 * numbers as JSON has them; anything else, and whatever is quoted, is text. An alias is
 * a copy of what its anchor names, and `<<` takes members over; both count against a
 * limit, so that a small text cannot become a large tree. JSON is YAML, too.
 */
#ifndef MESSAGE_YAML_H
#define MESSAGE_YAML_H

#include "message/json.h"

enum { YAML_MAX_DEPTH = 64, YAML_MAX_VALUES = 200000 };

/*
 * One document; an empty one is null. NULL: why->text says what and why->where.line
 * where: bad syntax, a key twice, a key that is no text, nested too deeply, too many
 * values, an alias to nothing. Texts are the arena's.
 */
struct json *yaml_parse(struct str text, struct arena *a, struct fault *why);

#endif
