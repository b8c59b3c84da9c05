/*
 * What was turned away before it became an exchange, as the log tells it: of each status
 * a line a second at most, with how many it stands for, so that nobody fills a disk.
 */
#ifndef DAEMON_REFUSALS_H
#define DAEMON_REFUSALS_H

#include <stdint.h>

enum { REFUSAL_KINDS = 12 };

struct refusals {
	struct refusal_kind {
		unsigned status;
		uint64_t quiet_until;
		unsigned unsaid;
	} at[REFUSAL_KINDS];
	unsigned count;
};

struct refusal {
	unsigned status; /* 0: a TLS handshake that failed */
	const char *why, *remote;
	unsigned remote_port;
};

/* INFO what a client did wrong; WARN what we had no room for. */
void refusals_tell(struct refusals *r, uint64_t now, const struct refusal *what);

#endif
