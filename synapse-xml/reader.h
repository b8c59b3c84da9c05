/*
 * The house language's door: XML text to elements, each with its file and line.
 *
 * A definition is one file: no network, no DOCTYPE, no entities, at most 256 deep.
 * What is no XML is complained about in libxml2's words, with line and column.
 */
#ifndef SYNAPSE_XML_READER_H
#define SYNAPSE_XML_READER_H

#include "schema/element.h"
#include "schema/report.h"

enum { READER_MOST_BYTES = 64 * 1024 * 1024 };

/*
 * The root element, all of it the arena's; NULL if it complained. file is borrowed
 * and must live as long as the arena: every where points to it.
 */
struct element *reader_read(struct str text, const char *file, struct arena *a,
			    struct report *r);

#endif
