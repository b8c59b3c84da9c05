/* What went wrong, where in the definition, and the code a caller may act on. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

struct json; /* message/json.h */

/* A place in a definition file. Line 0 means "nowhere in particular". */
struct where {
	const char *file;
	unsigned line;
};

/*
 * Codes are Synapse's own, so a configuration can name them (spec endpoints.md
 * §5). Those of the sender are base + phase, computed in endpoint/error_code.c.
 */
enum fault_code {
	FAULT_MEDIATION = 0, /* an error of a mediator, without a code of its own */
	FAULT_SND_IO = 101500,
	FAULT_CONNECTION_FAILED = 101503,
	FAULT_CONNECTION_TIMEOUT = 101504, /* also: the endpoint's deadline */
	FAULT_CONNECTION_CLOSED = 101505,
	FAULT_PROTOCOL_VIOLATION = 101506,
	FAULT_CONNECT_CANCEL = 101507,
	FAULT_CONNECT_TIMEOUT = 101508,
	FAULT_SND_HTTP = 102510,
	FAULT_NONE_READY = 303000,
	FAULT_NOT_READY = 303001,
	FAULT_ENDPOINT_AUTH = 303003,
	FAULT_NO_ENDPOINT = 305100,
	FAULT_BLOCKING_CALL = 401002,
	FAULT_NONBLOCKING_CALL = 401003,
	FAULT_SOAP_FAULT = 500000,
	FAULT_BUILDING = 601000, /* the payload cannot be parsed */
	FAULT_TOO_DEEP = 700100, /* ours: nested deeper than EXCHANGE_MAX_DEPTH */
};

/* All texts are borrowed from the arena of whoever holds the fault. */
struct fault {
	int code;
	const char
		*code_text; /* a code that is no number (throwError type="…"), or NULL */
	const char *text;   /* ERROR_MESSAGE; one line */
	const char *detail;   /* ERROR_DETAIL; NULL: same as text */
	const char *kind;     /* ERROR_KIND (decisions.md §2), or NULL: "mediation" */
	const char *endpoint; /* ERROR_ENDPOINT: the leaf's name, or NULL */
	struct where where;
	const struct json *data;  /* what belongs to it beyond words (a refused reply) */
	const struct json *shown; /* how handlers see it, once one has looked */
	bool logged;              /* a handler has written it to the log */
};

#endif
