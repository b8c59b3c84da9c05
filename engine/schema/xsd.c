#include "schema/describe.h"

#include <string.h>

enum { MOST_DEPTH = 8, INDENT = 2 };

struct writing {
	FILE *to;
	unsigned depth;
};

static void line(struct writing *w, const char *text)
{
	fprintf(w->to, "%*s%s\n", (int)(w->depth * INDENT), "", text);
}

static void open(struct writing *w, const char *text)
{
	line(w, text);
	w->depth++;
}

static void close(struct writing *w, const char *text)
{
	w->depth--;
	line(w, text);
}

static void escaped(const char *text, FILE *to)
{
	for (; text && *text; text++) {
		if (*text == '&')
			fputs("&amp;", to);
		else if (*text == '<')
			fputs("&lt;", to);
		else if (*text == '"')
			fputs("&quot;", to);
		else
			fputc(*text, to);
	}
}

static void documentation(struct writing *w, const char *text)
{
	if (!text)
		return;
	fprintf(w->to, "%*s<xs:annotation><xs:documentation>", (int)(w->depth * INDENT),
		"");
	escaped(text, w->to);
	fputs("</xs:documentation></xs:annotation>\n", w->to);
}

/* Whatever the case, and what injection puts in its place, an editor cannot know. */
static bool has_listed_values(const struct field *f)
{
	return f->kind == FIELD_CHOICE && !f->any_case;
}

static void values(struct writing *w, const struct field *f)
{
	open(w, "<xs:simpleType><xs:restriction base=\"xs:string\">");
	for (const char *const *c = f->choices; *c; c++)
		fprintf(w->to, "%*s<xs:enumeration value=\"%s\"/>\n",
			(int)(w->depth * INDENT), "", *c);
	close(w, "</xs:restriction></xs:simpleType>");
}

static void attribute(struct writing *w, const struct field *f)
{
	fprintf(w->to, "%*s<xs:attribute name=\"%s\"%s%s>\n", (int)(w->depth * INDENT),
		"", f->name, f->required ? " use=\"required\"" : "",
		has_listed_values(f) ? "" : " type=\"xs:string\"");
	w->depth++;
	documentation(w, f->doc);
	if (has_listed_values(f))
		values(w, f);
	close(w, "</xs:attribute>");
}

static void content(struct writing *w, const struct schema *s, unsigned depth);

/* There is one <endpoint> only, whoever holds it. */
static bool is_endpoint(const struct field *f)
{
	return (f->kind == FIELD_ENDPOINT || f->kind == FIELD_ENDPOINTS) &&
	       strcmp(f->name, "endpoint") == 0;
}

static void child(struct writing *w, const struct field *f, unsigned depth)
{
	if (is_endpoint(f)) {
		line(w, "<xs:element ref=\"endpoint\"/>");
		return;
	}

	const char *type = f->kind == FIELD_STEPS ? " type=\"steps\""
						  : " type=\"anything\"";

	fprintf(w->to, "%*s<xs:element name=\"%s\"%s>\n", (int)(w->depth * INDENT), "",
		f->name, f->schema && depth < MOST_DEPTH ? "" : type);
	w->depth++;
	documentation(w, f->doc);
	if (f->schema && depth < MOST_DEPTH)
		content(w, f->schema, depth + 1);
	close(w, "</xs:element>");
}

static const struct field *field_in(const struct schema *s, enum field_place place)
{
	for (const struct field *f = s->fields; f->name; f++)
		if (f->place == place)
			return f;
	return NULL;
}

/* XML of the user's own may be named like anything: then the table is silent. */
static void children(struct writing *w, const struct schema *s, unsigned depth)
{
	const struct field *rest = field_in(s, IN_CONTENT);

	open(w, "<xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">");
	if (rest && rest->kind != FIELD_STEPS) {
		line(w, "<xs:any processContents=\"lax\"/>");
		close(w, "</xs:choice>");
		return;
	}
	for (const struct field *f = s->fields; f->name; f++)
		if (f->place == IN_CHILD && !f->ours)
			child(w, f, depth);
	if (rest)
		line(w, "<xs:group ref=\"mediators\"/>");
	if (!field_in(s, IN_CHILD) ||
	    strcmp(field_in(s, IN_CHILD)->name, "description") != 0)
		line(w, "<xs:element name=\"description\" type=\"anything\"/>");
	line(w, "<xs:any namespace=\"##other\" processContents=\"lax\"/>");
	close(w, "</xs:choice>");
}

static void content(struct writing *w, const struct schema *s, unsigned depth)
{
	open(w, "<xs:complexType mixed=\"true\">");
	children(w, s, depth);
	for (const struct field *f = s->fields; f->name; f++)
		if (f->place == IN_ATTRIBUTE && !f->ours)
			attribute(w, f);
	line(w, "<xs:attributeGroup ref=\"everywhere\"/>");
	close(w, "</xs:complexType>");
}

void xsd_element(const char *name, const struct schema *s, FILE *to)
{
	struct writing w = { to, 1 };

	fprintf(to, "  <xs:element name=\"%s\">\n", name);
	w.depth++;
	documentation(&w, s->doc);
	content(&w, s, 0);
	close(&w, "</xs:element>");
}

void xsd_mediators(const char *const *names, FILE *to)
{
	fputs("  <xs:group name=\"mediators\">\n    <xs:choice>\n", to);
	for (; *names; names++)
		fprintf(to, "      <xs:element ref=\"%s\"/>\n", *names);
	fputs("    </xs:choice>\n  </xs:group>\n", to);
}

void xsd_begin(FILE *to)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"\n"
	      "           xmlns=\"" SYNAPSE_NS "\"\n"
	      "           targetNamespace=\"" SYNAPSE_NS "\"\n"
	      "           elementFormDefault=\"qualified\">\n"
	      "  <xs:complexType name=\"anything\" mixed=\"true\">\n"
	      "    <xs:sequence>\n"
	      "      <xs:any processContents=\"skip\" minOccurs=\"0\" "
	      "maxOccurs=\"unbounded\"/>\n"
	      "    </xs:sequence>\n"
	      "    <xs:anyAttribute processContents=\"skip\"/>\n"
	      "  </xs:complexType>\n"
	      "  <xs:complexType name=\"steps\" mixed=\"true\">\n"
	      "    <xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">\n"
	      "      <xs:group ref=\"mediators\"/>\n"
	      "      <xs:any namespace=\"##other\" processContents=\"lax\"/>\n"
	      "    </xs:choice>\n"
	      "    <xs:attribute name=\"onError\" type=\"xs:string\"/>\n"
	      "    <xs:attributeGroup ref=\"everywhere\"/>\n"
	      "  </xs:complexType>\n"
	      "  <xs:attributeGroup name=\"everywhere\">\n"
	      "    <xs:attribute name=\"description\" type=\"xs:string\"/>\n"
	      "    <xs:attribute name=\"statistics\" type=\"xs:string\"/>\n"
	      "    <xs:attribute name=\"trace\" type=\"xs:string\"/>\n"
	      "    <xs:attribute name=\"traceFilter\" type=\"xs:string\"/>\n"
	      "    <xs:anyAttribute namespace=\"##other\" processContents=\"skip\"/>\n"
	      "  </xs:attributeGroup>\n",
	      to);
}

void xsd_end(FILE *to)
{
	fputs("</xs:schema>\n", to);
}
