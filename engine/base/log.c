#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" };

static const struct log_sink *sink;

void log_to(const struct log_sink *to)
{
	sink = to;
}

bool log_is_on(enum log_level level, const char *logger)
{
	return sink && (!sink->is_on || sink->is_on(sink->ctx, level, logger));
}

void log_text(enum log_level level, const char *logger, struct str text)
{
	if (log_is_on(level, logger))
		sink->line(sink->ctx, level, logger, text);
}

void log_vline(enum log_level level, const char *logger, const char *fmt, va_list ap)
{
	char small[512];
	va_list again;

	if (!log_is_on(level, logger))
		return;
	va_copy(again, ap);

	const size_t len = (size_t)vsnprintf(small, sizeof(small), fmt, ap);
	char *large = len < sizeof(small) ? NULL : malloc(len + 1);

	if (large)
		vsnprintf(large, len + 1, fmt, again);
	va_end(again);
	sink->line(sink->ctx, level, logger,
		   large ? (struct str){ large, len } : str_first(str_of(small), len));
	free(large);
}

void log_line(enum log_level level, const char *logger, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vline(level, logger, fmt, ap);
	va_end(ap);
}

const char *log_level_name(enum log_level level)
{
	return names[level];
}

bool log_level_named(struct str name, enum log_level *level)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_nocase(name, str_of(names[i]))) {
			*level = (enum log_level)i;
			return true;
		}
	return false;
}
