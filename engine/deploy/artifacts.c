/* Which files a directory offers, and what they are as elements. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "deploy/loader_priv.h"

enum { MOST_DEPTH = 16, MOST_FILE = 256 << 20 };

static const char *const extensions[] = { ".xml",   ".yaml",  ".yml",  ".json",
					  ".json5", ".jsonc", ".duct", NULL };

/* Directories of projects that hold no artifacts. */
static const char *const passed_over[] = { "target", "node_modules", "resources", "test",
					   NULL };

static bool is_one_of(struct str name, const char *const *list)
{
	for (; *list; list++)
		if (str_eq(name, str_of(*list)))
			return true;
	return false;
}

static bool has_extension(struct str name)
{
	for (const char *const *e = extensions; *e; e++)
		if (str_ends(name, str_of(*e)))
			return true;
	return false;
}

struct source *source_new(struct str file)
{
	struct arena arena = { NULL, NULL };
	struct source *s = arena_new(&arena, struct source);

	s->file = arena_copy(&arena, file).at;
	s->arena = arena;
	atomic_init(&s->references, 1);
	report_init(&s->report, &s->arena);
	return s;
}

struct element *front_ends_read(const struct front_end *const *all, struct str text,
				const char *file, struct arena *a, struct report *r,
				bool *claimed)
{
	for (; *all; all++) {
		*claimed = (*all)->claims(str_of(file), text);
		if (*claimed)
			return (*all)->read(*all, text, file, a, r);
	}
	return NULL;
}

static void append(const struct element **to, struct element *read)
{
	while (*to)
		to = (const struct element **)&((struct element *)*to)->next;
	*to = read;
}

/* False: nobody claims it. */
static bool read_into(const struct loader *l, struct source *s, const char *file,
		      struct str text)
{
	bool claimed = false;

	append(&s->elements, front_ends_read(loader_settings_of(l)->front_ends,
					     arena_copy(&s->arena, text), file, &s->arena,
					     &s->report, &claimed));
	return claimed;
}

/* --- archives --- */

static struct str between(struct str text, struct str before, struct str after)
{
	const struct str rest = str_from(text, str_find_str(text, before) + before.len);

	return str_trim(str_first(rest, str_find_str(rest, after)));
}

/*
 * Beside each artifact stands an artifact.xml with its type and its file's name;
 * resources, libraries and metadata are no artifacts.
 */
static bool is_listed(const struct zip_file *files, const struct zip_file *f)
{
	size_t slash = f->name.len;

	while (slash > 0 && f->name.at[slash - 1] != '/')
		slash--;
	for (const struct zip_file *list = files; list; list = list->next) {
		const struct str type = between(list->text, STR("type=\""), STR("\""));

		if (list->name.len != slash + strlen("artifact.xml") ||
		    !str_starts(list->name, str_first(f->name, slash)) ||
		    !str_ends(list->name, STR("artifact.xml")))
			continue;
		return str_starts(type, STR("synapse/")) &&
		       !str_eq(type, STR("synapse/lib")) &&
		       !str_eq(type, STR("synapse/metadata")) &&
		       str_eq(between(list->text, STR("<file>"), STR("</file>")),
			      str_from(f->name, slash));
	}
	return false;
}

static void read_archive(const struct loader *l, struct source *s, struct str text)
{
	struct arena scratch = { NULL, NULL };
	struct zip_file *files;
	struct fault why = { 0 };

	if (!zip_read(text, &scratch, &files, &why))
		report_error(&s->report, (struct where){ s->file, 0 }, "%s", why.text);
	const bool is_project = !why.text && project_read(l, s, files);

	for (const struct zip_file *f = files; f && !why.text && !is_project;
	     f = f->next) {
		if (!is_listed(files, f))
			continue;
		read_into(
			l, s,
			arena_printf(&s->arena, "%s/" STR_FMT, s->file, STR_ARG(f->name)),
			f->text);
	}
	if (!s->elements && !s->report.errors)
		report_error(&s->report, (struct where){ s->file, 0 },
			     "no artifacts found in this archive");
	arena_release(&scratch);
}

static bool is_archive(struct str path)
{
	return str_ends(path, STR(".car")) || str_ends(path, STR(".zip"));
}

void loader_put(struct loader *l, struct str path, struct str text)
{
	struct source *s;
	bool claimed = true;

	if (!text.at) {
		loader_remove(l, path);
		return;
	}
	s = source_new(path);
	if (is_archive(path))
		read_archive(l, s, text);
	else
		claimed = read_into(l, s, s->file, text);
	if (s->report.errors)
		s->elements = NULL;
	if (claimed) {
		loader_put_source(l, path, s);
		loader_note(l, path, text);
		return;
	}
	/* What nobody claims is no artifact; it may have been one. */
	loader_remove(l, path);
	source_unref(s);
}

/* --- directories --- */

static void put_file(struct loader *l, const char *path)
{
	struct buf text;

	buf_init(&text, MOST_FILE);
	if (buf_read_file(&text, path)) {
		const struct str all = buf_str(&text).at ? buf_str(&text) : STR("");

		if (!loader_has(l, str_of(path), all))
			loader_put(l, str_of(path), all);
		loader_note(l, str_of(path), all);
	} else {
		struct source *s = source_new(str_of(path));

		report_error(&s->report, (struct where){ s->file, 0 },
			     "this file cannot be read: %s", strerror(errno));
		loader_put_source(l, str_of(path), s);
		loader_note(l, str_of(path), STR("(cannot be read)"));
	}
	buf_release(&text);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void scan(struct loader *l, const char *path, unsigned depth);

static void scan_entry(struct loader *l, const char *dir, const char *name,
		       unsigned depth)
{
	struct arena scratch = { NULL, NULL };
	const char *path = arena_printf(&scratch, "%s/%s", dir, name);
	const struct str file = str_of(name);
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (depth < MOST_DEPTH && !is_one_of(file, passed_over))
			scan(l, path, depth + 1);
	} else if (has_extension(file) || is_archive(file)) {
		put_file(l, path);
	}
	arena_release(&scratch);
}

static void scan(struct loader *l, const char *path, unsigned depth)
{
	struct dirent **entries;
	int count;

	if (project_put(l, path))
		return;
	count = scandir(path, &entries, is_visible, alphasort);

	for (int i = 0; i < count; i++) {
		scan_entry(l, path, entries[i]->d_name, depth);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

void loader_scan(struct loader *l, const char *path)
{
	struct arena scratch = { NULL, NULL };
	struct str top = str_of(path);
	struct stat st;

	while (top.len > 1 && str_ends(top, STR("/")))
		top = str_first(top, top.len - 1);
	path = arena_copy(&scratch, top).at;

	const bool there = stat(path, &st) == 0;

	loader_scan_begins(l);
	if (there && S_ISDIR(st.st_mode))
		scan(l, path, 0);
	else if (there || !loader_knows(l, str_of(path)))
		put_file(l, path);
	loader_scan_ends(l, top);
	arena_release(&scratch);
}
