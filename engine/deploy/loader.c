#include "deploy/loader_priv.h"

/*
 * A unit has up to two versions: what it is now, and what it was when it last could
 * be deployed. A build takes the first, unless that complains; then the second.
 *
 *	                 complains: once more, from the start
 *	             ,-------------------------------------.
 *	             v                                      |
 *	  compile each unit: fresh, else good --> link --> done
 *
 * What serves as it is comes first, then what has changed, each in order of arrival:
 * so what serves keeps its names.
 */
enum version { FRESH, GOOD, NONE };

struct unit {
	struct arena arena; /* this lies in it */
	struct str path;
	struct source *fresh; /* never NULL */
	struct source *good;  /* NULL: never deployed */
	uint64_t text;        /* a hash of it, as it is now */
	bool seen;            /* in the present scan */
	bool changed;         /* since the last build: its complaints are news */
	enum version use;     /* to be taken next, in this build */
	enum version built;   /* taken */
	unsigned missing;     /* keys that nothing provides */
	unsigned was_missing; /* in the last build */
	enum version was_use; /* in the last build */
	struct report said;   /* in this build */
	struct report silent; /* by the older version, which nobody hears */
	struct unit *next;
};

struct loader {
	struct arena arena; /* this lies in it */
	struct loader_settings settings;
	struct unit *first; /* in order of arrival */
	unsigned deployed, refused;
};

struct loader *loader_new(const struct loader_settings *s)
{
	struct arena arena = { NULL, NULL };
	struct loader *l = arena_new(&arena, struct loader);

	l->settings = *s;
	l->arena = arena;
	return l;
}

static void unit_free(struct unit *u)
{
	struct arena arena = u->arena;

	source_unref(u->fresh);
	source_unref(u->good);
	arena_release(&arena);
}

void loader_free(struct loader *l)
{
	struct arena arena;

	if (!l)
		return;
	while (l->first) {
		struct unit *gone = l->first;

		l->first = gone->next;
		unit_free(gone);
	}
	arena = l->arena;
	arena_release(&arena);
}

static struct unit **unit_at(struct loader *l, struct str path)
{
	struct unit **u = &l->first;

	while (*u && !str_eq((*u)->path, path))
		u = &(*u)->next;
	return u;
}

static struct unit *unit_new(struct str path)
{
	struct arena arena = { NULL, NULL };
	struct unit *u = arena_new(&arena, struct unit);

	u->path = arena_copy(&arena, path);
	u->arena = arena;
	return u;
}

/* FNV-1a, begun with the length. */
static uint64_t hash_of(struct str text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ text.len;

	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (unsigned char)text.at[i]) * UINT64_C(0x100000001b3);
	return h;
}

bool loader_knows(struct loader *l, struct str path)
{
	return *unit_at(l, path) != NULL;
}

/* Of the text and of what its front end looks at beside it. */
static uint64_t state_of(const struct loader *l, struct str path, struct str text)
{
	const struct front_end *const *f = l->settings.front_ends;
	struct arena scratch = { NULL, NULL };
	uint64_t beside = 0;

	while (*f && !(*f)->claims(path, text))
		f++;
	if (*f && (*f)->beside)
		beside = (*f)->beside(arena_copy(&scratch, path).at);
	arena_release(&scratch);
	return hash_of(text) ^ beside;
}

bool loader_has(struct loader *l, struct str path, struct str text)
{
	struct unit *u = *unit_at(l, path);

	return u && u->text == state_of(l, path, text);
}

void loader_forget(struct loader *l, struct str path)
{
	struct unit *u = *unit_at(l, path);

	if (u)
		u->text = 0;
}

void loader_note(struct loader *l, struct str path, struct str text)
{
	struct unit *u = *unit_at(l, path);

	if (!u)
		return;
	u->text = state_of(l, path, text);
	u->seen = true;
}

static bool is_below(struct str path, struct str directory)
{
	return str_eq(path, directory) ||
	       (str_starts(path, directory) && path.at[directory.len] == '/');
}

void loader_scan_begins(struct loader *l)
{
	for (struct unit *u = l->first; u; u = u->next)
		u->seen = false;
}

void loader_scan_ends(struct loader *l, struct str directory)
{
	struct unit **at = &l->first;

	while (*at) {
		struct unit *u = *at;

		if (u->seen || !is_below(u->path, directory)) {
			at = &u->next;
			continue;
		}
		*at = u->next;
		unit_free(u);
	}
}

void loader_put_source(struct loader *l, struct str path, struct source *source)
{
	struct unit **at = unit_at(l, path);

	if (!*at)
		*at = unit_new(path);

	struct unit *u = *at;

	source_unref(u->fresh);
	u->fresh = source;
	u->changed = true;
}

void loader_remove(struct loader *l, struct str path)
{
	struct unit **at = unit_at(l, path);
	struct unit *gone = *at;

	if (!gone)
		return;
	*at = gone->next;
	unit_free(gone);
}

/* --- a build --- */

/* What the older version has to say has been said when it came. */
static struct report *said_of(void *unit)
{
	struct unit *u = unit;

	return u->built == FRESH ? &u->said : &u->silent;
}

static void count_missing(void *unit)
{
	((struct unit *)unit)->missing++;
}

static void refuse(void *unit)
{
	struct unit *u = unit;

	u->use = u->built + 1;
}

static void begin_unit(struct unit *u, struct arena *a)
{
	u->use = u->fresh->elements ? FRESH : GOOD;
	report_init(&u->said, a);
	report_append(&u->said, &u->fresh->report);
}

static void compile_unit(struct build *b, struct unit *u, struct arena *scratch)
{
	report_init(&u->silent, scratch);
	u->missing = 0;
	if (u->use == FRESH) {
		report_init(&u->said, scratch);
		report_append(&u->said, &u->fresh->report);
		if (!build_unit(b, u->fresh, u, &u->said))
			u->use = GOOD;
	}
	if (u->use == GOOD && (!u->good || !build_unit(b, u->good, u, &u->silent)))
		u->use = NONE;
	u->built = u->use;
}

static bool serves_as_it_is(const struct unit *u)
{
	return u->good == u->fresh;
}

static void collect_units(struct build *b, const struct unit *first,
			  const struct unit *end)
{
	for (const struct unit *u = first; u != end; u = u->next)
		if (u->use == FRESH)
			build_collect(b, u->fresh);
		else if (u->use == GOOD && u->good)
			build_collect(b, u->good);
}

static void compile_units(struct build *b, struct unit *first, const struct unit *end,
			  struct arena *scratch)
{
	for (struct unit *u = first; u != end; u = u->next)
		if (serves_as_it_is(u))
			compile_unit(b, u, scratch);
	for (struct unit *u = first; u != end; u = u->next)
		if (!serves_as_it_is(u))
			compile_unit(b, u, scratch);
}

/* False: a unit that was taken cannot stay; it is marked, try again without. */
static bool try_build(const struct loader *l, struct unit *first, const struct unit *end,
		      struct deployment *d, struct arena *scratch)
{
	static const struct linking linking = { said_of, count_missing, refuse };
	struct build b;
	bool stays = true;

	build_init(&b, &l->settings, d);
	collect_units(&b, first, end);
	compile_units(&b, first, end, scratch);
	build_link(&b, &linking);
	d->routes->first = b.apis;
	for (struct unit *u = first; u != end; u = u->next)
		stays = stays && u->use == u->built;
	return stays;
}

/*
 * Warnings about keys are news again when there are more or fewer of them, and so is why
 * a file that was served cannot be any more, although it is as it was.
 */
static void tell(struct unit *u, struct report *r)
{
	if (u->changed || u->missing != u->was_missing ||
	    (u->use == NONE && u->was_use != NONE))
		report_append(r, &u->said);
	u->was_missing = u->missing;
	u->was_use = u->use;
	u->changed = false;
}

static void settle(struct loader *l, struct report *r)
{
	l->deployed = l->refused = 0;
	for (struct unit *u = l->first; u; u = u->next) {
		l->deployed += u->use != NONE;
		l->refused += u->use != FRESH;
		tell(u, r);
		if (u->use != FRESH || u->good == u->fresh)
			continue;
		source_unref(u->good);
		u->good = source_ref(u->fresh);
	}
}

static struct deployment *build_all(struct loader *l, struct arena *scratch)
{
	struct deployment *d = deployment_new();

	while (!try_build(l, l->first, NULL, d, scratch)) {
		deployment_unref(d);
		d = deployment_new();
	}
	return d;
}

/* Nobody shares a name with anybody; what comes of it is not for use. */
static struct deployment *build_each(struct loader *l, struct arena *scratch)
{
	struct deployment *d = deployment_new();

	for (struct unit *u = l->first; u; u = u->next) {
		do {
			deployment_unref(d);
			d = deployment_new();
		} while (!try_build(l, u, u->next, d, scratch));
	}
	return d;
}

struct deployment *loader_build(struct loader *l, struct report *r)
{
	struct arena scratch = { NULL, NULL };
	struct deployment *d;

	for (struct unit *u = l->first; u; u = u->next)
		begin_unit(u, &scratch);
	d = l->settings.alone ? build_each(l, &scratch) : build_all(l, &scratch);
	settle(l, r);
	arena_release(&scratch);
	return d;
}

void loader_each(const struct loader *l, void (*fn)(void *ctx, const struct unit_view *v),
		 void *ctx)
{
	for (const struct unit *u = l->first; u; u = u->next) {
		const struct unit_view v = {
			.path = u->path,
			.is_fresh = u->built == FRESH,
			.is_served = u->built != NONE,
			.elements = u->fresh->elements,
		};

		fn(ctx, &v);
	}
}

void loader_count(const struct loader *l, unsigned *deployed, unsigned *refused)
{
	*deployed = l->deployed;
	*refused = l->refused;
}

const struct loader_settings *loader_settings_of(const struct loader *l)
{
	return &l->settings;
}
