/*
 * The two ways enrich works: on a JSON payload, and on an XML one. Which of them, is
 * decided for each message (mediation.md §4.6).
 */
#ifndef MEDIATORS_ENRICH_H
#define MEDIATORS_ENRICH_H

#include "flow/exchange.h"
#include "payload.h"

enum enrich_type {
	ENRICH_CUSTOM,
	ENRICH_ENVELOPE,
	ENRICH_BODY,
	ENRICH_PROPERTY,
	ENRICH_INLINE,
	ENRICH_KEY,
};

enum enrich_action { ENRICH_REPLACE, ENRICH_CHILD, ENRICH_SIBLING, ENRICH_REMOVE };

/* A piece of inline text: as it stands, or an expression in braces. */
struct enrich_piece {
	struct str text;
	const struct expr *expression;
	const struct enrich_piece *next;
};

struct jsonpath;

struct enrich_source {
	unsigned type;
	bool clone;
	struct str xpath, property, key, text;
	const struct element *element;
	/* worked out of the above */
	const struct expr *expression;
	const struct jsonpath *path; /* of json-eval(…); NULL: XPath */
	const struct enrich_piece *inline_text;
	bool inline_is_xml;
	const struct jsonpath *const *paths; /* to be removed; ends in NULL */
};

struct enrich_target {
	unsigned type, action;
	struct str xpath, property;
	const struct expr *expression;
	const struct jsonpath *path;
	const struct jsonpath *parent; /* of ENRICH_KEY: where the key is */
	struct str member;             /* ... and what it is called now */
};

struct enrich {
	struct node node;
	struct enrich_source *source;
	struct enrich_target *target;
};

extern const char enrich_logger[];

enum flow enrich_json(const struct enrich *e, struct exchange *x);
enum flow enrich_xml(const struct enrich *e, struct exchange *x);
enum flow enrich_remove(const struct enrich *e, struct exchange *x);

/* The inline text, with its expressions filled in. */
bool enrich_inline(const struct enrich_source *s, struct exchange *x, struct str *text,
		   struct fault *why);

#endif
