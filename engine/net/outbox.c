#include "net/outbox.h"

#include <assert.h>

#include "net/tcp.h"

void outbox_send(struct outbox *o)
{
	for (unsigned i = 0; i < o->count; i++) {
		const struct outbox_write *w = &o->writes[i];

		w->tcp->posted = false;
		tcp_send(w->tcp, (struct str){ o->bytes + w->at, w->len });
	}
	o->count = 0;
	o->len = 0;
}

void outbox_post(struct outbox *o, struct tcp *t, const struct str *pieces,
		 unsigned count)
{
	struct outbox_write *w;

	if (o->count == OUTBOX_WRITES || o->len + OUTBOX_MOST > OUTBOX_BYTES)
		outbox_send(o);
	w = &o->writes[o->count++];
	*w = (struct outbox_write){ .tcp = t, .at = o->len };
	for (unsigned i = 0; i < count; i++) {
		memcpy(o->bytes + o->len, pieces[i].at, pieces[i].len);
		o->len += pieces[i].len;
	}
	w->len = o->len - w->at;
	assert(w->len <= OUTBOX_MOST);
	t->posted = true;
}
