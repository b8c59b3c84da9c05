#include "message/xml_priv.h"

/* What is to be escaped where. */
enum place { IN_TEXT, IN_ATTRIBUTE, EVERYWHERE };

static struct str entity(char c, enum place place)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return place == IN_ATTRIBUTE ? STR("") : STR("&gt;");
	case '"':
		return place == IN_TEXT ? STR("") : STR("&quot;");
	case '\'':
		return place == EVERYWHERE ? STR("&apos;") : STR("");
	case '\r':
		return place == EVERYWHERE ? STR("") : STR("&#xd;");
	case '\n':
		return place == IN_ATTRIBUTE ? STR("&#xa;") : STR("");
	case '\t':
		return place == IN_ATTRIBUTE ? STR("&#x9;") : STR("");
	default:
		return STR("");
	}
}

static void escape(struct str text, enum place place, struct buf *to)
{
	size_t plain = 0;

	for (size_t i = 0; i < text.len; i++) {
		const struct str e = entity(text.at[i], place);

		if (!e.len)
			continue;
		buf_add(to, (struct str){ text.at + plain, i - plain });
		buf_add(to, e);
		plain = i + 1;
	}
	buf_add(to, str_from(text, plain));
}

void xml_escape(struct str text, struct buf *to)
{
	escape(text, EVERYWHERE, to);
}

static void write_name(const xmlNs *ns, const xmlChar *name, struct buf *to)
{
	if (ns && ns->prefix) {
		buf_add(to, str_of_xml(ns->prefix));
		buf_add_char(to, ':');
	}
	buf_add(to, str_of_xml(name));
}

static void write_declaration(const xmlNs *ns, struct buf *to)
{
	buf_add(to, STR(" xmlns"));
	if (ns->prefix) {
		buf_add_char(to, ':');
		buf_add(to, str_of_xml(ns->prefix));
	}
	buf_add(to, STR("=\""));
	escape(str_of_xml(ns->href), IN_ATTRIBUTE, to);
	buf_add_char(to, '"');
}

/* The next in document order within top; NULL: that was the last. */
static const xmlNode *next_within(const xmlNode *n, const xmlNode *top)
{
	if (n->type == XML_ELEMENT_NODE && n->children)
		return n->children;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

static bool element_uses(const xmlNode *n, const xmlNs *ns)
{
	if (n->type != XML_ELEMENT_NODE)
		return false;
	if (n->ns == ns)
		return true;
	for (const xmlAttr *at = n->properties; at; at = at->next)
		if (at->ns == ns)
			return true;
	return false;
}

static bool is_used_within(const xmlNode *top, const xmlNs *ns)
{
	for (const xmlNode *n = top; n; n = next_within(n, top))
		if (element_uses(n, ns))
			return true;
	return false;
}

static bool declares(const xmlNode *n, const xmlChar *prefix)
{
	for (const xmlNs *ns = n->nsDef; ns; ns = ns->next)
		if (xmlStrEqual(ns->prefix, prefix))
			return true;
	return false;
}

/* What stands above and is used within: it must be said again when n stands alone. */
static void write_inherited(const xmlNode *n, struct buf *to)
{
	for (const xmlNode *up = n->parent; up && up->type == XML_ELEMENT_NODE;
	     up = up->parent)
		for (const xmlNs *ns = up->nsDef; ns; ns = ns->next)
			if (!declares(n, ns->prefix) && is_used_within(n, ns))
				write_declaration(ns, to);
}

static void write_attribute(const xmlAttr *at, struct buf *to)
{
	buf_add_char(to, ' ');
	write_name(at->ns, at->name, to);
	buf_add(to, STR("=\""));
	for (const xmlNode *n = at->children; n; n = n->next)
		escape(str_of_xml(n->content), IN_ATTRIBUTE, to);
	buf_add_char(to, '"');
}

static void open_element(const xmlNode *n, bool top, struct buf *to)
{
	buf_add_char(to, '<');
	write_name(n->ns, n->name, to);
	if (top)
		write_inherited(n, to);
	for (const xmlNs *ns = n->nsDef; ns; ns = ns->next)
		write_declaration(ns, to);
	for (const xmlAttr *at = n->properties; at; at = at->next)
		write_attribute(at, to);
	buf_add(to, n->children ? STR(">") : STR("/>"));
}

static void close_element(const xmlNode *n, struct buf *to)
{
	buf_add(to, STR("</"));
	write_name(n->ns, n->name, to);
	buf_add_char(to, '>');
}

static void write_instruction(const xmlNode *n, struct buf *to)
{
	buf_add(to, STR("<?"));
	buf_add(to, str_of_xml(n->name));
	if (n->content && n->content[0]) {
		buf_add_char(to, ' ');
		buf_add(to, str_of_xml(n->content));
	}
	buf_add(to, STR("?>"));
}

static void write_one(const xmlNode *n, bool top, struct buf *to)
{
	if (n->type == XML_ELEMENT_NODE) {
		open_element(n, top, to);
	} else if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) {
		escape(str_of_xml(n->content), IN_TEXT, to);
	} else if (n->type == XML_COMMENT_NODE) {
		buf_add(to, STR("<!--"));
		buf_add(to, str_of_xml(n->content));
		buf_add(to, STR("-->"));
	} else if (n->type == XML_PI_NODE) {
		write_instruction(n, to);
	}
}

void xml_write(const struct xml_node *node, struct buf *to)
{
	const xmlNode *top = node_of(node), *n = top;

	for (;;) {
		write_one(n, n == top, to);
		if (n->type == XML_ELEMENT_NODE && n->children) {
			n = n->children;
			continue;
		}
		while (n != top && !n->next) {
			n = n->parent;
			close_element(n, to);
		}
		if (n == top)
			return;
		n = n->next;
	}
}

struct str xml_text(const struct xml_node *n, struct arena *a)
{
	struct buf b;
	struct str s;

	buf_init(&b, SIZE_MAX / 2);
	xml_write(n, &b);
	s = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return s;
}
