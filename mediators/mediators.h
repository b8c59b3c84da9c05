/*
 * The mediators there are: the table of contents of the language. A new one is one
 * file beside this, and one line here. (A .c with a .h of its own name is a helper.)
 */
#ifndef MEDIATORS_H
#define MEDIATORS_H

#include "flow/node.h"

/* clang-format off */
#define MEDIATORS(X)            \
	X(action)               \
	X(call)                 \
	X(call_template)        \
	X(drop)                 \
	X(enrich)               \
	X(fallback)             \
	X(feature)              \
	X(filter)               \
	X(header)               \
	X(healthcheck)          \
	X(invoke)               \
	X(log)                  \
	X(loopback)             \
	X(makefault)            \
	X(memory)               \
	X(payloadFactory)       \
	X(property)             \
	X(propertyGroup)        \
	X(respond)              \
	X(run)                  \
	X(send)                 \
	X(sequence)             \
	X(session)              \
	X(switch)               \
	X(throwError)           \
	X(try)                  \
	X(variable)
/* clang-format on */

#define DECLARE(name) extern const struct node_type name##_mediator;
MEDIATORS(DECLARE)
#undef DECLARE

extern const struct node_type *const mediators[]; /* ends in NULL */

#endif
