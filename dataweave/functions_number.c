/* Functions over numbers. */
#include <math.h>

#include "dataweave/builtin.h"

static bool number(struct dw_run *r, const struct dw_value *v, struct dw_value *n)
{
	return dw_coerce(r, v, DW_TYPE_NUMBER, NULL, n);
}

static bool sum(struct dw_run *r, struct dw_value *args, unsigned count,
		struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);

	(void)count;
	*v = dw_integer(0);
	for (size_t i = 0; i < l->count; i++)
		if (!dw_operate(r, DW_ADD, v, &l->at[i].value, v))
			return false;
	return true;
}

static bool avg(struct dw_run *r, struct dw_value *args, unsigned count,
		struct dw_value *v)
{
	struct dw_value n = dw_integer((int64_t)dw_count(&args[0]));

	if (!n.integer) {
		*v = DW_NOTHING;
		return true;
	}
	return sum(r, args, count, v) && dw_operate(r, DW_DIVIDE, v, &n, v);
}

/* The member whose key is least (sign 1) or greatest (-1). */
static bool extreme(struct dw_run *r, struct dw_value *args, bool by, int sign,
		    struct dw_value *v)
{
	struct dw_list *l = dw_members(&args[0], r->arena);
	struct dw_value best = DW_NOTHING, key;
	int order;

	*v = DW_NOTHING;
	for (size_t i = 0; i < l->count; i++) {
		struct dw_value two[2] = { l->at[i].value, dw_integer((int64_t)i) };

		key = l->at[i].value;
		if (by && !dw_call(r, &args[1], two, 2, &key))
			return false;
		order = -1;
		if (i && !dw_compare(r, &key, &best, &order))
			return false;
		if (i && order * sign >= 0)
			continue;
		best = key;
		*v = l->at[i].value;
	}
	return true;
}

static bool least(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	(void)count;
	return extreme(r, args, false, 1, v);
}

static bool greatest(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	(void)count;
	return extreme(r, args, false, -1, v);
}

static bool least_by(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	(void)count;
	return extreme(r, args, true, 1, v);
}

static bool greatest_by(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	(void)count;
	return extreme(r, args, true, -1, v);
}

static bool apply(struct dw_run *r, struct dw_value *args, double (*f)(double),
		  struct dw_value *v)
{
	struct dw_value n;

	if (!number(r, &args[0], &n))
		return false;
	*v = n.whole && f != fabs ? dw_integer(n.integer) : dw_real(f(dw_number(&n)));
	return true;
}

/* Half goes up, away from zero below it. */
static double half_up(double n)
{
	return n < 0 ? -floor(-n + 0.5) : floor(n + 0.5);
}

#define ONE(name, f)                                                              \
	static bool name(struct dw_run *r, struct dw_value *args, unsigned count, \
			 struct dw_value *v)                                      \
	{                                                                         \
		(void)count;                                                      \
		return apply(r, args, f, v);                                      \
	}

ONE(absolute, fabs)
ONE(rounded, half_up)
ONE(down, floor)
ONE(up, ceil)

static bool square_root(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	struct dw_value n;

	(void)count;
	if (!number(r, &args[0], &n))
		return false;
	*v = dw_real(sqrt(dw_number(&n)));
	return true;
}

static bool mod(struct dw_run *r, struct dw_value *args, unsigned count,
		struct dw_value *v)
{
	struct dw_value a, b;

	(void)count;
	if (!number(r, &args[0], &a) || !number(r, &args[1], &b))
		return false;
	if (dw_number(&b) == 0)
		return dw_fail(r, "division by zero");
	if (a.whole && b.whole)
		*v = dw_integer(b.integer == -1 ? 0 : a.integer % b.integer);
	else
		*v = dw_real(fmod(dw_number(&a), dw_number(&b)));
	return true;
}

static bool power(struct dw_run *r, struct dw_value *args, unsigned count,
		  struct dw_value *v)
{
	struct dw_value a, b;

	(void)count;
	if (!number(r, &args[0], &a) || !number(r, &args[1], &b))
		return false;
	*v = dw_real(pow(dw_number(&a), dw_number(&b)));
	return v->whole || isfinite(v->real) || dw_fail(r, "the number is too large");
}

static bool is_even(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_value n;

	(void)count;
	if (!number(r, &args[0], &n))
		return false;
	*v = dw_boolean(n.whole && n.integer % 2 == 0);
	return true;
}

static bool is_odd(struct dw_run *r, struct dw_value *args, unsigned count,
		   struct dw_value *v)
{
	struct dw_value n;

	(void)count;
	if (!number(r, &args[0], &n))
		return false;
	*v = dw_boolean(n.whole && n.integer % 2 != 0);
	return true;
}

static bool is_integer(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct dw_value n;

	(void)count;
	if (!number(r, &args[0], &n))
		return false;
	*v = dw_boolean(n.whole);
	return true;
}

/* clang-format off */
const struct dw_builtin dw_numbers[] = {
	{ "sum", 1, 1, 0, sum },
	{ "avg", 1, 1, 0, avg },
	{ "min", 1, 1, 0, least },
	{ "max", 1, 1, 0, greatest },
	{ "minBy", 2, 2, 1 << 1, least_by },
	{ "maxBy", 2, 2, 1 << 1, greatest_by },
	{ "abs", 1, 1, 0, absolute },
	{ "round", 1, 1, 0, rounded },
	{ "floor", 1, 1, 0, down },
	{ "ceil", 1, 1, 0, up },
	{ "sqrt", 1, 1, 0, square_root },
	{ "mod", 2, 2, 0, mod },
	{ "pow", 2, 2, 0, power },
	{ "isEven", 1, 1, 0, is_even },
	{ "isOdd", 1, 1, 0, is_odd },
	{ "isInteger", 1, 1, 0, is_integer },
	{ NULL },
};
/* clang-format on */
