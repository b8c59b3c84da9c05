/*
 * What several mediators do alike: faults as Synapse's own mediators raise them,
 * and small steps of binding.
 */
#ifndef MEDIATORS_COMMON_H
#define MEDIATORS_COMMON_H

#include "flow/exchange.h"
#include "schema/schema.h"

/*
 * A mediator's own mistake: an ERROR line in its class logger, the same without
 * prefix in the service log, and a fault without a code (mediation.md §3.2).
 */
enum flow mediator_fault(struct exchange *x, const char *logger, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The body must be there at least that far before n runs. For schema checks. */
void mediator_needs(struct node *n, enum needs needs);
/* ... as far as the expression, which may be NULL, wants it. */
void mediator_needs_for(struct node *n, const struct expr *e);

/* The element as XML text, without the blanks between its children; the arena's. */
struct str element_text(const struct element *e, struct arena *a);

/* Where a message without an endpoint goes: to its To address (<default/>). */
const struct node *default_endpoint(struct binder *b, const struct element *e);

/* WARN if it cannot be sent: then there is none of that name. */
void mediator_set_header(struct exchange *x, const char *logger, struct str name,
			 struct value v);

/* A line in the class logger and, without prefix, in the service log. */
void mediator_say(struct exchange *x, enum log_level level, const char *logger,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* run() of what is there to be referred to: inside of a flow it has no say. */
enum flow mediator_pass(const struct node *n, struct exchange *x, void *state);

/* Takes off what clients say in headers that only a router may set. */
void mediator_drop_router_headers(struct headers *h);

/* The message is the answer (respond; send in the response direction). */
enum flow mediator_answer(struct exchange *x);

#endif
