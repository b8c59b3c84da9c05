/*
 * myelin serve as a process, on free ports, its log lines read on a thread.
 */
#ifndef TESTS_ENGINE_PROCESS_H
#define TESTS_ENGINE_PROCESS_H

#include <sys/types.h>

#include "tests/play.h"

struct engine_process {
	struct play *play; /* borrowed: its log lines go there */
	pid_t pid;
	int output; /* what it prints */
	unsigned port, admin_port;
	char state[64]; /* a directory of its own */
	pthread_t reader;
};

/* Started and ready; false: it complained. */
bool engine_process_start(struct engine_process *e, struct play *p, const char *program);
/* Ends it. False: it did not end well (a crash, a sanitizer's report). */
bool engine_process_stop(struct engine_process *e);

/* What the management API says to this; NULL body: GET. False: it could not be asked. */
bool engine_process_manage(struct engine_process *e, const char *path, const char *body);

#endif
