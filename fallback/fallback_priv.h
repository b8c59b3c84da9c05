/* What the files of this room share: a translation in progress. */
#ifndef FALLBACK_FALLBACK_PRIV_H
#define FALLBACK_FALLBACK_PRIV_H

#include "fallback/fallback.h"
#include "fallback/state.h"
#include "message/json.h"

struct translation {
	struct arena *arena;
	struct report *report;
	const char *file;
	const struct json *document;
	struct str product;
	struct element *first, *last; /* the artifacts so far */
	struct fallback_state *state; /* NULL: nothing changes at run time */
	uint64_t revision;            /* of a definition from there; 0: it is a file's */
};

struct where at(const struct translation *t, const struct json *j);

/* A member's text, "" if it is not there; complains if it is no text. */
struct str text_of(struct translation *t, const struct json *object, const char *name);
/* ... and complains if it is missing or empty. `what` says of what. */
struct str tag_of(struct translation *t, const struct json *object, const char *name,
		  const char *what);
/* A list that may be missing: the first of its maps. Complains about anything else. */
const struct json *list_of(struct translation *t, const struct json *object,
			   const char *name);
/* Complains if a list is missing or empty. */
void need_members(struct translation *t, const struct json *object, const char *name,
		  const char *what);
/* Complains about members that are not among names (NULL at the end), with a guess. */
void check_members(struct translation *t, const struct json *object,
		   const char *const *names, const char *what);

struct element *word(struct translation *t, const char *name, const struct json *at);
struct element *synapse(struct translation *t, const char *name, const struct json *at);
/* The word of a definition, with its names. */
struct element *begin_definition(struct translation *t, const struct json *d,
				 const char *name, const char *kind);
/* Its "type" without prefix, in small letters. */
struct str type_of(struct translation *t, const struct json *o, const char *otherwise);
/* An artifact of the file. */
void add_artifact(struct translation *t, struct element *e);
void set_text(struct translation *t, struct element *e, const char *name,
	      struct str value);
/* A number or text, if the definition has it. */
void set_member(struct translation *t, struct element *e, const char *attribute,
		const struct json *object, const char *name);
/* ... that must be whole. */
void set_number(struct translation *t, struct element *e, const char *attribute,
		const struct json *object, const char *name);
/* A member that is a map; NULL: it is not there. Complains if it is anything else. */
const struct json *map_of(struct translation *t, const struct json *object,
			  const char *name);
/* A child of our namespace with JSON in it, after a prefix; nothing if there is none. */
void add_json(struct translation *t, struct element *e, const char *name,
	      const char *prefix, const struct json *value);
/* A list of statuses, if the definition has it. */
void set_codes(struct translation *t, struct element *e, const char *attribute,
	       const struct json *object, const char *name);
/* "product/kind/tag". */
struct str name_of(struct translation *t, const char *kind, struct str tag);
/* "FeatureEventTypes.ACTION" is "action". */
struct str enumeration(struct translation *t, struct str name);

void translate_app(struct translation *t, const struct json *app);
/* Its actions alone; the app is known to be well. */
void translate_actions(struct translation *t, const struct json *app);
void translate_fallback(struct translation *t, const struct json *definition,
			const char *kind);
void translate_feature(struct translation *t, const struct json *definition);
void translate_healthcheck(struct translation *t, const struct json *definition);
void translate_api(struct translation *t, const struct json *at);

/* A literal with unquoted keys, single quotes, comments …; as JSON, line by line. */
struct str json_of_literal(struct str text, struct arena *a);

#endif
