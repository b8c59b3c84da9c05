/*
 * A body: bytes that came, and bytes still to come.
 *
 *	          body_start()            body_end()
 *	  EMPTY ---------------> ARRIVING ----------> WHOLE
 *	    |                        `--------------> BROKEN
 *	    `----- body_set() ------------------------> WHOLE
 *
 * A producer (a connection) feeds it; one consumer at a time takes bytes from it:
 * first with body_next() what is there, so that a head and the first bytes make one
 * write, then as a sink what comes. Bytes that nobody took by the end of the event
 * are copied (body_settle). A body that nobody takes from stops its producer at a
 * window's worth; one that is collected does not.
 *
 * What is kept lies in memory up to a limit, then in an unlinked file
 * (decisions.md §6).
 */
#ifndef MESSAGE_BODY_H
#define MESSAGE_BODY_H

#include "base/arena.h"
#include "base/str.h"

enum body_state { BODY_EMPTY, BODY_ARRIVING, BODY_WHOLE, BODY_BROKEN };

enum { BODY_LENGTH_UNKNOWN = -1, BODY_WINDOW = 256 * 1024 };

struct body;
struct failure; /* message/transport.h */

/* Where bytes come from. Neither may call back into the body before it returned. */
struct body_source {
	/* Whose it is: set by body_start(), kept right by body_move(); NULL when the
	 * body is gone, or whole or broken and settled. */
	struct body *body;
	void (*resume)(struct body_source *s); /* feed() said false; now it may go on */
	void (*cancel)(struct body_source *s); /* nobody wants the rest */
};

/* Where bytes go to as they come. Called while the producer's event is handled. */
struct body_sink {
	/* Borrowed for the call. False: no more for now, until body_resume(). */
	bool (*bytes)(struct body_sink *s, struct str bytes);
	/* Once, after the last byte; not complete: the producer failed. */
	void (*end)(struct body_sink *s, bool complete);
};

struct body_limits {
	uint64_t memory; /* bytes kept in memory; then a file */
	uint64_t most;   /* bytes kept at all */
};

extern const struct body_limits body_default_limits;

struct body_chunk;
struct body_spool;

struct body {
	enum body_state state;
	bool keep;           /* stays after it was taken, to be taken again */
	bool over;           /* kept more than the limit: cannot be taken again */
	bool paused;         /* the producer was told to wait */
	bool held;           /* the sink said: no more for now */
	int64_t length;      /* announced; BODY_LENGTH_UNKNOWN */
	uint64_t received;   /* bytes that came so far */
	uint64_t taken;      /* bytes taken by the present consumer */
	struct arena *arena; /* borrowed */
	struct str fresh;    /* of this event; in the producer's buffer */
	struct body_chunk *first, *last,
		*at;                      /* kept or not yet taken; at: next to take */
	struct body_spool *spool;         /* the file; NULL: all in memory */
	struct body_source *source;       /* borrowed; NULL once ended */
	struct body_sink *sink;           /* borrowed */
	const struct body_limits *limits; /* borrowed */
	const struct failure *broke; /* why it is BROKEN, if that is known; the arena's */
	void (*whole)(void *ctx);    /* body_collect() */
	void *ctx;
};

void body_init(struct body *b, struct arena *a);
/* Cancels a source that is still at it; lets go of all bytes. Leaves it EMPTY. */
void body_release(struct body *b);

/* Makes it these bytes, which must live as long as the arena. Releases the old. */
void body_set(struct body *b, struct str bytes);
/* Makes *to what *from was; *from is EMPTY then. */
void body_move(struct body *to, struct body *from);

/* --- the producer --- */

void body_start(struct body *b, struct body_source *source, int64_t length);
/*
 * The bytes are borrowed until body_settle(). False: wait for resume(), once what was
 * read already has been fed. Collected beyond the limit it turns BROKEN and over.
 */
bool body_feed(struct body *b, struct str bytes);
/* The producer's buffer goes: what is fresh is copied. After the end as well. */
void body_settle(struct body *b);
/* No more comes. Tells the sink, or whoever collects; *b may be gone then. */
void body_end(struct body *b, bool complete);

/* --- the consumer --- */

/* Takes the next run of bytes; empty: none there now. Good until the next call on b. */
struct str body_next(struct body *b);
/* Is everything that will ever come there and taken? */
bool body_is_taken(const struct body *b);
/*
 * Attached with bytes still to be taken: they come with body_resume(). Nothing comes
 * from a body that is taken whole already: ask body_is_taken() before.
 */
void body_attach(struct body *b, struct body_sink *sink);
void body_detach(struct body *b);
void body_resume(struct body *b); /* the sink wants more; *b may be gone then */

/* From now on nothing taken is forgotten (up to limits, or its default if NULL). */
void body_keep(struct body *b, const struct body_limits *limits);
/* To the first byte again. False: it is not all there any more. */
bool body_rewind(struct body *b);

/*
 * Calls whole() once when the body is WHOLE or BROKEN; not before this returned.
 * Asking is pointless when it is no longer ARRIVING. body_collect(b, NULL, NULL) ends it.
 */
void body_collect(struct body *b, void (*whole)(void *ctx), void *ctx);

/*
 * All bytes of a WHOLE body in one piece, the arena's; taking is not affected.
 * `at` NULL: too large for memory, or not whole.
 */
struct str body_bytes(struct body *b);

/* Likewise, but the arena's that is given; the body stays as it is. */
struct str body_copy(struct body *b, struct arena *a);

/* Gives this thread's spare chunks back to the system; before a thread ends. */
void body_trim(void);

#endif
