/*
 * A payload as a value, a value as a payload, and a payload put aside for later: what
 * call, enrich and the loops do with the body of a message.
 *
 * The message's content must have been understood (NEEDS_TREE).
 */
#ifndef MEDIATORS_PAYLOAD_H
#define MEDIATORS_PAYLOAD_H

#include "message/content.h"

/* Body, headers and types of a message as they were. Texts are the message's arena's. */
struct payload {
	struct headers headers;
	struct properties axis2;
	struct content content;
	struct str bytes;
};

void payload_save(struct payload *p, struct message *m);
/* Puts body, headers, messageType, ContentType and NO_ENTITY_BODY back. */
void payload_restore(const struct payload *p, struct message *m);
/* Only the body. */
void payload_restore_body(const struct payload *p, struct message *m);
/*
 * Puts axis2 properties and headers back, but for those that belong to the body and to
 * its status; with reply_headers only the properties.
 */
void payload_restore_context(const struct payload *p, struct message *m,
			     bool reply_headers);

/* The payload: JSON, XML nodes, or text. Null: there is none. */
bool payload_value(struct message *m, struct value *v, struct fault *why);
/* { payload, headers, attributes { statusCode } }: a reply in a variable. */
bool payload_as_object(struct message *m, struct value *v, struct fault *why);

/* A value that may be kept while the message changes: XML is copied. */
struct value value_kept(struct value v, struct arena *a);

/*
 * Makes the value the payload, as the media type wants it: JSON, text, or XML. Empty
 * media type: what messageType says, else what the value is.
 */
bool payload_put(struct message *m, struct value v, struct str media_type,
		 struct fault *why);

#endif
