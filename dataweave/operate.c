#include <math.h>

#include "base/map.h"
#include "dataweave/date.h"
#include "dataweave/run.h"

/* The sum, difference or product of integers; false if it does not fit. */
static bool whole(enum dw_operation o, int64_t a, int64_t b, int64_t *n)
{
	if (o == DW_ADD)
		return !__builtin_add_overflow(a, b, n);
	if (o == DW_SUBTRACT)
		return !__builtin_sub_overflow(a, b, n);
	return o == DW_MULTIPLY && !__builtin_mul_overflow(a, b, n);
}

static bool calculate(struct dw_run *r, enum dw_operation o, const struct dw_value *a,
		      const struct dw_value *b, struct dw_value *v)
{
	double x = dw_number(a), y = dw_number(b);
	int64_t n;

	if (a->whole && b->whole && whole(o, a->integer, b->integer, &n)) {
		*v = dw_integer(n);
		return true;
	}
	if (o == DW_DIVIDE && y == 0)
		return dw_fail(r, "division by zero");
	if (o == DW_DIVIDE && a->whole && b->whole && b->integer != -1 &&
	    a->integer % b->integer == 0)
		*v = dw_integer(a->integer / b->integer);
	else if (o == DW_ADD)
		*v = dw_real(x + y);
	else if (o == DW_SUBTRACT)
		*v = dw_real(x - y);
	else
		*v = dw_real(o == DW_MULTIPLY ? x * y : x / y);
	return v->whole || isfinite(v->real) || dw_fail(r, "the number is too large");
}

static bool date_and(struct dw_run *r, enum dw_operation o, const struct dw_value *a,
		     const struct dw_value *b, struct dw_value *v)
{
	if (a->kind == DW_DATE && b->kind == DW_PERIOD &&
	    (o == DW_ADD || o == DW_SUBTRACT)) {
		*v = dw_date_add(a, b, o == DW_ADD ? 1 : -1);
		return true;
	}
	if (a->kind == DW_DATE && b->kind == DW_DATE && o == DW_SUBTRACT) {
		*v = (struct dw_value){ .kind = DW_PERIOD,
					.integer = dw_moment(a) - dw_moment(b) };
		return true;
	}
	return dw_fail(r, "%s and %s cannot be added or taken apart", dw_kind_name(a),
		       dw_kind_name(b));
}

static bool appended(struct dw_run *r, const struct dw_value *list,
		     const struct dw_value *one, struct dw_value *v)
{
	size_t copied;
	struct dw_value to = dw_grown(list, r->arena, &copied);

	dw_add(&to, r->arena, STR(""), *one);
	*v = to;
	return dw_spend(r, (copied + 1) * 64);
}

static bool prepended(struct dw_run *r, const struct dw_value *one,
		      const struct dw_value *list, struct dw_value *v)
{
	const struct dw_list *l = dw_members(list, r->arena);
	struct dw_value to = dw_new(DW_ARRAY, r->arena);

	dw_add(&to, r->arena, STR(""), *one);
	for (size_t i = 0; i < l->count; i++)
		dw_add(&to, r->arena, STR(""), l->at[i].value);
	*v = to;
	return dw_spend(r, l->count * 64);
}

static bool without(struct dw_run *r, const struct dw_value *from,
		    const struct dw_value *what, struct dw_value *v);

static bool arithmetic(struct dw_run *r, enum dw_operation o, const struct dw_value *a,
		       const struct dw_value *b, struct dw_value *v)
{
	struct dw_value x, y;

	if (a->kind == DW_DATE || b->kind == DW_DATE)
		return date_and(r, o, a, b, v);
	if (a->kind == DW_ARRAY && o == DW_ADD)
		return appended(r, a, b, v);
	if ((a->kind == DW_ARRAY || a->kind == DW_OBJECT) && o == DW_SUBTRACT) {
		struct dw_value list = dw_new(DW_ARRAY, r->arena);

		dw_add(&list, r->arena, STR(""), *b);
		return without(r, a, &list, v);
	}
	return dw_coerce(r, a, DW_TYPE_NUMBER, NULL, &x) &&
	       dw_coerce(r, b, DW_TYPE_NUMBER, NULL, &y) && calculate(r, o, &x, &y, v);
}

static bool is_list(const struct dw_value *v)
{
	return v->kind == DW_ARRAY || v->kind == DW_RANGE;
}

static void add_all(struct dw_run *r, const struct dw_value *from, struct dw_value *to)
{
	struct dw_list *l = dw_members(from, r->arena);

	for (size_t i = 0; i < l->count; i++)
		dw_add(to, r->arena, l->at[i].key, l->at[i].value);
}

static bool joined(struct dw_run *r, const struct dw_value *a, const struct dw_value *b,
		   struct dw_value *v)
{
	struct str x, y;
	char *text;

	if ((is_list(a) && is_list(b)) ||
	    (a->kind == DW_OBJECT && b->kind == DW_OBJECT)) {
		size_t copied;
		struct dw_value to;

		if (!dw_spend(r, 64 * dw_count(b)))
			return false;
		to = dw_grown(a, r->arena, &copied);
		add_all(r, b, &to);
		*v = to;
		return dw_spend(r, 64 * copied);
	}
	if (!dw_text_of(r, a, "++", &x) || !dw_text_of(r, b, "++", &y) ||
	    !dw_spend(r, x.len + y.len))
		return false;
	text = arena_alloc_dirty(r->arena, x.len + y.len + 1);
	memcpy(text, x.at, x.len);
	memcpy(text + x.len, y.at, y.len);
	*v = dw_string((struct str){ text, x.len + y.len });
	return true;
}

/* What is to be left out: items of a list, or keys, or pairs of an object. */
struct gone {
	bool pairs;
	struct map known;
};

static struct str identity(struct dw_run *r, const struct dw_member *m, bool pair)
{
	const struct str value = dw_identity(&m->value, r->arena);

	if (!pair)
		return value;
	return str_of(arena_printf(r->arena, STR_FMT ":" STR_FMT, STR_ARG(m->key),
				   STR_ARG(value)));
}

static void gone_init(struct gone *g, struct dw_run *r, const struct dw_value *what)
{
	const struct dw_list *l = dw_members(what, r->arena);

	g->pairs = what->kind == DW_OBJECT;
	map_init(&g->known, r->arena);
	for (size_t i = 0; i < l->count; i++)
		map_add(&g->known, identity(r, &l->at[i], g->pairs), g);
}

static bool is_gone(const struct gone *g, struct dw_run *r, const struct dw_member *m,
		    bool object)
{
	const struct dw_value key = dw_string(m->key);
	struct str name;

	if (object && !g->pairs)
		name = dw_identity(&key, r->arena);
	else
		name = identity(r, m, g->pairs);
	return map_get(&g->known, name) != NULL;
}

static bool without(struct dw_run *r, const struct dw_value *from,
		    const struct dw_value *what, struct dw_value *v)
{
	struct dw_list *l = dw_members(from, r->arena);
	struct dw_value to;
	struct gone gone;

	if ((!is_list(from) && from->kind != DW_OBJECT) ||
	    (!is_list(what) && what->kind != DW_OBJECT))
		return dw_fail(r, "-- takes arrays and objects, not %s and %s",
			       dw_kind_name(from), dw_kind_name(what));
	if (!dw_spend(r, 64 * (l->count + dw_count(what))))
		return false;
	gone_init(&gone, r, what);
	to = dw_new(from->kind == DW_OBJECT ? DW_OBJECT : DW_ARRAY, r->arena);
	for (size_t i = 0; i < l->count; i++)
		if (!is_gone(&gone, r, &l->at[i], from->kind == DW_OBJECT))
			dw_add(&to, r->arena, l->at[i].key, l->at[i].value);
	*v = to;
	return true;
}

static int order_of(double a, double b)
{
	return a < b ? -1 : a > b;
}

static int text_order(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int c = len ? memcmp(a.at, b.at, len) : 0;

	return c ? c : order_of((double)a.len, (double)b.len);
}

static enum dw_type_name type_of(const struct dw_value *v)
{
	static const enum dw_type_name dates[] = { DW_TYPE_DATE_TIME,
						   DW_TYPE_LOCAL_DATE_TIME, DW_TYPE_DATE,
						   DW_TYPE_TIME, DW_TYPE_LOCAL_TIME };

	switch (v->kind) {
	case DW_BOOLEAN:
		return DW_TYPE_BOOLEAN;
	case DW_NUMBER:
		return DW_TYPE_NUMBER;
	case DW_DATE:
		return dates[v->shape];
	case DW_PERIOD:
		return DW_TYPE_PERIOD;
	case DW_STRING:
		return DW_TYPE_STRING;
	case DW_NULL:
	case DW_REGEX:
	case DW_RANGE:
	case DW_ARRAY:
	case DW_OBJECT:
	case DW_FUNCTION:
	case DW_TYPE:
		break;
	}
	return DW_TYPE_ANY;
}

bool dw_compare(struct dw_run *r, const struct dw_value *a, const struct dw_value *b,
		int *order)
{
	struct dw_value right = *b;

	if (type_of(a) == DW_TYPE_ANY)
		return dw_fail(r, "%s cannot be compared", dw_kind_name(a));
	if (type_of(a) != type_of(b) && !dw_coerce(r, b, type_of(a), NULL, &right))
		return false;
	switch (a->kind) {
	case DW_NUMBER:
		*order = a->whole && right.whole
				 ? (a->integer > right.integer) -
					   (a->integer < right.integer)
				 : order_of(dw_number(a), dw_number(&right));
		return true;
	case DW_BOOLEAN:
		*order = a->truth - right.truth;
		return true;
	case DW_DATE:
		*order = order_of((double)dw_moment(a), (double)dw_moment(&right));
		return true;
	case DW_PERIOD:
		*order = order_of((double)a->integer, (double)right.integer);
		return true;
	default: /* strings */
		*order = text_order(a->text, right.text);
		return true;
	}
}

/* ~=: equal once the right one is what the left one is. */
static bool alike(struct dw_run *r, const struct dw_value *a, const struct dw_value *b)
{
	struct dw_value right = *b;
	struct fault ignored = *r->why;
	bool fine = true;

	if (a->kind != b->kind && type_of(a) != DW_TYPE_ANY && type_of(b) != DW_TYPE_ANY)
		fine = dw_coerce(r, b, type_of(a), NULL, &right);
	*r->why = ignored;
	return fine && dw_equal(a, &right, r->arena);
}

/* now() >> "Europe/Berlin": the same moment by the clock there. */
static bool elsewhere(struct dw_run *r, const struct dw_value *date,
		      const struct dw_value *zone, struct dw_value *v)
{
	short minutes;

	if (zone->kind != DW_STRING ||
	    !dw_date_zone(zone->text, dw_moment(date), &minutes))
		return dw_fail(r, "'" STR_FMT "' is no time zone",
			       STR_ARG(dw_text(zone, r->arena)));
	*v = dw_date_of(dw_moment(date), minutes, (enum dw_shape)date->shape);
	return true;
}

bool dw_operate(struct dw_run *r, enum dw_operation o, const struct dw_value *a,
		const struct dw_value *b, struct dw_value *v)
{
	int order;

	switch (o) {
	case DW_ADD:
	case DW_SUBTRACT:
	case DW_MULTIPLY:
	case DW_DIVIDE:
		return arithmetic(r, o, a, b, v);
	case DW_EQUAL:
	case DW_UNEQUAL:
		*v = dw_boolean(dw_equal(a, b, r->arena) == (o == DW_EQUAL));
		return true;
	case DW_LIKE:
		*v = dw_boolean(alike(r, a, b));
		return true;
	case DW_LESS:
	case DW_GREATER:
	case DW_AT_MOST:
	case DW_AT_LEAST:
		if (!dw_compare(r, a, b, &order))
			return false;
		*v = dw_boolean(o == DW_LESS      ? order < 0
				: o == DW_GREATER ? order > 0
				: o == DW_AT_MOST ? order <= 0
						  : order >= 0);
		return true;
	case DW_JOIN:
		return joined(r, a, b, v);
	case DW_WITHOUT:
		return without(r, a, b, v);
	case DW_APPEND:
		return appended(r, a, b, v);
	case DW_PREPEND:
		return a->kind == DW_DATE ? elsewhere(r, a, b, v) : prepended(r, a, b, v);
	}
	return false;
}
