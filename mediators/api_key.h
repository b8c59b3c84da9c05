/*
 * Tokens that come as API keys: alone, in a header or a query parameter of a name that
 * the definition gives. Places are names with blanks between, "?name" for a parameter.
 */
#ifndef MEDIATORS_API_KEY_H
#define MEDIATORS_API_KEY_H

#include "common.h"

/* The first that is there; false: none. */
bool api_key_find(struct str places, struct exchange *x, struct str *token);
/* From headers, and from the rest of the path that goes on to an endpoint. */
void api_key_take_off(struct str places, struct exchange *x);

#endif
