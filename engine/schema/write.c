#include "schema/element.h"

enum { INDENT = 4, MOST_DEPTH = 1000 };

static void write_escaped(struct str text, bool attribute, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.at[i];

		if (c == '&')
			buf_add(to, STR("&amp;"));
		else if (c == '<')
			buf_add(to, STR("&lt;"));
		else if (c == '>')
			buf_add(to, STR("&gt;"));
		else if (c == '"' && attribute)
			buf_add(to, STR("&quot;"));
		else if (c == '\n' && attribute)
			buf_add(to, STR("&#10;"));
		else if (c == '\t' && attribute)
			buf_add(to, STR("&#9;"));
		else if (c == '\r')
			buf_add(to, STR("&#13;"));
		else
			buf_add_char(to, c);
	}
}

static void write_name(struct str prefix, struct str name, struct buf *to)
{
	if (prefix.len) {
		buf_add(to, prefix);
		buf_add_char(to, ':');
	}
	buf_add(to, name);
}

static void declare(struct str prefix, struct str uri, struct buf *to)
{
	buf_add(to, prefix.len ? STR(" xmlns:") : STR(" xmlns"));
	buf_add(to, prefix);
	buf_add(to, STR("=\""));
	write_escaped(uri, true, to);
	buf_add_char(to, '"');
}

/* Is this prefix declared again between e and the one that asks? */
static bool is_hidden(const struct element *from, const struct element *until,
		      const struct namespace *up_to, struct str prefix)
{
	for (const struct element *e = from;; e = e->parent) {
		for (const struct namespace *n = e->namespaces; n && n != up_to;
		     n = n->next)
			if (str_eq(n->prefix, prefix))
				return true;
		if (e == until)
			return false;
	}
}

/* What is in scope at the root of what is written: its own, and its parents'. */
static void declare_scope(const struct element *root, struct buf *to)
{
	for (const struct element *e = root; e; e = e->parent)
		for (const struct namespace *n = e->namespaces; n; n = n->next)
			if (!is_hidden(root, e, n, n->prefix) &&
			    (n->prefix.len || n->uri.len))
				declare(n->prefix, n->uri, to);
}

static void declare_own(const struct element *e, struct buf *to)
{
	for (const struct namespace *n = e->namespaces; n; n = n->next)
		declare(n->prefix, n->uri, to);
}

/* Trees that a front end made have names in namespaces that nobody declared. */
static void declare_missing(const struct element *e, bool is_root, struct buf *to)
{
	const struct str known = element_namespace(e, e->prefix);
	const struct element *parent = e->parent;

	if (str_eq(known, e->ns))
		return;
	if (!is_root && parent && str_eq(parent->prefix, e->prefix) &&
	    str_eq(parent->ns, e->ns))
		return;
	declare(e->prefix, e->ns, to);
}

static void write_start(const struct element *e, bool is_root, struct buf *to)
{
	buf_add_char(to, '<');
	write_name(e->prefix, e->name, to);
	if (is_root)
		declare_scope(e, to);
	else
		declare_own(e, to);
	declare_missing(e, is_root, to);
	for (const struct attribute *a = e->attributes; a; a = a->next) {
		buf_add_char(to, ' ');
		write_name(a->prefix, a->name, to);
		buf_add(to, STR("=\""));
		write_escaped(a->value, true, to);
		buf_add_char(to, '"');
	}
}

static bool is_left_out(const struct element *e, enum element_style style)
{
	return !e->name.len && style != ELEMENT_EXACT && !str_trim(e->text).len;
}

/* Text beside elements would change if it were indented. */
static bool is_indented(const struct element *e, enum element_style style)
{
	bool any = false;

	if (style != ELEMENT_PRETTY)
		return false;
	for (const struct element *c = e->children; c; c = c->next) {
		if (!c->name.len && !is_left_out(c, style))
			return false;
		any = any || c->name.len;
	}
	return any;
}

static void new_line(unsigned depth, struct buf *to)
{
	buf_add_char(to, '\n');
	for (unsigned i = 0; i < depth * INDENT; i++)
		buf_add_char(to, ' ');
}

static void write_below(const struct element *e, enum element_style style, unsigned depth,
			struct buf *to)
{
	const bool indented = is_indented(e, style);
	bool empty = true;

	if (!e->name.len) {
		write_escaped(e->text, false, to);
		return;
	}
	write_start(e, depth == 0, to);
	for (const struct element *c = e->children; c; c = c->next) {
		if (is_left_out(c, style) || depth > MOST_DEPTH)
			continue;
		if (empty)
			buf_add_char(to, '>');
		empty = false;
		if (indented)
			new_line(depth + 1, to);
		write_below(c, style, depth + 1, to);
	}
	if (empty) {
		buf_add(to, STR("/>"));
		return;
	}
	if (indented)
		new_line(depth, to);
	buf_add(to, STR("</"));
	write_name(e->prefix, e->name, to);
	buf_add_char(to, '>');
}

void element_write(const struct element *e, enum element_style style, struct buf *to)
{
	write_below(e, style, 0, to);
	if (style == ELEMENT_PRETTY)
		buf_add_char(to, '\n');
}
