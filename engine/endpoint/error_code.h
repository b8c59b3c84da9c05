/*
 * What happened on the wire, as Synapse counts it: code = base + phase, a message,
 * and the log lines L20 to L26 (endpoints.md §5.1, §5.2, §13). Codes collide, so
 * each error has a kind of ours beside it (decisions.md §2).
 */
#ifndef ENDPOINT_ERROR_CODE_H
#define ENDPOINT_ERROR_CODE_H

#include "flow/exchange.h"
#include "message/transport.h"

struct error_code {
	int base, phase; /* the code is their sum */
	const char *message;
	const char *kind; /* ERROR_KIND */
};

struct error_code error_code_of(const struct failure *f);

/* A short sentence with host, port and the system's words. */
const char *error_detail(const struct failure *f, struct arena *a);

/* The line the transport's own classes write. url and method: of the request. */
void error_log(struct exchange *x, const struct failure *f, struct str method,
	       struct str url, uint64_t idle_ms);

#endif
