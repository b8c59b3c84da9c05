/*
 * What the deployments of a process share, because it must outlive each of them: what
 * probes found out, what was kept under names, what runs by name left behind. All
 * borrowed; thread-safe.
 */
#ifndef DEPLOY_SHARED_H
#define DEPLOY_SHARED_H

#include "base/rate.h"
#include "base/record.h"
#include "base/store.h"
#include "endpoint/probe.h"

struct shared {
	struct probes *probes;
	struct store *store;
	struct records *records; /* of fallbacks, quotas, features */
	struct rates *rates;     /* of throttles */
};

#endif
