/*
 * Fallback definitions (frontends.md §4): YAML and JSON files of apps, fallbacks,
 * quotas, features, health checks, caches and sessions, translated into the words of
 * our namespace that do what they say (mediators/fallback.c …).
 */
#ifndef FALLBACK_FALLBACK_H
#define FALLBACK_FALLBACK_H

#include "deploy/deployment.h"

/* Its ctx may be a struct fallback_state, in a copy. */
extern const struct front_end fallback_files;

enum { FALLBACK_KINDS = 8 };

/* "apps", "fallbacks" …, and what one of them is called. */
struct fallback_kind {
	const char *many, *one;
};
extern const struct fallback_kind fallback_kinds[FALLBACK_KINDS];

/*
 * A file as a tree with lines: JSON, YAML, or an object literal (.json5 .jsonc .duct).
 * NULL: *why. Texts are the arena's or point into `text`.
 */
struct json *fallback_read(struct str path, struct str text, struct arena *a,
			   struct fault *why);

/* Is it a definition at all, by its keys? */
bool fallback_is_definition(const struct json *document);

/* The kind of a single definition, by `kind` or by its members; NULL: none. */
const struct fallback_kind *fallback_kind_of(const struct json *definition);

/* Letters, digits, _ and -: what tags and products are made of. */
bool fallback_is_tag(struct str s);

#endif
