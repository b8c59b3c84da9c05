#include "fallback/state.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/durable.h"
#include "mediators/callable.h"
#include "message/json.h"

enum { MOST_FILE = 16 * 1024 * 1024 };

struct overlay {
	struct arena arena; /* this lies in it */
	const char *path;
	struct str name; /* product/kind/tag */
	struct str updated_at, base_hash;
	uint64_t revision;
	const struct json *definition; /* NULL: deleted */
	bool adopts;   /* the next definition of a file is what it lies over */
	bool outdated; /* that file says something else now */
	struct overlay *next;
};

struct fallback_state {
	struct arena arena; /* this lies in it */
	const char *directory;
	struct overlay *first;
	struct overlay *tried, *before; /* before: what it would replace; may be NULL */
};

static struct overlay *overlay_new(const struct fallback_state *s, struct str name)
{
	struct arena arena = { NULL, NULL };
	struct overlay *o = arena_new(&arena, struct overlay);
	struct str rest, product;

	o->name = rest = arena_copy(&arena, name);
	str_cut(&rest, '/', &product);
	o->path = arena_printf(&arena, "%s/" STR_FMT "/" STR_FMT "." STR_FMT ".json",
			       s->directory, STR_ARG(product),
			       STR_ARG(str_first(rest, str_find(rest, '/'))),
			       STR_ARG(str_from(rest, str_find(rest, '/') + 1)));
	o->arena = arena;
	return o;
}

static void overlay_free(struct overlay *o)
{
	struct arena arena;

	if (!o)
		return;
	arena = o->arena;
	arena_release(&arena);
}

static struct overlay **find(struct fallback_state *s, struct str name)
{
	struct overlay **o = &s->first;

	while (*o && !str_eq((*o)->name, name))
		o = &(*o)->next;
	return o;
}

static struct str text_in(const struct json *j, struct str name)
{
	const struct json *member = json_get(j, name);

	return member && member->kind == JSON_STRING ? member->text : STR("");
}

/* --- at the start --- */

/* "fallback.pay.json": its kind and tag; false: it is no file of ours. */
static bool name_in(const char *product, struct str file, struct arena *a,
		    struct str *name)
{
	const size_t dot = str_find(file, '.');

	if (!str_ends(file, STR(".json")) || dot + 5 >= file.len)
		return false;
	*name = str_of(arena_printf(
		a, "%s/" STR_FMT "/" STR_FMT, product, STR_ARG(str_first(file, dot)),
		STR_ARG(str_from(str_first(file, file.len - 5), dot + 1))));
	return true;
}

static bool take_text(struct overlay *o, struct str text, struct fault *why)
{
	const struct json *j = json_parse(arena_copy(&o->arena, text), &o->arena, why);
	const struct json *definition = j ? json_get(j, STR("definition")) : NULL;
	int64_t revision = 0;

	if (!j)
		return false;
	if (json_get(j, STR("revision")))
		json_to_int(json_get(j, STR("revision")), &revision);
	if (revision < 1 || (definition && definition->kind != JSON_OBJECT)) {
		why->text = "this is no stored definition";
		return false;
	}
	o->definition = definition;
	o->revision = (uint64_t)revision;
	o->updated_at = text_in(j, STR("updated_at"));
	o->base_hash = text_in(j, STR("base_hash"));
	return true;
}

static void open_file(struct fallback_state *s, struct str name, struct report *r)
{
	struct overlay *o = overlay_new(s, name);
	struct fault why = { .text = "this file cannot be read" };
	struct buf text;

	buf_init(&text, MOST_FILE);
	if (buf_read_file(&text, o->path) && take_text(o, buf_str(&text), &why)) {
		o->next = s->first;
		s->first = o;
	} else {
		report_error(r,
			     (struct where){ arena_copy(r->arena, str_of(o->path)).at,
					     why.where.line },
			     "%s", why.text);
		overlay_free(o);
	}
	buf_release(&text);
}

static void open_product(struct fallback_state *s, const char *product, struct report *r)
{
	struct arena a = { NULL, NULL };
	DIR *dir = opendir(arena_printf(&a, "%s/%s", s->directory, product));
	struct dirent *e;
	struct str name;

	while (dir && (e = readdir(dir)))
		if (name_in(product, str_of(e->d_name), &a, &name))
			open_file(s, name, r);
	if (dir)
		closedir(dir);
	arena_release(&a);
}

struct fallback_state *fallback_state_open(const char *directory, struct report *r)
{
	struct arena arena = { NULL, NULL };
	struct fallback_state *s = arena_new(&arena, struct fallback_state);
	struct dirent *e;
	DIR *dir;

	s->directory = arena_printf(&arena, "%s/ductape", directory);
	s->arena = arena;
	dir = opendir(s->directory);
	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			open_product(s, e->d_name, r);
	if (dir)
		closedir(dir);
	return s;
}

void fallback_state_free(struct fallback_state *s)
{
	struct arena arena = s->arena;

	while (s->first) {
		struct overlay *next = s->first->next;

		overlay_free(s->first);
		s->first = next;
	}
	overlay_free(s->before);
	arena_release(&arena);
}

/* --- while files are read --- */

bool fallback_state_covers(struct fallback_state *s, struct str name, struct str hash)
{
	struct overlay *o = *find(s, name);

	if (!o)
		return false;
	if (o->adopts && !o->base_hash.len)
		o->base_hash = arena_copy(&o->arena, hash);
	o->outdated = !str_eq(o->base_hash, hash);
	return !o->outdated;
}

void fallback_state_spare(struct fallback_state *s)
{
	for (struct overlay *o = s->first; o; o = o->next)
		o->outdated = false;
}

bool fallback_state_owns(const struct fallback_state *s, const char *file,
			 uint64_t *revision)
{
	for (const struct overlay *o = s->first; o; o = o->next)
		if (strcmp(o->path, file) == 0) {
			*revision = o->revision;
			return true;
		}
	return false;
}

/* --- loading --- */

struct str fallback_definition_text(struct str name, const struct json *definition,
				    struct arena *a)
{
	struct json *j = json_copy(a, definition);
	struct str part, text;
	struct buf b;

	str_cut(&name, '/', &part);
	json_set(j, STR("product"), json_string(a, part));
	str_cut(&name, '/', &part);
	json_set(j, STR("kind"), json_string(a, part));
	json_set(j, STR("tag"), json_string(a, name));
	buf_init(&b, MOST_FILE);
	json_write(j, true, &b);
	text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return text;
}

static void archive(struct overlay **link, struct loader *l)
{
	struct overlay *o = *link;
	struct arena a = { NULL, NULL };

	durable_rename(o->path, arena_printf(&a, "%s.archived", o->path), &a);
	loader_put(l, str_of(o->path), (struct str){ NULL, 0 });
	*link = o->next;
	overlay_free(o);
	arena_release(&a);
}

static void join(struct overlay *o, struct loader *l)
{
	struct arena a = { NULL, NULL };
	struct str text = { NULL, 0 };

	if (o->definition)
		text = fallback_definition_text(o->name, o->definition, &a);
	if (!text.at || !loader_has(l, str_of(o->path), text))
		loader_put(l, str_of(o->path), text);
	arena_release(&a);
}

void fallback_state_join(struct fallback_state *s, struct loader *l)
{
	struct overlay **link = &s->first;

	while (*link) {
		if ((*link)->outdated && *link != s->tried) {
			archive(link, l);
			continue;
		}
		join(*link, l);
		link = &(*link)->next;
	}
}

void fallback_state_try(struct fallback_state *s, const struct fallback_change *c)
{
	struct overlay *o = overlay_new(s, c->name), **link = find(s, c->name);

	o->revision = c->revision;
	o->updated_at = callable_time(c->at, &o->arena);
	if (c->definition)
		o->definition = json_clone(&o->arena, c->definition);
	o->adopts = true;
	s->before = *link;
	s->tried = o;
	if (s->before) {
		o->base_hash = arena_copy(&o->arena, s->before->base_hash);
		o->adopts = s->before->adopts;
		o->next = s->before->next;
	}
	*link = o;
}

struct str fallback_state_tried(const struct fallback_state *s)
{
	return str_of(s->tried->path);
}

void fallback_state_undo(struct fallback_state *s, struct loader *l)
{
	struct overlay **link = find(s, s->tried->name);

	loader_put(l, str_of(s->tried->path), (struct str){ NULL, 0 });
	*link = s->before ? s->before : s->tried->next;
	overlay_free(s->tried);
	s->tried = s->before = NULL;
}

/* What was created here and is deleted again leaves nothing. */
static bool leaves_nothing(const struct overlay *o)
{
	return !o->definition && !o->base_hash.len;
}

static struct str stored_text(const struct overlay *o, struct arena *a)
{
	struct json *j = json_new(a, JSON_OBJECT);

	json_set(j, STR("revision"), json_int(a, (int64_t)o->revision));
	json_set(j, STR("updated_at"), json_string(a, o->updated_at));
	json_set(j, STR("base_hash"), json_string(a, o->base_hash));
	if (o->definition)
		json_set(j, STR("definition"), json_copy(a, o->definition));
	else
		json_set(j, STR("deleted"), json_bool(a, true));
	return json_text(j, a);
}

bool fallback_state_keep(struct fallback_state *s, struct fault *why)
{
	struct overlay *o = s->tried, **link = find(s, o->name);
	const bool nothing = leaves_nothing(o);
	struct arena *a = &o->arena;

	if (nothing && !durable_remove(o->path, a)) {
		*why = (struct fault){
			.text = "the stored definition cannot be removed"
		};
		return false;
	}
	if (!nothing && !durable_write(o->path, stored_text(o, a), a, why))
		return false;
	o->adopts = false;
	overlay_free(s->before);
	s->tried = s->before = NULL;
	if (nothing) {
		*link = o->next;
		overlay_free(o);
	}
	return true;
}
