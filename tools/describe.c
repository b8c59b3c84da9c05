/*
 * myelin describe: the manual, from the pages at the top of the sources and the tables.
 */
#include <stdio.h>

#include "base/arena.h"
#include "daemon/settings.h"
#include "schema/describe.h"
#include "synapse-xml/synapse_xml.h"
#include "tools/manual.h"
#include "tools/tools.h"

static const struct tool_option options[] = {
	{ "markdown", NULL, "the whole manual, as one Markdown page" },
	{ "xsd", NULL, "an XML Schema of all elements, for editors" },
	{ "settings", NULL, "all settings, as one Markdown page" },
	{ NULL },
};

enum { MOST_NAMES = 256, MOST_TYPOS = 3 };

/* --- pages --- */

/* The first line: "# log". */
static bool is_page_of(const char *page, const char *element)
{
	struct str rest = str_of(page), title;

	str_cut(&rest, '\n', &title);
	return str_eq(str_trim(str_from(title, str_find(title, '#') + 1)),
		      str_of(element));
}

static const char *page_of(const char *element)
{
	for (const char *const *page = manual_pages; *page; page++)
		if (is_page_of(*page, element))
			return *page;
	return NULL;
}

/* A tab behind the star makes code of a line. */
static void print_line(struct str text)
{
	text = str_from(text, str_starts(text, STR(" *")) ? 2 : 0);
	if (str_starts(text, STR("\t")))
		printf("    " STR_FMT "\n", STR_ARG(str_from(text, 1)));
	else
		printf(STR_FMT "\n", STR_ARG(str_from(text, text.len > 0)));
}

static void print_page(const char *element, const struct schema *s, const char *brief)
{
	const char *page = page_of(element);
	struct str rest = str_of(page), text;

	if (!page)
		printf("# %s\n\n%s\n", element, brief ? brief : "");
	while (page && str_cut(&rest, '\n', &text))
		print_line(text);
	putchar('\n');
	if (s)
		schema_write_tables(s, stdout);
}

static bool print_element(const char *name)
{
	bool found = false;

	for (const struct node_type *const *t = synapse_vocabulary.mediators; *t; t++) {
		if (strcmp((*t)->name, name) != 0)
			continue;
		print_page(name, (*t)->schema, (*t)->brief);
		found = true;
	}
	for (const struct artifact_type *const *t = synapse_vocabulary.artifacts;
	     !found && *t; t++) {
		if (strcmp((*t)->element, name) != 0)
			continue;
		print_page(name, (*t)->schema, (*t)->brief);
		found = true;
	}
	return found;
}

static const char *refusal_of(const char *name)
{
	for (const struct refused *r = synapse_vocabulary.refused; r->name; r++)
		if (strcmp(r->name, name) == 0)
			return r->instead;
	return NULL;
}

/* --- lists --- */

static void print_list(void)
{
	puts("Artifacts:\n");
	for (const struct artifact_type *const *t = synapse_vocabulary.artifacts; *t; t++)
		printf("  %-16s %s\n", (*t)->element, (*t)->brief);
	puts("\nMediators:\n");
	for (const struct node_type *const *t = synapse_vocabulary.mediators; *t; t++)
		printf("  %-16s %s\n", (*t)->name, (*t)->brief ? (*t)->brief : "");
	puts("\nmyelin describe ELEMENT prints its page.");
}

static void print_manual(void)
{
	for (const struct artifact_type *const *t = synapse_vocabulary.artifacts; *t;
	     t++) {
		print_page((*t)->element, (*t)->schema, (*t)->brief);
		putchar('\n');
	}
	for (const struct node_type *const *t = synapse_vocabulary.mediators; *t; t++) {
		print_page((*t)->name, (*t)->schema, (*t)->brief);
		putchar('\n');
	}
}

static bool is_listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* An artifact and a mediator of one name are one element; the mediator's is wider. */
static void print_xsd(void)
{
	const char *names[MOST_NAMES + 1] = { NULL };
	unsigned count = 0;

	xsd_begin(stdout);
	for (const struct node_type *const *t = synapse_vocabulary.mediators; *t; t++) {
		if (str_starts(str_of((*t)->name), STR("m:")) || count == MOST_NAMES)
			continue;
		xsd_element((*t)->name, (*t)->schema, stdout);
		names[count++] = (*t)->name;
	}
	xsd_mediators(names, stdout);
	for (const struct artifact_type *const *t = synapse_vocabulary.artifacts; *t;
	     t++) {
		if (is_listed(names, (*t)->element) ||
		    str_starts(str_of((*t)->element), STR("m:")))
			continue;
		xsd_element((*t)->element, (*t)->schema, stdout);
	}
	xsd_end(stdout);
}

static const char *nearest(const char *name)
{
	const char *best = NULL;
	size_t least = MOST_TYPOS;

	for (const struct node_type *const *t = synapse_vocabulary.mediators; *t; t++)
		if (str_is_nearer(str_of(name), str_of((*t)->name), &least))
			best = (*t)->name;
	return best;
}

static int describe_one(const struct arguments *arguments, const char *name)
{
	const char *refusal = refusal_of(name), *guess;

	if (print_element(name))
		return EXIT_FINE;
	if (refusal) {
		printf("<%s> %s\n", name, refusal);
		return EXIT_FINE;
	}
	guess = nearest(name);
	return usage_error(arguments, "there is no element <%s>%s%s%s", name,
			   guess ? "; did you mean '" : "", guess ? guess : "",
			   guess ? "'?" : "");
}

static int run(const struct arguments *arguments)
{
	int code = EXIT_FINE;

	if (arguments_has(arguments, "settings"))
		settings_manual(stdout);
	else if (arguments_has(arguments, "xsd"))
		print_xsd();
	else if (arguments_has(arguments, "markdown"))
		print_manual();
	else if (!arguments->count)
		print_list();
	for (unsigned i = 0; i < arguments->count && code == EXIT_FINE; i++)
		code = describe_one(arguments, arguments->operands[i]);
	return code;
}

const struct tool describe_tool = {
	.name = "describe",
	.operands = "[ELEMENT …]",
	.brief = "Prints the manual of the language, or its XML Schema.",
	.options = options,
	.run = run,
};
