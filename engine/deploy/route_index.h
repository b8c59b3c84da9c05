/*
 * The resources of an API that are written as paths (m:path), as a tree by segments: a
 * request is compared with the few whose text agrees with it, however many there are.
 * Which of them wins is what it would be without: the first as declared.
 */
#ifndef DEPLOY_ROUTE_INDEX_H
#define DEPLOY_ROUTE_INDEX_H

#include "deploy/question.h"

struct route_index;

/* NULL: they are few, or some are written in another way; each is to be asked then. */
const struct route_index *route_index_of(const struct api_resource *first,
					 struct arena *a);

/* NULL: none fits. */
const struct api_resource *route_index_find(const struct route_index *i,
					    const struct question *q,
					    accept_resource *accept,
					    struct template_match *match);

#endif
