/*
 * Heads as they go out, and a body that follows its head.
 *
 * Fields that are still as they came are copied in runs. Hop-by-hop fields, those
 * that Connection names, and whatever frames a body are left out: each hop has its
 * own.
 */
#ifndef NET_HTTP_WRITE_H
#define NET_HTTP_WRITE_H

#include "base/buf.h"
#include "message/body.h"
#include "message/headers.h"

struct tcp;

enum framing_kind {
	FRAMING_NONE,        /* nothing is said, nothing follows */
	FRAMING_LENGTH,      /* Content-Length */
	FRAMING_CHUNKED,     /* Transfer-Encoding */
	FRAMING_UNTIL_CLOSE, /* HTTP/1.0 */
};

struct framing {
	enum framing_kind kind;
	uint64_t length;
};

/* What can be said of the body before it is sent; chunked if there is nothing. */
struct framing framing_of(const struct body *b);

/* False: a field could not be sent (a name that is none, CR, LF, NUL). */
bool http_write_request(struct buf *out, struct str method, struct str target,
			unsigned minor);
bool http_write_status(struct buf *out, unsigned status, struct str reason);
bool http_write_field(struct buf *out, struct str name, struct str value);
bool http_write_fields(struct buf *out, const struct headers *h, bool request);
void http_write_date(struct buf *out, int64_t wall_ms);
/* And the empty line. */
void http_write_framing(struct buf *out, const struct framing *f);

/* --- a body on its way out --- */

enum out_state { OUT_GOING, OUT_COMPLETE, OUT_BODY_BROKE, OUT_WRITE_FAILED };

struct out {
	struct body_sink sink;
	struct tcp *tcp;   /* borrowed */
	struct body *body; /* borrowed; NULL once it is over */
	bool chunked;
	enum out_state state;
	/* When it is no longer GOING, if start() did not say so itself. */
	void (*over)(struct out *o);
};

/* Writes the head and what there is of the body in one. The body may be NULL. */
enum out_state out_start(struct out *o, struct tcp *t, struct str head,
			 struct body *body);
void out_drained(struct out *o); /* the connection can take more */
void out_cancel(struct out *o);  /* lets go of the body */

#endif
