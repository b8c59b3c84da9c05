/* Functions over arrays; most take objects and texts as well. */
#include "base/map.h"
#include "base/utf8.h"
#include "dataweave/builtin.h"

static struct dw_value array(struct dw_run *r)
{
	return dw_new(DW_ARRAY, r->arena);
}

static bool is_list(const struct dw_value *v)
{
	return v->kind == DW_ARRAY || v->kind == DW_RANGE;
}

static bool takes(struct dw_run *r, const char *name, const char *what,
		  const struct dw_value *v)
{
	return dw_fail(r, "%s takes %s, not %s", name, what, dw_kind_name(v));
}

/* The value of `by` for the i-th member: (item, index), or (value, key, index). */
static bool apply(struct dw_run *r, const struct dw_value *of, const struct dw_member *m,
		  size_t i, const struct dw_value *by, struct dw_value *v)
{
	struct dw_value args[3] = { m->value, dw_integer((int64_t)i), DW_NOTHING };

	if (of->kind == DW_OBJECT) {
		args[1] = dw_key(m);
		args[2] = dw_integer((int64_t)i);
	}
	return dw_call(r, by, args, of->kind == DW_OBJECT ? 3 : 2, v);
}

static bool holds(struct dw_run *r, const struct dw_value *of, const struct dw_member *m,
		  size_t i, const struct dw_value *by, bool *truth)
{
	struct dw_value v;

	return apply(r, of, m, i, by, &v) && dw_truth(r, &v, truth);
}

static bool map(struct dw_run *r, struct dw_value *args, unsigned count,
		struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = array(r), item;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	if (!is_list(&args[0]))
		return takes(r, "map", "an array", &args[0]);
	for (size_t i = 0; i < l->count; i++) {
		if (!apply(r, &args[0], &l->at[i], i, &args[1], &item))
			return false;
		dw_add(&to, r->arena, STR(""), item);
	}
	*v = to;
	return dw_spend(r, l->count * 64);
}

static bool filter(struct dw_run *r, struct dw_value *args, unsigned count,
		   struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = array(r);
	bool truth;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	if (args[0].kind == DW_OBJECT)
		to = dw_new(DW_OBJECT, r->arena);
	else if (!is_list(&args[0]))
		return takes(r, "filter", "an array", &args[0]);
	for (size_t i = 0; i < l->count; i++) {
		if (!holds(r, &args[0], &l->at[i], i, &args[1], &truth))
			return false;
		if (truth)
			dw_add(&to, r->arena, l->at[i].key, l->at[i].value);
	}
	*v = to;
	return dw_spend(r, to.list->count * 64);
}

/* Without a first value, the first item is it. */
static bool reduce(struct dw_run *r, struct dw_value *args, unsigned count,
		   struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	const struct dw_value *f = &args[1];
	size_t i = 0;
	struct dw_value sum = DW_NOTHING;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL || !l->count)
		return true;
	if (!is_list(&args[0]))
		return takes(r, "reduce", "an array", &args[0]);
	if (f->kind == DW_FUNCTION && f->function->lambda &&
	    !f->function->lambda->reorders && f->function->lambda->index >= 2) {
		const struct dw_node *first = f->function->lambda->parts->next;

		if (!dw_evaluate(r, first, f->function->scope, &sum))
			return false;
	}
	if (sum.kind == DW_NULL)
		sum = l->at[i++].value;
	for (; i < l->count; i++) {
		struct dw_value pair[2] = { l->at[i].value, sum };

		if (!dw_call(r, f, pair, 2, &sum))
			return false;
	}
	*v = sum;
	return true;
}

static bool add_flat(struct dw_run *r, const struct dw_value *item, struct dw_value *to)
{
	struct dw_list *l;

	if (!is_list(item)) {
		dw_add(to, r->arena, STR(""), *item);
		return true;
	}
	l = dw_members(item, r->arena);
	for (size_t i = 0; i < l->count; i++)
		dw_add(to, r->arena, STR(""), l->at[i].value);
	return dw_spend(r, l->count * 64);
}

static bool flatten(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = array(r);

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	for (size_t i = 0; i < l->count; i++)
		if (!add_flat(r, &l->at[i].value, &to))
			return false;
	*v = to;
	return true;
}

static bool flat_map(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	struct dw_value mapped;

	return map(r, args, count, &mapped) && flatten(r, &mapped, 1, v);
}

static bool distinct_by(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = dw_new(args[0].kind == DW_OBJECT ? DW_OBJECT : DW_ARRAY,
				    r->arena);
	struct dw_value key;
	struct map seen;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	map_init(&seen, r->arena);
	for (size_t i = 0; i < l->count; i++) {
		if (!apply(r, &args[0], &l->at[i], i, &args[1], &key))
			return false;
		if (map_add(&seen, dw_identity(&key, r->arena), l))
			dw_add(&to, r->arena, l->at[i].key, l->at[i].value);
	}
	*v = to;
	return dw_spend(r, l->count * 64);
}

/* An object of arrays (or of objects, if it was one), by what `by` says as text. */
static bool group_by(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = dw_new(DW_OBJECT, r->arena), key, group;
	struct map known;

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	map_init(&known, r->arena);
	for (size_t i = 0; i < l->count; i++) {
		struct str name;

		if (!apply(r, &args[0], &l->at[i], i, &args[1], &key))
			return false;
		name = dw_text(&key, r->arena);
		group = dw_new(args[0].kind == DW_OBJECT ? DW_OBJECT : DW_ARRAY,
			       r->arena);
		if (map_add(&known, name, group.list))
			dw_add(&to, r->arena, name, group);
		else
			group.list = map_get(&known, name);
		dw_add(&group, r->arena, l->at[i].key, l->at[i].value);
	}
	*v = to;
	return dw_spend(r, l->count * 64);
}

struct keyed {
	struct dw_member member;
	struct dw_value key;
};

static bool merge(struct dw_run *r, struct keyed *a, size_t n, struct keyed *spare)
{
	size_t half = n / 2, i = 0, j = half;
	int order;

	if (n < 2)
		return true;
	if (!merge(r, a, half, spare) || !merge(r, a + half, n - half, spare))
		return false;
	for (size_t k = 0; k < n; k++) {
		order = 0;
		if (i < half && j < n && !dw_compare(r, &a[i].key, &a[j].key, &order))
			return false;
		spare[k] = j >= n || (i < half && order <= 0) ? a[i++] : a[j++];
	}
	memcpy(a, spare, n * sizeof(*a));
	return true;
}

/* Stable. */
static bool order_by(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct keyed *keyed = arena_alloc(r->arena, (2 * l->count + 1) * sizeof(*keyed));
	struct dw_value to = dw_new(args[0].kind == DW_OBJECT ? DW_OBJECT : DW_ARRAY,
				    r->arena);

	(void)count;
	*v = DW_NOTHING;
	if (args[0].kind == DW_NULL)
		return true;
	for (size_t i = 0; i < l->count; i++) {
		keyed[i].member = l->at[i];
		if (!apply(r, &args[0], &l->at[i], i, &args[1], &keyed[i].key))
			return false;
	}
	if (!merge(r, keyed, l->count, keyed + l->count))
		return false;
	for (size_t i = 0; i < l->count; i++)
		dw_add(&to, r->arena, keyed[i].member.key, keyed[i].member.value);
	*v = to;
	return dw_spend(r, l->count * 128);
}

static bool contains_regex(struct dw_run *r, const struct dw_value *s,
			   const struct dw_value *regex, struct dw_value *v)
{
	struct dw_value args[2] = { *s, *regex }, found;
	const struct dw_builtin *scan = dw_builtin_named(STR("scan"));

	if (!scan->call(r, args, 2, &found))
		return false;
	*v = dw_boolean(dw_count(&found) > 0);
	return true;
}

static bool contains(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct str s, part;

	(void)count;
	*v = dw_boolean(false);
	if (args[0].kind == DW_NULL)
		return true;
	if (args[0].kind == DW_STRING && args[1].kind == DW_REGEX)
		return contains_regex(r, &args[0], &args[1], v);
	if (!is_list(&args[0]) && args[0].kind != DW_OBJECT) {
		if (!dw_text_of(r, &args[0], "contains", &s) ||
		    !dw_text_of(r, &args[1], "contains", &part))
			return false;
		*v = dw_boolean(!part.len || str_find_str(s, part) < s.len);
		return true;
	}
	r->steps += l->count / 8; /* a look is little beside a step */
	for (size_t i = 0; i < l->count && !v->truth; i++)
		*v = dw_boolean(dw_equal(&l->at[i].value, &args[1], r->arena));
	return true;
}

/* Where it is: the indexes of all. */
static bool find(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value to = array(r);
	struct str s, part;

	(void)count;
	*v = to;
	if (args[0].kind == DW_STRING && args[1].kind == DW_STRING) {
		s = args[0].text;
		part = args[1].text;
		for (size_t at = 0; part.len && at + part.len <= s.len; at++)
			if (str_starts(str_from(s, at), part))
				dw_add(&to, r->arena, STR(""), dw_integer((int64_t)at));
		return dw_spend(r, s.len);
	}
	for (size_t i = 0; i < l->count; i++)
		if (dw_equal(&l->at[i].value, &args[1], r->arena))
			dw_add(&to, r->arena, STR(""), dw_integer((int64_t)i));
	return true;
}

static bool index_of(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	if (!find(r, args, count, v))
		return false;
	*v = dw_count(v) ? dw_item(v, 0, r->arena) : dw_integer(-1);
	return true;
}

static bool size_of(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	size_t n = 0;
	struct str s;

	(void)count;
	if (is_list(&args[0]) || args[0].kind == DW_OBJECT || args[0].kind == DW_NULL) {
		*v = dw_integer((int64_t)dw_count(&args[0]));
		return true;
	}
	s = dw_text(&args[0], r->arena);
	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
	*v = dw_integer((int64_t)n);
	return true;
}

static bool is_empty(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	(void)r;
	(void)count;
	*v = dw_boolean(args[0].kind == DW_NULL ||
			(args[0].kind == DW_STRING && !args[0].text.len) ||
			((is_list(&args[0]) || args[0].kind == DW_OBJECT) &&
			 !dw_count(&args[0])));
	return true;
}

static bool to(struct dw_run *r, struct dw_value *args, unsigned count,
	       struct dw_value *v)
{
	struct dw_value a, b;

	(void)count;
	if (!dw_coerce(r, &args[0], DW_TYPE_NUMBER, NULL, &a) ||
	    !dw_coerce(r, &args[1], DW_TYPE_NUMBER, NULL, &b))
		return false;
	if (!a.whole || !b.whole)
		return dw_fail(r, "a range is between whole numbers");
	*v = (struct dw_value){ .kind = DW_RANGE,
				.integer = a.integer,
				.last = b.integer };
	if (a.integer > 1000000000000 || a.integer < -1000000000000 ||
	    b.integer > 1000000000000 || b.integer < -1000000000000)
		return dw_fail(r, "the range is too long");
	return dw_count(v) <= DW_MOST_STEPS || dw_fail(r, "the range is too long");
}

static bool zip(struct dw_run *r, struct dw_value *args, unsigned count,
		struct dw_value *v)
{
	struct dw_list *a = dw_members(&args[0], r->arena),
		       *b = dw_members(&args[1], r->arena);
	struct dw_value list = array(r);

	(void)count;
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		struct dw_value pair = array(r);

		dw_add(&pair, r->arena, STR(""), a->at[i].value);
		dw_add(&pair, r->arena, STR(""), b->at[i].value);
		dw_add(&list, r->arena, STR(""), pair);
	}
	*v = list;
	return dw_spend(r, 128 * (a->count + b->count));
}

static bool some_or_every(struct dw_run *r, struct dw_value *args, bool some,
			  struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	bool truth = !some;

	for (size_t i = 0; i < l->count && truth != some; i++)
		if (!holds(r, &args[0], &l->at[i], i, &args[1], &truth))
			return false;
	*v = dw_boolean(truth);
	return true;
}

static bool some(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	(void)count;
	return some_or_every(r, args, true, v);
}

static bool every(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	(void)count;
	return some_or_every(r, args, false, v);
}

static bool first_with(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	bool truth;

	(void)count;
	*v = DW_NOTHING;
	for (size_t i = 0; i < l->count; i++) {
		if (!holds(r, &args[0], &l->at[i], i, &args[1], &truth))
			return false;
		if (!truth)
			continue;
		*v = l->at[i].value;
		return true;
	}
	return true;
}

/* Characters, not bytes. */
static struct str backwards(struct str text, struct arena *a)
{
	char *to = arena_alloc_dirty(a, text.len + 1);
	size_t at = text.len;
	uint32_t c;

	for (struct str rest = text; rest.len;) {
		const size_t len = utf8_next(rest, &c);

		at -= len;
		memcpy(to + at, rest.at, len);
		rest = str_from(rest, len);
	}
	return (struct str){ to, text.len };
}

static bool reverse(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);

	(void)count;
	if (args[0].kind == DW_STRING) {
		*v = dw_string(backwards(args[0].text, r->arena));
		return dw_spend(r, v->text.len);
	}
	*v = array(r);
	for (size_t i = l->count; i-- > 0;)
		dw_add(v, r->arena, STR(""), l->at[i].value);
	return dw_spend(r, 64 * l->count);
}

/* The n first, or all but the n first. */
static bool cut(struct dw_run *r, struct dw_value *args, bool keep, struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value n;

	if (!dw_coerce(r, &args[1], DW_TYPE_NUMBER, NULL, &n))
		return false;
	*v = array(r);
	for (size_t i = 0; i < l->count; i++)
		if (((double)i < dw_number(&n)) == keep)
			dw_add(v, r->arena, STR(""), l->at[i].value);
	return dw_spend(r, 64 * l->count);
}

static bool take(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	(void)count;
	return cut(r, args, true, v);
}

static bool drop(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	(void)count;
	return cut(r, args, false, v);
}

/* clang-format off */
const struct dw_builtin dw_lists[] = {
	{ "map", 2, 2, 1 << 1, map },
	{ "filter", 2, 2, 1 << 1, filter },
	{ "reduce", 2, 2, 1 << 1, reduce },
	{ "flatMap", 2, 2, 1 << 1, flat_map },
	{ "flatten", 1, 1, 0, flatten },
	{ "distinctBy", 2, 2, 1 << 1, distinct_by },
	{ "groupBy", 2, 2, 1 << 1, group_by },
	{ "orderBy", 2, 2, 1 << 1, order_by },
	{ "contains", 2, 2, 0, contains },
	{ "find", 2, 2, 0, find },
	{ "indexOf", 2, 2, 0, index_of },
	{ "sizeOf", 1, 1, 0, size_of },
	{ "isEmpty", 1, 1, 0, is_empty },
	{ "to", 2, 2, 0, to },
	{ "zip", 2, 2, 0, zip },
	{ "some", 2, 2, 1 << 1, some },
	{ "every", 2, 2, 1 << 1, every },
	{ "firstWith", 2, 2, 1 << 1, first_with },
	{ "reverse", 1, 1, 0, reverse },
	{ "take", 2, 2, 0, take },
	{ "drop", 2, 2, 0, drop },
	{ NULL },
};
/* clang-format on */
