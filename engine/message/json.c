#include "message/json.h"

#include <inttypes.h>

/* Trees grow by hand as well; deeper than this they are cut rather than walked. */
enum { DEEPEST = 2 * JSON_MAX_DEPTH };

const struct json *json_get(const struct json *object, struct str key)
{
	const struct json *found = NULL;

	if (!object || object->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *j = object->first; j; j = j->next)
		if (str_eq(j->key, key))
			found = j;
	return found;
}

const struct json *json_at(const struct json *array, size_t index)
{
	const struct json *j;

	if (!array || array->kind != JSON_ARRAY || index >= array->count)
		return NULL;
	for (j = array->first; index; index--)
		j = j->next;
	return j;
}

struct json *json_new(struct arena *a, enum json_kind kind)
{
	struct json *j = arena_new(a, struct json);

	j->kind = kind;
	return j;
}

struct json *json_string(struct arena *a, struct str text)
{
	struct json *j = json_new(a, JSON_STRING);

	j->text = text;
	return j;
}

struct json *json_number(struct arena *a, struct str text)
{
	struct json *j = json_new(a, JSON_NUMBER);

	j->text = text;
	return j;
}

struct json *json_int(struct arena *a, int64_t n)
{
	return json_number(a, str_of(arena_printf(a, "%" PRId64, n)));
}

struct json *json_bool(struct arena *a, bool truth)
{
	return json_new(a, truth ? JSON_TRUE : JSON_FALSE);
}

static struct str text_of_copy(struct arena *a, struct str s, bool texts)
{
	return texts && s.len ? arena_copy(a, s) : s;
}

static struct json *copy(struct arena *a, const struct json *j, bool texts,
			 unsigned depth)
{
	struct json *to = json_new(a, j->kind);

	to->line = j->line;
	to->key = text_of_copy(a, j->key, texts);
	to->text = text_of_copy(a, j->text, texts);
	if (depth < DEEPEST)
		for (const struct json *m = j->first; m; m = m->next)
			json_append(to, copy(a, m, texts, depth + 1));
	return to;
}

struct json *json_copy(struct arena *a, const struct json *j)
{
	return copy(a, j, false, 0);
}

struct json *json_clone(struct arena *a, const struct json *j)
{
	return copy(a, j, true, 0);
}

void json_append(struct json *array, struct json *member)
{
	if (array->last)
		array->last->next = member;
	else
		array->first = member;
	array->last = member;
	array->count++;
	array->source = (struct str){ NULL, 0 };
}

void json_set(struct json *object, struct str key, struct json *member)
{
	struct json **at = &object->first, *old;

	member->key = key;
	for (; *at && !str_eq((*at)->key, key); at = &(*at)->next)
		;
	old = *at;
	if (!old) {
		json_append(object, member);
		return;
	}
	member->next = old->next;
	*at = member;
	if (object->last == old)
		object->last = member;
	object->source = (struct str){ NULL, 0 };
}

bool json_remove(struct json *container, const struct json *member)
{
	struct json *before = NULL, *j;

	for (j = container->first; j && j != member; j = j->next)
		before = j;
	if (!j)
		return false;
	if (before)
		before->next = j->next;
	else
		container->first = j->next;
	if (container->last == j)
		container->last = before;
	container->count--;
	container->source = (struct str){ NULL, 0 };
	return true;
}

bool json_to_int(const struct json *j, int64_t *n)
{
	return j && j->kind == JSON_NUMBER && str_to_int(j->text, n);
}

bool json_to_double(const struct json *j, double *n)
{
	return j && j->kind == JSON_NUMBER && str_to_double(j->text, n);
}

static bool equal(const struct json *a, const struct json *b, unsigned depth);

static bool arrays_are_equal(const struct json *a, const struct json *b, unsigned depth)
{
	const struct json *p = a->first, *q = b->first;

	for (; p && q && equal(p, q, depth); p = p->next, q = q->next)
		;
	return !p && !q;
}

static bool objects_are_equal(const struct json *a, const struct json *b, unsigned depth)
{
	for (const struct json *p = a->first; p; p = p->next) {
		const struct json *q = json_get(b, p->key);

		if (!q || !equal(p, q, depth))
			return false;
	}
	return true;
}

static bool numbers_are_equal(const struct json *a, const struct json *b)
{
	int64_t n, m;
	double x, y;

	if (str_eq(a->text, b->text))
		return true;
	if (json_to_int(a, &n) && json_to_int(b, &m))
		return n == m;
	return json_to_double(a, &x) && json_to_double(b, &y) && x == y;
}

static bool equal(const struct json *a, const struct json *b, unsigned depth)
{
	if (a->kind != b->kind || a->count != b->count || depth > DEEPEST)
		return false;
	switch (a->kind) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
		return true;
	case JSON_NUMBER:
		return numbers_are_equal(a, b);
	case JSON_STRING:
		return str_eq(a->text, b->text);
	case JSON_ARRAY:
		return arrays_are_equal(a, b, depth + 1);
	case JSON_OBJECT:
		return objects_are_equal(a, b, depth + 1);
	}
	return false;
}

bool json_equal(const struct json *a, const struct json *b)
{
	return equal(a, b, 0);
}
