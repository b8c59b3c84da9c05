/*
 * A value of an expression or a property: small, passed by value.
 *
 * What it points to lives as long as the arena of its message. JSON numbers keep
 * their text (decisions.md §3), so they stay VALUE_JSON until somebody calculates.
 */
#ifndef MESSAGE_VALUE_H
#define MESSAGE_VALUE_H

#include "base/arena.h"

struct json;      /* message/json.h */
struct xml_nodes; /* message/xml.h */

enum value_kind {
	VALUE_NULL, /* nothing there: null in Java's words */
	VALUE_BOOL,
	VALUE_INT,
	VALUE_DOUBLE,
	VALUE_STR,
	VALUE_JSON, /* any JSON value */
	VALUE_XML,  /* a list of XML nodes; borrowed until the tree is changed */
};

struct value {
	enum value_kind kind;
	union {
		bool truth;
		int64_t number;
		double real;
		struct str text;
		const struct json *json;
		const struct xml_nodes *xml;
	};
};

#define VALUE_NONE ((struct value){ VALUE_NULL, { 0 } })

static inline struct value value_str(struct str s)
{
	return (struct value){ .kind = VALUE_STR, .text = s };
}

static inline struct value value_int(int64_t n)
{
	return (struct value){ .kind = VALUE_INT, .number = n };
}

static inline struct value value_bool(bool truth)
{
	return (struct value){ .kind = VALUE_BOOL, .truth = truth };
}

static inline struct value value_double(double real)
{
	return (struct value){ .kind = VALUE_DOUBLE, .real = real };
}

static inline struct value value_json(const struct json *json)
{
	return (struct value){ .kind = VALUE_JSON, .json = json };
}

static inline struct value value_xml(const struct xml_nodes *xml)
{
	return (struct value){ .kind = VALUE_XML, .xml = xml };
}

/*
 * As text: integers plain, doubles as Java prints them, JSON compact (a string without
 * its quotes), nodes by the rules of mediation.md §5.2. Null is "".
 */
struct str value_text(struct value v, struct arena *a);

/* Double.toString(): 3.0, 1.0E10, NaN. */
struct str java_double(double real, struct arena *a);

/* A copy that needs nothing of where it came from; for nodes that are to be kept. */
struct value value_copy(struct value v, struct arena *a);

#endif
