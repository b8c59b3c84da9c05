/*
 * A message as it was: taken before something that may fail or must leave no trace, put
 * back after it. Costs two small tables; bytes and trees are shared, for both are only
 * ever replaced. The body must be WHOLE (NEEDS_BYTES).
 */
#ifndef MEDIATORS_MOMENT_H
#define MEDIATORS_MOMENT_H

#include "message/attributes.h"
#include "message/content.h"

struct moment {
	struct headers headers;
	struct properties axis2, variables;
	struct content content;
	struct str bytes; /* of the body, if they fit into memory */
	bool has_body;    /* it has one, and it may be in a file */
	const struct json *attributes;
	struct str to;
	const struct json *error_payload;
	bool after_call;
};

void moment_take(struct moment *s, struct message *m);
void moment_restore(const struct moment *s, struct message *m); /* not variables */
void moment_restore_variables(const struct moment *s, struct message *m);

/* Are the bytes of the body what the payload is? They need not be made then. */
bool payload_is_body(const struct message *m);
/*
 * The payload as it goes over a wire, and its media type ("" if nobody said). What it
 * is made of decides where the media type is missing. False: *why.
 */
bool payload_on_wire(struct message *m, struct str *bytes, struct str *media_type,
		     struct fault *why);
/*
 * Makes a value the payload, of this media type ("" for what the value is). A text of
 * type JSON becomes a tree. The facts (attributes) stay.
 */
bool payload_become(struct message *m, struct value v, struct str media_type,
		    struct fault *why);
/* { payload, attributes } of the message, as what other words keep and hand over. */
struct json *message_as_json(struct message *m, struct arena *a, struct fault *why);

#endif
