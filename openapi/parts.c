/* Small steps of translating: elements with places, members of maps. */
#include "openapi/openapi_priv.h"

struct where where_of(const char *file, const struct json *j)
{
	return (struct where){ file, j && j->line ? j->line : 1 };
}

struct element *synapse_word(struct translation *t, const char *name, struct where where)
{
	return element_new(t->arena, STR(SYNAPSE_NS), str_of(name), where);
}

struct element *our_word(struct translation *t, const char *name, struct where where)
{
	return element_new(t->arena, STR(MYELIN_NS), str_of(name), where);
}

void put(struct translation *t, struct element *e, const char *name, struct str value)
{
	element_set(e, t->arena, str_of(name), value);
}

struct str print_text(struct translation *t, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(t->arena, fmt, ap);
	va_end(ap);
	return str_of(text);
}

void put_number(struct translation *t, struct element *e, const char *name, uint64_t n)
{
	put(t, e, name, print_text(t, "%llu", (unsigned long long)n));
}

void emit(struct translation *t, struct element *e)
{
	if (t->last)
		t->last->next = e;
	else
		t->first = e;
	t->last = e;
}

const struct json *member(const struct json *object, const char *name)
{
	const struct json *j = object && object->kind == JSON_OBJECT
				       ? json_get(object, str_of(name))
				       : NULL;

	return j && j->kind != JSON_NULL ? j : NULL;
}

struct str text_in(const struct json *object, const char *name)
{
	const struct json *j = member(object, name);

	if (!j || (j->kind != JSON_STRING && j->kind != JSON_NUMBER))
		return STR("");
	return str_trim(j->text);
}

bool is_true(const struct json *object, const char *name, bool otherwise)
{
	const struct json *j = member(object, name);

	if (!j)
		return otherwise;
	return j->kind == JSON_TRUE ||
	       (j->kind == JSON_STRING && str_eq_nocase(j->text, STR("true")));
}
