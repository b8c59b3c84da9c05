/*
 * The manual's pages, as they stand at the top of the sources; made by
 * cmake/manual.cmake.
 */
#ifndef TOOLS_MANUAL_H
#define TOOLS_MANUAL_H

#include <stddef.h>

/* " * # log\n *\n * Writes …": a comment without its ends. Ends in NULL. */
extern const char *const manual_pages[];

#endif
