/*
 * The process's own RSA key, which signs test tokens: read from where it is kept, else
 * made when it is first wanted.
 */
#ifndef MEDIATORS_OWN_KEY_H
#define MEDIATORS_OWN_KEY_H

#include "base/crypto.h"

/* Takes a while the first time: not on a loop, so what is to run asks when it binds. */
const struct rsa_key *own_key(void);
struct str own_key_id(void);
/* The file that holds it over restarts; borrowed, and said before it is first wanted. */
void own_key_keep(const char *path);

#endif
