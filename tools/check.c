/*
 * myelin check: all that is wrong with artifacts, with file and line.
 */
#include <errno.h>
#include <sys/stat.h>

#include "base/map.h"
#include "daemon/front_ends.h"
#include "synapse-xml/synapse_xml.h"
#include "tools/artifacts.h"
#include "tools/config.h"
#include "tools/explain.h"

static const struct tool_option options[] = {
	{ "strict", NULL, "warnings are errors" },
	{ "alone", NULL, "each file by itself; references to others are no errors" },
	{ "coverage", NULL, "a table of what is missing, for a whole tree" },
	{ "explain", NULL, "what unusual settings do, in words" },
	CONFIG_OPTIONS,
	{ NULL },
};

struct checking {
	const struct arguments *arguments;
	struct arena arena;
	struct report report;
	struct settings settings;
	struct healths *healths;
	struct loader *loader;
};

static void begin(struct checking *c, const struct arguments *arguments)
{
	*c = (struct checking){ .arguments = arguments };
	report_init(&c->report, &c->arena);
	settings_init(&c->settings);
	c->healths = healths_new();
}

static void make_loader(struct checking *c)
{
	const struct loader_settings settings = {
		.vocabulary = &synapse_vocabulary,
		.front_ends = front_ends,
		.endpoints = &c->settings.endpoints,
		.healths = c->healths,
		.refuse_missing_keys = c->settings.missing_keys == 1,
		.alone = arguments_has(c->arguments, "alone"),
	};

	c->loader = loader_new(&settings);
}

static void end(struct checking *c)
{
	loader_free(c->loader);
	healths_free(c->healths);
	front_ends_settings(NULL);
	settings_release(&c->settings);
	arena_release(&c->arena);
}

static unsigned count_units(const struct loader *l)
{
	unsigned deployed, refused;

	loader_count(l, &deployed, &refused);
	return deployed + refused;
}

static void scan(struct checking *c, const char *path)
{
	const struct where at = { path, 0 };
	struct stat st;

	if (stat(path, &st) != 0) {
		report_error(&c->report, at, "%s", strerror(errno));
		return;
	}
	loader_scan(c->loader, path);
}

/* --- the table of --coverage --- */

struct lack {
	unsigned times, files;
	const char *last_file;
};

/* "<class", "unknown mediator <foo>": what is said, without what differs each time. */
static struct str lack_of(const struct complaint *c)
{
	const struct str text = str_of(c->text);
	size_t len = 0;

	if (!str_starts(text, STR("<")))
		return str_first(text, str_find(text, ';'));
	while (len < text.len && text.at[len] != ' ' && text.at[len] != '>')
		len++;
	return str_first(text, len);
}

static void count_lack(struct map *lacks, const struct complaint *c)
{
	const struct str key = lack_of(c);
	struct lack *lack = map_get(lacks, key);

	if (!lack) {
		lack = arena_new(lacks->arena, struct lack);
		map_add(lacks, key, lack);
	}
	lack->times++;
	if (!lack->last_file || strcmp(lack->last_file, c->where.file) != 0)
		lack->files++;
	lack->last_file = c->where.file;
}

static const struct map_entry *most_frequent(const struct map *lacks)
{
	const struct map_entry *best = NULL;

	map_each(entry, lacks)
	{
		const struct lack *lack = entry->value;

		if (lack->files &&
		    (!best || lack->files > ((const struct lack *)best->value)->files))
			best = entry;
	}
	return best;
}

static void print_coverage(struct checking *c)
{
	struct map lacks;
	unsigned deployed, refused;

	map_init(&lacks, &c->arena);
	for (const struct complaint *one = c->report.first; one; one = one->next)
		if (one->severity == SEVERITY_ERROR && one->where.file)
			count_lack(&lacks, one);
	loader_count(c->loader, &deployed, &refused);
	printf("%6s %6s  %s\n", "files", "times", "what is missing or wrong");
	for (const struct map_entry *e; (e = most_frequent(&lacks));) {
		struct lack *lack = e->value;

		printf("%6u %6u  " STR_FMT "%s\n", lack->files, lack->times,
		       STR_ARG(e->key), str_starts(e->key, STR("<")) ? ">" : "");
		lack->files = 0;
	}
	printf("%u of %u files can be deployed\n", deployed, deployed + refused);
}

static int verdict(const struct checking *c)
{
	if (c->report.errors)
		return EXIT_ERRORS;
	return c->report.warnings && arguments_has(c->arguments, "strict") ? EXIT_ERRORS
									   : EXIT_FINE;
}

static void print_sum(const struct checking *c)
{
	const unsigned files = count_units(c->loader);

	fprintf(stderr, "%u file%s, %u error%s, %u warning%s\n", files,
		files == 1 ? "" : "s", c->report.errors, c->report.errors == 1 ? "" : "s",
		c->report.warnings, c->report.warnings == 1 ? "" : "s");
}

static void check_all(struct checking *c)
{
	struct deployment *d;

	make_loader(c);
	for (unsigned i = 0; i < c->arguments->count; i++)
		scan(c, c->arguments->operands[i]);
	d = loader_build(c->loader, &c->report);
	if (!count_units(c->loader) && !c->report.errors)
		report_warning(&c->report, (struct where){ c->arguments->operands[0], 0 },
			       "nothing here is an artifact by its root element or its "
			       "top-level keys");
	if (arguments_has(c->arguments, "coverage"))
		print_coverage(c);
	else
		print_complaints(&c->report, stdout);
	if (arguments_has(c->arguments, "explain"))
		explain_deployment(d, &c->settings.endpoints, stdout);
	deployment_unref(d);
	fflush(stdout);
	if (c->report.errors || c->report.warnings)
		print_sum(c);
}

static int run(const struct arguments *arguments)
{
	struct checking c;
	int code = EXIT_USAGE;

	if (!arguments->count)
		return usage_error(arguments, "which files?");
	begin(&c, arguments);
	config_read(&c.settings, arguments, arguments->operands, arguments->count,
		    &c.report);
	front_ends_settings(&c.settings);
	if (settings_apply(&c.settings, &c.report)) {
		check_all(&c);
		code = verdict(&c);
	} else {
		config_complain(arguments, &c.report);
	}
	end(&c);
	return code;
}

const struct tool check_tool = {
	.name = "check",
	.operands = "FILE|DIR …",
	.brief = "Says all that is wrong with artifacts, with file and line.",
	.options = options,
	.run = run,
};
