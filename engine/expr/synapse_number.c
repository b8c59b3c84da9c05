/* Functions of ${…} on numbers. */
#include <math.h>

#include "expr/synapse_priv.h"

static bool number_of(struct run *r, struct value v, double *n)
{
	if (v.kind == VALUE_INT)
		*n = (double)v.number;
	else if (v.kind == VALUE_DOUBLE)
		*n = v.real;
	else
		return run_fail(r, "Non-numeric argument: " STR_FMT,
				STR_ARG(text_of_value(r, v)));
	return true;
}

static bool absolute(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	double n = 0;

	(void)count;
	*v = args[0];
	if (!number_of(r, args[0], &n))
		return false;
	if (v->kind == VALUE_INT)
		v->number = v->number < 0 && v->number > INT64_MIN ? -v->number
								   : v->number;
	else
		v->real = fabs(n);
	return true;
}

static bool round_by(struct run *r, struct value from, double (*function)(double),
		     struct value *v)
{
	double n = 0;

	*v = from;
	if (!number_of(r, from, &n))
		return false;
	if (from.kind == VALUE_DOUBLE)
		v->real = function(n);
	return true;
}

static bool ceiling(struct run *r, const struct value *args, unsigned count,
		    struct value *v)
{
	(void)count;
	return round_by(r, args[0], ceil, v);
}

static bool floor_of(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	(void)count;
	return round_by(r, args[0], floor, v);
}

/* To places behind the point, halves away from zero; without places to a whole one. */
static bool round_of(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	double n = 0, power;

	if (!number_of(r, args[0], &n))
		return false;
	if (count == 2 && (args[1].kind != VALUE_INT || args[1].number > 15))
		return run_fail(r, "places must be a whole number up to 15");
	if (args[0].kind == VALUE_INT) {
		*v = args[0];
	} else if (count == 2 && args[1].number > 0) {
		power = pow(10, (double)args[1].number);
		*v = value_double(round(n * power) / power);
	} else {
		n = floor(n + 0.5);
		if (!(fabs(n) < 9e18))
			return run_fail(r, "a number is too large");
		*v = value_int((int64_t)n);
	}
	return true;
}

static bool square_root(struct run *r, const struct value *args, unsigned count,
			struct value *v)
{
	double n = 0;

	(void)count;
	if (!number_of(r, args[0], &n))
		return false;
	*v = value_double(sqrt(n));
	return true;
}

static bool power(struct run *r, const struct value *args, unsigned count,
		  struct value *v)
{
	double a = 0, b = 0;

	(void)count;
	if (!number_of(r, args[0], &a) || !number_of(r, args[1], &b))
		return false;
	*v = value_double(pow(a, b));
	return true;
}

static bool logarithm(struct run *r, const struct value *args, unsigned count,
		      struct value *v)
{
	double n = 0, base = 10;

	if (!number_of(r, args[0], &n) || (count == 2 && !number_of(r, args[1], &base)))
		return false;
	*v = value_double(count == 2 ? log(n) / log(base) : log10(n));
	return true;
}

static const struct function functions[] = {
	{ "abs", 1, 1, absolute },     { "ceil", 1, 1, ceiling },
	{ "floor", 1, 1, floor_of },   { "round", 1, 2, round_of },
	{ "sqrt", 1, 1, square_root }, { "pow", 2, 2, power },
	{ "log", 1, 2, logarithm },
};

const struct function *number_function_of(struct str name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (str_eq(name, str_of(functions[i].name)))
			return &functions[i];
	return NULL;
}
