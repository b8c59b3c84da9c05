/*
 * HTTP/1.1 as bytes in memory, for the two ends of a live play: simple, whole messages
 * only. The engine's own parser is not used, so that one does not hide the other's
 * mistakes.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include "base/buf.h"
#include "message/headers.h"

struct wire_message {
	struct str start[3]; /* the words of the first line; the last takes the rest */
	struct headers headers;
	struct str body;
};

/*
 * How many bytes the first message in there has; 0: it is not complete yet. closed: no
 * more will come. An answer without a length ends there; texts are the arena's.
 */
size_t wire_parse(struct str bytes, bool closed, struct arena *a, struct wire_message *m);

/* A response with the reason "OK" and a Content-Length. */
void wire_response(unsigned status, const struct headers *h, struct str body,
		   struct buf *to);

/* TCP to and from 127.0.0.1; -1: it did not work. */
int wire_listen(unsigned port);
int wire_connect(unsigned port);
/* One that nobody listens on, and that is given to no other test, nor by the kernel. */
unsigned wire_free_port(void);
void wire_reset(int descriptor); /* its close() will be a reset */
bool wire_send(int descriptor, struct str bytes);
/* One read into b. 0: closed or broken, -1: nothing there now. */
int wire_receive(int descriptor, struct buf *b);

/* The machine's clock, ms. */
uint64_t wire_now(void);
void wire_wait(uint64_t ms);

#endif
