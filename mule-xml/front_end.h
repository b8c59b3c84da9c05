/* Reading a Mule file as it stands, without what it means. */
#ifndef MULE_XML_FRONT_END_H
#define MULE_XML_FRONT_END_H

#include "schema/element.h"
#include "schema/report.h"

bool mule_claims(struct str path, struct str text);
/* The <mule> root, put around a bare snippet. NULL: complained. */
struct element *mule_read_text(struct str text, const char *file, struct arena *a,
			       struct report *r);

#endif
