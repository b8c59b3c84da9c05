/*
 * Facts about the latest input or output, as one JSON object: of the request (method,
 * path, parameters, headers) or, after a call, of the reply (status, reason, headers).
 * Made when somebody asks; who changes headers for another reason than a reply asks
 * first, so that the facts stay what they were.
 */
#ifndef MESSAGE_ATTRIBUTES_H
#define MESSAGE_ATTRIBUTES_H

#include "message/json.h"
#include "message/message.h"

/* The message's arena's; header names in lower case. Never NULL. */
const struct json *message_attributes(struct message *m);

/* What the payload is: as somebody set it, else its Content-Type. Empty: unknown. */
struct str message_media_type(const struct message *m);
/* Sets it without touching the facts. */
void message_set_media_type(struct message *m, struct str media_type);

#endif
