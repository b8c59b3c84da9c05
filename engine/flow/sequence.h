#ifndef FLOW_SEQUENCE_H
#define FLOW_SEQUENCE_H

#include "flow/exchange.h"

/*
 * Runs its steps in order. If one faults, onError runs, and the exchange ends
 * after it (mediation.md §3.4). What is rescued further up never gets here.
 */
struct sequence {
	struct node node;
	struct str name; /* empty: anonymous */
	const struct node *const *steps;
	unsigned count;
	struct ref *on_error; /* NULL: let the fault pass */
};

extern const struct node_type sequence_type;

#endif
