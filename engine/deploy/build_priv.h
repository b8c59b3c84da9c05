/*
 * A deployment in the making. Each unit compiles into a draft of names, artifacts,
 * APIs and keys; only when it has not complained is the draft joined to the rest.
 */
#ifndef DEPLOY_BUILD_PRIV_H
#define DEPLOY_BUILD_PRIV_H

#include <stdatomic.h>

#include "base/map.h"
#include "deploy/compile.h"
#include "deploy/routes_priv.h"

/* A file, or all files of an archive, as elements; shared by the deployments of it. */
struct source {
	atomic_uint references;
	struct arena arena;
	const char *file;
	const struct element *elements; /* a chain of artifacts; NULL if it complained */
	struct report report;           /* of reading it */
};

struct source *source_ref(struct source *s);
void source_unref(struct source *s);

struct passage;

struct name {
	enum ref_kind kind;
	struct str name;
	const void *thing;
	struct where where;
	const struct element *element; /* the artifact that brought it */
	struct passage *passages;      /* of a sequence; while linking */
	enum { WALK_TO_DO, WALK_UNDER_WAY, WALK_OVER } walk;
	struct name *next;
};

/* Artifact `from` runs `to` whenever it is run: what recursion without end is made of. */
struct passage {
	const struct element *from;
	const struct ref *to;
	void *unit;
	struct passage *next;
};

/* A key, and whose it is. */
struct use {
	struct ref *ref;
	void *unit;
	struct use *next;
};

/* To be done when all keys are linked. */
struct linked {
	void (*then)(struct build *b, void *thing);
	void *thing;
	struct linked *next;
};

struct held_source {
	struct source *source;
	struct held_source *next;
};

struct draft {
	struct name *names;
	struct map named[REF_KINDS]; /* the same, to look them up */
	struct arena scratch;        /* those lie in it; until the unit is compiled */
	struct artifact *artifacts, **last_artifact;
	struct way_out *ways_out, **last_way_out;
	struct api *apis;
	struct use *uses;
	struct passage *passages;
	struct probed *probes;
	struct linked *linked;
};

struct deployed {
	atomic_uint references;
	struct map names[REF_KINDS]; /* of struct name */
	struct artifact *artifacts, **last_artifact;
	struct way_out *ways_out, **last_way_out;
	struct held_source *sources;
	struct probed *probes;
	struct map bound; /* of struct bound, by the address of thing and of element */
};

struct build {
	const struct loader_settings *settings;
	struct deployment *deployment;
	struct arena *arena; /* the deployment's */
	struct binder binder;
	struct endpoint_house house;
	void *unit;                     /* the loader's name for it */
	const struct element *artifact; /* being compiled */
	const struct element *step;     /* mediator being bound; NULL: none */
	enum needs needs;               /* of the expressions bound for it */
	unsigned depth, endpoint_depth;
	struct draft draft;
	struct api *apis;
	struct use *uses;
	struct passage *passages;
	struct linked *linked;
};

void build_init(struct build *b, const struct loader_settings *s, struct deployment *d);
/* Templates of endpoints; of each unit, before any is compiled. */
void build_collect(struct build *b, struct source *source);
/* The deployment keeps it, as it borrows from it. */
void build_hold(struct build *b, struct source *source);
/* Compiles one unit; false if it complained to r, and nothing of it is in the build. */
bool build_unit(struct build *b, struct source *source, void *unit, struct report *r);

/*
 * What only shows when all is there: keys that nothing provides, and sequences that
 * run themselves without end. Complaints go to the unit's report; what is refused
 * cannot stay.
 */
struct linking {
	struct report *(*said)(void *unit);
	void (*missing)(void *unit); /* a key of it that nothing provides */
	void (*refuse)(void *unit);
};
void build_link(struct build *b, const struct linking *to);

/* Probes of the draft become the deployment's. */
void build_join_probes(struct build *b);

struct deployment *deployment_new(void);
const struct name *deployment_name(const struct deployment *d, enum ref_kind kind,
				   struct str name);

/* "sequence", "endpoint" … */
const char *ref_kind_name(enum ref_kind kind);

#endif
