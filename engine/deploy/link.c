/* Keys become pointers, and what only shows when everything is there is told. */
#include "deploy/build_priv.h"

enum { MOST_TYPOS = 2, MOST_ROUND = 200 };

/* Of a name in a space of names, "shop/action/pay": the same in another space. */
static bool is_elsewhere(struct str key, struct str name)
{
	const size_t slash = str_find(key, '/');

	return slash < key.len &&
	       str_eq(str_from(key, slash), str_from(name, str_find(name, '/')));
}

static const char *nearest_name(const struct deployment *d, const struct ref *ref)
{
	const struct map *names = &d->rest->names[ref->kind];
	const struct name *best = NULL;
	size_t least = MOST_TYPOS + 1;

	map_each(entry, names)
	{
		const size_t distance = is_elsewhere(ref->key, entry->key)
						? 1
						: str_distance(ref->key, entry->key);

		if (distance < least && distance < ref->key.len) {
			least = distance;
			best = entry->value;
		}
	}
	return best ? arena_copy((struct arena *)names->arena, best->name).at : NULL;
}

static void complain_missing(const struct build *b, const struct use *use,
			     const struct linking *to)
{
	struct report *said = to->said(use->unit);
	const struct ref *ref = use->ref;
	const char *guess = nearest_name(b->deployment, ref);
	const char *before = guess ? "; did you mean '" : "";
	const char *after = guess ? "'?" : "";

	if (b->settings->alone)
		return;
	to->missing(use->unit);
	if (!b->settings->refuse_missing_keys && !ref->must_exist) {
		report_warning(said, ref->where, "there is no %s '" STR_FMT "'%s%s%s",
			       ref_kind_name(ref->kind), STR_ARG(ref->key), before,
			       guess ? guess : "", after);
		return;
	}
	report_error(said, ref->where, "there is no %s '" STR_FMT "'%s%s%s",
		     ref_kind_name(ref->kind), STR_ARG(ref->key), before,
		     guess ? guess : "", after);
	to->refuse(use->unit);
}

static void link_keys(struct build *b, const struct linking *to)
{
	for (struct use *use = b->uses; use; use = use->next) {
		struct ref *ref = use->ref;
		const struct name *found;

		if (ref->dynamic)
			continue;
		found = deployment_name(b->deployment, ref->kind, ref->key);
		if (found)
			ref->target = found->thing;
		else
			complain_missing(b, use, to);
	}
}

/* --- sequences that run themselves without end --- */

/* The way from the first sequence looked at to the one looked at now. */
struct way {
	const struct passage *steps[MOST_ROUND];
	unsigned depth;
};

static struct name *sequence_named(const struct build *b, struct str name)
{
	return map_get(&b->deployment->rest->names[REF_SEQUENCE], name);
}

static void sort_passages(struct build *b)
{
	for (struct passage *p = b->passages, *next; p; p = next) {
		struct name *from = sequence_named(b,
						   element_value(p->from, STR("name")));

		next = p->next;
		if (!from || from->element != p->from)
			continue;
		p->next = from->passages;
		from->passages = p;
	}
}

/* Each sequence of the round is blamed: none of them can ever end. */
static void complain_round(struct build *b, const struct way *way,
			   const struct name *back, const struct linking *to)
{
	const char *path = arena_printf(b->arena, STR_FMT, STR_ARG(back->name));
	unsigned first = way->depth;

	while (first > 0 && way->steps[first - 1]->from != back->element)
		first--;
	if (first > 0)
		first--;
	for (unsigned i = first; i < way->depth; i++)
		path = arena_printf(b->arena, "%s -> " STR_FMT, path,
				    STR_ARG(way->steps[i]->to->key));
	for (unsigned i = first; i < way->depth; i++) {
		const struct passage *p = way->steps[i];

		report_error(to->said(p->unit), p->to->where,
			     "sequence '" STR_FMT "' runs itself without end: %s",
			     STR_ARG(element_value(p->from, STR("name"))), path);
		to->refuse(p->unit);
	}
}

static void walk(struct build *b, struct name *n, struct way *way,
		 const struct linking *to)
{
	n->walk = WALK_UNDER_WAY;
	for (const struct passage *p = n->passages; p && way->depth < MOST_ROUND;
	     p = p->next) {
		struct name *next = sequence_named(b, p->to->key);

		if (!next || next->walk == WALK_OVER)
			continue;
		way->steps[way->depth++] = p;
		if (next->walk == WALK_UNDER_WAY)
			complain_round(b, way, next, to);
		else
			walk(b, next, way, to);
		way->depth--;
	}
	n->walk = WALK_OVER;
}

static void find_rounds(struct build *b, const struct linking *to)
{
	const struct map *sequences = &b->deployment->rest->names[REF_SEQUENCE];
	struct way way = { .depth = 0 };

	sort_passages(b);
	map_each(entry, sequences)
	{
		struct name *n = entry->value;

		if (n->walk == WALK_TO_DO)
			walk(b, n, &way, to);
	}
}

const struct deployment *build_deployment(const struct build *b)
{
	return b->deployment;
}

void build_when_linked(struct build *b, void (*then)(struct build *b, void *thing),
		       void *thing)
{
	struct linked *l = arena_new(b->arena, struct linked);

	*l = (struct linked){ then, thing, b->draft.linked };
	b->draft.linked = l;
}

static void do_what_waits(struct build *b)
{
	b->draft.probes = NULL;
	for (const struct linked *l = b->linked; l; l = l->next)
		l->then(b, l->thing);
	build_join_probes(b);
}

void build_link(struct build *b, const struct linking *to)
{
	link_keys(b, to);
	do_what_waits(b);
	find_rounds(b, to);
}
