/*
 * What playing a scenario needs, however it is played: who is asked what, what was
 * logged, what the answers were, and what the scenario says about it.
 *
 * A way of playing (player.h in virtual time, live.h over sockets) gives the actions;
 * looking at what came of them is the same for all.
 */
#ifndef TESTS_PLAY_H
#define TESTS_PLAY_H

#include <pthread.h>

#include "base/buf.h"
#include "message/headers.h"
#include "tests/scenario.h"

struct play;

struct play_ways {
	/* Each true, or false and a complaint by play_fail(). */
	bool (*request)(struct play *p, const struct step *s);
	bool (*answer)(struct play *p); /* of the oldest under way, into p->answer */
	bool (*pass)(struct play *p, uint64_t ms);
	bool (*turn)(struct play *p, struct str endpoint, bool on);
	bool (*put)(struct play *p, const struct step *s);
	/* Something looked for is not there yet: true if looking again may help. */
	bool (*patience)(struct play *p, unsigned looks);
	bool exact; /* time is: `took` means it */
};

/* A request as a peer got it. */
struct received {
	struct str method, path;
	struct headers headers;
	struct str body;
};

/* A peer in the play: how far it is in its script. */
struct actor {
	const struct peer *peer;
	const struct behaviour *next;
	struct received last;
	unsigned asked;
	struct actor *beside;
};

struct logged {
	enum log_level level;
	struct str logger, text;
	struct logged *next;
};

struct play_answer {
	unsigned status;
	struct headers headers;
	struct str body;
	uint64_t took; /* ms */
	bool came;
};

struct play {
	const struct play_ways *ways;
	const struct scenario *scenario;
	struct arena arena;
	pthread_mutex_t lock; /* peers and log lines of a live play come on threads */
	struct actor *actors;
	struct buf sent;                        /* " foo bar": since the last look */
	struct logged *lines, **last, **looked; /* looked: where the next look begins */
	struct play_answer answer;
	unsigned steps;
	const struct step *at;                        /* the step being played */
	void (*say)(struct play *p, struct str line); /* a trace; NULL: quiet */
};

/* A file's text, the arena's; false: it cannot be read. */
bool play_read_file(const char *path, struct arena *a, struct str *text);

void play_init(struct play *p, const struct scenario *s, const struct play_ways *ways);
void play_release(struct play *p);

/* Plays every step; false: it complained, on standard error. */
bool play_steps(struct play *p);

/* "FILE:LINE: …" on standard error; always false. */
bool play_fail(const struct play *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* From any thread. A peer was asked: what it does now. The texts are copied. */
/* Would a connection be taken, if one came now? */
bool play_listens(struct play *p, const struct peer *peer);
struct behaviour play_ask(struct play *p, const struct peer *peer,
			  const struct received *r);
void play_log(struct play *p, enum log_level level, struct str logger, struct str text);

#endif
