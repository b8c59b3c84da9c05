/*
 * A node is anything the engine can run: a mediator, a sequence, an endpoint.
 *
 * Nodes are the compiled configuration. They are built once, when a definition
 * is deployed, and never written again: many exchanges run the same node at the
 * same time, on several threads. What a node must remember during one run lives
 * in its frame.
 */
#ifndef FLOW_NODE_H
#define FLOW_NODE_H

#include <stddef.h>

#include "base/fault.h"
#include "expr/expr.h"

struct exchange;
struct schema;

/* What a node tells the engine when it returns. */
enum flow {
	FLOW_DONE,  /* finished; carry on in the frame below */
	FLOW_CHILD, /* I pushed a child; run it, then call my resume() */
	FLOW_WAIT,  /* asleep until exchange_wake(); then call my resume() */
	FLOW_STOP,  /* the whole exchange is done (respond, drop) */
	FLOW_FAULT, /* exchange_fault() says why; find someone who rescues */
};

struct node {
	const struct node_type *type;
	struct where where; /* file and line it was written on */
	/* Before run() is called the body is there that far: the type's, or more. */
	enum needs needs;
};

struct node_type {
	const char *name; /* the element: "log", "filter", "failover" */
	const char *brief;
	const struct schema *schema;
	enum needs needs;
	size_t frame_size; /* bytes of state a run needs; zeroed when it starts */

	/* Called in this order. All but run() may be missing. */
	enum flow (*run)(const struct node *, struct exchange *, void *state);
	enum flow (*resume)(const struct node *, struct exchange *, void *state);
	/* A frame above faulted. FLOW_FAULT passes it on down. */
	enum flow (*rescue)(const struct node *, struct exchange *, void *state);
	/* A frame above stopped the exchange. FLOW_STOP passes it on down. */
	enum flow (*stopped)(const struct node *, struct exchange *, void *state);
	/* The frame goes away, for whatever reason: let go of what it holds. */
	void (*leave)(const struct node *, struct exchange *, void *state);
};

#endif
