#include "dataweave/value.h"

#include <math.h>

#include "dataweave/date.h"
#include "dataweave/xml.h"

struct dw_value dw_boolean(bool truth)
{
	return (struct dw_value){ .kind = DW_BOOLEAN, .truth = truth };
}

struct dw_value dw_integer(int64_t n)
{
	return (struct dw_value){ .kind = DW_NUMBER, .whole = true, .integer = n };
}

struct dw_value dw_real(double n)
{
	if (n >= -9007199254740992.0 && n <= 9007199254740992.0 && floor(n) == n)
		return dw_integer((int64_t)n);
	return (struct dw_value){ .kind = DW_NUMBER, .real = n };
}

struct dw_value dw_string(struct str text)
{
	return (struct dw_value){ .kind = DW_STRING, .text = text };
}

static struct dw_value number_of_json(const struct json *j)
{
	struct dw_value v = { .kind = DW_NUMBER };

	if (json_to_int(j, &v.integer))
		v.whole = true;
	else if (!json_to_double(j, &v.real))
		v.real = NAN;
	v.text = j->text;
	return v;
}

struct dw_value dw_json(const struct json *j, struct arena *a)
{
	struct dw_value v = DW_NOTHING;

	if (!j)
		return v;
	switch (j->kind) {
	case JSON_NULL:
		return v;
	case JSON_FALSE:
	case JSON_TRUE:
		return dw_boolean(j->kind == JSON_TRUE);
	case JSON_NUMBER:
		return number_of_json(j);
	case JSON_STRING:
		return dw_string(j->text);
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	v.kind = j->kind == JSON_ARRAY ? DW_ARRAY : DW_OBJECT;
	v.list = arena_new(a, struct dw_list);
	v.list->json = j;
	v.list->count = j->count;
	return v;
}

struct dw_value dw_new(enum dw_kind array_or_object, struct arena *a)
{
	return (struct dw_value){ .kind = array_or_object,
				  .list = arena_new(a, struct dw_list) };
}

void dw_add(struct dw_value *to, struct arena *a, struct str key, struct dw_value value)
{
	struct dw_list *l = to->list;

	if (l->count == l->room) {
		struct dw_member *grown;

		l->room = l->room ? l->room * 2 : 4;
		grown = arena_alloc(a, l->room * sizeof(*grown));
		if (l->count)
			memcpy(grown, l->at, l->count * sizeof(*grown));
		l->at = grown;
		if (l->filled) { /* from here on it stands alone */
			l->filled = arena_new(a, size_t);
			*l->filled = l->count;
		}
	}
	if (l->filled)
		++*l->filled;
	l->at[l->count++] = (struct dw_member){ .key = key, .value = value };
}

struct dw_value dw_grown(const struct dw_value *of, struct arena *a, size_t *copied)
{
	const struct dw_list *l = dw_members(of, a);
	struct dw_value v = dw_new(of->kind == DW_OBJECT ? DW_OBJECT : DW_ARRAY, a);

	v.tag = of->tag;
	*v.list = (struct dw_list){ l->at, l->count, l->room, .filled = l->filled };
	*copied = 0;
	if (l->filled && *l->filled == l->count)
		return v;
	*copied = l->count;
	v.list->room = l->count * 2 + 4;
	v.list->at = arena_alloc(a, v.list->room * sizeof(*v.list->at));
	if (l->count)
		memcpy(v.list->at, l->at, l->count * sizeof(*l->at));
	v.list->filled = arena_new(a, size_t);
	*v.list->filled = l->count;
	return v;
}

struct str dw_identity(const struct dw_value *v, struct arena *a)
{
	struct str text = STR("");

	if (v->kind == DW_NUMBER && v->whole)
		return str_of(arena_printf(a, "%lld", (long long)v->integer));
	if (v->kind == DW_NUMBER)
		return str_of(arena_printf(a, "%.17g", v->real));
	if (v->kind == DW_DATE)
		return str_of(
			arena_printf(a, "d%u %lld", v->shape, (long long)dw_moment(v)));
	if (v->kind == DW_ARRAY || v->kind == DW_OBJECT || v->kind == DW_RANGE)
		text = json_text(dw_to_json(v, a, false, 0), a);
	else
		text = dw_text(v, a);
	return str_of(arena_printf(a, "%c" STR_FMT, 'A' + (int)v->kind, STR_ARG(text)));
}

struct dw_value dw_key(const struct dw_member *m)
{
	struct dw_value key = dw_string(m->key);

	key.tag = m->value.tag;
	return key;
}

static size_t range_count(const struct dw_value *v)
{
	uint64_t a = (uint64_t)v->integer, b = (uint64_t)v->last;

	return (size_t)(v->last >= v->integer ? b - a : a - b) + 1;
}

size_t dw_count(const struct dw_value *v)
{
	if (v->kind == DW_RANGE)
		return range_count(v);
	return v->kind == DW_ARRAY || v->kind == DW_OBJECT ? v->list->count : 0;
}

static void open_list(struct dw_list *l, struct arena *a)
{
	const struct json *j = l->json;
	size_t i = 0;

	l->at = arena_alloc(a, j->count * sizeof(*l->at));
	l->room = j->count;
	for (const struct json *m = j->first; m && i < j->count; m = m->next, i++) {
		l->at[i].key = m->key;
		l->at[i].value = dw_json(m, a);
	}
	l->json = NULL;
}

static struct dw_list *range_members(const struct dw_value *v, struct arena *a)
{
	struct dw_value list = dw_new(DW_ARRAY, a);

	for (size_t i = 0; i < range_count(v); i++)
		dw_add(&list, a, STR(""), dw_item(v, i, a));
	return list.list;
}

struct dw_list *dw_members(const struct dw_value *v, struct arena *a)
{
	if (v->kind == DW_RANGE)
		return range_members(v, a);
	if (v->kind != DW_ARRAY && v->kind != DW_OBJECT)
		return arena_new(a, struct dw_list);
	if (v->list->json)
		open_list(v->list, a);
	if (v->list->xml)
		dw_xml_open(v->list, a);
	return v->list;
}

struct dw_value dw_item(const struct dw_value *v, size_t index, struct arena *a)
{
	if (v->kind == DW_RANGE)
		return dw_integer(v->last >= v->integer ? v->integer + (int64_t)index
							: v->integer - (int64_t)index);
	return dw_members(v, a)->at[index].value;
}

bool dw_field(const struct dw_value *object, struct str key, bool any_case,
	      struct arena *a, struct dw_value *found)
{
	const struct dw_list *l = dw_members(object, a);

	for (size_t i = 0; i < l->count; i++) {
		if (any_case ? !str_eq_nocase(l->at[i].key, key)
			     : !str_eq(l->at[i].key, key))
			continue;
		*found = l->at[i].value;
		return true;
	}
	*found = DW_NOTHING;
	return false;
}

double dw_number(const struct dw_value *v)
{
	return v->whole ? (double)v->integer : v->real;
}

static bool lists_are_equal(const struct dw_value *a, const struct dw_value *b,
			    struct arena *arena)
{
	struct dw_list *x = dw_members(a, arena), *y = dw_members(b, arena);

	if (x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++)
		if (!str_eq(x->at[i].key, y->at[i].key) ||
		    !dw_equal(&x->at[i].value, &y->at[i].value, arena))
			return false;
	return true;
}

static bool is_list(const struct dw_value *v)
{
	return v->kind == DW_ARRAY || v->kind == DW_RANGE;
}

bool dw_equal(const struct dw_value *a, const struct dw_value *b, struct arena *arena)
{
	if (is_list(a) && is_list(b))
		return lists_are_equal(a, b, arena);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case DW_NULL:
		return true;
	case DW_BOOLEAN:
		return a->truth == b->truth;
	case DW_NUMBER:
		return a->whole && b->whole ? a->integer == b->integer
					    : dw_number(a) == dw_number(b);
	case DW_STRING:
	case DW_REGEX:
		return str_eq(a->text, b->text);
	case DW_DATE:
		return dw_moment(a) == dw_moment(b) && a->shape == b->shape;
	case DW_PERIOD:
		return a->integer == b->integer && a->zone == b->zone;
	case DW_OBJECT:
		return lists_are_equal(a, b, arena);
	case DW_FUNCTION:
		return a->function == b->function;
	case DW_TYPE:
		return str_eq(a->text, b->text);
	case DW_RANGE:
	case DW_ARRAY:
		break;
	}
	return false;
}

const char *dw_kind_name(const struct dw_value *v)
{
	static const char *const names[] = { "Null",  "Boolean", "Number",   "String",
					     "Date",  "Period",  "Regex",    "Range",
					     "Array", "Object",  "Function", "Type" };
	static const char *const dates[] = { "DateTime", "LocalDateTime", "Date", "Time",
					     "LocalTime" };

	return v->kind == DW_DATE ? dates[v->shape] : names[v->kind];
}

/* Fifteen digits, never with an exponent where people would not write one. */
static struct str real_text(double n, struct arena *a)
{
	char *text = arena_printf(a, "%.15g", n);

	if (strchr(text, 'e') && n < 1e21 && n > -1e21 && (n > 1e-7 || n < -1e-7))
		text = arena_printf(a, "%.*f", n > 1 || n < -1 ? 0 : 15, n);
	return str_of(text);
}

bool dw_is_error_type(const struct dw_value *v, struct arena *a, struct str *text)
{
	struct dw_list *l = v->kind == DW_OBJECT ? dw_members(v, a) : NULL;

	if (!l || l->count != 2 || !str_eq(l->at[0].key, STR("namespace")) ||
	    !str_eq(l->at[1].key, STR("identifier")))
		return false;
	*text = str_of(arena_printf(a, STR_FMT ":" STR_FMT, STR_ARG(l->at[0].value.text),
				    STR_ARG(l->at[1].value.text)));
	return true;
}

static struct str json_of(const struct dw_value *v, struct arena *a)
{
	return json_text(dw_to_json(v, a, false, 0), a);
}

struct str dw_text(const struct dw_value *v, struct arena *a)
{
	struct str type;

	if (dw_is_error_type(v, a, &type))
		return type;
	switch (v->kind) {
	case DW_NULL:
		return STR("");
	case DW_BOOLEAN:
		return v->truth ? STR("true") : STR("false");
	case DW_NUMBER:
		if (v->text.len)
			return v->text;
		return v->whole ? str_of(arena_printf(a, "%lld", (long long)v->integer))
				: real_text(v->real, a);
	case DW_STRING:
	case DW_REGEX:
		return v->text;
	case DW_DATE:
	case DW_PERIOD:
		return dw_date_text(v, a);
	case DW_TYPE:
		return str_of(arena_printf(a, STR_FMT, STR_ARG(v->text)));
	case DW_RANGE:
	case DW_ARRAY:
	case DW_OBJECT:
		return json_of(v, a);
	case DW_FUNCTION:
		break;
	}
	return STR("");
}

static struct json *list_to_json(const struct dw_value *v, struct arena *a,
				 bool skip_null, unsigned depth)
{
	struct json *to = json_new(a, v->kind == DW_OBJECT ? JSON_OBJECT : JSON_ARRAY);
	struct dw_list *l;

	if (depth > JSON_MAX_DEPTH)
		return json_new(a, JSON_NULL);
	l = dw_members(v, a);
	for (size_t i = 0; i < l->count; i++) {
		struct json *member;

		if (skip_null && l->at[i].value.kind == DW_NULL)
			continue;
		member = dw_to_json(&l->at[i].value, a, skip_null, depth + 1);
		member->key = l->at[i].key;
		json_append(to, member); /* keys may stand twice */
	}
	return to;
}

struct json *dw_to_json(const struct dw_value *v, struct arena *a, bool skip_null,
			unsigned depth)
{
	switch (v->kind) {
	case DW_NULL:
	case DW_FUNCTION:
		return json_new(a, JSON_NULL);
	case DW_BOOLEAN:
		return json_bool(a, v->truth);
	case DW_NUMBER:
		return json_number(a, dw_text(v, a));
	case DW_STRING:
	case DW_DATE:
	case DW_PERIOD:
	case DW_REGEX:
	case DW_TYPE:
		return json_string(a, dw_text(v, a));
	case DW_ARRAY:
	case DW_OBJECT:
		if (v->list->json && !skip_null)
			return json_copy(a, v->list->json);
		return list_to_json(v, a, skip_null, depth);
	case DW_RANGE:
		break;
	}
	return list_to_json(v, a, skip_null, depth);
}

struct value dw_give(const struct dw_value *v, struct arena *a)
{
	if (v->kind == DW_NULL)
		return VALUE_NONE;
	if (v->kind == DW_BOOLEAN)
		return value_bool(v->truth);
	if (v->kind == DW_NUMBER && v->whole && !v->text.len)
		return value_int(v->integer);
	if (v->kind == DW_STRING)
		return value_str(v->text);
	if ((v->kind == DW_ARRAY || v->kind == DW_OBJECT) && v->list->json)
		return value_json(v->list->json);
	if (v->kind == DW_OBJECT && v->list->root)
		return value_xml(xml_nodes_of((struct xml_node *)v->list->root, a));
	if (v->kind == DW_ARRAY || v->kind == DW_OBJECT || v->kind == DW_RANGE ||
	    v->kind == DW_NUMBER)
		return (struct value){ .kind = VALUE_JSON,
				       .json = dw_to_json(v, a, false, 0) };
	return value_str(dw_text(v, a));
}

struct dw_value dw_take(struct value v, struct arena *a)
{
	switch (v.kind) {
	case VALUE_NULL:
		return DW_NOTHING;
	case VALUE_BOOL:
		return dw_boolean(v.truth);
	case VALUE_INT:
		return dw_integer(v.number);
	case VALUE_DOUBLE:
		return dw_real(v.real);
	case VALUE_STR:
		return dw_string(v.text);
	case VALUE_JSON:
		return dw_json(v.json, a);
	case VALUE_XML:
		if (v.xml->count == 1 && xml_is_element(v.xml->at[0]))
			return dw_xml(v.xml->at[0], a);
		break;
	}
	return dw_string(value_text(v, a));
}
