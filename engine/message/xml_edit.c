#include "message/xml_priv.h"

#include <libxml/xmlstring.h>

static xmlNode *new_element(xmlNode *parent, struct str name)
{
	xmlChar *chars = xml_chars(name);
	xmlNode *n = xmlNewDocNode(parent->doc, NULL, chars, NULL);

	xmlFree(chars);
	xmlAddChild(parent, n);
	return n;
}

/* A declaration of it that can be seen from n, or a new one on n. */
static xmlNs *namespace_for(xmlNode *n, struct str uri, struct str prefix)
{
	xmlChar *href = xml_chars(uri),
		*short_name = prefix.len ? xml_chars(prefix) : NULL;
	xmlNs *ns = xmlSearchNs(n->doc, n, short_name);

	if (!ns || !xmlStrEqual(ns->href, href))
		ns = xmlNewNs(n, href, short_name);
	xmlFree(href);
	xmlFree(short_name);
	return ns;
}

struct xml_node *xml_add_element(struct xml_node *parent, struct str name, struct str ns,
				 struct str prefix)
{
	xmlNode *n = new_element(node_of(parent), name);

	if (ns.len)
		xmlSetNs(n, namespace_for(n, ns, prefix));
	return our_node(n);
}

static xmlNode *copy_for(const xmlNode *place, const struct xml_node *n)
{
	return xmlDocCopyNode(node_of(n), place->doc, 1);
}

struct xml_node *xml_add_copy(struct xml_node *parent, const struct xml_node *n)
{
	return our_node(xmlAddChild(node_of(parent), copy_for(node_of(parent), n)));
}

struct xml_node *xml_add_before(struct xml_node *beside, const struct xml_node *n)
{
	return our_node(xmlAddPrevSibling(node_of(beside), copy_for(node_of(beside), n)));
}

struct xml_node *xml_add_after(struct xml_node *beside, const struct xml_node *n)
{
	return our_node(xmlAddNextSibling(node_of(beside), copy_for(node_of(beside), n)));
}

void xml_add_text(struct xml_node *parent, struct str text)
{
	xmlChar *chars = xml_chars(text);

	xmlAddChild(node_of(parent), xmlNewDocText(node_of(parent)->doc, chars));
	xmlFree(chars);
}

void xml_clear(struct xml_node *n)
{
	xmlNode *node = node_of(n), *child;

	while ((child = node->children)) {
		xmlUnlinkNode(child);
		xmlFreeNode(child);
	}
}

static void set_value(xmlNode *attribute, struct str text)
{
	xmlChar *chars = xml_chars(text);

	xmlSetNsProp(attribute->parent, attribute->ns, attribute->name, chars);
	xmlFree(chars);
}

void xml_set_text(struct xml_node *n, struct str text)
{
	xmlNode *node = node_of(n);

	if (node->type == XML_ATTRIBUTE_NODE) {
		set_value(node, text);
	} else if (node->type == XML_ELEMENT_NODE) {
		xml_clear(n);
		if (text.len)
			xml_add_text(n, text);
	} else {
		xmlChar *chars = xml_chars(text);

		xmlFree(node->content);
		node->content = chars;
	}
}

void xml_set_attribute(struct xml_node *n, struct str name, struct str value)
{
	xmlChar *key = xml_chars(name), *chars = xml_chars(value);

	xmlSetProp(node_of(n), key, chars);
	xmlFree(key);
	xmlFree(chars);
}

void xml_remove(struct xml_node *n)
{
	xmlNode *node = node_of(n);

	if (node->type == XML_ATTRIBUTE_NODE) {
		xmlRemoveProp((xmlAttr *)node);
		return;
	}
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}
