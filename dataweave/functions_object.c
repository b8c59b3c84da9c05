/* Functions over objects. */
#include "dataweave/builtin.h"

static bool call_with(struct dw_run *r, const struct dw_member *m, size_t i,
		      const struct dw_value *by, struct dw_value *v)
{
	struct dw_value args[3] = { m->value, dw_key(m), dw_integer((int64_t)i) };

	return dw_call(r, by, args, 3, v);
}

static bool is_object(struct dw_run *r, const char *name, const struct dw_value *v)
{
	return v->kind == DW_OBJECT ||
	       dw_fail(r, "%s takes an object, not %s", name, dw_kind_name(v));
}

static void add_all(struct dw_run *r, const struct dw_value *from, struct dw_value *to)
{
	struct dw_list *l = dw_members(from, r->arena);

	for (size_t i = 0; i < l->count; i++)
		dw_add(to, r->arena, l->at[i].key, l->at[i].value);
}

static bool map_object(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = dw_new(DW_OBJECT, r->arena), made;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	if (!is_object(r, "mapObject", &args[0]))
		return false;
	for (size_t i = 0; i < l->count; i++) {
		if (!call_with(r, &l->at[i], i, &args[1], &made) ||
		    !is_object(r, "mapObject", &made))
			return false;
		add_all(r, &made, &to);
	}
	*v = to;
	return dw_spend(r, 64 * l->count);
}

static bool filter_object(struct dw_run *r, struct dw_value *args, unsigned count,
			  struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = dw_new(DW_OBJECT, r->arena), keep;
	bool truth;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	if (!is_object(r, "filterObject", &args[0]))
		return false;
	for (size_t i = 0; i < l->count; i++) {
		if (!call_with(r, &l->at[i], i, &args[1], &keep) ||
		    !dw_truth(r, &keep, &truth))
			return false;
		if (truth)
			dw_add(&to, r->arena, l->at[i].key, l->at[i].value);
	}
	*v = to;
	return dw_spend(r, 64 * l->count);
}

static bool pluck(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = dw_new(DW_ARRAY, r->arena), made;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	if (!is_object(r, "pluck", &args[0]))
		return false;
	for (size_t i = 0; i < l->count; i++) {
		if (!call_with(r, &l->at[i], i, &args[1], &made))
			return false;
		dw_add(&to, r->arena, STR(""), made);
	}
	*v = to;
	return dw_spend(r, 64 * l->count);
}

static bool keys_of(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	*v = dw_new(DW_ARRAY, r->arena);
	for (size_t i = 0; i < l->count; i++)
		dw_add(v, r->arena, STR(""), dw_key(&l->at[i]));
	return dw_spend(r, 64 * l->count);
}

static bool values_of(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	*v = dw_new(DW_ARRAY, r->arena);
	for (size_t i = 0; i < l->count; i++)
		dw_add(v, r->arena, STR(""), l->at[i].value);
	return dw_spend(r, 64 * l->count);
}

static struct dw_value attributes_of(const struct dw_value *v, struct arena *a)
{
	if (v->tag && v->tag->attributes)
		return (struct dw_value){ .kind = DW_OBJECT, .list = v->tag->attributes };
	return dw_new(DW_OBJECT, a);
}

static bool entries_of(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	*v = dw_new(DW_ARRAY, r->arena);
	for (size_t i = 0; i < l->count; i++) {
		struct dw_value entry = dw_new(DW_OBJECT, r->arena);

		dw_add(&entry, r->arena, STR("key"), dw_key(&l->at[i]));
		dw_add(&entry, r->arena, STR("value"), l->at[i].value);
		dw_add(&entry, r->arena, STR("attributes"),
		       attributes_of(&l->at[i].value, r->arena));
		dw_add(v, r->arena, STR(""), entry);
	}
	return dw_spend(r, 256 * l->count);
}

/* mergeWith: the second's members replace the first's. */
static bool merge_with(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value ignored, to = dw_new(DW_OBJECT, r->arena);

	(void)count;
	for (size_t i = 0; i < l->count; i++)
		if (args[1].kind != DW_OBJECT ||
		    !dw_field(&args[1], l->at[i].key, false, r->arena, &ignored))
			dw_add(&to, r->arena, l->at[i].key, l->at[i].value);
	add_all(r, &args[1], &to);
	*v = to;
	return dw_spend(r, 64 * to.list->count);
}

/* clang-format off */
const struct dw_builtin dw_objects[] = {
	{ "mapObject", 2, 2, 1 << 1, map_object },
	{ "filterObject", 2, 2, 1 << 1, filter_object },
	{ "pluck", 2, 2, 1 << 1, pluck },
	{ "keysOf", 1, 1, 0, keys_of },
	{ "namesOf", 1, 1, 0, keys_of },
	{ "keySet", 1, 1, 0, keys_of },
	{ "nameSet", 1, 1, 0, keys_of },
	{ "valuesOf", 1, 1, 0, values_of },
	{ "valueSet", 1, 1, 0, values_of },
	{ "entriesOf", 1, 1, 0, entries_of },
	{ "entrySet", 1, 1, 0, entries_of },
	{ "mergeWith", 2, 2, 0, merge_with },
	{ NULL },
};
/* clang-format on */
