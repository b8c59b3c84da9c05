/*
 * # serve
 *
 * Runs everything that lies in the directories: APIs, sequences, endpoints. Files that
 * are added, changed or removed while it runs are taken; SIGHUP looks again by hand;
 * SIGTERM finishes what is under way.
 *
 *	myelin serve deploy --port 8290
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/listeners.h"
#include "daemon/log_format.h"
#include "daemon/server.h"
#include "tools/config.h"

/* clang-format off */
static const struct tool_option options[] = {
	{ "port",       "PORT", "HTTP (8290); 0 takes a free one, here and below" },
	{ "tls-port",   "PORT", "HTTPS (8253)" },
	{ "admin-port", "PORT", "management API, HTTPS (9164)" },
	{ "probe-port", "PORT", "probes and metrics (9201)" },
	{ "bind",       "ADDRESS", "of the traffic listeners (0.0.0.0)" },
	{ "state",      "DIR",  "for what must survive a restart (./state)" },
	{ "workers",    "N",    "threads (one a processor)" },
	CONFIG_OPTIONS,
	{ "share-ports", NULL,  "take over from a running server: start, then end the other" },
	{ "log-level",  "LEVEL", "TRACE, DEBUG, INFO, WARN, ERROR or FATAL" },
	{ "log-format", "FORMAT", "text or json" },
	{ "watch",      NULL,   "take changed files while running (the default)" },
	{ "no-watch",   NULL,   "do not" },
	{ "keep-going", NULL,   "also if none of the artifacts can be deployed" },
	{ NULL },
};

/* Options that are settings by another name. */
static const struct { const char *option, *key; } as_settings[] = {
	{ "port", "http.port" },
	{ "tls-port", "https.port" },
	{ "admin-port", "admin.port" },
	{ "probe-port", "probe.port" },
	{ "bind", "server.bind" },
	{ "state", "server.state" },
	{ "workers", "server.workers" },
	{ "log-level", "log.level" },
	{ "log-format", "log.format" },
};
/* clang-format on */

static void read_settings(struct settings *s, const struct arguments *arguments,
			  const char *const *paths, unsigned count, struct report *r)
{
	config_read(s, arguments, paths, count, r);
	for (size_t i = 0; i < sizeof(as_settings) / sizeof(as_settings[0]); i++) {
		const char *text = arguments_text(arguments, as_settings[i].option);

		if (text)
			settings_put(s, as_settings[i].key, text);
	}
	if (arguments_has(arguments, "share-ports"))
		settings_put(s, "server.share_ports", "true");
	if (arguments_has(arguments, "watch"))
		settings_put(s, "server.hot_deployment", "true");
	if (arguments_has(arguments, "no-watch"))
		settings_put(s, "server.hot_deployment", "false");
	settings_apply(s, r);
}

/* log.of.org.apache.synapse=DEBUG */
static void set_thresholds(const struct settings *s)
{
	const struct str family = STR("log.of.");
	enum log_level level;

	map_each(e, &s->given)
	{
		const struct setting_given *g = e->value;

		if (str_starts(g->key, family) && log_level_named(g->text, &level))
			log_threshold_set(str_from(g->key, family.len), level);
	}
}

static int serve_with(const struct settings *settings, const char *const *paths,
		      unsigned count, bool keep_going)
{
	const struct log_format format = {
		.descriptor = STDOUT_FILENO,
		.json = settings->log_format == 1,
		.short_names = settings->log_short_names,
	};
	struct server s;
	bool started;

	if (!listeners_check(settings))
		return EXIT_ERRORS;
	log_format_start(&format, (enum log_level)settings->log_level);
	set_thresholds(settings);
	started = server_start(&s, settings, paths, count, keep_going);
	if (started)
		server_run(&s);
	server_release(&s);
	log_format_stop();
	return started ? EXIT_FINE : EXIT_ERRORS;
}

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static int run(const struct arguments *arguments)
{
	static const char *const usual[] = { "deploy", "samples" };
	const char *const *paths = arguments->operands;
	unsigned count = arguments->count;
	struct arena a = { 0 };
	struct settings settings;
	struct report r;
	int code = EXIT_USAGE;

	if (count == 0 && !exists(usual[0]) && !exists(usual[1]))
		return usage_error(arguments, "there is neither deploy nor samples here; "
					      "name a directory, as in myelin serve DIR");
	if (count == 0) {
		paths = exists(usual[0]) ? &usual[0] : &usual[1];
		count = 1;
	}
	for (unsigned i = 0; i < count; i++)
		if (!exists(paths[i]))
			return usage_error(arguments, "there is no %s", paths[i]);
	report_init(&r, &a);
	settings_init(&settings);
	read_settings(&settings, arguments, paths, count, &r);
	config_complain(arguments, &r);
	if (r.errors == 0)
		code = serve_with(&settings, paths, count,
				  arguments_has(arguments, "keep-going"));
	settings_release(&settings);
	arena_release(&a);
	return code;
}

const struct tool serve_tool = {
	.name = "serve",
	.operands = "[DIR …]",
	.brief = "Runs everything in the directories (./deploy, else samples).",
	.options = options,
	.run = run,
};
