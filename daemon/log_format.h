/*
 * Log lines as they are written: MI's console pattern, or JSON.
 *
 *	[2026-11-21 10:52:12,557]  WARN {org.apache.synapse.endpoints.EndpointContext} - …
 *
 * One write(2) a line, from any thread. Thresholds are one for all and, beside it,
 * one for each logger that was given its own; a logger's name covers those below it
 * ("org.apache.synapse" also "org.apache.synapse.core").
 */
#ifndef DAEMON_LOG_FORMAT_H
#define DAEMON_LOG_FORMAT_H

#include "base/buf.h"
#include "base/log.h"

struct log_format {
	int descriptor;
	bool json;
	bool short_names; /* {EndpointContext}, as MI 4 has it */
};

/* From now on lines go there. Once, before threads are started. */
void log_format_start(const struct log_format *f, enum log_level level);
/* Lines are dropped from now on; after the threads have ended. */
void log_format_stop(void);

/* The threshold of a logger, "" being the one for all. Any thread, any time. */
void log_threshold_set(struct str logger, enum log_level level);
enum log_level log_threshold(struct str logger);
/* Calls fn for each logger that has one of its own. */
void log_threshold_each(void (*fn)(void *ctx, struct str logger, enum log_level level),
			void *ctx);

/* One line with its end; ms: time of day since 1970. For log_format_start() and tests. */
void log_format_line(const struct log_format *f, uint64_t ms, enum log_level level,
		     const char *logger, struct str text, struct buf *to);

#endif
