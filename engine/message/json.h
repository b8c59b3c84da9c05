/*
 * JSON as a tree on an arena. Number text and key order are kept: `085`, `1.0` and
 * `123456789012345678` come out as they went in (design.md §5).
 *
 * Every front end shares this tree; YAML is read into it as well, with lines.
 */
#ifndef MESSAGE_JSON_H
#define MESSAGE_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* A value; in an array or object also a link of the list of members. */
struct json {
	enum json_kind kind;
	unsigned line;     /* 1 is the first; 0: not read from a text */
	struct str key;    /* in an object: unescaped */
	struct str text;   /* number: as written; string: unescaped */
	struct str source; /* of what was read: its bytes as they came; else empty */
	struct json *first, *last, *next; /* members of this; the next beside it */
	size_t count;                     /* of members */
};

enum { JSON_MAX_DEPTH = 512 };

/*
 * Strict (RFC 8259), but for what Gson also takes: see json.c. Texts without
 * escapes point into `text`, which must live as long as the arena. A key twice: both
 * are kept in the tree, json_get() finds the last. NULL: why->text says what and where
 * (line in why->where.line).
 */
struct json *json_parse(struct str text, struct arena *a, struct fault *why);

/* The last member of this key; NULL. Any kind may be asked. */
const struct json *json_get(const struct json *object, struct str key);
const struct json *json_at(const struct json *array, size_t index);

struct json *json_new(struct arena *a, enum json_kind kind);
struct json *json_string(struct arena *a, struct str text); /* borrowed */
struct json *json_number(struct arena *a, struct str text); /* borrowed; not checked */
struct json *json_int(struct arena *a, int64_t n);
struct json *json_bool(struct arena *a, bool truth);
struct json *json_copy(struct arena *a, const struct json *j);  /* deep; texts borrowed */
struct json *json_clone(struct arena *a, const struct json *j); /* deep, texts too */
/* Members must not be in another tree: json_copy() first. */
void json_append(struct json *array, struct json *member);
void json_set(struct json *object, struct str key, struct json *member); /* replaces */
bool json_remove(struct json *container, const struct json *member);

/* Numbers: false if it is no number, or does not fit. */
bool json_to_int(const struct json *j, int64_t *n);
bool json_to_double(const struct json *j, double *n);
bool json_equal(const struct json *a, const struct json *b); /* members in any order */

/* Compact, or indented by two. */
void json_write(const struct json *j, bool pretty, struct buf *to);
/* With quotes; and only the inside of a string, escaped. */
void json_write_string(struct str text, struct buf *to);
void json_escape(struct str text, struct buf *to);
/* Compact text, the arena's. */
struct str json_text(const struct json *j, struct arena *a);

#endif
