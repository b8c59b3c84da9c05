/*
 * The network of a play in virtual time: a transport whose peers do what the scenario
 * says, when it says so.
 */
#ifndef TESTS_NETWORK_H
#define TESTS_NETWORK_H

#include "base/timer.h"
#include "message/transport.h"
#include "tests/play.h"

struct network {
	struct transport transport; /* first */
	struct play *play;
	struct timers *timers; /* borrowed */
};

void network_init(struct network *n, struct play *p, struct timers *timers);

#endif
