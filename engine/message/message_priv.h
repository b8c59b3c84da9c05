/* What a message knows without having been told; known.c works it out when asked. */
#ifndef MESSAGE_MESSAGE_PRIV_H
#define MESSAGE_MESSAGE_PRIV_H

#include "message/message.h"

/* Of the request or the reply: REST_METHOD, query.param.x, messageType … */
struct value message_knows(struct message *m, enum scope scope, struct str name);
/* Only for get-property(): To, MessageID, SYSTEM_TIME … */
struct value message_special(struct message *m, struct str name);

#endif
