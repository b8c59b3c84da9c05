/*
 *	/orders/{id}     orders -> (any)      ends there
 *	/orders/all      orders -> all        ends there
 *	/files/...       files                takes any rest from there on
 *
 * A request walks down along its own text and along (any); what it meets is compared
 * as a whole, so that the tree may be coarser than the paths are.
 */
#include "deploy/route_index.h"

#include "base/map.h"
#include "deploy/path.h"

enum { FEW = 8, MOST_DEPTH = 64 };

struct entry {
	const struct api_resource *resource;
	unsigned order; /* as declared */
	struct entry *next;
};

struct entries {
	struct entry *first, **last;
};

/* A place in the tree. */
struct spot {
	struct str segment;   /* that leads here */
	struct spot *by_text; /* the first child; all further ones are in `more` */
	struct map *more;
	struct spot *any; /* the child of segments with values in them */
	struct entries ends, rests;
};

struct route_index {
	struct spot root;
	struct entries defaults;
};

struct search {
	const struct question *q;
	struct str path;
	accept_resource *accept;
	const struct entry *best;
	struct template_match *match;
};

static void append(struct entries *to, struct arena *a, const struct api_resource *r,
		   unsigned order)
{
	struct entry *e = arena_new(a, struct entry);

	*e = (struct entry){ r, order, NULL };
	if (!to->first)
		to->last = &to->first;
	*to->last = e;
	to->last = &e->next;
}

static struct str without_slash(struct str path)
{
	return str_ends(path, STR("/")) ? str_first(path, path.len - 1) : path;
}

/* --- growing --- */

static struct spot *spot_new(struct arena *a, struct str segment)
{
	struct spot *s = arena_new(a, struct spot);

	s->segment = segment;
	return s;
}

static struct spot *child_of(const struct spot *s, struct str segment)
{
	if (s->by_text && str_eq(s->by_text->segment, segment))
		return s->by_text;
	return s->more ? map_get(s->more, segment) : NULL;
}

static struct spot *grow_text(struct spot *s, struct str segment, struct arena *a)
{
	struct spot *child = child_of(s, segment);

	if (child)
		return child;
	child = spot_new(a, segment);
	if (!s->by_text) {
		s->by_text = child;
		return child;
	}
	if (!s->more) {
		s->more = arena_new(a, struct map);
		map_init(s->more, a);
	}
	map_add(s->more, segment, child);
	return child;
}

static unsigned count_of(struct str text, char c)
{
	unsigned count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.at[i] == c;
	return count;
}

/* NULL: from s on only comparing tells. */
static struct spot *grow(struct spot *s, struct str segment, struct arena *a)
{
	const unsigned values = count_of(segment, '{');

	if (str_starts(segment, STR("*")) || values != count_of(segment, '}'))
		return NULL;
	if (!values)
		return grow_text(s, segment, a);
	if (!s->any)
		s->any = spot_new(a, segment);
	return s->any;
}

static void add_path(struct route_index *i, struct arena *a, const struct api_resource *r,
		     unsigned order)
{
	struct str rest = without_slash(r->pattern), segment;
	struct spot *s = &i->root;

	for (unsigned depth = 0; path_cut(&rest, &segment); depth++) {
		struct spot *next = depth < MOST_DEPTH ? grow(s, segment, a) : NULL;

		if (!next) {
			append(&s->rests, a, r, order);
			return;
		}
		s = next;
	}
	append(rest.len ? &s->rests : &s->ends, a, r, order);
}

static bool is_worth_it(const struct api_resource *r)
{
	unsigned count = 0;

	for (; r; r = r->next, count++)
		if (r->mapping != MAPPING_PATH && r->mapping != MAPPING_DEFAULT)
			return false;
	return count > FEW;
}

const struct route_index *route_index_of(const struct api_resource *first,
					 struct arena *a)
{
	struct route_index *i;
	unsigned order = 0;

	if (!is_worth_it(first))
		return NULL;
	i = arena_new(a, struct route_index);
	for (const struct api_resource *r = first; r; r = r->next, order++)
		if (r->mapping == MAPPING_PATH)
			add_path(i, a, r, order);
		else
			append(&i->defaults, a, r, order);
	return i;
}

/* --- finding --- */

static void look(struct search *s, const struct entries *e)
{
	struct template_match match;

	for (const struct entry *one = e->first; one; one = one->next) {
		if (s->best && s->best->order < one->order)
			return;
		match.count = 0;
		if (!s->accept(one->resource, s->q) ||
		    !path_matches(one->resource->path_pattern, s->path, &match))
			continue;
		s->best = one;
		s->match->count = match.count;
		memcpy(s->match->values, match.values,
		       match.count * sizeof(*match.values));
		return;
	}
}

/* No deeper than the tree is. */
static void walk(struct search *s, const struct spot *at, struct str rest)
{
	const struct spot *child;
	struct str segment;

	look(s, &at->rests);
	if (!path_cut(&rest, &segment)) {
		look(s, &at->ends);
		return;
	}
	child = child_of(at, segment);
	if (child)
		walk(s, child, rest);
	if (at->any)
		walk(s, at->any, rest);
}

const struct api_resource *route_index_find(const struct route_index *i,
					    const struct question *q,
					    accept_resource *accept,
					    struct template_match *match)
{
	const struct str path = q->in->sub_path;
	struct search s = {
		.q = q,
		.path = str_first(path, str_find(path, '?')),
		.accept = accept,
		.match = match,
	};

	match->count = 0;
	walk(&s, &i->root, without_slash(s.path));
	if (s.best)
		return s.best->resource;
	for (const struct entry *e = i->defaults.first; e; e = e->next)
		if (accept(e->resource, q))
			return e->resource;
	return NULL;
}
