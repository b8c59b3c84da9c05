/*
 * Log lines: a level, a logger's name, a text. Where they go is the daemon's
 * business (or a test's): it sets a sink, once, before threads are started.
 *
 * The loggers' names are the originals' classes ("org.apache.synapse.endpoints.
 * EndpointContext") or services ("API_LOGGER.TestAPI"), so that what people grep
 * for is found. Only flow/ and above log; below, one returns.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>

#include "base/str.h"

enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_FATAL };

struct log_sink {
	/* May be called from any thread. The text is borrowed for the call. */
	void (*line)(void *ctx, enum log_level level, const char *logger,
		     struct str text);
	/* Would a line be written at all? Asked before text is put together. */
	bool (*is_on)(void *ctx, enum log_level level, const char *logger);
	void *ctx; /* borrowed */
};

/* NULL: lines are dropped, which is also how it starts. */
void log_to(const struct log_sink *sink);

bool log_is_on(enum log_level level, const char *logger);
void log_line(enum log_level level, const char *logger, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void log_vline(enum log_level level, const char *logger, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));
/* The text as it is, of any length. */
void log_text(enum log_level level, const char *logger, struct str text);

const char *log_level_name(enum log_level level);             /* "WARN" */
bool log_level_named(struct str name, enum log_level *level); /* any case */

#endif
