/*
 * In words, what unusual settings do: where Myelin keeps a promise the original does
 * not (decisions.md §2), and the corner cases of suspension (endpoints.md §4.4).
 */
#ifndef TOOLS_EXPLAIN_H
#define TOOLS_EXPLAIN_H

#include <stdio.h>

#include "deploy/deployment.h"

/* One sentence a line: "file:12: …". Nothing unusual, nothing printed. */
void explain_deployment(const struct deployment *d, const struct endpoint_settings *s,
			FILE *to);

#endif
