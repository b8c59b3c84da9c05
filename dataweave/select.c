/* Selectors. Going through what is not there gives null, never an error. */
#include "dataweave/date.h"
#include "dataweave/run.h"
#include "message/attributes.h"

enum { MOST_DEEP = 128 };

static bool key_of(struct dw_run *r, const struct dw_node *n,
		   const struct dw_scope *scope, struct dw_value *key)
{
	*key = dw_string(n->text);
	return !n->b || dw_evaluate(r, n->b, scope, key);
}

/* Header names are found in any case; they stand in `attributes.headers` only. */
static bool is_headers(const struct dw_node *n)
{
	return n->form == DW_SELECT && str_eq(n->text, STR("headers"));
}

static bool field_of_list(struct dw_run *r, const struct dw_value *of, struct str key,
			  struct dw_value *v)
{
	struct dw_list *l = dw_members(of, r->arena);
	struct dw_value found = dw_new(DW_ARRAY, r->arena), one;

	for (size_t i = 0; i < l->count; i++)
		if (l->at[i].value.kind == DW_OBJECT &&
		    dw_field(&l->at[i].value, key, false, r->arena, &one))
			dw_add(&found, r->arena, STR(""), one);
	*v = found.list->count ? found : DW_NOTHING;
	return found.list->count > 0;
}

static bool field(struct dw_run *r, const struct dw_value *of, struct str key,
		  bool any_case, struct dw_value *v)
{
	*v = DW_NOTHING;
	if (of->kind == DW_OBJECT)
		return dw_field(of, key, any_case, r->arena, v);
	if (of->kind == DW_ARRAY)
		return field_of_list(r, of, key, v);
	if (of->kind == DW_DATE || of->kind == DW_PERIOD)
		return dw_date_part(of, key, v);
	return false;
}

static void all_of(struct dw_run *r, const struct dw_value *of, struct str key,
		   struct dw_value *to)
{
	struct dw_list *l = dw_members(of, r->arena);

	for (size_t i = 0; i < l->count; i++) {
		if (of->kind == DW_OBJECT && str_eq(l->at[i].key, key))
			dw_add(to, r->arena, STR(""), l->at[i].value);
		else if (of->kind == DW_ARRAY && l->at[i].value.kind == DW_OBJECT)
			all_of(r, &l->at[i].value, key, to);
	}
}

static void deep(struct dw_run *r, const struct dw_value *of, struct str key,
		 struct dw_value *to, unsigned depth)
{
	struct dw_list *l = dw_members(of, r->arena);

	r->steps += l->count;
	if (depth > MOST_DEEP || r->steps > DW_MOST_STEPS)
		return;
	for (size_t i = 0; i < l->count; i++) {
		if (of->kind == DW_OBJECT && str_eq(l->at[i].key, key))
			dw_add(to, r->arena, STR(""), l->at[i].value);
		deep(r, &l->at[i].value, key, to, depth + 1);
	}
}

static bool many(struct dw_run *r, const struct dw_node *n, const struct dw_value *of,
		 struct str key, struct dw_value *v)
{
	struct dw_value found = dw_new(DW_ARRAY, r->arena);

	if (n->form == DW_SELECT_ALL)
		all_of(r, of, key, &found);
	else
		deep(r, of, key, &found, 0);
	*v = found.list->count || of->kind == DW_ARRAY ? found : DW_NOTHING;
	return found.list->count > 0;
}

/* Byte offsets of the character `at` and the one `to`, counted in characters of UTF-8. */
static struct str characters(struct str s, size_t at, size_t to)
{
	size_t from = s.len, end = s.len, n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (((unsigned char)s.at[i] & 0xc0) == 0x80)
			continue;
		if (n == at)
			from = i;
		if (n == to) {
			end = i;
			break;
		}
		n++;
	}
	return (struct str){ s.at + from, end > from ? end - from : 0 };
}

static size_t character_count(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
	return n;
}

static size_t length(const struct dw_value *v)
{
	return v->kind == DW_STRING ? character_count(v->text) : dw_count(v);
}

/* From the end if negative. False: outside. */
static bool place(int64_t index, size_t count, size_t *at)
{
	if (index < 0)
		index += (int64_t)count;
	*at = (size_t)index;
	return index >= 0 && *at < count;
}

static bool slice(struct dw_run *r, const struct dw_value *of,
		  const struct dw_value *range, struct dw_value *v)
{
	size_t from, to, count = length(of);
	struct dw_value list;

	if (!place(range->integer, count, &from) || !place(range->last, count, &to))
		return false;
	if (of->kind == DW_STRING) {
		*v = dw_string(from <= to ? characters(of->text, from, to + 1) : STR(""));
		return true;
	}
	list = dw_new(DW_ARRAY, r->arena);
	for (size_t i = from;; i = from <= to ? i + 1 : i - 1) {
		dw_add(&list, r->arena, STR(""), dw_item(of, i, r->arena));
		if (i == to)
			break;
	}
	*v = list;
	return dw_spend(r, count * 32);
}

static bool has_places(const struct dw_value *v)
{
	return v->kind == DW_STRING || v->kind == DW_ARRAY || v->kind == DW_RANGE ||
	       v->kind == DW_OBJECT;
}

static bool item(struct dw_run *r, const struct dw_value *of,
		 const struct dw_value *index, struct dw_value *v)
{
	size_t at;

	if (index->kind == DW_RANGE &&
	    (of->kind == DW_STRING || of->kind == DW_ARRAY || of->kind == DW_RANGE))
		return slice(r, of, index, v);
	if (index->kind != DW_NUMBER || !index->whole || !has_places(of) ||
	    !place(index->integer, length(of), &at))
		return false;
	if (of->kind == DW_STRING)
		*v = dw_string(characters(of->text, at, at + 1));
	else
		*v = dw_item(of, at, r->arena);
	return true;
}

static bool index_of(struct dw_run *r, const struct dw_node *n, const struct dw_value *of,
		     const struct dw_value *key, struct dw_value *v)
{
	if (key->kind == DW_STRING)
		return field(r, of, key->text, is_headers(n->a), v);
	*v = DW_NOTHING;
	return item(r, of, key, v);
}

static bool filter(struct dw_run *r, const struct dw_value *of,
		   const struct dw_value *keep, struct dw_value *v)
{
	struct dw_list *l = dw_members(of, r->arena);
	struct dw_value found = dw_new(DW_ARRAY, r->arena);

	for (size_t i = 0; i < l->count; i++) {
		struct dw_value args[2] = { l->at[i].value, dw_integer((int64_t)i) }, yes;
		bool truth;

		if (!dw_call(r, keep, args, 2, &yes) || !dw_truth(r, &yes, &truth))
			return false;
		if (truth)
			dw_add(&found, r->arena, STR(""), l->at[i].value);
	}
	*v = found.list->count ? found : DW_NOTHING;
	return true;
}

static bool one_attribute(struct dw_run *r, const struct dw_value *of, struct str name,
			  struct dw_value *v)
{
	struct dw_value all = { .kind = DW_OBJECT };

	if (!of->tag || !of->tag->attributes)
		return false;
	all.list = of->tag->attributes;
	if (name.len)
		return dw_field(&all, name, false, r->arena, v);
	*v = all;
	return true;
}

/* `.@name`, or `.@` for all; of a list, of each of its items. */
static bool attribute(struct dw_run *r, const struct dw_value *of, struct str name,
		      struct dw_value *v)
{
	struct dw_value found, one;
	struct dw_list *l;

	*v = DW_NOTHING;
	if (of->kind != DW_ARRAY)
		return one_attribute(r, of, name, v);
	found = dw_new(DW_ARRAY, r->arena);
	l = dw_members(of, r->arena);
	for (size_t i = 0; i < l->count; i++)
		if (one_attribute(r, &l->at[i].value, name, &one))
			dw_add(&found, r->arena, STR(""), one);
	*v = found.list->count ? found : DW_NOTHING;
	return found.list->count > 0;
}

static bool meta(struct dw_run *r, const struct dw_node *n, const struct dw_value *of,
		 struct dw_value *v)
{
	*v = DW_NOTHING;
	if (str_eq(n->text, STR("mimeType")) && n->a->form == DW_ROOT &&
	    n->a->index == DW_PAYLOAD) {
		*v = dw_string(message_media_type(r->message));
		return true;
	}
	if (str_eq(n->text, STR("raw"))) {
		*v = *of;
		return true;
	}
	if (str_eq(n->text, STR("class"))) {
		*v = dw_string(str_of(dw_kind_name(of)));
		return true;
	}
	return false;
}

static bool select_from(struct dw_run *r, const struct dw_node *n,
			const struct dw_value *of, const struct dw_value *key,
			struct dw_value *v, bool *found)
{
	struct str name = key->text;

	if (key->kind != DW_STRING && n->form != DW_INDEX) /* a range may be long */
		name = dw_text(key, r->arena);
	switch (n->form) {
	case DW_SELECT:
		*found = field(r, of, name, is_headers(n->a), v);
		return true;
	case DW_SELECT_ALL:
	case DW_SELECT_DEEP:
		*found = many(r, n, of, name, v);
		return true;
	case DW_INDEX:
		*found = index_of(r, n, of, key, v);
		return r->bytes <= DW_MOST_BYTES;
	case DW_SELECT_ATTRIBUTE:
		*found = attribute(r, of, name, v);
		return true;
	case DW_SELECT_META:
		*found = meta(r, n, of, v);
		return true;
	default: /* the others do not come here */
		return false;
	}
}

bool dw_select(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
	       struct dw_value *v, bool *found)
{
	struct dw_value of, key;

	*found = true;
	if (n->form < DW_SELECT || n->form > DW_FILTER)
		return dw_evaluate(r, n, scope, v);
	if (!dw_evaluate(r, n->a, scope, &of) || !key_of(r, n, scope, &key))
		return false;
	if (n->form == DW_FILTER) {
		bool fine = filter(r, &of, &key, v);

		*found = fine && v->kind != DW_NULL;
		return fine;
	}
	return select_from(r, n, &of, &key, v, found);
}
