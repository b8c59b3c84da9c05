#include "dataweave/xml.h"

#include "base/buf.h"
#include "message/content.h"

enum { MOST_DEPTH = 200 };

/* --- reading --- */

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r\n", s.at[i]))
			return false;
	return true;
}

struct attributes {
	struct arena *arena;
	struct dw_value to;
};

static const struct dw_tag *namespace_of(const struct xml_node *n, struct arena *a)
{
	struct dw_tag *tag;

	if (!xml_namespace(n).len)
		return NULL;
	tag = arena_new(a, struct dw_tag);
	tag->prefix = xml_prefix(n);
	tag->uri = xml_namespace(n);
	return tag;
}

static void add_attribute(void *ctx, const struct xml_node *n, struct str value)
{
	struct attributes *all = ctx;
	struct dw_value v = dw_string(value.at ? value : STR(""));

	v.tag = namespace_of(n, all->arena);
	dw_add(&all->to, all->arena, xml_name(n), v);
}

static const struct dw_tag *tag_of(const struct xml_node *n, struct arena *a)
{
	struct attributes all = { a, dw_new(DW_OBJECT, a) };
	const struct dw_tag *name = namespace_of(n, a);
	struct dw_tag *tag;

	xml_each_attribute(n, a, add_attribute, &all);
	if (!all.to.list->count)
		return name;
	tag = arena_new(a, struct dw_tag);
	if (name)
		*tag = *name;
	tag->attributes = all.to.list;
	return tag;
}

static struct dw_value element(const struct xml_node *n, struct arena *a)
{
	const struct xml_node *child = xml_first_child(n);
	struct dw_value v = DW_NOTHING;
	const struct str text = xml_own_text(n, a);

	if (child) {
		v = dw_new(DW_OBJECT, a);
		v.list->xml = n;
		v.list->count = !is_blank(text);
		for (; child; child = xml_next(child))
			v.list->count++;
	} else if (!is_blank(text)) {
		v = dw_string(text);
	}
	v.tag = tag_of(n, a);
	return v;
}

struct dw_value dw_xml(const struct xml_node *root, struct arena *a)
{
	struct dw_value o = dw_new(DW_OBJECT, a);

	dw_add(&o, a, xml_name(root), element(root, a));
	o.list->root = root;
	return o;
}

void dw_xml_open(struct dw_list *list, struct arena *a)
{
	struct dw_value o = dw_new(DW_OBJECT, a);
	const struct str text = xml_own_text(list->xml, a);

	if (!is_blank(text))
		dw_add(&o, a, STR("__text"), dw_string(text));
	for (const struct xml_node *c = xml_first_child(list->xml); c; c = xml_next(c))
		dw_add(&o, a, xml_name(c), element(c, a));
	*list = *o.list;
}

bool dw_xml_is_envelope(struct str text)
{
	size_t end;

	do { /* past <?…?>, comments, DOCTYPE */
		text = str_from(text, str_find(text, '<') + 1);
	} while (text.len && (text.at[0] == '?' || text.at[0] == '!'));
	for (end = 0; end < text.len && !strchr(" \t\r\n/>", text.at[end]);)
		end++;
	text = str_first(text, end);
	return str_eq(str_from(text, text.len - (text.len < 8 ? text.len : 8)),
		      STR("Envelope"));
}

bool dw_xml_read(struct dw_run *r, struct str text, struct dw_value *v)
{
	struct fault why = { 0 };
	const struct xml_tree *t = xml_parse(text, SOAP_11, r->arena, &why);
	const struct xml_node *n = NULL;

	*v = DW_NOTHING;
	if (t)
		n = dw_xml_is_envelope(text) ? xml_envelope(t) : xml_payload(t);
	if (n)
		*v = dw_xml(n, r->arena);
	return n || dw_fail(r, "%s", why.text ? why.text : "this is no XML");
}

/* --- writing --- */

/* A prefix and what it stands for, inside of the element that declares it. */
struct declared {
	struct str prefix, uri;
	const struct declared *outer;
};

struct writing {
	struct dw_run *run;
	const struct dw_output *how;
	struct buf *to;
};

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			      c == '_' || c >= 0x80;

		if (!letter && (i == 0 || !strchr("0123456789-.:", c)))
			return false;
	}
	return name.len > 0;
}

static struct str uri_of(const struct declared *scope, struct str prefix)
{
	for (; scope; scope = scope->outer)
		if (str_eq(scope->prefix, prefix))
			return scope->uri;
	return STR("");
}

static void add_name(struct buf *b, const struct dw_tag *tag, struct str name)
{
	if (tag && tag->prefix.len)
		buf_printf(b, STR_FMT ":", STR_ARG(tag->prefix));
	buf_add(b, name);
}

/* Declares what the name needs; the scope that has it. */
static const struct declared *declare(struct writing *w, const struct dw_tag *tag,
				      const struct declared *scope)
{
	const struct str prefix = tag ? tag->prefix : STR(""),
			 uri = tag ? tag->uri : STR("");
	struct declared *d;

	if (str_eq(uri_of(scope, prefix), uri) || str_eq(prefix, STR("xml")))
		return scope;
	d = arena_new(w->run->arena, struct declared);
	*d = (struct declared){ prefix, uri, scope };
	buf_printf(w->to, " xmlns%s" STR_FMT "=\"", prefix.len ? ":" : "",
		   STR_ARG(prefix));
	xml_escape(uri, w->to);
	buf_add_char(w->to, '"');
	return d;
}

static void attributes(struct writing *w, const struct dw_list *l,
		       const struct declared **scope)
{
	for (size_t i = 0; l && i < l->count; i++) {
		const struct dw_tag *tag = l->at[i].value.tag;

		if (!is_name(l->at[i].key) || l->at[i].value.kind == DW_NULL)
			continue;
		if (tag && tag->uri.len)
			*scope = declare(w, tag, *scope);
		buf_add_char(w->to, ' ');
		add_name(w->to, tag, l->at[i].key);
		buf_add(w->to, STR("=\""));
		xml_escape(dw_text(&l->at[i].value, w->run->arena), w->to);
		buf_add_char(w->to, '"');
	}
}

static void new_line(struct writing *w, unsigned depth)
{
	if (!w->how->indent)
		return;
	buf_add_char(w->to, '\n');
	for (unsigned i = 0; i < depth; i++)
		buf_add(w->to, STR("  "));
}

static bool members(struct writing *w, const struct dw_value *v,
		    const struct declared *scope, unsigned depth);

static bool has_text(const struct dw_value *v, struct arena *a)
{
	struct dw_list *l = dw_members(v, a);

	for (size_t i = 0; i < l->count; i++)
		if (str_eq(l->at[i].key, STR("__text")))
			return true;
	return false;
}

static bool content(struct writing *w, const struct dw_value *v,
		    const struct declared *scope, unsigned depth)
{
	const struct dw_output *how = w->how;
	struct dw_output flat = *how;
	bool fine;

	if (v->kind != DW_OBJECT) {
		xml_escape(dw_text(v, w->run->arena), w->to);
		return true;
	}
	if (has_text(v, w->run->arena)) { /* every blank between would count */
		flat.indent = false;
		w->how = &flat;
	}
	fine = members(w, v, scope, depth + 1);
	if (fine && dw_count(v))
		new_line(w, depth);
	w->how = how;
	return fine;
}

static bool one(struct writing *w, const struct dw_member *m,
		const struct declared *scope, unsigned depth)
{
	const struct dw_tag *tag = m->value.tag;

	if (str_eq(m->key, STR("__text"))) {
		xml_escape(dw_text(&m->value, w->run->arena), w->to);
		return true;
	}
	if (!is_name(m->key))
		return dw_fail(w->run, "'" STR_FMT "' is no name of XML",
			       STR_ARG(m->key));
	if (depth)
		new_line(w, depth);
	buf_add_char(w->to, '<');
	add_name(w->to, tag, m->key);
	scope = declare(w, tag, scope);
	attributes(w, tag ? tag->attributes : NULL, &scope);
	if (m->value.kind == DW_NULL) {
		buf_add(w->to, STR("/>"));
		return true;
	}
	buf_add_char(w->to, '>');
	if (!content(w, &m->value, scope, depth))
		return false;
	buf_add(w->to, STR("</"));
	add_name(w->to, tag, m->key);
	buf_add_char(w->to, '>');
	return true;
}

/* An array: the element again and again. */
static bool many(struct writing *w, const struct dw_member *m,
		 const struct declared *scope, unsigned depth)
{
	const struct dw_list *same = dw_members(&m->value, w->run->arena);
	struct dw_member each = *m;

	for (size_t i = 0; i < same->count; i++) {
		each.value = same->at[i].value;
		each.value.tag = m->value.tag;
		if (!one(w, &each, scope, depth))
			return false;
	}
	return true;
}

static bool members(struct writing *w, const struct dw_value *v,
		    const struct declared *scope, unsigned depth)
{
	const struct dw_list *l = dw_members(v, w->run->arena);

	if (depth > MOST_DEPTH)
		return dw_fail(w->run, "the XML is too deep");
	for (size_t i = 0; i < l->count; i++) {
		const struct dw_value *value = &l->at[i].value;
		const bool list = value->kind == DW_ARRAY || value->kind == DW_RANGE;

		if (w->how->skip_null && value->kind == DW_NULL)
			continue;
		if (!(list ? many : one)(w, &l->at[i], scope, depth))
			return false;
	}
	return true;
}

bool dw_xml_write(struct dw_run *r, const struct dw_value *v, const struct dw_output *how,
		  struct buf *b)
{
	struct writing w = { r, how, b };

	if (v->kind != DW_OBJECT || dw_count(v) != 1)
		return dw_fail(
			r, "XML has one root; wrap the value in an object with one key");
	if (how->declaration) {
		buf_add(b, STR("<?xml version='1.0' encoding='UTF-8'?>"));
		new_line(&w, 0);
	}
	return members(&w, v, NULL, 0);
}
