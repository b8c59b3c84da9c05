/*
 * A deployment as XML: what was understood of each artifact, written back from the
 * bound structs by the tables that bound them. Comments, descriptions and defaults are
 * not in it. The deployment must have been built with keep_models.
 */
#ifndef SYNAPSE_XML_WRITER_H
#define SYNAPSE_XML_WRITER_H

#include "base/buf.h"
#include "deploy/deployment.h"

/* One artifact as it is; several in one <definitions>. */
void synapse_write(const struct deployment *d, struct buf *to);

#endif
