/* What the files of this room share: a translation under way. */
#ifndef MULE_XML_TRANSLATE_H
#define MULE_XML_TRANSLATE_H

#include "base/map.h"
#include "mule_xml.h"

#define MULE_NS "http://www.mulesoft.org/schema/mule/"

/* Global elements of a file and of those beside it, by name. */
struct project {
	struct map elements;   /* "http:listener-config NAME" → struct element */
	struct map properties; /* name → struct str */
	struct str default_handler;
	bool flows_known; /* so that a missing one can be told */
};

struct translation {
	struct arena *arena;
	struct report *report;
	const char *file;
	struct project project;
	struct element *first, **last; /* artifacts made so far */
	struct str flow;               /* its name */
	unsigned depth;
};

/* project.c: what stands in the file itself and beside it. */
void mule_project_gather(struct translation *t, struct element *root);
/* Another number when a file that project_gather() looks at has changed. */
uint64_t mule_project_state(const char *file);
struct str mule_setting(const char *key);
/* A file of the project (resources) or beside this one. False: it is not there. */
bool mule_project_file(struct translation *t, struct str name, struct str *text);
struct str mule_project_name(const struct translation *t); /* app.name */
const char *mule_project_path(struct translation *t, struct str name);
const struct element *mule_project_find(const struct translation *t, const char *word,
					struct str name);
/* text.c: fills ${…} in, everywhere below e. False: one of them is not set. */
bool mule_fill_placeholders(struct translation *t, struct element *e);

/*
 * text.c: what an attribute or text means: an expression (#[…], holes and scripts
 * included, p('…') filled in) or a text as it stands.
 */
struct meaning {
	bool is_expression;
	struct str text;
};
struct meaning mule_meaning_of(struct translation *t, struct str text);
/* Of a path: what holes give cannot end it. */
struct str mule_path_of(struct translation *t, struct str text);
/* A text of DataWeave in quotes. */
struct str mule_quoted(struct translation *t, struct str text);

/* types.c: false and a complaint if a type does not exist; else the closed list. */
bool mule_error_types(struct translation *t, const struct element *e, struct str list,
		      struct str *closed);
bool mule_can_be_raised(struct translation *t, const struct element *e, struct str type,
			struct str *full);

/* element making: of our namespace, and of Synapse's; at the place of the original. */
struct element *mule_word(struct translation *t, const struct element *at,
			  const char *name);
struct element *mule_synapse(struct translation *t, const struct element *at,
			     const char *name);
void mule_set(struct translation *t, struct element *e, const char *name,
	      struct str value);
void mule_set_text(struct translation *t, struct element *e, const char *name,
		   const char *value);
/* As `name` if it is an expression, else as `literal`. */
void mule_set_meaning(struct translation *t, struct element *e, const char *literal,
		      const char *name, struct str text);
/* Where only an expression makes sense, "#[" may be left out. */
void mule_set_expression(struct translation *t, struct element *e, const char *name,
			 struct str text);
/* As one attribute that takes a constant or an expression. */
void mule_set_value(struct translation *t, struct element *e, const char *name,
		    struct str text);

/* "http:request" of an element; the arena's. */
struct str mule_full_name(struct translation *t, const struct element *e);
struct str mule_attribute(const struct element *e, const char *name);
const struct element *mule_child_of(const struct element *e, const char *name);
bool mule_complain(struct translation *t, const struct element *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* attributes.c: warns of what nobody knows, everywhere below e. */
bool mule_check_attributes(struct translation *t, const struct element *e);
/* flow.c: the processors below e, but handlers, into `to`. */
bool mule_steps(struct translation *t, const struct element *e, struct element *to);
bool mule_step(struct translation *t, const struct element *e, struct element *to);
const char *mule_processor(unsigned i); /* their names; NULL: there are no more */
/* unsupported.c: says so, and what to use instead, or what was perhaps meant. False. */
bool mule_unsupported(struct translation *t, const struct element *e);
/* mule.skip names it, or its prefix: it is left out with a warning. */
bool mule_is_skipped(struct translation *t, const struct element *e);
/* scopes.c */
bool mule_foreach_scope(struct translation *t, const struct element *e,
			struct element *to);
bool mule_until_successful(struct translation *t, const struct element *e,
			   struct element *to);
bool mule_first_successful(struct translation *t, const struct element *e,
			   struct element *to);
bool mule_round_robin(struct translation *t, const struct element *e, struct element *to);
bool mule_scatter_gather(struct translation *t, const struct element *e,
			 struct element *to);
bool mule_parallel_foreach(struct translation *t, const struct element *e,
			   struct element *to);
bool mule_async(struct translation *t, const struct element *e, struct element *to);
/* maxConcurrency: *to becomes the inside of a gate. */
bool mule_gate(struct translation *t, const struct element *e, bool wait,
	       struct element **to);
/* handler.c: <error-handler> as <m:catch>es; e NULL: only the one that is implied. */
bool mule_handlers(struct translation *t, const struct element *owner,
		   const struct element *e, struct element *to);
/* listener.c, request.c, store.c: what they say. */
bool mule_listener(struct translation *t, const struct element *flow,
		   const struct element *e);
bool mule_request(struct translation *t, const struct element *e, struct element *to);
bool mule_request_config(struct translation *t, const struct element *e);
/* tls.c: the <tls:context> of a connection as <m:tls> of an endpoint. */
bool mule_tls(struct translation *t, const struct element *connection,
	      struct element *to);
bool mule_store(struct translation *t, const struct element *e);
bool mule_store_operation(struct translation *t, const struct element *e,
			  struct element *to);
bool mule_idempotent(struct translation *t, const struct element *e, struct element *to);
bool mule_cache(struct translation *t, const struct element *e, struct element *to);
/* If e has a target, a <m:keep> in `to` to put things into; else `to`. */
struct element *mule_kept(struct translation *t, const struct element *e,
			  struct element *to);

#endif
