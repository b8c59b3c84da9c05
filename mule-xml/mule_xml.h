/*
 * Mule 4 flows as Synapse elements and words of our own (frontends.md §2). A file is
 * read with the same reader as Synapse XML, its placeholders are filled in, and each
 * element becomes what it means, on the line it was written on. What a flow refers to
 * may stand in the files beside it; those are looked at, not deployed.
 */
#ifndef MULE_XML_H
#define MULE_XML_H

#include "deploy/deployment.h"

extern const struct front_end mule_xml;

/*
 * Settings by key: "mule.request.NAME", "mule.listener.NAME", "mule.implicit-http-status"
 * and properties of deployments. Set once, before anything is read. `at` NULL: not given.
 */
void mule_xml_settings(struct str (*find)(const void *ctx, const char *key),
		       const void *ctx);

#endif
