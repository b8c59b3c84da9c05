/*
 * XML as DataWeave sees it: an element is the value at its name; its attributes and
 * namespace belong to that key (struct dw_tag). Texts stay texts; an element without
 * anything in it is null; text beside elements is `__text`.
 */
#ifndef DATAWEAVE_XML_H
#define DATAWEAVE_XML_H

#include "dataweave/run.h"
#include "message/xml.h"

/* The children of list->xml, as members. */
void dw_xml_open(struct dw_list *list, struct arena *a);
/* Is what stands in the text an envelope of SOAP? By its name alone. */
bool dw_xml_is_envelope(struct str text);
/* False: dw_fail() was called. */
bool dw_xml_read(struct dw_run *r, struct str text, struct dw_value *v);
bool dw_xml_write(struct dw_run *r, const struct dw_value *v, const struct dw_output *how,
		  struct buf *b);

#endif
