/* Small answers of the main loop's listeners: a status and a text, or JSON. */
#ifndef DAEMON_REPLY_H
#define DAEMON_REPLY_H

#include "message/json.h"
#include "net/http_server.h"

/* The texts are copied; type NULL: no body. */
void reply_text(struct http_call *c, unsigned status, const char *type, struct str text);
void reply_json(struct http_call *c, unsigned status, const struct json *j);
/* The same with one field of the caller's. */
void reply_field(struct http_call *c, unsigned status, struct str name, struct str value);

/* ... or with some; j NULL: no body. */
struct reply_field {
	const char *name;
	struct str value; /* empty: it is left out */
};
void reply_json_with(struct http_call *c, unsigned status, const struct json *j,
		     const struct reply_field *fields, size_t count);

/* The path without the query; a parameter of the query, decoded, `at` NULL if none. */
struct str call_path(const struct http_call *c);
struct str call_parameter(struct http_call *c, struct str name);

#endif
