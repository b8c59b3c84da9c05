/*
 * What an element may look like, as a table.
 *
 * One table serves the binder (which fills a struct from an element and says
 * what is wrong with it), the manual and the XSD (tools/describe.c), and the
 * writer that turns a model back into XML. So they cannot disagree.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "schema/element.h"
#include "schema/report.h"

struct expr;           /* expr/expr.h */
struct node;           /* flow/node.h */
struct endpoint_house; /* endpoint/endpoint.h */
struct shared;         /* deploy/shared.h */

/* What a key may name; each kind has names of its own. */
enum ref_kind {
	REF_SEQUENCE,
	REF_ENDPOINT,
	REF_LOCAL_ENTRY,
	REF_TEMPLATE,
	REF_ENDPOINT_TEMPLATE,
	REF_DEFINITION, /* of things that are run by name: <m:action> … */
	REF_KINDS
};

/*
 * A key as written: static, linked once everything is compiled, or dynamic
 * ({…}), looked up in the exchange's deployment each time (exchange_find()).
 */
struct ref {
	struct str key;
	enum ref_kind kind;
	const struct expr *dynamic; /* NULL: static */
	const void *target;         /* set by link; NULL: nothing has this name */
	bool must_exist;            /* else its unit is refused */
	struct where where;
	struct ref *next; /* of the same load */
};

struct codes {
	const int *at;
	unsigned count;
};

static inline bool codes_have(const struct codes *codes, int64_t code)
{
	for (unsigned i = 0; i < codes->count; i++)
		if (codes->at[i] == code)
			return true;
	return false;
}

/* Children that each have a struct of their own. */
struct items {
	void *const *at;
	unsigned count;
};

/* In the comments: the type of the member. */
enum field_kind {
	FIELD_STR,       /* struct str */
	FIELD_UINT,      /* uint64_t, with least and most */
	FIELD_INT,       /* int64_t, with least and most */
	FIELD_FLOAT,     /* float */
	FIELD_BOOL,      /* bool; "true" in any case, anything else is false (Java's) */
	FIELD_CHOICE,    /* unsigned: index into choices */
	FIELD_CODES,     /* struct codes: numbers between commas or blanks */
	FIELD_EXPR,      /* const struct expr *: an expression (mediation.md §5.1) */
	FIELD_VALUE,     /* const struct expr *: a constant, or an expression in {…} */
	FIELD_TEMPLATE,  /* const struct expr *: text with ${…} in it */
	FIELD_REF,       /* struct ref *: a key, of `refers` */
	FIELD_ONE,       /* pointer to a struct described by `schema` */
	FIELD_LIST,      /* struct items: pointers to structs described by `schema` */
	FIELD_STEPS,     /* const struct node *: mediators, as a sequence */
	FIELD_ENDPOINT,  /* const struct node *: an <endpoint>, inline or key */
	FIELD_ENDPOINTS, /* struct items: of const struct node * */
	FIELD_XML,       /* const struct element *: the element itself, unbound */
	FIELD_IGNORED,   /* no member: known, and without meaning (description) */
};

enum field_place {
	IN_ATTRIBUTE,
	IN_CHILD,   /* the text of the child of this name, or that child; the first counts
		     */
	IN_TEXT,    /* the text of the element itself */
	IN_CONTENT, /* all children that no other field claims; FIELD_XML: the first */
};

struct field {
	const char *name; /* of the attribute or child; "" for IN_TEXT and IN_CONTENT */
	enum field_kind kind;
	enum field_place place;
	size_t offset;
	bool required;              /* and not empty */
	bool ours;                  /* a word of our namespace: <m:name>, m:name="…" */
	const char *complaint;      /* what to say if it is missing; NULL: the usual.
				       Of FIELD_IGNORED: the warning if it is there */
	const char *wrong;          /* what to say if a value is none of its kind, with
				       the text behind it if it ends in a blank; NULL:
				       the usual */
	const char *fallback;       /* as one would write it; NULL leaves zero */
	const char *const *choices; /* ends in NULL */
	bool any_case;              /* choices are found whatever their case */
	int64_t least, most;        /* both 0: no limits */
	enum ref_kind refers;
	bool must_exist;             /* of FIELD_REF: whatever deploy.missing_keys says */
	size_t given;                /* a bool: was it written? 0: nobody asks */
	const struct schema *schema; /* of FIELD_ONE and FIELD_LIST */
	const char *doc;
};

struct binder;

struct schema {
	const char *element;
	const char *doc;
	size_t size;
	const struct field *fields; /* ends in a NULL name */
	/* Rules between fields. self is filled. False if it complained. NULL: none. */
	bool (*check)(void *self, const struct element *e, struct binder *b);
};

/* The offset of a member, which must be of the given type to compile. */
#define FIELD_AT(type, member, is) \
	(offsetof(type, member) + 0 * sizeof(_Generic(((type *)0)->member, is : 0)))

/* clang-format off */
#define ATTR_STR(t, m, name)    (name), FIELD_STR, IN_ATTRIBUTE, FIELD_AT(t, m, struct str)
#define ATTR_UINT(t, m, name)   (name), FIELD_UINT, IN_ATTRIBUTE, FIELD_AT(t, m, uint64_t)
#define ATTR_INT(t, m, name)    (name), FIELD_INT, IN_ATTRIBUTE, FIELD_AT(t, m, int64_t)
#define ATTR_BOOL(t, m, name)   (name), FIELD_BOOL, IN_ATTRIBUTE, FIELD_AT(t, m, bool)
#define ATTR_CHOICE(t, m, name) (name), FIELD_CHOICE, IN_ATTRIBUTE, FIELD_AT(t, m, unsigned)
#define ATTR_EXPR(t, m, name)   (name), FIELD_EXPR, IN_ATTRIBUTE, FIELD_AT(t, m, const struct expr *)
#define ATTR_VALUE(t, m, name)  (name), FIELD_VALUE, IN_ATTRIBUTE, FIELD_AT(t, m, const struct expr *)
#define ATTR_REF(t, m, name)    (name), FIELD_REF, IN_ATTRIBUTE, FIELD_AT(t, m, struct ref *)
#define ATTR_CODES(t, m, name)  (name), FIELD_CODES, IN_ATTRIBUTE, FIELD_AT(t, m, struct codes)
#define ATTR_IGNORED(name)      (name), FIELD_IGNORED, IN_ATTRIBUTE, 0
#define CHILD_STR(t, m, name)   (name), FIELD_STR, IN_CHILD, FIELD_AT(t, m, struct str)
#define CHILD_UINT(t, m, name)  (name), FIELD_UINT, IN_CHILD, FIELD_AT(t, m, uint64_t)
#define CHILD_INT(t, m, name)   (name), FIELD_INT, IN_CHILD, FIELD_AT(t, m, int64_t)
#define CHILD_FLOAT(t, m, name) (name), FIELD_FLOAT, IN_CHILD, FIELD_AT(t, m, float)
#define CHILD_CHOICE(t, m, name) (name), FIELD_CHOICE, IN_CHILD, FIELD_AT(t, m, unsigned)
#define CHILD_CODES(t, m, name) (name), FIELD_CODES, IN_CHILD, FIELD_AT(t, m, struct codes)
#define CHILD_VALUE(t, m, name) (name), FIELD_VALUE, IN_CHILD, FIELD_AT(t, m, const struct expr *)
#define CHILD_TEMPLATE(t, m, name) (name), FIELD_TEMPLATE, IN_CHILD, FIELD_AT(t, m, const struct expr *)
#define CHILD_ONE(t, m, name, struct_type) (name), FIELD_ONE, IN_CHILD, FIELD_AT(t, m, struct_type *)
#define CHILD_LIST(t, m, name)  (name), FIELD_LIST, IN_CHILD, FIELD_AT(t, m, struct items)
#define CHILD_STEPS(t, m, name) (name), FIELD_STEPS, IN_CHILD, FIELD_AT(t, m, const struct node *)
#define CHILD_ENDPOINT(t, m, name) (name), FIELD_ENDPOINT, IN_CHILD, FIELD_AT(t, m, const struct node *)
#define CHILD_ENDPOINTS(t, m, name) (name), FIELD_ENDPOINTS, IN_CHILD, FIELD_AT(t, m, struct items)
#define CHILD_XML(t, m, name)   (name), FIELD_XML, IN_CHILD, FIELD_AT(t, m, const struct element *)
#define CHILD_IGNORED(name)     (name), FIELD_IGNORED, IN_CHILD, 0
#define TEXT_STR(t, m)          "", FIELD_STR, IN_TEXT, FIELD_AT(t, m, struct str)
#define TEXT_TEMPLATE(t, m)     "", FIELD_TEMPLATE, IN_TEXT, FIELD_AT(t, m, const struct expr *)
#define TEXT_VALUE(t, m)        "", FIELD_VALUE, IN_TEXT, FIELD_AT(t, m, const struct expr *)
#define CONTENT_STEPS(t, m)     "", FIELD_STEPS, IN_CONTENT, FIELD_AT(t, m, const struct node *)
#define CONTENT_XML(t, m)       "", FIELD_XML, IN_CONTENT, FIELD_AT(t, m, const struct element *)
/* clang-format on */

/* What was bound, and where it stood; kept if somebody wants it written back. */
struct bound {
	const void *thing; /* a struct, by schema; or an expression, by text */
	const struct schema *schema;
	const struct element *element;
	struct str text;
};

/* How an expression is written; see the field kinds of these names. */
enum expr_form { FORM_EXPR, FORM_VALUE, FORM_TEMPLATE };

/*
 * What binding needs from the floors above: deploy/compile.c fills these in.
 * Each hook complains by itself and then returns NULL.
 */
struct binder {
	struct arena *arena; /* of what is bound; borrowed */
	struct report *report;
	/* The children of e from first on, as a sequence; without any, an empty one. */
	const struct node *(*steps)(struct binder *b, const struct element *e,
				    const struct element *first);
	const struct node *(*endpoint)(struct binder *b, const struct element *e);
	/* scope: the element whose namespaces prefixes refer to. */
	const struct expr *(*expr)(struct binder *b, struct str text, enum expr_form form,
				   const struct element *scope);
	void (*ref)(struct binder *b, struct ref *ref); /* to be linked later */
	/* Of each struct and expression; NULL: nobody wants to know. */
	void (*bound)(struct binder *b, struct bound bound);
	struct endpoint_house *endpoints; /* endpoint/endpoint.h */
	struct shared *shared;            /* deploy/shared.h */
	void *ctx;
};

/* Between elements where only elements count: a word too many, half of a tag. */
void warn_of_stray_text(const struct element *e, struct binder *b);

/*
 * Fills self, which is zeroed and of schema->size, with what stands in e. False if
 * it complained. The attributes and children `description`, `statistics`, `trace`
 * and `traceFilter` are always known and mean nothing; so are attributes of foreign
 * namespaces. Words of Synapse may stand without a namespace; ours may not.
 */
bool schema_bind(const struct schema *s, const struct element *e, void *self,
		 struct binder *b);

#endif
