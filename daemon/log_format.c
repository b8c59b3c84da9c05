#include "daemon/log_format.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "message/json.h"

enum { LONGEST_LINE = 16 * 1024 * 1024 };

/* The loggers that have a threshold of their own. Only grows; levels change. */
struct threshold {
	struct str logger;
	atomic_int level;
	struct threshold *next;
};

static struct log_format format;
static atomic_int level_of_all;
static _Atomic(struct threshold *) thresholds;
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena; /* under `changing` */

static struct str last_part(const char *logger)
{
	const char *dot = strrchr(logger, '.');

	return str_of(dot ? dot + 1 : logger);
}

/*
 * Control characters would let a message paint on the terminal. Lines in it stay lines,
 * as payloads have them, but none that could pass for one of ours: that is set in.
 */
static void add_safely(struct str text, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.at[i];

		if (c == '[' && i > 0 && text.at[i - 1] == '\n')
			buf_add_char(to, '\t');
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			buf_printf(to, "\\x%02x", c);
		else
			buf_add_char(to, (char)c);
	}
}

static void json_line(struct str time, enum log_level level, struct str logger,
		      struct str text, struct buf *to)
{
	buf_printf(to, "{\"time\":\"" STR_FMT "\",\"level\":\"%s\",\"logger\":",
		   STR_ARG(time), log_level_name(level));
	json_write_string(logger, to);
	buf_add(to, STR(",\"message\":"));
	json_write_string(text, to);
	buf_add(to, STR("}\n"));
}

void log_format_line(const struct log_format *f, uint64_t ms, enum log_level level,
		     const char *logger, struct str text, struct buf *to)
{
	const struct str name = f->short_names ? last_part(logger) : str_of(logger);
	const time_t seconds = (time_t)(ms / 1000);
	const unsigned fraction = (unsigned)(ms % 1000);
	char day[32], whole[48];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(day, sizeof(day), f->json ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S",
		 &tm);
	snprintf(whole, sizeof(whole), "%s%c%03u", day, f->json ? '.' : ',', fraction);
	if (f->json) {
		strftime(day, sizeof(day), "%z", &tm);
		snprintf(whole + strlen(whole), sizeof(whole) - strlen(whole), "%s", day);
		json_line(str_of(whole), level, name, text, to);
		return;
	}
	buf_printf(to, "[%s] %5s {" STR_FMT "} - ", whole, log_level_name(level),
		   STR_ARG(name));
	add_safely(text, to);
	buf_add_char(to, '\n');
}

static void write_all(int descriptor, struct str text)
{
	while (text.len > 0) {
		const ssize_t n = write(descriptor, text.at, text.len);

		if (n <= 0)
			return;
		text = str_from(text, (size_t)n);
	}
}

static void write_line(void *ctx, enum log_level level, const char *logger,
		       struct str text)
{
	struct timespec now;
	struct buf b;

	(void)ctx;
	clock_gettime(CLOCK_REALTIME, &now);
	buf_init(&b, LONGEST_LINE);
	log_format_line(&format,
			(uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000,
			level, logger, text, &b);
	write_all(format.descriptor, buf_str(&b));
	buf_release(&b);
}

static bool covers(struct str above, struct str logger)
{
	return str_starts(logger, above) &&
	       (logger.len == above.len || logger.at[above.len] == '.');
}

enum log_level log_threshold(struct str logger)
{
	int level = atomic_load(&level_of_all);
	size_t longest = 0;

	for (struct threshold *t = atomic_load(&thresholds); t; t = t->next)
		if (t->logger.len > longest && covers(t->logger, logger)) {
			longest = t->logger.len;
			level = atomic_load(&t->level);
		}
	return (enum log_level)level;
}

static bool is_on(void *ctx, enum log_level level, const char *logger)
{
	(void)ctx;
	if (!atomic_load_explicit(&thresholds, memory_order_acquire))
		return (int)level >= atomic_load(&level_of_all);
	return level >= log_threshold(str_of(logger));
}

static struct threshold *own_threshold(struct str logger)
{
	struct threshold *t = atomic_load(&thresholds);

	while (t && !str_eq(t->logger, logger))
		t = t->next;
	return t;
}

void log_threshold_set(struct str logger, enum log_level level)
{
	if (logger.len == 0) {
		atomic_store(&level_of_all, (int)level);
		return;
	}
	pthread_mutex_lock(&changing);

	struct threshold *t = own_threshold(logger);

	if (t) {
		atomic_store(&t->level, (int)level);
	} else {
		t = arena_new(&arena, struct threshold);
		t->logger = arena_copy(&arena, logger);
		atomic_init(&t->level, (int)level);
		t->next = atomic_load(&thresholds);
		atomic_store(&thresholds, t);
	}
	pthread_mutex_unlock(&changing);
}

void log_threshold_each(void (*fn)(void *ctx, struct str logger, enum log_level level),
			void *ctx)
{
	for (struct threshold *t = atomic_load(&thresholds); t; t = t->next)
		fn(ctx, t->logger, (enum log_level)atomic_load(&t->level));
}

void log_format_start(const struct log_format *f, enum log_level level)
{
	static const struct log_sink sink = { .line = write_line, .is_on = is_on };

	format = *f;
	atomic_store(&level_of_all, (int)level);
	log_to(&sink);
}

void log_format_stop(void)
{
	log_to(NULL);
	atomic_store(&thresholds, NULL);
	arena_release(&arena);
}
