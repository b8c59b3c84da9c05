/*
 * The bottom frame of a request: what a resource of an API, or a proxy, does with it.
 *
 * Runs `in`. If that ended in a response direction (send got its reply, loopback),
 * runs `out` and answers. A fault that nobody rescued runs `fault`, else the
 * deployment's sequence named "fault", else passes: the listener then gives the
 * built-in answer (decisions.md F5). A fault sequence that ends without an answer
 * is a 500 (F6).
 */
#ifndef FLOW_RESOURCE_H
#define FLOW_RESOURCE_H

#include "flow/exchange.h"

struct resource {
	struct node node;
	const struct node *in, *out, *fault;      /* NULL: none */
	struct ref *in_key, *out_key, *fault_key; /* win over the inline ones */
};

extern const struct node_type resource_type;

#endif
