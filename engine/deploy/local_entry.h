/*
 * A local entry: a text or a piece of XML that others find by its name. What the
 * REF_LOCAL_ENTRY names of a deployment are.
 */
#ifndef DEPLOY_LOCAL_ENTRY_H
#define DEPLOY_LOCAL_ENTRY_H

#include "schema/element.h"

struct local_entry {
	struct str text;           /* of XML: as it would be written */
	const struct element *xml; /* NULL: it is a text */
};

#endif
