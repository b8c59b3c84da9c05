/*
 * The subcommands of myelin: one file each, one line each in main.c's table.
 *
 * A tool says which options it takes in a table; main.c reads the command line by
 * it (options may follow operands), prints --help from it and complains about what
 * is not in it. run() returns the exit code.
 */
#ifndef TOOLS_TOOLS_H
#define TOOLS_TOOLS_H

#include <stdbool.h>
#include <stddef.h>

enum exit_code { EXIT_FINE = 0, EXIT_ERRORS = 1, EXIT_USAGE = 2, EXIT_BUG = 70 };

struct tool_option {
	const char *name;     /* without the dashes */
	const char *argument; /* "PORT"; NULL: a switch */
	const char *doc;
};

/* What stood on the command line, in its order. */
struct arguments {
	const struct tool *tool;
	const char *const *operands;
	unsigned count;
	const struct given {
		const struct tool_option *option;
		const char *text; /* NULL for a switch */
	} * given;
	unsigned given_count;
};

struct tool {
	const char *name;
	const char *operands; /* as in the usage line: "FILE …" */
	const char *brief;
	const struct tool_option *options; /* ends in a NULL name */
	int (*run)(const struct arguments *arguments);
};

/* Of an option given more than once, the last. NULL: it was not given. */
const char *arguments_text(const struct arguments *arguments, const char *option);
bool arguments_has(const struct arguments *arguments, const char *option);

/* "myelin serve: …" on standard error; returns EXIT_USAGE. */
int usage_error(const struct arguments *arguments, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

extern const struct tool serve_tool, status_tool, check_tool, translate_tool;
extern const struct tool describe_tool;
extern const struct tool simulate_tool;

#endif
