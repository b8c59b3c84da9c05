#include "expr/jsonpath_priv.h"

#include <string.h>

/* Values looked at in one evaluation: some tens of milliseconds. */
enum { MOST_STEPS = 1000000, MOST_DEPTH = 2 * JSON_MAX_DEPTH };

bool search_fail(struct search *s, const char *text)
{
	if (!s->failed && s->why)
		*s->why = (struct fault){ .code = FAULT_MEDIATION, .text = text };
	s->failed = true;
	return false;
}

bool search_step(struct search *s)
{
	if (s->failed)
		return false;
	if (s->steps-- > 0)
		return true;
	s->steps = 0;
	return search_fail(s, "a JSON path looks at too many values");
}

void found_add(struct found *f, struct arena *a, const struct json *j)
{
	if (f->count == f->room) {
		const size_t room = f->room ? f->room * 2 : 4;
		const struct json **at = arena_alloc_dirty(a, room * sizeof(*at));

		if (f->count)
			memcpy(at, f->at, f->count * sizeof(*at));
		f->at = at;
		f->room = room;
	}
	f->at[f->count++] = j;
}

/* Each step takes one value to others. False: there is nothing where it leads. */
static bool take_keys(struct search *s, const struct step *step, const struct json *j,
		      struct found *to)
{
	bool all = true;

	if (j->kind != JSON_OBJECT)
		return false;
	for (size_t i = 0; i < step->count; i++) {
		const struct json *member = json_get(j, step->keys[i]);

		if (member)
			found_add(to, s->arena, member);
		all = all && member;
	}
	return all || step->count > 1;
}

static bool take_indexes(struct search *s, const struct step *step, const struct json *j,
			 struct found *to)
{
	bool all = true;

	if (j->kind != JSON_ARRAY)
		return false;
	for (size_t i = 0; i < step->count; i++) {
		const int64_t n = step->indexes[i];
		const int64_t at = n < 0 ? n + (int64_t)j->count : n;
		const struct json *member = at < 0 ? NULL : json_at(j, (size_t)at);

		if (member)
			found_add(to, s->arena, member);
		all = all && member;
	}
	return all || step->count > 1;
}

static int64_t place(int64_t n, size_t count)
{
	if (n < 0)
		n += (int64_t)count;
	if (n < 0)
		return 0;
	return n > (int64_t)count ? (int64_t)count : n;
}

static bool take_slice(struct search *s, const struct step *step, const struct json *j,
		       struct found *to)
{
	const struct slice *slice = &step->slice;
	int64_t i = 0, from, until;

	if (j->kind != JSON_ARRAY)
		return false;
	from = slice->has_from ? place(slice->from, j->count) : 0;
	until = slice->has_to ? place(slice->to, j->count) : (int64_t)j->count;
	for (const struct json *m = j->first; m && i < until; m = m->next, i++)
		if (i >= from && (i - from) % slice->by == 0 && search_step(s))
			found_add(to, s->arena, m);
	return true;
}

static bool take_all(struct search *s, const struct json *j, struct found *to)
{
	for (const struct json *m = j->first; m && search_step(s); m = m->next)
		found_add(to, s->arena, m);
	return true;
}

static bool take_deep(struct search *s, const struct json *j, struct found *to,
		      unsigned depth)
{
	if (!search_step(s) || depth > MOST_DEPTH)
		return true;
	found_add(to, s->arena, j);
	for (const struct json *m = j->first; m; m = m->next)
		take_deep(s, m, to, depth + 1);
	return true;
}

/* Behind ".." each value is tried itself; else the members of an array are. */
static bool take_filter(struct search *s, const struct step *step, const struct json *j,
			bool below, struct found *to)
{
	if (j->kind == JSON_OBJECT || below) {
		if (filter_holds(s, step->filter, j))
			found_add(to, s->arena, j);
		return true;
	}
	if (j->kind != JSON_ARRAY)
		return false;
	for (const struct json *m = j->first; m && search_step(s); m = m->next)
		if (filter_holds(s, step->filter, m))
			found_add(to, s->arena, m);
	return true;
}

static bool take_function(struct search *s, const struct step *step, const struct json *j,
			  struct found *to)
{
	const struct json *value = function_value(s, step, j);

	if (value)
		found_add(to, s->arena, value);
	return value != NULL;
}

static bool take(struct search *s, const struct step *step, const struct json *j,
		 bool below, struct found *to)
{
	if (!search_step(s))
		return false;
	switch (step->kind) {
	case STEP_KEYS:
		return take_keys(s, step, j, to);
	case STEP_INDEXES:
		return take_indexes(s, step, j, to);
	case STEP_SLICE:
		return take_slice(s, step, j, to);
	case STEP_ALL:
		return take_all(s, j, to);
	case STEP_DEEP:
		return take_deep(s, j, to, 0);
	case STEP_FILTER:
		return take_filter(s, step, j, below, to);
	case STEP_FUNCTION:
		return take_function(s, step, j, to);
	}
	return false;
}

/* An array of what was found; its members share what is below them. */
static const struct json *array_of(struct search *s, const struct found *f)
{
	struct json *array = json_new(s->arena, JSON_ARRAY);

	for (size_t i = 0; i < f->count; i++) {
		struct json *member = arena_new(s->arena, struct json);

		*member = *f->at[i];
		member->next = NULL;
		member->key = (struct str){ NULL, 0 };
		json_append(array, member);
	}
	return array;
}

static bool leads_to_one(const struct step *step)
{
	return step->kind == STEP_FUNCTION ||
	       ((step->kind == STEP_KEYS || step->kind == STEP_INDEXES) &&
		step->count == 1);
}

const struct json *path_value(struct search *s, const struct jsonpath *p,
			      const struct json *from)
{
	struct found now = { 0 };
	bool definite = true, below = false;

	found_add(&now, s->arena, from);
	for (const struct step *step = p->first; step; step = step->next) {
		struct found then = { 0 };

		if (step->kind == STEP_FUNCTION && !definite) {
			const struct json *all = array_of(s, &now);

			now = (struct found){ 0 };
			found_add(&now, s->arena, all);
			definite = true;
		}
		for (size_t i = 0; i < now.count; i++)
			if (!take(s, step, now.at[i], below, &then) && definite)
				return NULL;
		definite = definite && leads_to_one(step);
		below = step->kind == STEP_DEEP;
		now = then;
	}
	if (s->failed)
		return NULL;
	if (!definite)
		return array_of(s, &now);
	return now.count ? now.at[0] : NULL;
}

bool jsonpath_find(const struct jsonpath *p, const struct json *root, struct arena *a,
		   const struct json **found, struct fault *why)
{
	struct search s = { .arena = a, .root = root, .steps = MOST_STEPS, .why = why };

	*found = path_value(&s, p, root);
	return !s.failed;
}
