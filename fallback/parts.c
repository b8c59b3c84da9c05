#include "base/buf.h"
#include "fallback/fallback_priv.h"

enum { MOST_TYPOS = 2 };

struct where at(const struct translation *t, const struct json *j)
{
	return (struct where){ t->file, j ? j->line : 1 };
}

/* A member may be looked at again and again; what is wrong with it is told once. */
static void complain_once(struct translation *t, const struct json *j, const char *text)
{
	const struct where here = at(t, j);

	for (const struct complaint *c = t->report->first; c; c = c->next)
		if (c->where.line == here.line && strcmp(c->text, text) == 0)
			return;
	report_error(t->report, here, "%s", text);
}

struct str text_of(struct translation *t, const struct json *object, const char *name)
{
	const struct json *j = json_get(object, str_of(name));

	if (!j || j->kind == JSON_NULL)
		return STR("");
	if (j->kind == JSON_STRING)
		return j->text;
	complain_once(t, j, arena_printf(t->arena, "%s must be a text", name));
	return STR("");
}

bool fallback_is_tag(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return s.len > 0;
}

struct str tag_of(struct translation *t, const struct json *object, const char *name,
		  const char *what)
{
	const struct str tag = text_of(t, object, name);

	if (!tag.len)
		report_error(t->report, at(t, object), "%s needs '%s'", what, name);
	else if (!fallback_is_tag(tag))
		report_error(t->report, at(t, object),
			     "%s: %s '" STR_FMT
			     "' may have letters, digits, _ and - only",
			     what, name, STR_ARG(tag));
	return tag;
}

static bool has_maps_only(const struct json *list)
{
	for (const struct json *i = list->first; i; i = i->next)
		if (i->kind != JSON_OBJECT)
			return false;
	return true;
}

void need_members(struct translation *t, const struct json *object, const char *name,
		  const char *what)
{
	const struct json *list = json_get(object, str_of(name));

	if (!list || list->kind == JSON_NULL ||
	    (list->kind == JSON_ARRAY && !list->first))
		report_error(t->report, at(t, list ? list : object),
			     "%s '" STR_FMT "' needs %s", what,
			     STR_ARG(text_of(t, object, "tag")), name);
}

const struct json *list_of(struct translation *t, const struct json *object,
			   const char *name)
{
	const struct json *j = json_get(object, str_of(name));
	struct json *maps;

	if (!j || j->kind == JSON_NULL)
		return NULL;
	if (j->kind != JSON_ARRAY) {
		complain_once(t, j, arena_printf(t->arena, "%s must be a list", name));
		return NULL;
	}
	if (has_maps_only(j))
		return j->first;
	maps = json_new(t->arena, JSON_ARRAY);
	for (const struct json *i = j->first; i; i = i->next) {
		if (i->kind == JSON_OBJECT)
			json_append(maps, json_copy(t->arena, i));
		else
			complain_once(
				t, i,
				arena_printf(t->arena, "%s: each must be a map", name));
	}
	return maps->first;
}

void check_members(struct translation *t, const struct json *object,
		   const char *const *names, const char *what)
{
	for (const struct json *m = object->first; m; m = m->next) {
		const char *guess = NULL;
		size_t least = MOST_TYPOS + 1;

		for (const char *const *n = names; *n && least; n++)
			if (str_is_nearer(m->key, str_of(*n), &least))
				guess = *n;
		if (least)
			report_error(t->report, at(t, m), "%s has no '" STR_FMT "'%s%s%s",
				     what, STR_ARG(m->key),
				     guess ? "; did you mean '" : "", guess ? guess : "",
				     guess ? "'?" : "");
	}
}

struct element *word(struct translation *t, const char *name, const struct json *j)
{
	return element_new(t->arena, STR(MYELIN_NS), str_of(name), at(t, j));
}

struct element *synapse(struct translation *t, const char *name, const struct json *j)
{
	return element_new(t->arena, STR(SYNAPSE_NS), str_of(name), at(t, j));
}

void add_artifact(struct translation *t, struct element *e)
{
	if (t->last)
		t->last->next = e;
	else
		t->first = e;
	t->last = e;
}

void set_text(struct translation *t, struct element *e, const char *name,
	      struct str value)
{
	element_set(e, t->arena, str_of(name), value);
}

void set_member(struct translation *t, struct element *e, const char *attribute,
		const struct json *object, const char *name)
{
	const struct json *j = json_get(object, str_of(name));

	if (!j || j->kind == JSON_NULL)
		return;
	if (j->kind == JSON_ARRAY || j->kind == JSON_OBJECT)
		report_error(t->report, at(t, j), "%s must be a single value", name);
	else
		set_text(t, e, attribute,
			 j->kind == JSON_STRING ? j->text : json_text(j, t->arena));
}

void set_number(struct translation *t, struct element *e, const char *attribute,
		const struct json *object, const char *name)
{
	const struct json *j = json_get(object, str_of(name));
	uint64_t n;

	if (!j || j->kind == JSON_NULL)
		return;
	if ((j->kind == JSON_NUMBER || j->kind == JSON_STRING) &&
	    str_to_uint(j->text, &n))
		set_text(t, e, attribute, j->text);
	else
		report_error(t->report, at(t, j), "%s must be a whole number, 0 or more",
			     name);
}

const struct json *map_of(struct translation *t, const struct json *object,
			  const char *name)
{
	const struct json *map = json_get(object, str_of(name));

	if (!map || map->kind == JSON_NULL || map->kind == JSON_OBJECT)
		return map && map->kind == JSON_OBJECT ? map : NULL;
	complain_once(t, map, arena_printf(t->arena, "%s must be a map", name));
	return NULL;
}

void add_json(struct translation *t, struct element *e, const char *name,
	      const char *prefix, const struct json *value)
{
	struct element *child;

	if (!value || value->kind == JSON_NULL)
		return;
	child = word(t, name, value);
	element_add_text(child, t->arena,
			 str_of(arena_printf(t->arena, "%s" STR_FMT, prefix,
					     STR_ARG(json_text(value, t->arena)))));
	element_add(e, child);
}

struct str name_of(struct translation *t, const char *kind, struct str tag)
{
	return str_of(arena_printf(t->arena, STR_FMT "/%s/" STR_FMT, STR_ARG(t->product),
				   kind, STR_ARG(tag)));
}

struct str enumeration(struct translation *t, struct str name)
{
	const size_t dot = str_find(name, '.');
	const struct str last = dot < name.len ? str_from(name, dot + 1) : name;
	char *small = arena_alloc(t->arena, last.len + 1);

	for (size_t i = 0; i < last.len; i++)
		small[i] = (char)(last.at[i] >= 'A' && last.at[i] <= 'Z'
					  ? last.at[i] | 0x20
					  : last.at[i]);
	return (struct str){ small, last.len };
}

void set_codes(struct translation *t, struct element *e, const char *attribute,
	       const struct json *object, const char *name)
{
	const struct json *list = json_get(object, str_of(name));
	struct buf b;

	if (!list)
		return;
	if (list->kind != JSON_ARRAY) {
		report_error(t->report, at(t, list), "%s must be a list of statuses",
			     name);
		return;
	}
	buf_init(&b, 4096);
	for (const struct json *i = list->first; i; i = i->next)
		buf_printf(&b, STR_FMT " ", STR_ARG(json_text(i, t->arena)));
	set_text(t, e, attribute, str_trim(arena_copy(t->arena, buf_str(&b))));
	buf_release(&b);
}

struct str type_of(struct translation *t, const struct json *o, const char *otherwise)
{
	const struct str type = text_of(t, o, "type");

	return type.len ? enumeration(t, type) : str_of(otherwise);
}

struct element *begin_definition(struct translation *t, const struct json *d,
				 const char *name, const char *kind)
{
	struct element *e = word(t, name, d);
	const struct str tag = tag_of(t, d, "tag", arena_printf(t->arena, "a %s", kind));

	set_text(t, e, "name", name_of(t, kind, tag));
	set_text(t, e, "product", t->product);
	set_text(t, e, "tag", tag);
	text_of(t, d, "name");
	text_of(t, d, "description");
	return e;
}
