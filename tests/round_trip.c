/*
 * What is read is written back, and read again: it must be the same, and nobody may
 * complain. Over the examples of the manual, and over all files below the arguments
 * that can be deployed.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include "daemon/front_ends.h"
#include "synapse-xml/synapse_xml.h"
#include "synapse-xml/writer.h"
#include "tools/artifacts.h"
#include "tools/manual.h"

enum { MOST_BYTES = 64 << 20, MOST_OPEN = 16, MOST_EXAMPLE = 1 << 20 };

static struct healths *healths;
static struct arena titles;
static unsigned passed, failed, skipped;

/* Binds a text and writes it back. False if it complained; all of it is in r. */
static bool bind_and_write(struct str text, const char *file, struct report *r,
			   struct buf *to)
{
	const struct loader_settings settings = {
		.vocabulary = &synapse_vocabulary,
		.front_ends = front_ends,
		.endpoints = &endpoint_defaults,
		.healths = healths,
		.alone = true,
		.keep_models = true,
	};
	struct loader *loader = loader_new(&settings);
	struct deployment *d;

	buf_clear(to);
	loader_put(loader, str_of(file), text);
	d = loader_build(loader, r);
	synapse_write(d, to);
	deployment_unref(d);
	loader_free(loader);
	return !r->errors;
}

static bool says_it_too(const struct report *r, const struct complaint *c)
{
	for (const struct complaint *other = r->first; other; other = other->next)
		if (strcmp(other->text, c->text) == 0)
			return true;
	return false;
}

/* What is only said of what we wrote is our mistake. */
static bool is_no_worse(const struct report *first, const struct report *second,
			const char *file)
{
	bool fine = true;

	for (const struct complaint *c = second->first; c; c = c->next) {
		if (says_it_too(first, c))
			continue;
		fprintf(stderr, "%s: written back, line %u: %s\n", file, c->where.line,
			c->text);
		fine = false;
	}
	return fine;
}

static bool is_same(const struct buf *once, const struct buf *twice, const char *file)
{
	if (str_eq(buf_str(once), buf_str(twice)))
		return true;
	fprintf(stderr, "%s: written once:\n" STR_FMT "and twice:\n" STR_FMT, file,
		STR_ARG(buf_str(once)), STR_ARG(buf_str(twice)));
	return false;
}

/* must: it is a mistake if it cannot be deployed. */
static void try_text(struct str text, const char *file, bool must)
{
	struct arena a = { NULL, NULL };
	struct report first, second;
	struct buf once, twice;

	report_init(&first, &a);
	report_init(&second, &a);
	buf_init(&once, MOST_BYTES);
	buf_init(&twice, MOST_BYTES);
	if (!bind_and_write(text, file, &first, &once)) {
		if (must)
			print_complaints(&first, stderr);
		failed += must;
		skipped += !must;
	} else if (!buf_str(&once).len) {
		skipped++;
	} else {
		bind_and_write(arena_copy(&a, buf_str(&once)), file, &second, &twice);
		if ((int)is_no_worse(&first, &second, file) &
		    (int)is_same(&once, &twice, file))
			passed++;
		else
			failed++;
	}
	buf_release(&twice);
	buf_release(&once);
	arena_release(&a);
}

/* --- the manual --- */

static bool is_artifact(struct str example)
{
	const struct artifact_type *const *t = synapse_vocabulary.artifacts;

	for (; *t; t++) {
		struct str name = str_of((*t)->element);
		struct str behind;

		if (!str_starts(str_from(example, 1), name))
			continue;
		behind = str_from(example, 1 + name.len);
		if (behind.len && strchr(" >/", behind.at[0]))
			return true;
	}
	return false;
}

/* Mediators stand in a sequence; a sequence without a name is one of them. */
static void try_example(struct str example, const char *page)
{
	static const char head[] = "<definitions xmlns='" SYNAPSE_NS "' "
				   "xmlns:m='" MYELIN_NS "'>";
	const bool artifact = is_artifact(example) &&
			      str_find_str(example, STR("<sequence key")) != 0;
	struct arena a = { NULL, NULL };
	const char *text = arena_printf(&a, "%s%s" STR_FMT "%s</definitions>", head,
					artifact ? "" : "<sequence name='example'>",
					STR_ARG(example), artifact ? "" : "</sequence>");

	try_text(str_of(text), page, true);
	arena_release(&a);
}

/* Lines of code begin with a tab; a block of them is an example if it is XML. */
static void try_page(const char *page)
{
	struct str rest = str_of(page), line, title;
	struct buf example;

	buf_init(&example, MOST_EXAMPLE);
	str_cut(&rest, '\n', &title);
	while (str_cut(&rest, '\n', &line)) {
		const bool is_code = str_starts(line, STR(" *\t"));

		if (is_code) {
			buf_add(&example, str_from(line, 3));
			buf_add_char(&example, '\n');
		}
		if (is_code && rest.len)
			continue;
		if (buf_str(&example).len && buf_str(&example).at[0] == '<')
			try_example(buf_str(&example),
				    arena_copy(&titles, str_trim(title)).at);
		buf_clear(&example);
	}
	buf_release(&example);
}

/* --- files --- */

static int try_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	struct buf text;

	(void)st;
	(void)ftw;
	if (kind != FTW_F || !str_ends(str_of(path), STR(".xml")))
		return 0;
	buf_init(&text, MOST_BYTES);
	if (buf_read_file(&text, path) && text.len)
		try_text(buf_str(&text), path, false);
	buf_release(&text);
	return 0;
}

int main(int argc, char **argv)
{
	front_ends_init();
	healths = healths_new();
	for (const char *const *page = manual_pages; *page; page++)
		try_page(*page);
	for (int i = 1; i < argc; i++)
		nftw(argv[i], try_file, MOST_OPEN, FTW_PHYS);
	healths_free(healths);
	arena_release(&titles);
	printf("%u passed, %u failed, %u could not be deployed\n", passed, failed,
	       skipped);
	return failed ? 1 : 0;
}
