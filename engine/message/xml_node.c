#include "message/xml_priv.h"

#include <libxml/xmlstring.h>

#include "base/utf8.h"

xmlChar *xml_chars(struct str s)
{
	xmlChar *to = xmlMalloc(s.len * 3 + 1);
	size_t len = 0;

	while (s.len) {
		uint32_t c;
		const size_t used = utf8_next(s, &c);

		if (c >= ' ' || c == '\t' || c == '\n' || c == '\r')
			len += utf8_put((char *)to + len, c);
		s = str_from(s, used);
	}
	to[len] = '\0';
	return to;
}

struct str xml_name(const struct xml_node *n)
{
	return str_of_xml(node_of(n)->name);
}

struct str xml_namespace(const struct xml_node *n)
{
	const xmlNode *node = node_of(n);

	return str_of_xml(node->ns ? node->ns->href : NULL);
}

struct str xml_prefix(const struct xml_node *n)
{
	const xmlNode *node = node_of(n);

	return str_of_xml(node->ns ? node->ns->prefix : NULL);
}

bool xml_is_element(const struct xml_node *n)
{
	return node_of(n)->type == XML_ELEMENT_NODE;
}

static struct xml_node *first_element(xmlNode *n)
{
	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return our_node(n);
}

struct xml_node *xml_first_child(const struct xml_node *n)
{
	return first_element(node_of(n)->children);
}

struct xml_node *xml_next(const struct xml_node *n)
{
	return first_element(node_of(n)->next);
}

struct xml_node *xml_parent(const struct xml_node *n)
{
	xmlNode *parent = node_of(n)->parent;

	return parent && parent->type == XML_ELEMENT_NODE ? (struct xml_node *)parent
							  : NULL;
}

struct xml_node *xml_child(const struct xml_node *n, struct str local_name)
{
	struct xml_node *child = xml_first_child(n);

	while (child && !str_eq(xml_name(child), local_name))
		child = xml_next(child);
	return child;
}

static struct str take(xmlChar *s, struct arena *a)
{
	const struct str copy = s ? arena_copy(a, str_of_xml(s))
				  : (struct str){ NULL, 0 };

	xmlFree(s);
	return copy;
}

struct str xml_attribute(const struct xml_node *n, struct str name, struct arena *a)
{
	xmlChar *chars = xml_chars(name);
	const struct str value = take(xmlGetProp(node_of(n), chars), a);

	xmlFree(chars);
	return value;
}

void xml_each_attribute(const struct xml_node *n, struct arena *a,
			void (*fn)(void *ctx, const struct xml_node *attribute,
				   struct str value),
			void *ctx)
{
	for (xmlAttr *p = node_of(n)->properties; p; p = p->next) {
		xmlChar *value = xmlNodeListGetString(p->doc, p->children, 1);

		fn(ctx, our_node((xmlNode *)p), take(value, a));
	}
}

struct str xml_own_text(const struct xml_node *n, struct arena *a)
{
	const xmlNode *node = node_of(n);
	struct buf b;
	struct str s;

	if (node->type != XML_ELEMENT_NODE)
		return take(xmlNodeGetContent(node), a);
	buf_init(&b, SIZE_MAX / 2);
	for (node = node->children; node; node = node->next)
		if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
			buf_add(&b, str_of_xml(node->content));
	s = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return s;
}

struct xml_nodes *xml_nodes_of(struct xml_node *one, struct arena *a)
{
	struct xml_nodes *nodes = arena_new(a, struct xml_nodes);

	if (one) {
		nodes->at = arena_alloc(a, sizeof(struct xml_node *));
		nodes->at[0] = one;
		nodes->count = 1;
	}
	return nodes;
}

/* Non-breaking spaces are blanks here. */
static struct str trimmed_text(const struct xml_node *n, struct arena *a)
{
	const struct str text = xml_own_text(n, a);
	char *to = arena_alloc_dirty(a, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\xC2' && i + 1 < text.len && text.at[i + 1] == '\xA0')
			to[len++] = ' ', i++;
		else
			to[len++] = text.at[i];
	}
	return str_trim((struct str){ to, len });
}

static struct str node_text(const struct xml_node *n, bool alone, struct arena *a)
{
	struct str text;

	if (node_of(n)->type == XML_DOCUMENT_NODE)
		n = our_node(xmlDocGetRootElement((xmlDoc *)node_of(n)));
	if (!xml_is_element(n))
		return xml_own_text(n, a);
	text = alone ? trimmed_text(n, a) : STR("");
	return text.len ? text : xml_text(n, a);
}

struct str xml_nodes_text(const struct xml_nodes *nodes, struct arena *a)
{
	struct buf b;
	struct str s;

	if (nodes->count == 1)
		return node_text(nodes->at[0], true, a);
	buf_init(&b, SIZE_MAX / 2);
	for (size_t i = 0; i < nodes->count; i++)
		buf_add(&b, node_text(nodes->at[i], false, a));
	s = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return s;
}
