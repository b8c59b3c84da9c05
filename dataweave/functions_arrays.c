/* The rest of dw::core::Arrays, and functions over dates. */
#include "dataweave/builtin.h"
#include "dataweave/date.h"

static bool is_list(struct dw_run *r, const char *name, const struct dw_value *v)
{
	return v->kind == DW_ARRAY || v->kind == DW_RANGE || v->kind == DW_NULL ||
	       dw_fail(r, "%s takes an array, not %s", name, dw_kind_name(v));
}

static bool holds(struct dw_run *r, const struct dw_value *test,
		  const struct dw_value *item, size_t i, bool *truth)
{
	struct dw_value args[2] = { *item, dw_integer((int64_t)i) }, v;

	return dw_call(r, test, args, 2, &v) && dw_truth(r, &v, truth);
}

static bool count_by(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	int64_t n = 0;
	bool truth;

	(void)count;
	if (!is_list(r, "countBy", &args[0]))
		return false;
	for (size_t i = 0; i < l->count; i++) {
		if (!holds(r, &args[1], &l->at[i].value, i, &truth))
			return false;
		n += truth;
	}
	*v = dw_integer(n);
	return true;
}

static bool sum_by(struct dw_run *r, struct dw_value *args, unsigned count,
		   struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value one, sum = dw_integer(0);

	(void)count;
	if (!is_list(r, "sumBy", &args[0]))
		return false;
	for (size_t i = 0; i < l->count; i++)
		if (!dw_call(r, &args[1], &l->at[i].value, 1, &one) ||
		    !dw_operate(r, DW_ADD, &sum, &one, &sum))
			return false;
	*v = sum;
	return true;
}

/* { success: […], failure: […] } */
static bool partition(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value parts[2] = { dw_new(DW_ARRAY, r->arena),
				     dw_new(DW_ARRAY, r->arena) };
	bool truth;

	(void)count;
	if (!is_list(r, "partition", &args[0]))
		return false;
	for (size_t i = 0; i < l->count; i++) {
		if (!holds(r, &args[1], &l->at[i].value, i, &truth))
			return false;
		dw_add(&parts[!truth], r->arena, STR(""), l->at[i].value);
	}
	*v = dw_new(DW_OBJECT, r->arena);
	dw_add(v, r->arena, STR("success"), parts[0]);
	dw_add(v, r->arena, STR("failure"), parts[1]);
	return dw_spend(r, 64 * l->count);
}

static bool index_where(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	bool truth = false;
	size_t i = 0;

	(void)count;
	if (!is_list(r, "indexWhere", &args[0]))
		return false;
	for (; i < l->count; i++) {
		if (!holds(r, &args[1], &l->at[i].value, i, &truth))
			return false;
		if (truth)
			break;
	}
	*v = dw_integer(truth ? (int64_t)i : -1);
	return true;
}

/* Items from one index up to before another. */
static bool part_of(struct dw_run *r, const struct dw_value *of, size_t from, size_t to,
		    struct dw_value *v)
{
	const size_t most = dw_count(of);

	*v = dw_new(DW_ARRAY, r->arena);
	if (to > most)
		to = most;
	if (from < to && !dw_spend(r, 64 * (to - from)))
		return false;
	for (size_t i = from; i < to; i++)
		dw_add(v, r->arena, STR(""), dw_item(of, i, r->arena));
	return true;
}

static bool slice(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	(void)count;
	if (!is_list(r, "slice", &args[0]))
		return false;
	if (!args[1].whole || !args[2].whole || args[1].integer < 0 ||
	    args[2].integer < 0)
		return dw_fail(r, "slice takes two numbers from 0");
	return part_of(r, &args[0], (size_t)args[1].integer, (size_t)args[2].integer, v);
}

/* How many from the start for which the test holds. */
static bool length_while(struct dw_run *r, const struct dw_value *args, size_t *len)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	bool truth = true;

	for (*len = 0; *len < l->count; ++*len) {
		if (!holds(r, &args[1], &l->at[*len].value, *len, &truth))
			return false;
		if (!truth)
			break;
	}
	return true;
}

static bool take_while(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	size_t len;

	(void)count;
	return is_list(r, "takeWhile", &args[0]) && length_while(r, args, &len) &&
	       part_of(r, &args[0], 0, len, v);
}

static bool drop_while(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	size_t len;

	(void)count;
	return is_list(r, "dropWhile", &args[0]) && length_while(r, args, &len) &&
	       part_of(r, &args[0], len, dw_count(&args[0]), v);
}

static bool divide_by(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct dw_value to = dw_new(DW_ARRAY, r->arena), part;
	const size_t most = dw_count(&args[0]);

	(void)count;
	if (!is_list(r, "divideBy", &args[0]))
		return false;
	if (!args[1].whole || args[1].kind != DW_NUMBER || args[1].integer < 1)
		return dw_fail(r, "divideBy takes a number from 1");
	for (size_t i = 0; i < most; i += (size_t)args[1].integer) {
		if (!part_of(r, &args[0], i, i + (size_t)args[1].integer, &part))
			return false;
		dw_add(&to, r->arena, STR(""), part);
	}
	*v = to;
	return true;
}

static bool unzip(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	struct dw_list *rows = dw_members(&args[0], r->arena);
	const size_t width = rows->count ? dw_count(&rows->at[0].value) : 0;

	(void)count;
	*v = dw_new(DW_ARRAY, r->arena);
	if (!is_list(r, "unzip", &args[0]) || !dw_spend(r, 64 * width * rows->count))
		return false;
	for (size_t k = 0; k < width; k++) {
		struct dw_value column = dw_new(DW_ARRAY, r->arena);

		for (size_t i = 0; i < rows->count; i++)
			if (k < dw_count(&rows->at[i].value))
				dw_add(&column, r->arena, STR(""),
				       dw_item(&rows->at[i].value, k, r->arena));
		dw_add(v, r->arena, STR(""), column);
	}
	return true;
}

/* [{l, r}] of what has the same key on both sides. */
static bool join(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	struct dw_list *left = dw_members(&args[0], r->arena),
		       *right = dw_members(&args[1], r->arena);
	struct dw_value to = dw_new(DW_ARRAY, r->arena), a, b, pair;

	(void)count;
	for (size_t i = 0; i < left->count; i++) {
		if (!dw_call(r, &args[2], &left->at[i].value, 1, &a))
			return false;
		for (size_t k = 0; k < right->count; k++) {
			if (!dw_call(r, &args[3], &right->at[k].value, 1, &b))
				return false;
			if (!dw_equal(&a, &b, r->arena))
				continue;
			pair = dw_new(DW_OBJECT, r->arena);
			dw_add(&pair, r->arena, STR("l"), left->at[i].value);
			dw_add(&pair, r->arena, STR("r"), right->at[k].value);
			dw_add(&to, r->arena, STR(""), pair);
		}
	}
	*v = to;
	return dw_spend(r, 256 * to.list->count);
}

/* --- dates --- */

static bool days_between(struct dw_run *r, struct dw_value *args, unsigned count,
			 struct dw_value *v)
{
	const int64_t day = 86400000;
	struct dw_value from, to;

	(void)count;
	if (!dw_coerce(r, &args[0], DW_TYPE_DATE_TIME, NULL, &from) ||
	    !dw_coerce(r, &args[1], DW_TYPE_DATE_TIME, NULL, &to))
		return false;
	*v = dw_integer((dw_moment(&to) - dw_moment(&from)) / day);
	return true;
}

static bool is_leap_year(struct dw_run *r, struct dw_value *args, unsigned count,
			 struct dw_value *v)
{
	struct dw_value year;
	int64_t n;

	(void)count;
	if (args[0].kind != DW_DATE || !dw_date_part(&args[0], STR("year"), &year))
		return dw_fail(r, "isLeapYear takes a date, not %s",
			       dw_kind_name(&args[0]));
	n = year.integer;
	*v = dw_boolean((n % 4 == 0 && n % 100 != 0) || n % 400 == 0);
	return true;
}

static bool today(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	const struct timers *clock = r->message->around->clock;
	const int64_t day = 86400000, now = (int64_t)clock->now + clock->wall;

	(void)args;
	*v = dw_date_of((now / day + (int64_t)count) * day, 0, DW_DAY);
	return true;
}

/* clang-format off */
const struct dw_builtin dw_arrays[] = {
	{ "countBy", 2, 2, 1 << 1, count_by },
	{ "sumBy", 2, 2, 1 << 1, sum_by },
	{ "partition", 2, 2, 1 << 1, partition },
	{ "indexWhere", 2, 2, 1 << 1, index_where },
	{ "slice", 3, 3, 0, slice },
	{ "takeWhile", 2, 2, 1 << 1, take_while },
	{ "dropWhile", 2, 2, 1 << 1, drop_while },
	{ "divideBy", 2, 2, 0, divide_by },
	{ "unzip", 1, 1, 0, unzip },
	{ "join", 4, 4, 1 << 2 | 1 << 3, join },
	{ "daysBetween", 2, 2, 0, days_between },
	{ "isLeapYear", 1, 1, 0, is_leap_year },
	{ "today", 0, 0, 0, today },
	{ NULL },
};
/* clang-format on */
