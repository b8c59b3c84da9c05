/* What the signs between values do (mediation.md §5.5). */
#include <math.h>

#include "expr/synapse_priv.h"

static bool is_number(struct value v)
{
	return v.kind == VALUE_INT || v.kind == VALUE_DOUBLE;
}

bool is_int32(struct value v)
{
	return v.kind == VALUE_INT && v.number >= INT32_MIN && v.number <= INT32_MAX;
}

static double real_of(struct value v)
{
	return v.kind == VALUE_INT ? (double)v.number : v.real;
}

/* Digits behind the point of a number as Java writes it; -1: it has an exponent. */
static int scale_of(struct run *r, double real)
{
	const struct str s = java_double(real, r->arena);

	if (str_find(s, 'E') < s.len || str_find(s, '.') == s.len)
		return -1;
	return (int)(s.len - str_find(s, '.') - 1);
}

/* A whole number that a double still holds to the last digit. */
static bool is_exact(double real)
{
	return fabs(real) < 9007199254740992.0;
}

/*
 * Decimal arithmetic, as BigDecimal does it: 0.1 + 0.2 is 0.3. Both are made whole by
 * a power of ten; where that does not fit, it is binary after all.
 */
static double decimal(struct run *r, enum operation op, double a, double b)
{
	const int sa = scale_of(r, a), sb = scale_of(r, b);
	const int scale = sa > sb ? sa : sb;
	const double power = pow(10, op == OP_MULTIPLY ? sa + sb : scale);
	double x, y, result;

	if (op == OP_MULTIPLY) {
		result = round(a * pow(10, sa)) * round(b * pow(10, sb));
	} else {
		x = round(a * power);
		y = round(b * power);
		result = op == OP_ADD ? x + y : op == OP_SUBTRACT ? x - y : fmod(x, y);
	}
	if (sa >= 0 && sb >= 0 && is_exact(result) && power < 1e15)
		return result / power;
	if (op == OP_ADD)
		return a + b;
	if (op == OP_SUBTRACT)
		return a - b;
	return op == OP_MULTIPLY ? a * b : fmod(a, b);
}

/* To the scale of the left side, halves upward: 10.0 / 3.0 is 3.3. */
static double divide(struct run *r, double a, double b)
{
	const int scale = scale_of(r, a);
	const double power = pow(10, scale), scaled = a / b * power;

	if (scale < 0 || !is_exact(scaled))
		return a / b;
	return round(scaled) / power;
}

static bool divide_ints(int64_t a, int64_t b, struct value *v)
{
	const bool both_int = a >= INT32_MIN && a <= INT32_MAX && b >= INT32_MIN &&
			      b <= INT32_MAX;

	if (both_int && a % b == 0)
		*v = value_int(a / b);
	else
		*v = value_double((double)a / (double)b);
	return true;
}

static bool ints(struct run *r, enum operation op, int64_t a, int64_t b, struct value *v)
{
	int64_t result = 0;
	bool over = false;

	if (op == OP_DIVIDE)
		return divide_ints(a, b, v);
	if (op == OP_ADD)
		over = __builtin_add_overflow(a, b, &result);
	else if (op == OP_SUBTRACT)
		over = __builtin_sub_overflow(a, b, &result);
	else if (op == OP_MULTIPLY)
		over = __builtin_mul_overflow(a, b, &result);
	else
		result = b == -1 ? 0 : a % b;
	if (over)
		return run_fail(r, "a number is too large");
	*v = value_int(result);
	return true;
}

static bool complain(struct run *r, const char *what, struct value a, struct value b)
{
	return run_fail(r, "%s between non-numeric values: " STR_FMT " and " STR_FMT,
			what, STR_ARG(text_of_value(r, a)), STR_ARG(text_of_value(r, b)));
}

static bool arithmetic(struct run *r, enum operation op, struct value a, struct value b,
		       struct value *v)
{
	static const char *const names[] = { "Addition", "Subtraction", "Multiplication",
					     "Division", "Modulo" };
	double real;

	if (!is_number(a) || !is_number(b))
		return complain(r, names[op], a, b);
	if ((op == OP_DIVIDE || op == OP_MODULO) && !(fabs(real_of(b)) > 0))
		return run_fail(r, "Division by zero");
	if (a.kind == VALUE_INT && b.kind == VALUE_INT)
		return ints(r, op, a.number, b.number, v);
	real = op == OP_DIVIDE ? divide(r, real_of(a), real_of(b))
			       : decimal(r, op, real_of(a), real_of(b));
	*v = value_double(real);
	return true;
}

static bool add(struct run *r, struct value a, struct value b, struct value *v)
{
	if (a.kind != VALUE_STR || b.kind != VALUE_STR)
		return arithmetic(r, OP_ADD, a, b, v);
	*v = value_str(str_of(arena_printf(r->arena, STR_FMT STR_FMT, STR_ARG(a.text),
					   STR_ARG(b.text))));
	return true;
}

static bool logical(struct run *r, enum operation op, struct value a, struct value b,
		    struct value *v)
{
	if (a.kind != VALUE_BOOL || b.kind != VALUE_BOOL)
		return run_fail(r,
				"Logical operation between non-boolean values: " STR_FMT
				" and " STR_FMT,
				STR_ARG(text_of_value(r, a)),
				STR_ARG(text_of_value(r, b)));
	*v = value_bool(op == OP_AND ? a.truth && b.truth : a.truth || b.truth);
	return true;
}

/* Texts are compared: 1 equals "1", and 1.0 does not equal 1. */
static bool are_equal(struct run *r, struct value a, struct value b)
{
	const bool a_null = plain_value(r, a).kind == VALUE_NULL;
	const bool b_null = plain_value(r, b).kind == VALUE_NULL;

	if (a_null || b_null)
		return a_null && b_null;
	return str_eq(text_of_value(r, a), text_of_value(r, b));
}

/* Whole numbers beyond 32 bits cannot be compared in the original. */
static bool compare(struct run *r, enum operation op, struct value a, struct value b,
		    struct value *v)
{
	double x, y;

	if (!(is_int32(a) || a.kind == VALUE_DOUBLE) ||
	    !(is_int32(b) || b.kind == VALUE_DOUBLE))
		return complain(r, "Comparison", a, b);
	x = real_of(a);
	y = real_of(b);
	*v = value_bool(op == OP_LESS            ? x < y
			: op == OP_LESS_OR_EQUAL ? x <= y
			: op == OP_GREATER       ? x > y
						 : x >= y);
	return true;
}

bool operator_value(struct run *r, enum operation op, struct value a, struct value b,
		    struct value *v)
{
	const struct value x = plain_value(r, a), y = plain_value(r, b);

	switch (op) {
	case OP_ADD:
		return add(r, x, y, v);
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
		return arithmetic(r, op, x, y, v);
	case OP_AND:
	case OP_OR:
		return logical(r, op, x, y, v);
	case OP_EQUAL:
	case OP_UNEQUAL:
		*v = value_bool(are_equal(r, a, b) == (op == OP_EQUAL));
		return true;
	case OP_LESS:
	case OP_LESS_OR_EQUAL:
	case OP_GREATER:
	case OP_GREATER_OR_EQUAL:
		return compare(r, op, x, y, v);
	}
	return false;
}
