/* Directories and archives that are one artifact, whose files belong together. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "deploy/loader_priv.h"

enum { MOST_DEPTH = 8, MOST_FILES = 2000, MOST_FILE = 64 << 20 };

/* A directory's files, as they are read. */
struct gathering {
	struct arena arena;
	struct zip_file *first, **last;
	unsigned count;
	bool fine;
};

static void add_file(struct gathering *g, const char *path, struct str name)
{
	struct zip_file *f = arena_new(&g->arena, struct zip_file);
	struct buf text;

	buf_init(&text, MOST_FILE);
	g->fine = g->fine && g->count++ < MOST_FILES && buf_read_file(&text, path);
	f->name = arena_copy(&g->arena, name);
	f->text = arena_copy(&g->arena, buf_str(&text));
	buf_release(&text);
	*g->last = f;
	g->last = &f->next;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void gather(struct gathering *g, const char *path, struct str below,
		   unsigned depth)
{
	struct dirent **entries;
	const int count = depth < MOST_DEPTH
				  ? scandir(path, &entries, is_visible, alphasort)
				  : -1;

	for (int i = 0; i < count; i++) {
		const char *entry = entries[i]->d_name;
		const char *inner = arena_printf(&g->arena, "%s/%s", path, entry);
		const struct str name = str_of(
			arena_printf(&g->arena, STR_FMT "%s", STR_ARG(below), entry));
		struct stat st;

		free(entries[i]);
		if (stat(inner, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			gather(g, inner,
			       str_of(arena_printf(&g->arena, STR_FMT "/",
						   STR_ARG(name))),
			       depth + 1);
		else if (S_ISREG(st.st_mode))
			add_file(g, inner, name);
	}
	if (count >= 0)
		free(entries);
}

static bool has_mark(const struct front_end *f, const char *path)
{
	struct arena scratch = { NULL, NULL };
	struct stat st;
	bool found = false;

	for (const char *const *mark = f->project_marks; mark && *mark && !found; mark++)
		found = stat(arena_printf(&scratch, "%s/%s", path, *mark), &st) == 0;
	arena_release(&scratch);
	return found;
}

/* All of it in one piece, to see whether it has changed. */
static void put_together(const struct zip_file *files, struct buf *to)
{
	for (; files; files = files->next) {
		buf_add(to, files->name);
		buf_add_char(to, 0);
		buf_add(to, files->text);
		buf_add_char(to, 0);
	}
}

static struct zip_file *copy_files(const struct zip_file *files, struct arena *a)
{
	struct zip_file *first = NULL, **last = &first;

	for (; files; files = files->next) {
		struct zip_file *f = arena_new(a, struct zip_file);

		f->name = arena_copy(a, files->name);
		f->text = arena_copy(a, files->text);
		*last = f;
		last = &f->next;
	}
	return first;
}

static void read_as(const struct front_end *f, struct source *s,
		    const struct zip_file *files)
{
	s->elements = f->read_project(copy_files(files, &s->arena), s->file, &s->arena,
				      &s->report);
	if (s->report.errors)
		s->elements = NULL;
}

static void put(struct loader *l, const char *path, const struct front_end *f,
		const struct zip_file *files)
{
	struct buf all;

	buf_init(&all, (size_t)MOST_FILE * 4);
	put_together(files, &all);
	if (!loader_has(l, str_of(path), buf_str(&all))) {
		struct source *s = source_new(str_of(path));

		read_as(f, s, files);
		loader_put_source(l, str_of(path), s);
	}
	loader_note(l, str_of(path), buf_str(&all));
	buf_release(&all);
}

bool project_put(struct loader *l, const char *path)
{
	const struct front_end *const *f = loader_settings_of(l)->front_ends;
	struct gathering g = { .fine = true };
	bool claimed = false;

	while (*f && !has_mark(*f, path))
		f++;
	if (!*f)
		return false;
	g.last = &g.first;
	gather(&g, path, STR(""), 0);
	if (g.fine && (*f)->claims_project(g.first)) {
		put(l, path, *f, g.first);
		claimed = true;
	}
	arena_release(&g.arena);
	return claimed;
}

/* "Shop-1.0/" if all names begin with it. */
static struct str top_folder(const struct zip_file *files)
{
	const size_t slash = files ? str_find(files->name, '/') : 0;
	struct str top;

	if (!files || slash == files->name.len)
		return STR("");
	top = str_first(files->name, slash + 1);
	for (const struct zip_file *f = files; f; f = f->next)
		if (!str_starts(f->name, top))
			return STR("");
	return top;
}

bool project_read(const struct loader *l, struct source *s, struct zip_file *files)
{
	const struct front_end *const *f = loader_settings_of(l)->front_ends;
	const struct str top = top_folder(files);

	for (struct zip_file *file = files; file; file = file->next)
		file->name = str_from(file->name, top.len);
	while (*f && !((*f)->claims_project && (*f)->claims_project(files)))
		f++;
	if (*f)
		read_as(*f, s, files);
	else
		for (struct zip_file *file = files; file; file = file->next)
			file->name = (struct str){ file->name.at - top.len,
						   file->name.len + top.len };
	return *f;
}
