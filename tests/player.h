/*
 * Plays a scenario in virtual time: the real deployment, inbound rules and engine of
 * one worker, with scripted peers for a network and a clock that moves when told. An
 * hour of suspensions takes a millisecond.
 */
#ifndef TESTS_PLAYER_H
#define TESTS_PLAYER_H

#include "tests/scenario.h"

struct player_options {
	bool trace; /* print every step, attempt and log line */
};

/* False: it complained, on standard error. */
bool player_play(const struct scenario *s, const struct player_options *o);

#endif
