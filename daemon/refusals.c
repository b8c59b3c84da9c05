#include "daemon/refusals.h"

#include <stdio.h>

#include "base/log.h"

enum { QUIET_MS = 1000, STATUS_NO_ROOM = 503 };

static const char logger[] = "org.apache.synapse.transport.passthru.SourceHandler";

static struct refusal_kind *kind_of(struct refusals *r, unsigned status)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->at[i].status == status)
			return &r->at[i];
	if (r->count == REFUSAL_KINDS)
		return &r->at[0];
	r->at[r->count] = (struct refusal_kind){ .status = status };
	return &r->at[r->count++];
}

static void tell(const struct refusal *what, unsigned unsaid)
{
	char more[64] = "", answer[48] = "its TLS handshake failed";

	if (what->status)
		snprintf(answer, sizeof(answer), "it is answered %u", what->status);
	if (unsaid)
		snprintf(more, sizeof(more), " (and %u like it, unsaid)", unsaid);
	log_line(what->status == STATUS_NO_ROOM ? LOG_WARN : LOG_INFO, logger,
		 "client %s:%u is turned away, %s: %s%s", what->remote, what->remote_port,
		 answer, what->why, more);
}

void refusals_tell(struct refusals *r, uint64_t now, const struct refusal *what)
{
	struct refusal_kind *k = kind_of(r, what->status);

	if (now < k->quiet_until) {
		k->unsaid++;
		return;
	}
	tell(what, k->unsaid);
	k->quiet_until = now + QUIET_MS;
	k->unsaid = 0;
}
