#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/tools.h"

static const struct given *find(const struct arguments *arguments, const char *option)
{
	for (unsigned i = arguments->given_count; i > 0; i--)
		if (strcmp(arguments->given[i - 1].option->name, option) == 0)
			return &arguments->given[i - 1];
	return NULL;
}

const char *arguments_text(const struct arguments *arguments, const char *option)
{
	const struct given *g = find(arguments, option);

	return g ? g->text : NULL;
}

bool arguments_has(const struct arguments *arguments, const char *option)
{
	return find(arguments, option) != NULL;
}

int usage_error(const struct arguments *arguments, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "myelin %s: ", arguments->tool->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; see myelin %s --help\n", arguments->tool->name);
	return EXIT_USAGE;
}
