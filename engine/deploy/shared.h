/*
 * What the deployments of a process share, because it must outlive each of them: what
 * probes found out, and what was kept under names. All borrowed; thread-safe.
 */
#ifndef DEPLOY_SHARED_H
#define DEPLOY_SHARED_H

#include "base/store.h"
#include "endpoint/probe.h"

struct shared {
	struct probes *probes;
	struct store *store;
};

#endif
