/*
 * What a <format> was cut into when it was compiled (factory.c), in the order in which it
 * is put together again for each message (factory_fill.c). All is the deployment's
 * arena's.
 */
#ifndef MEDIATORS_FACTORY_PRIV_H
#define MEDIATORS_FACTORY_PRIV_H

#include "factory.h"

enum part_kind {
	LITERAL,
	ARGUMENT, /* $1 */
	INLINE,   /* ${…} */
	QUOTED,   /* "${…}", its quotes are its */
};

struct factory_part {
	enum part_kind kind;
	struct str text; /* as written */
	uint64_t index;  /* of ARGUMENT; 1 is the first */
	const struct expr *expression;
	const struct factory_part *next;
};

#endif
