/* A body on its way out. */
#include <stdio.h>

#include "net/http_write.h"
#include "net/tcp.h"

static bool write_bytes(struct out *o, struct str head, struct str bytes, bool last)
{
	struct str pieces[5];
	unsigned count = 0;
	char size[24];

	if (head.len)
		pieces[count++] = head;
	if (bytes.len && o->chunked) {
		const int len = snprintf(size, sizeof(size), "%zx\r\n", bytes.len);

		pieces[count++] = (struct str){ size, (size_t)len };
	}
	if (bytes.len)
		pieces[count++] = bytes;
	if (bytes.len && o->chunked)
		pieces[count++] = STR("\r\n");
	if (last && o->chunked)
		pieces[count++] = STR("0\r\n\r\n");
	return count == 0 || tcp_write(o->tcp, pieces, count);
}

static bool ends_well(const struct body *b)
{
	return !b || b->state == BODY_WHOLE || b->state == BODY_EMPTY;
}

static bool take_bytes(struct body_sink *sink, struct str bytes)
{
	struct out *o = (struct out *)sink;

	if (!write_bytes(o, (struct str){ NULL, 0 }, bytes, false)) {
		o->state = OUT_WRITE_FAILED;
		o->over(o);
		return false;
	}
	return tcp_is_clear(o->tcp);
}

static void take_end(struct body_sink *sink, bool complete)
{
	struct out *o = (struct out *)sink;

	o->body = NULL;
	o->state = complete ? OUT_COMPLETE : OUT_BODY_BROKE;
	if (complete && !write_bytes(o, (struct str){ NULL, 0 }, STR(""), true))
		o->state = OUT_WRITE_FAILED;
	o->over(o);
}

/* What is there, until the connection is full; a body that ended is let go of. */
static enum out_state pour(struct out *o, struct str head)
{
	for (;;) {
		const struct str bytes = o->body ? body_next(o->body)
						 : (struct str){ NULL, 0 };
		const bool over = !o->body || body_is_taken(o->body);
		const bool well = over && ends_well(o->body);

		if (!write_bytes(o, head, bytes, well))
			return OUT_WRITE_FAILED;
		head.len = 0;
		if (over)
			return well ? OUT_COMPLETE : OUT_BODY_BROKE;
		if (bytes.len == 0 || !tcp_is_clear(o->tcp))
			return OUT_GOING;
	}
}

enum out_state out_start(struct out *o, struct tcp *t, struct str head, struct body *body)
{
	o->sink = (struct body_sink){ take_bytes, take_end };
	o->tcp = t;
	o->body = body;
	o->state = pour(o, head);
	if (o->state == OUT_GOING)
		body_attach(o->body, &o->sink);
	else
		o->body = NULL;
	return o->state;
}

void out_drained(struct out *o)
{
	if (o->body)
		body_resume(o->body);
}

void out_cancel(struct out *o)
{
	struct body *b = o->body;

	o->body = NULL;
	if (b && b->sink == &o->sink)
		body_detach(b);
}
