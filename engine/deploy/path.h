/*
 * Paths of resources as OpenAPI writes them: /order/{id}, /files/{name}.json, /any/ and
 * a star. The whole path must fit, without its query; one slash at its end is nothing.
 * A value is one segment or part of it, as received, and is never empty.
 */
#ifndef DEPLOY_PATH_H
#define DEPLOY_PATH_H

#include "deploy/template.h"

/* Takes the next segment and its slash off *path. False: no more. */
static inline bool path_cut(struct str *path, struct str *segment)
{
	if (!str_starts(*path, STR("/")))
		return false;
	*path = str_from(*path, 1);
	*segment = str_first(*path, str_find(*path, '/'));
	*path = str_from(*path, segment->len);
	return true;
}

struct path_pattern;

/* NULL: *why. */
const struct path_pattern *path_compile(struct str text, struct arena *a,
					struct fault *why);
/* The values, uri.var.NAME, are parts of path. */
bool path_matches(const struct path_pattern *p, struct str path,
		  struct template_match *match);

#endif
