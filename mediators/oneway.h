/*
 * Sends a copy of the message somewhere and does not wait for what comes back: what
 * call and send do while property OUT_ONLY is "true".
 */
#ifndef MEDIATORS_ONEWAY_H
#define MEDIATORS_ONEWAY_H

#include "flow/exchange.h"

/* A node of its own, because the body must be whole to be copied. */
struct oneway {
	struct node node;
	const struct node *endpoint;
};

void oneway_init(struct oneway *o, const struct node *endpoint, struct where where);
bool is_out_only(struct exchange *x);

#endif
