/* How an XPath text is looked over before libxml2 sees it, and what it may ask for. */
#ifndef EXPR_XPATH_PRIV_H
#define EXPR_XPATH_PRIV_H

#include <libxml/xpathInternals.h>

#include "expr/expr.h"

/* Used for several, the last of these counts. */
enum prefix_role { PREFIX_NAMES, PREFIX_FUNCTIONS, PREFIX_VARIABLES };

struct prefix {
	struct str name;
	enum prefix_role role;
	struct prefix *next;
};

/* Expressions that need no tree and no XPath at all. */
enum shortcut_kind {
	SHORTCUT_NONE,
	SHORTCUT_LITERAL,  /* 'text' */
	SHORTCUT_VARIABLE, /* $ctx:name */
	SHORTCUT_PROPERTY, /* get-property('scope', 'name') */
};

struct shortcut {
	enum shortcut_kind kind;
	struct str first, second; /* prefix or scope, and name; the text of a literal */
	bool has_first;           /* get-property() with a scope */
};

struct xpath_facts {
	struct prefix *prefixes;
	bool needs_tree;
	struct shortcut shortcut;
};

void xpath_look_over(struct str text, struct arena *a, struct xpath_facts *facts);

/* $prefix:name. False: nobody knows that prefix. Null is a value, too. */
bool xpath_variable(struct message *m, struct str prefix, struct str name,
		    struct value *v);
/* get-property(scope, name); has_scope false: of the default scope. */
struct value xpath_get_property(struct message *m, bool has_scope, struct str scope,
				struct str name);

/* One evaluation; ctxt->context->userData. */
struct xpath_run {
	struct message *message;
	const char *complaint; /* the arena's, or static; NULL: none yet */
};

struct xpath_run *xpath_run_of(xmlXPathParserContext *ctxt);
/* A value as libxml2 has it; null is an empty list of nodes. */
xmlXPathObject *xpath_object(struct value v);
/* The function of that local name; NULL: not one of ours, nor of XPath 1.0. */
xmlXPathFunction xpath_function(xmlXPathContext *context, const xmlChar *name,
				bool has_prefix);

#endif
