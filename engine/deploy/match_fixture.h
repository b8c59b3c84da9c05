/* For tests: what a match has found, as text. */
#ifndef DEPLOY_MATCH_FIXTURE_H
#define DEPLOY_MATCH_FIXTURE_H

#include "deploy/template.h"

/* "name=value name=value "; the arena's. */
static inline const char *values_of(const struct template_match *m, struct arena *a)
{
	const char *text = "";

	for (unsigned i = 0; i < m->count; i++)
		text = arena_printf(a, "%s" STR_FMT "=" STR_FMT " ", text,
				    STR_ARG(m->values[i].name),
				    STR_ARG(m->values[i].raw));
	return text;
}

#endif
