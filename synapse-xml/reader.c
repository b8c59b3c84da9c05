#include "reader.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

/*
 * No network, no external entities, and none expanded: a definition is one
 * file. Big lines because libxml2 otherwise counts only to 65535.
 */
enum {
	OPTIONS = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES |
		  XML_PARSE_NOERROR | XML_PARSE_NOWARNING,
	MOST_COMPLAINTS = 5,
};

struct reading {
	const char *file;
	struct arena *arena;
	struct report *report;
	unsigned complaints, last_line;
	bool has_doctype, has_mismatch;
};

static struct str own(const xmlChar *text, struct arena *a)
{
	return arena_copy(a, str_of(text ? (const char *)text : ""));
}

static struct str one_line(const char *message, struct arena *a)
{
	const struct str whole = str_trim(str_of(message ? message : "not XML"));

	return arena_copy(a, str_first(whole, str_find(whole, '\n')));
}

/* One tag not closed makes all that are around it not fit either. */
static bool is_consequence(struct reading *reading, int code)
{
	const bool mismatch = code == XML_ERR_TAG_NAME_MISMATCH ||
			      code == XML_ERR_TAG_NOT_FINISHED;
	const bool first = mismatch && !reading->has_mismatch;

	reading->has_mismatch = reading->has_mismatch || mismatch;
	return (mismatch && !first) ||
	       (code == XML_ERR_DOCUMENT_END && reading->complaints);
}

/* What to do about what libxml2 says; "" where its words are enough. */
static const char *remedy(int code)
{
	switch (code) {
	case XML_ERR_ENTITYREF_SEMICOL_MISSING:
	case XML_ERR_NAME_REQUIRED:
		return "; & is written &amp; and < is written &lt;";
	case XML_ERR_LT_IN_ATTRIBUTE:
		return "; < is written &lt;";
	case XML_ERR_ATTRIBUTE_NOT_STARTED:
		return "; a value stands between straight quotes";
	case XML_ERR_ATTRIBUTE_REDEFINED:
		return "; an attribute may be given once";
	case XML_ERR_TAG_NOT_FINISHED:
		return "; its end tag is missing";
	case XML_ERR_DOCUMENT_END:
		return "; a file has one root element";
	case XML_ERR_RESERVED_XML_NAME:
		return "; nothing may stand before <?xml, blank lines included";
	case XML_ERR_UNSUPPORTED_ENCODING:
	case XML_ERR_INVALID_ENCODING:
	case XML_ERR_INVALID_CHAR:
		return "; save the file as UTF-8";
	default:
		return "";
	}
}

/* What follows from a mistake is often reported on the same line; once is enough. */
#if LIBXML_VERSION >= 21200
static void complain(void *ctx, const xmlError *error)
#else
static void complain(void *ctx, xmlError *error)
#endif
{
	struct reading *reading = ((xmlParserCtxt *)ctx)->_private;
	const unsigned line = error->line > 0 ? (unsigned)error->line : 1;

	if (error->level < XML_ERR_ERROR || reading->has_doctype ||
	    reading->complaints == MOST_COMPLAINTS ||
	    (reading->complaints && reading->last_line == line) ||
	    is_consequence(reading, error->code))
		return;
	reading->complaints++;
	reading->last_line = line;

	const struct str text = one_line(error->message, reading->arena);
	const struct where at = { reading->file, line };

	if (error->int2 > 0)
		report_error(reading->report, at, STR_FMT ", column %d%s", STR_ARG(text),
			     error->int2, remedy(error->code));
	else
		report_error(reading->report, at, STR_FMT "%s", STR_ARG(text),
			     remedy(error->code));
}

/* Entities are declared in a DOCTYPE and nowhere else, so that is where it ends. */
static void refuse_doctype(void *ctx, const xmlChar *name, const xmlChar *external,
			   const xmlChar *system)
{
	xmlParserCtxt *parser = ctx;
	struct reading *reading = parser->_private;

	(void)name;
	(void)external;
	(void)system;
	if (reading->has_doctype)
		return;
	reading->has_doctype = true;
	reading->complaints++;
	report_error(
		reading->report,
		(struct where){ reading->file, (unsigned)xmlSAX2GetLineNumber(parser) },
		"a definition may have no DOCTYPE and no entities of its own");
	xmlStopParser(parser);
}

static void copy_attributes(const xmlNode *from, struct element *to, struct arena *a)
{
	struct attribute **last = &to->attributes;

	for (const xmlAttr *attr = from->properties; attr; attr = attr->next) {
		xmlChar *value = xmlNodeListGetString(from->doc, attr->children, 1);
		struct attribute *copy = arena_new(a, struct attribute);

		copy->name = own(attr->name, a);
		copy->prefix = own(attr->ns ? attr->ns->prefix : NULL, a);
		copy->ns = own(attr->ns ? attr->ns->href : NULL, a);
		copy->value = own(value, a);
		xmlFree(value);
		*last = copy;
		last = &copy->next;
	}
}

static void copy_namespaces(const xmlNode *from, struct element *to, struct arena *a)
{
	struct namespace **last = &to->namespaces;

	for (const xmlNs *ns = from->nsDef; ns; ns = ns->next) {
		struct namespace *copy = arena_new(a, struct namespace);

		copy->prefix = own(ns->prefix, a);
		copy->uri = own(ns->href, a);
		*last = copy;
		last = &copy->next;
	}
}

static struct element *copy_text(const xmlNode *from, struct element *parent,
				 struct arena *a)
{
	struct element *to = arena_new(a, struct element);

	to->text = own(from->content, a);
	to->where = parent->where;
	to->parent = parent;
	return to;
}

/* All runs of its own text in one, as a comment between them would part them. */
static struct str own_text(const struct element *e, struct arena *a)
{
	const struct element *first = NULL;
	size_t len = 0;

	for (const struct element *c = e->children; c; c = c->next) {
		if (c->name.len)
			continue;
		len += c->text.len;
		first = first ? first : c;
	}
	if (!first || first->text.len == len)
		return first ? str_trim(first->text) : STR("");

	char *at = arena_alloc(a, len + 1);
	size_t used = 0;
	for (const struct element *c = first; c; c = c->next) {
		if (c->name.len || !c->text.len)
			continue;
		memcpy(at + used, c->text.at, c->text.len);
		used += c->text.len;
	}
	return str_trim((struct str){ at, len });
}

/* Depth is bounded by libxml2 itself (256 without XML_PARSE_HUGE). */
static struct element *copy_element(const xmlNode *from, struct element *parent,
				    const char *file, struct arena *a)
{
	struct element *to = arena_new(a, struct element);
	struct element **last = &to->children;

	to->name = own(from->name, a);
	to->prefix = own(from->ns ? from->ns->prefix : NULL, a);
	to->ns = own(from->ns ? from->ns->href : NULL, a);
	to->where = (struct where){ file, (unsigned)xmlGetLineNo(from) };
	to->parent = parent;
	copy_namespaces(from, to, a);
	copy_attributes(from, to, a);
	for (const xmlNode *child = from->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			*last = copy_element(child, to, file, a);
		else if (child->type == XML_TEXT_NODE ||
			 child->type == XML_CDATA_SECTION_NODE)
			*last = copy_text(child, to, a);
		if (*last)
			last = &(*last)->next;
	}
	to->text = own_text(to, a);
	return to;
}

static struct element *parse(struct str text, struct reading *reading)
{
	xmlParserCtxt *parser = xmlNewParserCtxt();
	struct element *root = NULL;

	parser->_private = reading;
	parser->sax->serror = complain;
	parser->sax->internalSubset = refuse_doctype;

	xmlDoc *doc = xmlCtxtReadMemory(parser, text.at, (int)text.len, reading->file,
					NULL, OPTIONS);
	const xmlNode *top = doc ? xmlDocGetRootElement(doc) : NULL;

	if (top && !reading->complaints)
		root = copy_element(top, NULL, reading->file, reading->arena);
	else if (!reading->complaints)
		report_error(reading->report, (struct where){ reading->file, 1 },
			     "this is no XML");
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(parser);
	return root;
}

struct element *reader_read(struct str text, const char *file, struct arena *a,
			    struct report *r)
{
	struct reading reading = { .file = file, .arena = a, .report = r };
	const struct where start = { file, 1 };

	if (!str_trim(text).len) {
		report_error(r, start, "the file is empty");
		return NULL;
	}
	if (text.len > READER_MOST_BYTES) {
		report_error(r, start,
			     "the file has %zu bytes; a definition has at most %d",
			     text.len, (int)READER_MOST_BYTES);
		return NULL;
	}
	return parse(text, &reading);
}
