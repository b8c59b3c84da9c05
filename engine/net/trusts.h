/*
 * Trust of their own that endpoints ask for: one for each combination of files, kept
 * until the end, because pooled connections know each other by it. Thread-safe.
 */
#ifndef NET_TRUSTS_H
#define NET_TRUSTS_H

#include "net/tls.h"

/* The files are read again each time it is asked for. NULL: *why. */
const struct tls_trust *trusts_find(const struct tls_files *files, struct fault *why);
/* What those show that have no certificate of their own: the process's. Borrowed. */
void trusts_show(const char *certificate, const char *key);
void trusts_free(void); /* nobody connects any more */

#endif
