/*
 * Plays a scenario over real sockets: myelin serve as a process of its own, the peers
 * on the ports that stand in the scenario, requests from here. Time is the machine's.
 */
#ifndef TESTS_LIVE_H
#define TESTS_LIVE_H

#include "tests/scenario.h"

/* program: what to start as the engine. False: it complained, on standard error. */
bool live_play(const struct scenario *s, const char *program);

/* Only the peers, until SIGINT or SIGTERM comes. False: a port is taken. */
bool live_peers(const struct scenario *s);

#endif
