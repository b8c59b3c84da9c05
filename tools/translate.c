/*
 * myelin translate: what an artifact of any front end means, as Synapse XML.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/front_ends.h"
#include "schema/element.h"
#include "synapse-xml/synapse_xml.h"
#include "synapse-xml/writer.h"
#include "tools/artifacts.h"

enum { MOST_BYTES = 64 << 20 };

static const struct tool_option options[] = {
	{ "model", NULL, "what was understood: written back from the compiled model" },
	{ NULL },
};

/* Several artifacts of one file stand in one <definitions>, so that it is one XML. */
static const struct element *one_root(struct element *first, struct arena *a)
{
	struct element *root;

	if (!first || !element_first(first->next))
		return first;
	root = element_new(a, STR(SYNAPSE_NS), STR("definitions"), first->where);
	root->children = first;
	for (struct element *e = first; e; e = e->next)
		e->parent = root;
	return root;
}

static void print(const struct element *root)
{
	struct buf text;

	buf_init(&text, MOST_BYTES);
	element_write(root, ELEMENT_PRETTY, &text);
	fwrite(text.at, 1, text.len, stdout);
	buf_release(&text);
}

static bool translate_text(struct str text, const char *path, struct arena *a)
{
	struct report report;
	bool claimed = false;

	report_init(&report, a);

	struct element *first = front_ends_read(front_ends, text, path, a, &report,
						&claimed);

	if (!claimed)
		report_error(&report, (struct where){ path, 0 },
			     "nobody here knows what this file is");
	print_complaints(&report, stderr);
	if (report.errors || !first)
		return false;
	print(one_root(first, a));
	return true;
}

/* --- projects and archives --- */

struct printing {
	struct arena *arena;
	struct element *first, **last;
};

static void collect(void *ctx, const struct unit_view *v)
{
	struct printing *p = ctx;

	for (const struct element *e = v->elements; e; e = element_first(e->next)) {
		struct element *one = arena_new(p->arena, struct element);

		*one = *e;
		one->next = NULL;
		*p->last = one;
		p->last = &one->next;
	}
}

static bool is_archive(struct str path)
{
	struct stat st;

	return str_ends(path, STR(".zip")) || str_ends(path, STR(".car")) ||
	       (stat(path.at, &st) == 0 && S_ISDIR(st.st_mode));
}

static bool translate_files(const char *path)
{
	struct arena a = { NULL, NULL };
	struct report report;
	struct healths *healths = healths_new();
	struct loader *loader = loader_new(&(struct loader_settings){
		.vocabulary = &synapse_vocabulary,
		.front_ends = front_ends,
		.endpoints = &endpoint_defaults,
		.healths = healths,
		.alone = true,
	});
	struct printing p = { &a, NULL, &p.first };

	report_init(&report, &a);
	loader_scan(loader, path);
	deployment_unref(loader_build(loader, &report));
	print_complaints(&report, stderr);
	loader_each(loader, collect, &p);
	if (p.first)
		print(one_root(p.first, &a));
	else if (!report.errors)
		fprintf(stderr, "%s: no artifacts found\n", path);
	loader_free(loader);
	healths_free(healths);
	arena_release(&a);
	return p.first && !report.errors;
}

static bool translate(const char *path)
{
	struct arena a = { NULL, NULL };
	struct buf text;
	bool fine;

	buf_init(&text, MOST_BYTES);
	fine = buf_read_file(&text, path);
	if (fine)
		fine = translate_text(text.at ? buf_str(&text) : STR(""), path, &a);
	else
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	buf_release(&text);
	arena_release(&a);
	return fine;
}

static bool print_model(const char *path)
{
	struct arena a = { NULL, NULL };
	struct report report;
	struct healths *healths = healths_new();
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
	struct buf text;

	report_init(&report, &a);
	buf_init(&text, MOST_BYTES);
	loader_scan(loader, path);
	d = loader_build(loader, &report);
	print_complaints(&report, stderr);
	synapse_write(d, &text);
	fwrite(text.at, 1, text.len, stdout);
	buf_release(&text);
	deployment_unref(d);
	loader_free(loader);
	healths_free(healths);
	arena_release(&a);
	return !report.errors;
}

static int run(const struct arguments *arguments)
{
	const bool model = arguments_has(arguments, "model");
	bool fine = true;

	if (!arguments->count)
		return usage_error(arguments, "which files?");
	for (unsigned i = 0; i < arguments->count; i++)
		fine = (model ? print_model(arguments->operands[i])
			: is_archive(str_of(arguments->operands[i]))
				? translate_files(arguments->operands[i])
				: translate(arguments->operands[i])) &&
		       fine;
	return fine ? EXIT_FINE : EXIT_ERRORS;
}

const struct tool translate_tool = {
	.name = "translate",
	.operands = "FILE|DIR …",
	.brief = "Prints what artifacts mean, as Synapse XML.",
	.options = options,
	.run = run,
};
