/* What an API is to the routes; synapse-xml/api.c fills it in. */
#ifndef DEPLOY_ROUTES_PRIV_H
#define DEPLOY_ROUTES_PRIV_H

#include "base/arena.h"
#include "deploy/path.h"
#include "deploy/routes.h"
#include "deploy/template.h"
#include "expr/regex.h"

enum method {
	METHOD_GET = 1 << 0,
	METHOD_POST = 1 << 1,
	METHOD_PUT = 1 << 2,
	METHOD_DELETE = 1 << 3,
	METHOD_OPTIONS = 1 << 4,
	METHOD_HEAD = 1 << 5,
	METHOD_PATCH = 1 << 6,
	METHOD_OTHER = 1 << 7, /* fits resources that name no method */
};

enum { METHODS_NAMED = 7, METHODS_ALL = METHOD_OTHER | (METHOD_OTHER - 1) };
extern const char *const method_names[METHODS_NAMED + 1]; /* ends in NULL */
/* METHOD_OTHER: none of ours. Case counts. */
unsigned method_named(struct str name);

enum transport_set { TRANSPORT_HTTP = 1, TRANSPORT_HTTPS = 2, TRANSPORT_ANY = 3 };

enum mapping {
	MAPPING_DEFAULT,
	MAPPING_EXACT,
	MAPPING_PREFIX,    /* a path and a star */
	MAPPING_EXTENSION, /* a star and an extension */
	MAPPING_TEMPLATE,
	MAPPING_PATH, /* /a/{b}, /a and a star: the whole path, segment by segment */
};

struct api_resource {
	struct resource resource;
	struct str pattern; /* as written; empty: default */
	enum mapping mapping;
	struct str path; /* of EXACT and PREFIX: without star and trailing slash;
			    of EXTENSION: ".jsp" */
	unsigned segments;
	const struct template *template;
	const struct path_pattern *path_pattern; /* of PATH */
	unsigned methods;                        /* of enum method; 0: all */
	enum transport_set transports;
	struct str content_type; /* empty: any */
	const struct regex *user_agent;
	bool otherwise; /* what no other resource of the path takes (m:otherwise) */
	struct api_resource *next; /* in the order of declaration */
};

enum { MOST_LISTENED = 8 };

struct route_index;

enum version_type { VERSION_NONE, VERSION_CONTEXT, VERSION_URL };

struct api {
	struct str name;      /* as written */
	struct str full_name; /* "Foo:v1.0" */
	struct str context;   /* no slash at the end; version filled in */
	struct str version;
	enum version_type version_type;
	struct str hostname; /* empty: any */
	unsigned port;       /* of the Host field; 0: any */
	enum transport_set transports;
	/*
	 * The listeners it is served at: "8081", "127.0.0.1:8081", "https:9095", blanks
	 * between them (m:listen). None: wherever no other API has one of its own.
	 */
	struct str listen;
	struct listened listened[MOST_LISTENED];
	unsigned listened_count;
	struct str
		hosts; /* whom it answers as, beside IP addresses; empty: any (m:hosts) */
	/*
	 * The resources of all such APIs at one listener and context are one table: the
	 * most specific path wins (m:order="specific"; deploy/specific.h).
	 */
	bool specific;
	bool shared; /* several files bring it (m:shared); the first one counts */
	struct api_resource *resources;
	const struct route_index *index; /* of resources; NULL: each is asked */
	struct origin origin;
	struct where where;
	const struct element *element;
	struct api *next; /* longest context first, then as they came */
};

struct routes {
	const struct api *first;
};

/* Puts it where it belongs. */
void routes_add(struct api **first, struct api *api);
/* The first API with this context and version at the same listener, or NULL. */
const struct api *routes_like(const struct api *first, const struct api *api);

#endif
