/*
 * XML payloads: libxml2 trees behind our own names.
 *
 * A payload always stands in an envelope, as Synapse sees it: root is Envelope, its
 * Body holds the payload. Limits on; no network, no DTD, no entities.
 */
#ifndef MESSAGE_XML_H
#define MESSAGE_XML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

struct xml_tree; /* xmlDoc, released with its arena */
struct xml_node; /* xmlNode */

struct xml_nodes {
	struct xml_node **at;
	size_t count;
};

enum soap_version { SOAP_NONE, SOAP_11, SOAP_12 };

/* Text to a tree. A SOAP envelope stays one; anything else gets one around it. */
struct xml_tree *xml_parse(struct str text, enum soap_version around, struct arena *a,
			   struct fault *why);
struct xml_tree *xml_empty(enum soap_version version, struct arena *a);
struct xml_tree *xml_copy(const struct xml_tree *t, struct arena *a);

enum soap_version xml_soap_version(const struct xml_tree *t);
struct xml_node *xml_envelope(const struct xml_tree *t);
struct xml_node *xml_soap_body(const struct xml_tree *t);
struct xml_node *xml_soap_header(const struct xml_tree *t); /* NULL: none */
struct xml_node *xml_payload(const struct xml_tree *t);     /* NULL: an empty Body */

/* As text, without declaration, with the namespaces it needs. */
void xml_write(const struct xml_node *n, struct buf *to);
struct str xml_text(const struct xml_node *n, struct arena *a);
/* &, <, >, ", ' as entities. */
void xml_escape(struct str text, struct buf *to);

#endif
