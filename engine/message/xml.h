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

/*
 * The parser of this thread, which trees share their names with, goes: a tree that was
 * just parsed may be given to another thread.
 */
void xml_parser_forget(void);

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

/* Of elements: the local name, and the namespace ("" if none). Borrowed from the tree. */
struct str xml_name(const struct xml_node *n);
struct str xml_namespace(const struct xml_node *n);
struct str xml_prefix(const struct xml_node *n); /* of its namespace; "" if none */
bool xml_is_element(const struct xml_node *n);
/* Element children only; NULL: none. */
struct xml_node *xml_first_child(const struct xml_node *n);
struct xml_node *xml_next(const struct xml_node *n);
struct xml_node *xml_parent(const struct xml_node *n); /* NULL: at the top */
struct xml_node *xml_child(const struct xml_node *n, struct str local_name); /* first */
struct str xml_attribute(const struct xml_node *n, struct str name, struct arena *a);
/* All of them, in order; name, prefix and ns borrowed from the tree, value the arena's.
 */
void xml_each_attribute(const struct xml_node *n, struct arena *a,
			void (*fn)(void *ctx, const struct xml_node *attribute,
				   struct str value),
			void *ctx);
/* All text directly within; of an attribute or text node its value. */
struct str xml_own_text(const struct xml_node *n, struct arena *a);
/* A list as text, by the rules of mediation.md §5.2. */
struct str xml_nodes_text(const struct xml_nodes *nodes, struct arena *a);
struct xml_nodes *xml_nodes_of(struct xml_node *one, struct arena *a);
/* A copy in a small tree of its own, released with the arena. */
struct xml_node *xml_copy_node(const struct xml_node *n, struct arena *a);

/*
 * Changing a tree. New nodes are copies in the tree they are put into; what is taken
 * out is freed, so nobody may hold on to it.
 */
struct xml_node *xml_add_element(struct xml_node *parent, struct str name, struct str ns,
				 struct str prefix);
struct xml_node *xml_add_copy(struct xml_node *parent, const struct xml_node *n);
struct xml_node *xml_add_before(struct xml_node *beside, const struct xml_node *n);
struct xml_node *xml_add_after(struct xml_node *beside, const struct xml_node *n);
void xml_add_text(struct xml_node *parent, struct str text);
void xml_set_text(struct xml_node *n, struct str text); /* all that is in it goes */
void xml_set_attribute(struct xml_node *n, struct str name, struct str value);
void xml_clear(struct xml_node *n); /* children go */
void xml_remove(struct xml_node *n);
/* The header block's place: made behind nothing, before the Body. */
struct xml_node *xml_make_soap_header(struct xml_tree *t);
/* The envelope becomes one of that version, if it is not. */
void xml_set_soap_version(struct xml_tree *t, enum soap_version version);

/* As text, without declaration, with the namespaces it needs. */
void xml_write(const struct xml_node *n, struct buf *to);
struct str xml_text(const struct xml_node *n, struct arena *a);
/* &, <, >, ", ' as entities. */
void xml_escape(struct str text, struct buf *to);

#endif
