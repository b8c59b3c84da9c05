/*
 * The mediators there are: the table of contents of the language. A word is one file of
 * its name (call-template: call_template.c, m:retry: retry.c; `tools/dev/check` holds
 * them against each other) and one line here. A .c that has a .h of its own name, or
 * begins with the name of one that has, is a helper: action_reply.c of action.h.
 */
#ifndef MEDIATORS_H
#define MEDIATORS_H

#include "flow/node.h"

/* clang-format off */
#define MEDIATORS(X)            \
	X(action)               \
	X(aggregate)            \
	X(answer)               \
	X(async)                \
	X(cache)                \
	X(call)                 \
	X(call_template)        \
	X(choose)               \
	X(clone)                \
	X(contact)              \
	X(cors)                 \
	X(drop)                 \
	X(each)                 \
	X(enrich)               \
	X(examples)             \
	X(fallback)             \
	X(feature)              \
	X(filter)               \
	X(first)                \
	X(foreach)              \
	X(forwarded)            \
	X(gate)                 \
	X(header)               \
	X(healthcheck)          \
	X(in)                   \
	X(invoke)               \
	X(iterate)              \
	X(jwks)                 \
	X(jwt)                  \
	X(keep)                 \
	X(kv)                   \
	X(log)                  \
	X(loopback)             \
	X(makefault)            \
	X(memo)                 \
	X(out)                  \
	X(payloadFactory)       \
	X(product)              \
	X(property)             \
	X(propertyGroup)        \
	X(raise)                \
	X(refuse)               \
	X(request)              \
	X(respond)              \
	X(retry)                \
	X(rotate)               \
	X(run)                  \
	X(say)                  \
	X(scatter)              \
	X(scopes)               \
	X(send)                 \
	X(sequence)             \
	X(session)              \
	X(set)                  \
	X(steps)                \
	X(switch)               \
	X(testkey)              \
	X(throttle)             \
	X(throwError)           \
	X(try)                  \
	X(upstreamFault)        \
	X(variable)             \
	X(xslt)
/* clang-format on */

#define DECLARE(name) extern const struct node_type name##_mediator;
MEDIATORS(DECLARE)
#undef DECLARE

extern const struct node_type *const mediators[]; /* ends in NULL */

#endif
