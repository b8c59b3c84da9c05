/*
 * From elements to nodes: mediators by the vocabulary's catalog, artifacts by their
 * types. Unknown words are complained about with the nearest known one.
 */
#ifndef DEPLOY_COMPILE_H
#define DEPLOY_COMPILE_H

#include "deploy/deployment.h"

struct build; /* a deployment in the making */

/* An artifact's element: <api>, <sequence>, <endpoint>, <localEntry> … */
struct artifact_type {
	const char *element;
	enum artifact_kind kind;
	const char *brief;
	const struct schema *schema; /* for describe and XSD */
	/* Adds what it names to the build in progress. False if it complained. */
	bool (*compile)(struct build *build, const struct element *e);
};

struct binder *build_binder(struct build *b);
struct arena *build_arena(struct build *b);
struct report *build_report(struct build *b);
const struct deployment *build_deployment(const struct build *b);

/*
 * NULL if it complained. A type named "m:try" is a word of our namespace: <m:try>.
 * The node's needs are its type's and those of the expressions bound for it; what is
 * below it asks for itself. The node and all it points to are the build's arena's. */
const struct node *compile_mediator(struct binder *b, const struct element *e);

/* Names: false if it complained that the name is taken. */
bool build_add_name(struct build *b, enum ref_kind kind, struct str name,
		    const void *thing, struct where where);
bool build_add_artifact(struct build *b, enum artifact_kind kind, struct str name,
			const struct element *e, const struct node *node);

/*
 * Something to be asked while the deployment serves. The probe is the process's one of
 * this identity; NULL in tools that serve nothing.
 */
struct probe *build_add_probe(struct build *b, struct str identity,
			      const struct probed *probed);

/*
 * Has something done when all keys are linked and nothing serves yet: for what depends
 * on things that other files hold. May be called by anything that is being compiled.
 */
void build_when_linked(struct build *b, void (*then)(struct build *b, void *thing),
		       void *thing);

/* An API for the routes; see routes_priv.h for what is in it. */
struct api;
bool build_add_api(struct build *b, struct api *api);

/* One artifact's element by its type; for roots that hold several (<definitions>). */
bool build_element(struct build *b, const struct element *e);

#endif
