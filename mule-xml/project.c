/*
 * What flows refer to: configs, stores, handlers and properties, of the file itself and
 * of those beside it. Only looked at here; each file is deployed or refused by itself.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "front_end.h"
#include "message/yaml.h"
#include "translate.h"

enum { MOST_FILE = 16 << 20, MOST_FOLDERS = 8 };

static bool read_file(const char *path, struct arena *a, struct str *text)
{
	struct buf b;

	buf_init(&b, MOST_FILE);
	const bool fine = buf_read_file(&b, path);

	*text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return fine;
}

/* --- properties --- */

static void add_property(struct translation *t, struct str name, struct str value)
{
	struct str *copy = arena_new(t->arena, struct str);

	*copy = arena_copy(t->arena, value);
	map_add(&t->project.properties, arena_copy(t->arena, name), copy);
}

static void flatten(struct translation *t, const struct json *j, struct str prefix)
{
	for (const struct json *m = j->first; m; m = m->next) {
		const struct str name = str_of(
			arena_printf(t->arena, STR_FMT "%s" STR_FMT, STR_ARG(prefix),
				     prefix.len ? "." : "", STR_ARG(m->key)));

		if (m->kind == JSON_OBJECT)
			flatten(t, m, name);
		else if (m->kind == JSON_STRING || m->kind == JSON_NUMBER)
			add_property(t, name, m->text);
		else if (m->kind == JSON_TRUE || m->kind == JSON_FALSE)
			add_property(t, name,
				     m->kind == JSON_TRUE ? STR("true") : STR("false"));
	}
}

/* name=value or name: value, a line each. */
static void read_properties(struct translation *t, struct str text)
{
	struct str line;

	while (str_cut(&text, '\n', &line)) {
		const size_t equals = str_find(line, '='), colon = str_find(line, ':');
		const size_t at = equals < colon ? equals : colon;

		line = str_trim(line);
		if (line.len && line.at[0] != '#' && line.at[0] != '!' && at < line.len)
			add_property(t, str_trim(str_first(line, at)),
				     str_trim(str_from(line, at + 1)));
	}
}

static bool read_property_file(struct translation *t, const struct element *e,
			       const char *path)
{
	struct fault why = { 0 };
	struct str text;
	const struct json *j;

	if (!read_file(path, t->arena, &text))
		return false;
	if (str_ends(str_of(path), STR(".properties"))) {
		read_properties(t, text);
		return true;
	}
	j = yaml_parse(text, t->arena, &why);
	if (j && j->kind == JSON_OBJECT)
		flatten(t, j, STR(""));
	else if (!j)
		mule_complain(t, e, "%s:%u: %s", path, why.where.line, why.text);
	return true;
}

static struct str folder_of(const char *path)
{
	size_t len = strlen(path);

	while (len && path[len - 1] != '/')
		len--;
	return len ? (struct str){ path, len - 1 } : STR(".");
}

/* src/main of a project; empty: loose files. */
static struct str project_root(const char *file)
{
	const size_t at = str_find_str(str_of(file), STR("/src/main/mule/"));

	return at < strlen(file) ? (struct str){ file, at + strlen("/src/main") }
				 : STR("");
}

/* The project's folder, or the file's name without its ending. */
struct str mule_project_name(const struct translation *t)
{
	const size_t at = str_find_str(str_of(t->file), STR("/src/main/"));
	struct str path = str_first(str_of(t->file), at);
	size_t from = path.len;

	while (from && path.at[from - 1] != '/')
		from--;
	path = str_from(path, from);
	return at < strlen(t->file) ? path : str_first(path, str_find(path, '.'));
}

/* A file of the project's resources, or one beside this file. NULL: it is not there. */
const char *mule_project_path(struct translation *t, struct str name)
{
	const struct str root = project_root(t->file);
	const char *path;

	if (str_starts(name, STR("classpath:")))
		name = str_from(name, strlen("classpath:"));
	if (str_starts(name, STR("/"))) {
		path = arena_copy(t->arena, name).at;
		return access(path, R_OK) == 0 ? path : NULL;
	}
	if (str_find_str(name, STR("..")) < name.len)
		return NULL;
	path = arena_printf(t->arena, STR_FMT "/resources/" STR_FMT, STR_ARG(root),
			    STR_ARG(name));
	if (root.len && access(path, R_OK) == 0)
		return path;
	path = arena_printf(t->arena, STR_FMT "/" STR_FMT, STR_ARG(folder_of(t->file)),
			    STR_ARG(name));
	return access(path, R_OK) == 0 ? path : NULL;
}

bool mule_project_file(struct translation *t, struct str name, struct str *text)
{
	const char *path = str_starts(name, STR("/")) ? NULL : mule_project_path(t, name);

	return path && read_file(path, t->arena, text);
}

static void take_property_file(struct translation *t, const struct element *e,
			       const char *from)
{
	const struct str root = project_root(from), folder = folder_of(from);
	struct str name = mule_attribute(e, "file");
	const char *path;

	if (str_starts(name, STR("classpath:")))
		name = str_from(name, strlen("classpath:"));
	if (str_find_str(name, STR("${")) < name.len) /* ${env}: by what is set so far */
		mule_fill_placeholders(t, (struct element *)e);
	name = str_starts(mule_attribute(e, "file"), STR("classpath:"))
		       ? str_from(mule_attribute(e, "file"), strlen("classpath:"))
		       : mule_attribute(e, "file");
	path = arena_printf(t->arena, STR_FMT "/resources/" STR_FMT, STR_ARG(root),
			    STR_ARG(name));
	if (root.len && read_property_file(t, e, path))
		return;
	path = arena_printf(t->arena, STR_FMT "/" STR_FMT, STR_ARG(folder),
			    STR_ARG(name));
	if (!read_property_file(t, e, path) && strcmp(from, t->file) == 0)
		report_warning(t->report, e->where,
			       "the file of properties '" STR_FMT "' is not there",
			       STR_ARG(name));
}

/* --- elements --- */

static struct str key_of(struct translation *t, struct str word, struct str name)
{
	return str_of(arena_printf(t->arena, STR_FMT " " STR_FMT, STR_ARG(word),
				   STR_ARG(name)));
}

const struct element *mule_project_find(const struct translation *t, const char *word,
					struct str name)
{
	return map_get(&t->project.elements,
		       key_of((struct translation *)t, str_of(word), name));
}

static void take_properties(struct translation *t, const struct element *root,
			    const char *file)
{
	element_each(e, root)
	{
		if (str_eq(e->name, STR("global-property")))
			add_property(t, mule_attribute(e, "name"),
				     mule_attribute(e, "value"));
	}
	element_each(e, root)
	{
		if (str_eq(e->name, STR("configuration-properties")) ||
		    (str_eq(e->name, STR("config")) &&
		     str_starts(e->prefix, STR("secure-properties"))))
			take_property_file(t, e, file);
	}
}

static void take_elements(struct translation *t, struct element *root)
{
	for (struct element *e = root->children; e; e = e->next) {
		if (!e->name.len)
			continue;
		if (str_eq(e->name, STR("configuration")) &&
		    !t->project.default_handler.len)
			t->project.default_handler = mule_attribute(
				e, "defaultErrorHandler-ref");
		map_add(&t->project.elements,
			key_of(t, mule_full_name(t, e), mule_attribute(e, "name")), e);
	}
}

/* --- files beside --- */

struct roots {
	struct element *at[256];
	const char *files[256];
	unsigned count;
};

static void look_at(struct translation *t, const char *path, struct roots *roots)
{
	struct report ignored;
	struct element *root;
	struct str text;

	if (strcmp(path, t->file) == 0 || roots->count == 256)
		return;
	if (!read_file(path, t->arena, &text) || !mule_claims(str_of(path), text))
		return;
	report_init(&ignored, t->arena);
	root = mule_read_text(text, path, t->arena, &ignored);
	if (!root)
		return;
	roots->files[roots->count] = path;
	roots->at[roots->count++] = root;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void look_in(struct translation *t, struct str folder, bool below, unsigned depth,
		    struct roots *roots)
{
	struct dirent **entries;
	const char *path = arena_copy(t->arena, folder).at;
	const int count = scandir(path, &entries, is_visible, alphasort);

	for (int i = 0; i < count; i++) {
		const struct str name = str_of(entries[i]->d_name);
		const char *full = arena_printf(t->arena, "%s/" STR_FMT, path,
						STR_ARG(name));

		if (str_ends(name, STR(".xml")))
			look_at(t, full, roots);
		else if (below && depth < MOST_FOLDERS && str_find(name, '.') == name.len)
			look_in(t, str_of(full), true, depth + 1, roots);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static void mix(uint64_t *h, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*h = (*h ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
}

/* Names, sizes and times of the files in a folder and, if asked, below it. */
static void mix_folder(uint64_t *h, struct arena *a, struct str folder, unsigned depth)
{
	struct dirent **entries;
	const char *path = arena_copy(a, folder).at;
	const int count = scandir(path, &entries, is_visible, alphasort);

	for (int i = 0; i < count; i++) {
		const char *full = arena_printf(a, "%s/%s", path, entries[i]->d_name);
		struct stat st;

		if (stat(full, &st) == 0 && S_ISREG(st.st_mode)) {
			mix(h, full, strlen(full));
			mix(h, &st.st_size, sizeof(st.st_size));
			mix(h, &st.st_mtim, sizeof(st.st_mtim));
		} else if (depth > 0 && S_ISDIR(st.st_mode)) {
			mix_folder(h, a, str_of(full), depth - 1);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

uint64_t mule_project_state(const char *file)
{
	const struct str project = project_root(file);
	struct arena a = { NULL, NULL };
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	if (project.len)
		mix_folder(&h, &a, project, MOST_FOLDERS);
	else
		mix_folder(&h, &a, folder_of(file), 0);
	arena_release(&a);
	return h;
}

void mule_project_gather(struct translation *t, struct element *root)
{
	const struct str project = project_root(t->file);
	struct roots *roots = arena_new(t->arena, struct roots);

	map_init(&t->project.elements, t->arena);
	map_init(&t->project.properties, t->arena);
	if (project.len)
		look_in(t,
			str_of(arena_printf(t->arena, STR_FMT "/mule", STR_ARG(project))),
			true, 0, roots);
	else
		look_in(t, folder_of(t->file), false, 0, roots);
	take_properties(t, root, t->file);
	for (unsigned i = 0; i < roots->count; i++)
		take_properties(t, roots->at[i], roots->files[i]);
	take_elements(t, root);
	for (unsigned i = 0; i < roots->count; i++)
		take_elements(t, roots->at[i]);
}
