/*
 * myelin: finds the subcommand, reads its command line, runs it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "daemon/front_ends.h"
#include "tools/tools.h"

/* In the order of a day's work. */
static const struct tool *const tools[] = {
	&serve_tool,    &check_tool,  &simulate_tool, &translate_tool,
	&describe_tool, &status_tool, NULL,
};

static int help(void)
{
	puts("myelin runs WSO2 Micro Integrator and Apache Synapse artifacts "
	     "natively.\n");
	for (const struct tool *const *t = tools; *t; t++)
		printf("  myelin %-10s %s\n", (*t)->name, (*t)->brief);
	puts("\nEach has a --help of its own. Exit codes: 0 fine, 1 errors in the "
	     "artifacts\nor the run, 2 wrong usage, 70 a bug of myelin.");
	return EXIT_FINE;
}

static int help_for(const struct tool *t)
{
	printf("myelin %s %s [options]\n\n%s\n\n", t->name, t->operands, t->brief);
	for (const struct tool_option *o = t->options; o->name; o++) {
		const int width = printf("  --%s%s%s", o->name, o->argument ? " " : "",
					 o->argument ? o->argument : "");

		printf("%*s%s\n", width < 30 ? 30 - width : 1, "", o->doc);
	}
	return EXIT_FINE;
}

enum { MOST_TYPOS = 2 };

static const char *nearest_tool(const char *name)
{
	const char *best = NULL;
	size_t least = MOST_TYPOS + 1;

	for (const struct tool *const *t = tools; *t; t++)
		if (str_is_nearer(str_of(name), str_of((*t)->name), &least))
			best = (*t)->name;
	return best;
}

static const char *nearest_option(const struct tool *t, struct str name)
{
	const char *best = NULL;
	size_t least = MOST_TYPOS + 1;

	for (const struct tool_option *o = t->options; o->name; o++)
		if (str_is_nearer(name, str_of(o->name), &least))
			best = o->name;
	return best;
}

static const struct tool_option *find_option(const struct tool *t, struct str name)
{
	for (const struct tool_option *o = t->options; o->name; o++)
		if (str_eq(name, str_of(o->name)))
			return o;
	return NULL;
}

static int unknown_option(const struct arguments *read, struct str name)
{
	const char *guess = nearest_option(read->tool, name);

	return usage_error(read, "there is no option --" STR_FMT "%s%s%s", STR_ARG(name),
			   guess ? "; did you mean --" : "", guess ? guess : "",
			   guess ? "?" : "");
}

/* One option at argv[*i]: --name, --name=text or --name text. */
static int read_option(const struct arguments *read, char **argv, int *i, struct given *g)
{
	struct str text = str_of(argv[*i] + 2), name;
	const bool has_text = str_find(text, '=') < text.len;

	str_cut(&text, '=', &name);
	g->option = find_option(read->tool, name);
	g->text = has_text ? text.at : NULL;
	if (!g->option)
		return unknown_option(read, name);
	if (!g->option->argument)
		return has_text
			       ? usage_error(read, "--%s takes no value", g->option->name)
			       : EXIT_FINE;
	if (!has_text) {
		if (!argv[*i + 1])
			return usage_error(read, "--%s needs its %s", g->option->name,
					   g->option->argument);
		g->text = argv[++*i];
	}
	return EXIT_FINE;
}

static int run(const struct tool *t, int argc, char **argv, struct arena *a)
{
	const char **operands = arena_alloc(a, (size_t)(argc + 1) * sizeof(*operands));
	struct given *given = arena_alloc(a, (size_t)(argc + 1) * sizeof(*given));
	struct arguments read = { .tool = t, .operands = operands, .given = given };
	bool only_operands = false;

	for (int i = 0; i < argc; i++) {
		if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0') {
			operands[read.count++] = argv[i];
		} else if (strcmp(argv[i], "--") == 0) {
			only_operands = true;
		} else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			return help_for(t);
		} else if (argv[i][1] != '-') {
			return usage_error(&read, "options begin with two dashes: %s",
					   argv[i]);
		} else {
			const int failed = read_option(&read, argv, &i,
						       &given[read.given_count++]);

			if (failed)
				return failed;
		}
	}
	return t->run(&read);
}

/* An assertion did not hold. */
static void on_bug(int number)
{
	(void)number;
	_exit(EXIT_BUG);
}

static int dispatch(int argc, char **argv)
{
	struct arena a = { 0 };

	for (const struct tool *const *t = tools; *t; t++) {
		if (strcmp(argv[1], (*t)->name) == 0) {
			const int code = run(*t, argc - 2, argv + 2, &a);

			arena_release(&a);
			return code;
		}
	}

	const char *guess = nearest_tool(argv[1]);

	fprintf(stderr, "myelin: there is no subcommand '%s'%s%s%s\n", argv[1],
		guess ? "; did you mean '" : "; see myelin --help", guess ? guess : "",
		guess ? "'?" : "");
	return EXIT_USAGE;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
	       strcmp(word, "help") == 0;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGABRT, on_bug);
	if (argc < 2 || is_help(argv[1])) {
		help();
		return argc < 2 ? EXIT_USAGE : EXIT_FINE;
	}

	front_ends_init();

	const int code = dispatch(argc, argv);

	arena_trim();
	return code;
}
