/* The process's own RSA key, which signs test tokens; made when it is first wanted. */
#ifndef MEDIATORS_OWN_KEY_H
#define MEDIATORS_OWN_KEY_H

#include "base/crypto.h"

/* Takes a while the first time: not on a loop, so definitions ask when they bind. */
const struct rsa_key *own_key(void);
struct str own_key_id(void);

#endif
