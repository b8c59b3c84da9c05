/*
 * The small writes of a round of events, sent one after the other when it is over.
 *
 * A send wakes whoever sleeps at the other end, and that is its dearest part. Sent in a
 * row, they find most receivers on one machine awake; and head and body, copied here,
 * are one piece. What is large is not copied but sent at once. Nothing waits longer
 * than for the other events of its round.
 */
#ifndef NET_OUTBOX_H
#define NET_OUTBOX_H

#include "base/str.h"

struct tcp;

enum { OUTBOX_BYTES = 64 * 1024, OUTBOX_WRITES = 64, OUTBOX_MOST = 8 * 1024 };

struct outbox {
	unsigned count;
	size_t len; /* of bytes */
	struct outbox_write {
		struct tcp *tcp; /* its posted is true */
		size_t at, len;
	} writes[OUTBOX_WRITES];
	char bytes[OUTBOX_BYTES];
};

/* Copies them; they are at most OUTBOX_MOST bytes in all. */
void outbox_post(struct outbox *o, struct tcp *t, const struct str *pieces,
		 unsigned count);
void outbox_send(struct outbox *o);

#endif
