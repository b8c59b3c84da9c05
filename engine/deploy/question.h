/* A request as the routes see it: what finding its API and its resource share. */
#ifndef DEPLOY_QUESTION_H
#define DEPLOY_QUESTION_H

#include "deploy/routes_priv.h"

/* What is asked, cut into pieces once. */
struct question {
	struct incoming *in;
	struct message *message;
	struct str path; /* of the target, with its query */
	unsigned method;
	enum transport_set transport;
	bool at_own_listener; /* only APIs that name it are served there */
	bool denied;          /* an API would have fitted, but for its transport */
};

/* Is the API served at this port of its own? */
bool api_is_listened(const struct api *api, unsigned port);

typedef bool accept_resource(const struct api_resource *r, const struct question *q);
accept_resource resource_is_acceptable; /* its method and conditions fit */
accept_resource resource_is_any;

/* Exact mappings, the longest prefix, extensions, templates as declared, the default. */
const struct api_resource *resource_find(const struct api *api, const struct question *q,
					 accept_resource *accept,
					 struct template_match *match);
/* The table of all APIs with m:order="specific" there. *of: whose it is. */
const struct api_resource *resource_most_specific(const struct api **of,
						  const struct question *q,
						  struct template_match *match);
bool resource_has_method(const struct api_resource *r, unsigned method);
bool resource_matches_path(const struct api_resource *r, const struct question *q);

#endif
