/*
 * A deployment: all nodes, names and routes that serve at one moment. Sealed:
 * nothing in it changes, whoever holds a reference may read it from any thread.
 *
 *	text --front end--> elements --compile, bind--> nodes --link--> deployment
 *
 * The loader keeps the elements of every unit (a file, later a .car). When files
 * change it reads those anew and compiles all of it into a new deployment. A unit
 * that complains stays out whole; what it was before keeps serving.
 */
#ifndef DEPLOY_DEPLOYMENT_H
#define DEPLOY_DEPLOYMENT_H

#include "deploy/routes.h"
#include "deploy/shared.h"
#include "deploy/zip.h"
#include "endpoint/endpoint.h"
#include "schema/report.h"

struct deployment {
	struct names names; /* first: exchanges look things up through it */
	struct routes *routes;
	struct arena arena;
	/* opaque to users: deployment_ref() and the functions below */
	struct deployed *rest;
};

struct deployment *deployment_ref(struct deployment *d);
void deployment_unref(struct deployment *d);

/* A local entry's text or XML. For surroundings. */
struct value deployment_local_entry(const void *deployment, struct str key,
				    struct arena *a);

enum artifact_kind {
	ARTIFACT_API,
	ARTIFACT_SEQUENCE,
	ARTIFACT_ENDPOINT,
	ARTIFACT_LOCAL_ENTRY,
	ARTIFACT_TEMPLATE,
	ARTIFACT_PROXY,
	ARTIFACT_OTHER,
};

struct artifact {
	enum artifact_kind kind;
	struct str name;    /* as the management API shows it */
	struct where where; /* of its root element */
	const struct element *element;
	const struct node *node; /* sequence, endpoint */
	struct artifact *next;
};
const struct artifact *deployment_artifacts(const struct deployment *d);

/* An endpoint that stands in no other one: an artifact, or inline in a mediator. */
struct way_out {
	const struct node *node;
	struct way_out *next;
};
const struct way_out *deployment_ways_out(const struct deployment *d);

/*
 * What is to be asked again and again while this serves. Each probe is an exchange
 * that runs a node: it ends well, or in a fault; daemon/prober.c does that.
 */
struct probed {
	struct probe *probe; /* referenced as long as the deployment is there */
	struct probe_policy policy;
	const struct node *node;
	const struct node *on_down; /* runs once when it goes down; NULL: nothing */
	struct str name;            /* for the log; empty: its place is all it has */
	struct where where;
	struct probed *next;
};
const struct probed *deployment_probes(const struct deployment *d);

/*
 * Where a struct or expression was bound, or what an element became: thing is either.
 * NULL: nobody kept it (keep_models).
 */
const struct bound *deployment_bound(const struct deployment *d, const void *thing);

/* --- building --- */

/*
 * A front end: which files are its, and what they mean as Synapse elements. read()
 * returns the root element of one artifact, or a chain of several (->next), or NULL
 * if it complained. Synapse XML's own is synapse-xml/reader.h.
 */
struct front_end {
	const char *name;
	bool (*claims)(struct str path, struct str text);
	struct element *(*read)(const struct front_end *f, struct str text,
				const char *file, struct arena *a, struct report *r);
	void *ctx;
	/*
	 * A number that is another one when what read() looks at beside the file has
	 * changed; the file is then read again. NULL: it looks at nothing else.
	 */
	uint64_t (*beside)(const char *file);
	/*
	 * Directories and .zip archives that are one artifact: NULL, or the names of
	 * files one of which is in each, whether the files make one, and what it means.
	 * Names are below the directory; path is its own. Texts live as long as a.
	 */
	const char *const *project_marks;
	bool (*claims_project)(const struct zip_file *files);
	struct element *(*read_project)(const struct zip_file *files, const char *path,
					struct arena *a, struct report *r);
};

/*
 * One text by the front end whose it is. *claimed false: nobody's. file must live as
 * long as the arena, the text as well.
 */
struct element *front_ends_read(const struct front_end *const *all, struct str text,
				const char *file, struct arena *a, struct report *r,
				bool *claimed);

/*
 * What Synapse elements mean; synapse-xml/vocabulary.c fills it with the mediators'
 * catalog and its own artifacts, so that deploy/ knows no language.
 */
struct vocabulary {
	const struct node_type *const *mediators;     /* ends in NULL */
	const struct artifact_type *const *artifacts; /* deploy/compile.h; ends in NULL */
	/*
	 * Names of elements that exist but are refused, and what to do instead: the rest
	 * of a sentence that begins with the element. "." is every name with a dot.
	 */
	const struct refused {
		const char *name, *instead;
	} * refused; /* ends in a NULL name */
};

struct loader_settings {
	const struct vocabulary *vocabulary;
	const struct front_end *const *front_ends; /* ends in NULL */
	const struct endpoint_settings *endpoints;
	struct healths *healths;  /* borrowed: the process's */
	struct shared *shared;    /* borrowed: the process's */
	bool refuse_missing_keys; /* deploy.missing_keys = "refuse" */
	bool keep_models;         /* for deployment_bound() */
	bool alone; /* check --alone: each unit by itself, keys of others are no mistakes
		     */
};

struct loader;
struct loader *loader_new(const struct loader_settings *s);
void loader_free(struct loader *l);

/* One file as it is now (text borrowed for the call), or gone (text.at NULL). */
void loader_put(struct loader *l, struct str path, struct str text);
/* Is the file just this already? And: it is to be read anew by the next scan. */
bool loader_has(struct loader *l, struct str path, struct str text);
void loader_forget(struct loader *l, struct str path);
/* Reads everything below a directory, or one file, as decisions.md §1 describes DIR. */
void loader_scan(struct loader *l, const char *path);

/*
 * Compiles what there is. Never NULL; complaints of the units that changed go to r.
 * The caller holds the one reference.
 */
struct deployment *loader_build(struct loader *l, struct report *r);
/* Units in the last deployment, and units that complained. */
void loader_count(const struct loader *l, unsigned *deployed, unsigned *refused);

/* Each unit as of the last build; for check and the management API. */
struct unit_view {
	struct str path;
	bool is_fresh;  /* as it is now; else what it was before, or nothing */
	bool is_served; /* one or the other */
	const struct element *elements; /* as they are now; NULL: not readable */
};
void loader_each(const struct loader *l, void (*fn)(void *ctx, const struct unit_view *v),
		 void *ctx);

#endif
