/*
 * What was changed at run time (frontends.md §4.3): each definition that was created,
 * updated or deleted lies in STATE/ductape/PRODUCT/KIND.TAG.json, over what a deployed
 * file says of it, until the file says something else: then the file wins and this is
 * put aside (….json.archived).
 *
 * A change is tried first, then kept or undone; only what is kept is written, so that
 * a crash leaves the old or the new. Used by one thread at a time, the loader's.
 */
#ifndef FALLBACK_STATE_H
#define FALLBACK_STATE_H

#include "deploy/deployment.h"

struct fallback_state;
struct json;

/* Reads what is there; files that cannot be read are complained about and left. */
struct fallback_state *fallback_state_open(const char *directory, struct report *r);
void fallback_state_free(struct fallback_state *s);

/* --- for the front end, while it reads --- */

/* Is this definition of a deployed file covered by one of ours? */
bool fallback_state_covers(struct fallback_state *s, struct str name, struct str hash);
/* The file just read has mistakes: what it says of ours does not count. */
void fallback_state_spare(struct fallback_state *s);
/* Is this file one of ours? *revision: of what lies in it. */
bool fallback_state_owns(const struct fallback_state *s, const char *file,
			 uint64_t *revision);

/* --- for who loads --- */

/* After every scan: ours join the loader as files of their own; the outdated leave. */
void fallback_state_join(struct fallback_state *s, struct loader *l);

/* A definition's new shape. name: product/kind/tag, its parts good as names of files. */
struct fallback_change {
	struct str name;
	const struct json *definition; /* NULL: deleted */
	uint64_t revision, at;         /* at: wall clock, ms */
};

/* The file it is read as: a value a line, so that a complaint's line says which. */
struct str fallback_definition_text(struct str name, const struct json *definition,
				    struct arena *a);

void fallback_state_try(struct fallback_state *s, const struct fallback_change *c);
/* The file the tried one is read as. */
struct str fallback_state_tried(const struct fallback_state *s);
void fallback_state_undo(struct fallback_state *s, struct loader *l);
/* Written, and on the disk. False: *why; it is still only tried then. */
bool fallback_state_keep(struct fallback_state *s, struct fault *why);

#endif
