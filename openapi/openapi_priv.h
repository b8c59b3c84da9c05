/* What the files of this room share: the settings, and a translation in progress. */
#ifndef OPENAPI_OPENAPI_PRIV_H
#define OPENAPI_OPENAPI_PRIV_H

#include "base/map.h"
#include "message/json.h"
#include "openapi/openapi.h"

enum { MOST_ISSUERS = 32, MOST_TIERS = 64, MOST_URLS = 64, MOST_STATUSES = 64 };

struct issuer {
	struct str label; /* NAME of openapi.issuer.NAME.… */
	struct str issuer, jwks, certificate, audience;
};

/* So many requests in so many ms. */
struct tier {
	struct str name;
	uint64_t most, per;
};

struct settings {
	uint64_t http_port, https_port;
	uint64_t health_interval, health_timeout; /* ms */
	bool strict, open;                        /* open: openapi.security = off */
	struct str user, password;                /* of /testkey */
	struct issuer issuers[MOST_ISSUERS];
	unsigned issuer_count;
	struct tier tiers[MOST_TIERS];
	unsigned tier_count;
};

const struct settings *openapi_settings(void);

/* Addresses of one kind (production, sandbox) as some place of the definition has them.
 */
struct pool {
	bool given;
	bool dropped; /* its addresses do not fit together: nothing can be called */
	struct where where;
	bool failover;
	struct str urls[MOST_URLS];
	struct where url_at[MOST_URLS];
	unsigned count;
	uint64_t timeout;    /* ms; 0: the usual */
	int64_t again;       /* -1: no retries */
	struct str statuses; /* "502, 504" */
	bool limited;
	uint64_t requests, pending, connections;
	struct str user, password; /* user.at NULL: none */
	struct str name;           /* of the endpoint it has become; empty: none yet */
};

enum { PRODUCTION, SANDBOX, KINDS };

/* Who vouches for an endpoint; without a url, for all. */
struct certificate {
	const struct zip_file *file;
	struct str endpoint;
	struct certificate *next;
};

struct translation {
	struct arena *arena;
	struct report *report;
	const char *file;            /* of the definition */
	const struct json *document; /* the definition */
	const char *meta_file;       /* of api.yaml */
	const struct json *meta;     /* its data; NULL: a single file */
	struct str hosts;            /* blanks between them */
	struct str name, version, full_name;
	struct str base_path;
	struct str default_path; /* without the version; empty: none */
	struct str auth_header;
	bool open;     /* nobody is asked for a token */
	bool api_keys; /* of api.yaml: every operation takes one */
	bool mocked;   /* answered by examples, nobody is called */
	struct pool pools[KINDS];
	bool tiered;
	struct tier tier; /* of the whole API */
	struct where tier_at;
	struct map listed; /* api.yaml's operations, by "get /path" */
	struct certificate *certificates;
	struct element *first, *last; /* the artifacts so far */
};

struct where where_of(const char *file, const struct json *j);
struct element *synapse_word(struct translation *t, const char *name, struct where where);
struct element *our_word(struct translation *t, const char *name, struct where where);
void put(struct translation *t, struct element *e, const char *name, struct str value);
void put_number(struct translation *t, struct element *e, const char *name, uint64_t n);
void emit(struct translation *t, struct element *e);
struct str print_text(struct translation *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A member's text; a number's as written; "" if it is not there or has another kind. */
struct str text_in(const struct json *object, const char *name);
const struct json *member(const struct json *object, const char *name);
/* "true" as text counts as well. */
bool is_true(const struct json *object, const char *name, bool otherwise);

/* pools.c: what a place says, checked. */
void pool_init(struct pool *p);
/* An x-wso2-…-endpoints extension: a map, or "#/x-wso2-endpoints/NAME". */
void pool_of_extension(struct translation *t, struct pool *p, const struct json *ext);
/* api.yaml's endpointConfig, and servers, host and schemes of the definition. */
void pools_of_metadata(struct translation *t);
void pools_of_servers(struct translation *t);
void pools_of_extensions(struct translation *t);
/* {version} in a text is the version. */
struct str with_version(struct translation *t, struct str text);
/* The path that all addresses share; false: they do not. */
bool pool_prefix(const struct pool *p, struct str *prefix);

/* url.c: an address as it can be called. False: complained. */
bool url_check(struct translation *t, struct str text, struct where where,
	       struct str *url);
struct str url_path(struct str url);
/* {name} of a server replaced by its variables' defaults. */
struct str url_of_server(struct translation *t, const struct json *server);

/* metadata.c: names, paths, who is asked for a token. False: complained. */
bool translate_metadata(struct translation *t);

/* clusters.c: the endpoint artifact of a pool, once; its name is in the pool then. */
void translate_pool(struct translation *t, struct pool *p, struct str name);

/* shape.c: complains about what is of a wrong kind or misspelled. */
void check_shape(struct translation *t);

/* certificates.c: the project's; then those that vouch for url, as PEM, or "". */
void take_certificates(struct translation *t, const struct zip_file *files,
		       const char *path);
struct str trust_for(struct translation *t, struct str url);

/* policies.c: api.yaml's operations; the one of a definition's, or NULL; what is done to
 * its "request" or "response"; and what is not.
 */
void list_operations(struct translation *t);
const struct json *listed_operation(struct translation *t, struct str path,
				    const struct json *operation);
void add_policies(struct translation *t, struct element *steps, const struct json *listed,
		  const char *when);
void refuse_fault_policies(struct translation *t, const struct json *listed);
void refuse_interceptors(struct translation *t, const struct json *place);

/* reference.c: what j is, if it is a $ref; else j. NULL: it leads nowhere, complained. */
const struct json *referred(struct translation *t, const struct json *j);

/* security.c: is nobody asked for a token? Then the check of one, and of its scopes.
 * take_schemes(): what api.yaml says of all operations.
 */
bool is_open(struct translation *t, const struct json *item,
	     const struct json *operation);
void add_token(struct translation *t, struct element *steps, const struct json *operation,
	       struct where where);
void take_schemes(struct translation *t);

/* examples.c: what a mocked operation answers. */
struct element *translate_examples(struct translation *t, const struct json *operation);

/* tiers.c: "100/min", "5/10s"; false: it is not that. What a tier allows; false: nobody
 * says. Then those of the API, and the <m:throttle>s of an operation.
 */
bool tier_parse(struct str text, struct tier *t);
bool tier_find(struct str name, struct tier *t);
void take_tiers(struct translation *t);
void add_tiers(struct translation *t, struct element *steps, struct str path,
	       const struct json *operation);

/* resources.c: the <api>s, and a sequence for each operation. */
void translate_resources(struct translation *t);
/* operations.c: the sequence of one operation; pools: those of its path. */
struct str translate_operation(struct translation *t, struct str path,
			       const struct json *item, const struct json *operation,
			       struct pool *pools);
/* cors.c: an <m:cors>, or NULL when it is switched off. */
struct element *translate_cors(struct translation *t, struct where where);
/* gateway.c: what is at the ports whatever is deployed: /health, /testkey, 404. */
void translate_gateway(struct translation *t);
struct element *not_found_resource(struct translation *t, struct where where);
void set_listeners(struct translation *t, struct element *api);
/* The issuers that are believed, into an <m:jwt>. */
void add_issuers(struct translation *t, struct element *jwt, struct where where);

/* The whole: t has document and meta. NULL: complained. */
struct element *translate_all(struct translation *t);

/* YAML, or JSON by its ending. */
struct json *openapi_tree(struct str path, struct str text, struct arena *a,
			  struct fault *why);

/* project.c: the first file of these names; one as a tree, NULL: complained. */
const struct zip_file *find_member(const struct zip_file *files,
				   const char *const *names);
const struct json *read_member(struct translation *t, const struct zip_file *f,
			       const char *path, const char **file);
bool openapi_claims_project(const struct zip_file *files);
struct element *openapi_read_project(const struct zip_file *files, const char *path,
				     struct arena *a, struct report *r);

#endif
