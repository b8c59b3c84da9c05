/*
 * A definition as read, before it means anything: names, values, places.
 *
 * Every front end ends here. synapse-xml reads it off the page; the others
 * translate into it, keeping the places of their own sources, so that an error
 * in a Mule flow is reported on the line of the Mule flow. A tree is faithful:
 * text stands between its elements in order, so that inline XML comes out as it
 * was written. Comments and processing instructions are left out.
 */
#ifndef SCHEMA_ELEMENT_H
#define SCHEMA_ELEMENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/str.h"

#define SYNAPSE_NS "http://ws.apache.org/ns/synapse"
#define MYELIN_NS "urn:myelin" /* words of our own; design.md §0 */

struct attribute {
	struct str name;   /* without its prefix */
	struct str prefix; /* "" if none */
	struct str ns;     /* URI of the prefix; "" if none */
	struct str value;
	struct attribute *next;
};

/* xmlns:prefix="uri" as declared on an element; prefix "" is the default one. */
struct namespace
{
	struct str prefix, uri;
	struct namespace *next;
};

/* An element, or a run of text if it has no name. */
struct element {
	struct str name;   /* without its prefix; empty: this is text */
	struct str prefix; /* as written */
	struct str ns;     /* URI; empty: none */
	struct str text;   /* of text: as it stands. Of an element: all its own text,
			      trimmed */
	struct where where;
	struct attribute *attributes;
	struct namespace *namespaces; /* declared here */
	struct element *parent;       /* NULL at the root */
	struct element *children, *next;
	struct element *newest; /* child; where element_add() looks first */
};

#define element_each(child, parent)                                                  \
	for (const struct element *child = element_first((parent)->children); child; \
	     child = element_first(child->next))

/* e itself or the first of its siblings that is no text. */
const struct element *element_first(const struct element *e);
/* The first child of this name in Synapse's namespace, or in none. */
const struct element *element_child(const struct element *e, struct str name);
/* Is it a word of Synapse (or without namespace), and this one? */
bool element_is(const struct element *e, struct str name);
bool element_is_ours(const struct element *e); /* of urn:myelin */
/* NULL if it is not there. Attributes in a namespace only by element_attribute_ns(). */
const struct attribute *element_attribute(const struct element *e, struct str name);
const struct attribute *element_attribute_ns(const struct element *e, struct str ns,
					     struct str name);
/* "" if it is not there. */
struct str element_value(const struct element *e, struct str attribute);
/* The URI a prefix means at this element; NULL in `at` if it means nothing. */
struct str element_namespace(const struct element *e, struct str prefix);

/* For front ends that translate. Everything is the arena's; texts are borrowed. */
struct element *element_new(struct arena *a, struct str ns, struct str name,
			    struct where where);
void element_set(struct element *e, struct arena *a, struct str attribute,
		 struct str value);
/* An attribute in a namespace; its prefix is found when it is written. */
void element_set_ns(struct element *e, struct arena *a, struct str ns,
		    struct str attribute, struct str value);
struct element *element_add(struct element *parent, struct element *child); /* child */
void element_add_text(struct element *e, struct arena *a, struct str text);

/* How a tree is written: see element_write(). */
enum element_style {
	ELEMENT_EXACT,   /* every blank as it stands */
	ELEMENT_COMPACT, /* without text that is only blanks (payloadFactory) */
	ELEMENT_PRETTY,  /* indented, for people (myelin translate) */
};

/* As XML, with the namespaces declared that are in scope where it stands. */
void element_write(const struct element *e, enum element_style style, struct buf *to);

#endif
