/*
 * TOML, as far as configurations use it: tables, arrays of tables, dotted and quoted
 * keys, strings of all four kinds, numbers, booleans, arrays, inline tables.
 *
 * It is read flat: each value is told with its whole key, the parts between dots
 * whether they were quoted or not. Tables of an array have their index in the key.
 * The plain elements of an array come as one text, between commas.
 */
#ifndef DAEMON_TOML_H
#define DAEMON_TOML_H

#include "base/arena.h"
#include "base/fault.h"

enum toml_kind { TOML_STRING, TOML_OTHER, TOML_ARRAY };

struct toml_value {
	struct str key;  /* "transport.http.listener.port" */
	struct str text; /* of a number, a boolean, a date: as written, without '_' */
	enum toml_kind kind;
	unsigned line;
};

/* Key and text are the arena's. */
typedef void toml_each(void *ctx, const struct toml_value *v);

/* False: why->text says what is wrong, why->where.line where. Values before it were
 * told. */
bool toml_read(struct str text, struct arena *a, toml_each *each, void *ctx,
	       struct fault *why);

#endif
