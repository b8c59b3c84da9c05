/* Between our names and libxml2's; for the files of this room that open its door. */
#ifndef MESSAGE_XML_PRIV_H
#define MESSAGE_XML_PRIV_H

#include <libxml/tree.h>

#include "message/xml.h"

#define SOAP_11_NS "http://schemas.xmlsoap.org/soap/envelope/"
#define SOAP_12_NS "http://www.w3.org/2003/05/soap-envelope"
#define PAYLOAD_NS "http://ws.apache.org/commons/ns/payload"

static inline xmlDoc *doc_of(const struct xml_tree *t)
{
	return (xmlDoc *)(uintptr_t)t;
}

static inline xmlNode *node_of(const struct xml_node *n)
{
	return (xmlNode *)(uintptr_t)n;
}

static inline struct xml_node *our_node(const xmlNode *n)
{
	return (struct xml_node *)(uintptr_t)n;
}

static inline struct str str_of_xml(const xmlChar *s)
{
	return str_of(s ? (const char *)s : "");
}

/* NUL-terminated, valid UTF-8, without characters that XML cannot hold. To xmlFree(). */
xmlChar *xml_chars(struct str s);

#endif
