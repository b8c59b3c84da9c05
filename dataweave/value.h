/*
 * A value of DataWeave: small, passed by value; what it points to is the arena's of
 * the message. Arrays and objects that came as JSON are opened level by level, when
 * somebody looks, and stay open: `payload.a.b` of a large document touches two objects,
 * however often it is written. A number that nobody calculated with keeps its text.
 */
#ifndef DATAWEAVE_VALUE_H
#define DATAWEAVE_VALUE_H

#include "base/arena.h"
#include "message/json.h"
#include "message/value.h"

enum dw_kind {
	DW_NULL,
	DW_BOOLEAN,
	DW_NUMBER,
	DW_STRING,
	DW_DATE,   /* integer: ms since 1970 of its own clock; zone: minutes; shape */
	DW_PERIOD, /* integer: ms; zone: months */
	DW_REGEX,  /* regex, and its text */
	DW_RANGE,  /* from integer to `last`; an array in disguise */
	DW_ARRAY,
	DW_OBJECT,
	DW_FUNCTION,
	DW_TYPE,
};

/* What parts a date has. */
enum dw_shape { DW_DATE_TIME, DW_LOCAL_DATE_TIME, DW_DAY, DW_TIME, DW_LOCAL_TIME };

struct dw_list;
struct dw_function;
struct dw_type;
struct regex;
struct xml_node; /* message/xml.h */

/* What XML says at a key beside its name. */
struct dw_tag {
	struct dw_list *attributes; /* NULL: none */
	struct str prefix, uri;     /* its namespace; empty: none */
};

struct dw_value {
	enum dw_kind kind;
	bool whole;          /* of a number: integer, not real */
	unsigned char shape; /* enum dw_shape */
	short zone;
	union {
		bool truth;
		int64_t integer;
		double real;
		struct dw_list *list;
		const struct dw_function *function;
		const struct dw_type *type;
		const struct regex *regex; /* expr/regex.h */
	};
	union {
		struct str
			text; /* of a string; of a number as it was written, or empty */
		int64_t last; /* of a range */
	};
	const struct dw_tag *tag; /* of the key it stands at; NULL: none */
};

struct dw_member {
	struct str key; /* of an object's */
	struct dw_value value;
};

/* Members of an array or object, or the JSON or XML they are still in. */
struct dw_list {
	struct dw_member *at;
	size_t count, room;
	const struct json *json;     /* not opened yet; else NULL */
	const struct xml_node *xml;  /* likewise: they are its children */
	const struct xml_node *root; /* they are this one element, as it came; or NULL */
	/* How many members stand in `at`, for lists that share its beginning; or NULL. */
	size_t *filled;
};

#define DW_NOTHING ((struct dw_value){ .kind = DW_NULL })

struct dw_value dw_boolean(bool truth);
struct dw_value dw_integer(int64_t n);
struct dw_value dw_real(double n); /* a whole one becomes an integer */
struct dw_value dw_string(struct str text);
struct dw_value dw_json(const struct json *j, struct arena *a); /* NULL: null */
/* An object of this one element. Opened level by level, like JSON. */
struct dw_value dw_xml(const struct xml_node *root, struct arena *a);
struct dw_value dw_new(enum dw_kind array_or_object, struct arena *a);

/* Appends; the list must be one of dw_new(). */
void dw_add(struct dw_value *to, struct arena *a, struct str key, struct dw_value value);

/*
 * A list of the same members to add to. What one list after another is made of by adding
 * (`acc + item`, `acc ++ {…}`) is kept once. *copied: how many members had to be.
 */
struct dw_value dw_grown(const struct dw_value *of, struct arena *a, size_t *copied);
/* A text that equal values have in common, and others not. */
struct str dw_identity(const struct dw_value *v, struct arena *a);
/* The key of a member as a value. */
struct dw_value dw_key(const struct dw_member *m);

/* Of an array, an object or a range. */
size_t dw_count(const struct dw_value *v);
/* Opened. Nothing for other kinds. */
struct dw_list *dw_members(const struct dw_value *v, struct arena *a);
struct dw_value dw_item(const struct dw_value *v, size_t index, struct arena *a);
/* The first of this key; false: none. */
bool dw_field(const struct dw_value *object, struct str key, bool any_case,
	      struct arena *a, struct dw_value *found);

double dw_number(const struct dw_value *v);
bool dw_equal(const struct dw_value *a, const struct dw_value *b, struct arena *arena);
const char *dw_kind_name(const struct dw_value *v); /* "String" */

/* As text, as `++` and text/plain write it; containers as JSON. */
struct str dw_text(const struct dw_value *v, struct arena *a);
/* What error.errorType is prints as NAMESPACE:IDENTIFIER. */
bool dw_is_error_type(const struct dw_value *v, struct arena *a, struct str *text);
/* A copy as JSON, dates as ISO texts; functions are null. */
struct json *dw_to_json(const struct dw_value *v, struct arena *a, bool skip_null,
			unsigned depth);
/* To and from what the rest of the house calls a value. */
struct value dw_give(const struct dw_value *v, struct arena *a);
struct dw_value dw_take(struct value v, struct arena *a);

#endif
