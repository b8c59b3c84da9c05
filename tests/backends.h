/*
 * The peers of a scenario as servers on 127.0.0.1, on the ports that stand in it, on a
 * thread of their own.
 *
 * A port is closed while all peers on it refuse; where only some of them do, those
 * reset instead. Connections are kept alive while all on the port answer.
 */
#ifndef TESTS_BACKENDS_H
#define TESTS_BACKENDS_H

#include "tests/play.h"

struct backends;

/* NULL, after a complaint: a port is taken. */
struct backends *backends_start(struct play *p);
void backends_stop(struct backends *b);

/* Opens and closes ports as the peers behave from now on; after a `now`. */
void backends_follow(struct backends *b);

#endif
