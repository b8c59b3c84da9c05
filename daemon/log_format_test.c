#include "daemon/log_format.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char context[] = "org.apache.synapse.endpoints.EndpointContext";

/* 2026-11-21 10:52:12,557 UTC */
static const uint64_t moment = UINT64_C(1795258332557);

/* clang-format off */
static const struct {
	bool json, short_names;
	enum log_level level;
	const char *logger, *text, *line;
} lines[] = {
	{ false, false, LOG_WARN, context, "text",
	  "[2026-11-21 10:52:12,557]  WARN {org.apache.synapse.endpoints.EndpointContext} - text\n" },
	{ false, true, LOG_ERROR, context, "text",
	  "[2026-11-21 10:52:12,557] ERROR {EndpointContext} - text\n" },
	{ false, true, LOG_INFO, "plain", "two\nlines",
	  "[2026-11-21 10:52:12,557]  INFO {plain} - two\nlines\n" },
	{ false, true, LOG_INFO, "plain", "a\033[31mb",
	  "[2026-11-21 10:52:12,557]  INFO {plain} - a\\x1b[31mb\n" },
	{ true, false, LOG_DEBUG, "a.b", "say \"x\"\n",
	  "{\"time\":\"2026-11-21T10:52:12.557+0000\",\"level\":\"DEBUG\",\"logger\":\"a.b\","
	  "\"message\":\"say \\\"x\\\"\\n\"}\n" },
};
/* clang-format on */

Test(log_format, a_line_looks_as_in_the_original)
{
	setenv("TZ", "UTC", 1);
	tzset();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct log_format f = { 1, lines[i].json, lines[i].short_names };
		struct buf b;

		buf_init(&b, 4096);
		log_format_line(&f, moment, lines[i].level, lines[i].logger,
				str_of(lines[i].text), &b);
		cr_expect(str_eq(buf_str(&b), str_of(lines[i].line)), STR_FMT,
			  STR_ARG(buf_str(&b)));
		buf_release(&b);
	}
}

/* clang-format off */
static const struct {
	const char *logger;
	enum log_level level;
	bool on;
} thresholds[] = {
	{ "x", LOG_INFO, true },
	{ "x", LOG_DEBUG, false },
	{ "org.apache.synapse.core", LOG_DEBUG, true },
	{ "org.apache.synapse", LOG_DEBUG, true },
	{ "org.apache.synapses", LOG_DEBUG, false },
	{ "org.apache.synapse.endpoints.EndpointContext", LOG_WARN, false },
	{ "org.apache.synapse.endpoints.EndpointContext", LOG_ERROR, true },
};
/* clang-format on */

Test(log_format, a_logger_has_the_threshold_of_the_nearest_above_it)
{
	const struct log_format f = { 1, false, false };

	log_format_start(&f, LOG_INFO);
	log_threshold_set(STR("org.apache.synapse"), LOG_DEBUG);
	log_threshold_set(STR("org.apache.synapse.endpoints"), LOG_INFO);
	log_threshold_set(STR("org.apache.synapse.endpoints"), LOG_ERROR);
	for (size_t i = 0; i < sizeof(thresholds) / sizeof(thresholds[0]); i++)
		cr_expect_eq(log_is_on(thresholds[i].level, thresholds[i].logger),
			     thresholds[i].on, "%s", thresholds[i].logger);
	log_format_stop();
	cr_expect(!log_is_on(LOG_FATAL, "x"));
}

static void *write_many(void *name)
{
	for (int i = 0; i < 200; i++)
		log_line(LOG_INFO, name, "line %d of %s", i, (const char *)name);
	return NULL;
}

Test(log_format, lines_of_two_threads_do_not_mix)
{
	FILE *file = tmpfile();
	const struct log_format f = { fileno(file), false, false };
	pthread_t one, two;
	char line[256];
	unsigned count = 0;

	log_format_start(&f, LOG_INFO);
	pthread_create(&one, NULL, write_many, "one");
	pthread_create(&two, NULL, write_many, "two");
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	log_format_stop();
	rewind(file);
	for (; fgets(line, sizeof(line), file); count++) {
		const char *text = strstr(line, "} - line ");
		const bool first = text && strstr(text, " of one\n");
		const bool second = text && strstr(text, " of two\n");

		cr_expect(line[0] == '[' && (first || second), "%s", line);
	}
	cr_expect_eq(count, 400);
	fclose(file);
}
