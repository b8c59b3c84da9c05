/*
 * All front ends: each is asked in turn whether a file is its. What goes through a
 * loader goes through these: serve, check, translate, simulate.
 */
#ifndef DAEMON_FRONT_ENDS_H
#define DAEMON_FRONT_ENDS_H

#include "daemon/settings.h"
#include "deploy/deployment.h"
#include "fallback/state.h"

extern const struct front_end *const front_ends[]; /* ends in NULL */

/* Makes the expression languages known that come with them; once, before threads. */
void front_ends_init(void);
/* Where they find settings of their own; borrowed, NULL: nowhere. */
void front_ends_settings(const struct settings *s);

/* All of them, with what was changed at run time laid over what files say. */
struct front_ends_stored {
	struct front_end fallback;
	const struct front_end *all[8]; /* ends in NULL */
};
void front_ends_with(struct front_ends_stored *f, struct fallback_state *stored);

#endif
