/*
 * Copies of a message that go their own ways at the same time (clone, iterate), and
 * what an aggregate behind them gathers.
 *
 * The one they came from sleeps until one of them answers, one fails, or all have
 * ended. Branches that are then still under way go on by themselves.
 */
#ifndef MEDIATORS_BRANCHES_H
#define MEDIATORS_BRANCHES_H

#include "flow/exchange.h"
#include "schema/schema.h"

/* What one branch runs: the target's steps, then what follows up to an aggregate. */
struct branch_body {
	struct node node;
	const struct node *steps;
	const struct node *rest; /* NULL: nothing */
};

struct gathered; /* aggregate.c */

struct branches {
	struct arena arena; /* it lies in here itself */
	unsigned references;
	struct exchange *parent;          /* NULL: nobody waits any more */
	unsigned total, running, waiting; /* waiting: aggregates with a timer */
	bool answered, failed;
	struct gathered *gathered;
};

/*
 * What follows e among its siblings, if an aggregate is among it; else *rest is NULL.
 * False if it complained.
 */
bool branch_rest(struct binder *b, const struct element *e, const struct node **rest);
void branch_body_init(struct branch_body *body, const struct node *steps,
		      const struct node *rest, struct where where);

/* total: how many there will be. One reference is the caller's. */
struct branches *branches_new(struct exchange *parent, unsigned total);
void branches_unref(struct branches *b);
/* A branch with a copy of what parent's message is now. Its body must be whole. */
void branches_start(struct branches *b, struct exchange *parent,
		    const struct branch_body *body, unsigned index, struct str id);
/* For the parent's resume(): what became of them so far. */
enum flow branches_look(struct branches *b);
/* The parent's frame goes. */
void branches_leave(struct branches *b);

#endif
