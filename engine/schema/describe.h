/*
 * What tables say to people: a page of the manual, and an XML Schema for editors.
 *
 * The XSD is generous where a table cannot speak (XML of the user's own, endpoints,
 * words of other namespaces), so that whatever is deployed is valid by it.
 */
#ifndef SCHEMA_DESCRIBE_H
#define SCHEMA_DESCRIBE_H

#include <stdio.h>

#include "schema/schema.h"

/* Tables of attributes and children in Markdown, those of the children below. */
void schema_write_tables(const struct schema *s, FILE *to);

/* One <xs:schema>; between begin and end the elements and the group of mediators. */
void xsd_begin(FILE *to);
void xsd_element(const char *name, const struct schema *s, FILE *to);
/* Names end in NULL; of words of Synapse only. */
void xsd_mediators(const char *const *names, FILE *to);
void xsd_end(FILE *to);

#endif
