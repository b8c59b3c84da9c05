/* What is wrong with a definition. All of it, not only the first thing. */
#ifndef SCHEMA_REPORT_H
#define SCHEMA_REPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct complaint {
	struct where where;
	enum severity severity;
	const char *text;
	struct complaint *next;
};

struct report {
	struct arena *arena; /* borrowed */
	struct complaint *first, **last;
	unsigned errors, warnings;
};

void report_init(struct report *r, struct arena *a);

/* Always false, to be returned by whoever found the mistake. */
bool report_error(struct report *r, struct where at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The definition works all the same, but not as its author may think. */
void report_warning(struct report *r, struct where at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds all that is in `from`, copied, in its order. */
void report_append(struct report *r, const struct report *from);

#endif
