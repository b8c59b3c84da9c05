/* A reply takes the message's place: new transport and axis2 scopes (mediation.md §3.5).
 */
#include "endpoint/attempt.h"

static void set(struct message *m, const char *name, struct value value)
{
	properties_add(&m->properties[SCOPE_AXIS2], m->arena, str_of(name), value);
}

void reply_take(struct sending *s)
{
	struct message *m = &s->x->message;
	const struct reply *reply = &s->reply;

	message_become_reply(m, &s->reply.headers, &s->reply.body);
	set(m, "HTTP_SC", value_int(reply->status));
	set(m, "HTTP_SC_DESC", value_str(reply->reason));
	set(m, "ORIGINAL_HTTP_SC", value_int(reply->status));
	if (reply->status >= 400)
		set(m, "FAULT_MESSAGE", value_str(STR("TRUE")));
	if (reply->status == 202)
		set(m, "SC_ACCEPTED", value_str(STR("true")));
}
