/* What is said of a load: complaints with their place, and the original's lines about
 * what came, changed and went (mediation.md §7.2). */
#ifndef DAEMON_DEPLOY_LOG_H
#define DAEMON_DEPLOY_LOG_H

#include "deploy/deployment.h"

void deploy_log_complaints(const struct report *r);
/* old: NULL at the start. */
void deploy_log_changes(const struct deployment *old, const struct deployment *new);

#endif
