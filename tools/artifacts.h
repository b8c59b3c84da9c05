/* What check, translate and describe share: reading artifacts, and complaining. */
#ifndef TOOLS_ARTIFACTS_H
#define TOOLS_ARTIFACTS_H

#include <stdio.h>

#include "schema/report.h"
#include "tools/tools.h"

/* "file:12: text", or "file:12: warning: text"; a place without a line has no number. */
void print_complaints(const struct report *r, FILE *to);

#endif
