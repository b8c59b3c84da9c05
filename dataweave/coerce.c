/* `as` and `is`: what may become what. */
#include <math.h>

#include "dataweave/date.h"
#include "dataweave/run.h"
#include "expr/regex.h"

static bool option(struct dw_run *r, const struct dw_value *options, const char *name,
		   struct str *text)
{
	struct dw_value v;

	if (!options || options->kind != DW_OBJECT ||
	    !dw_field(options, str_of(name), false, r->arena, &v) || v.kind != DW_STRING)
		return false;
	*text = v.text;
	return true;
}

static bool cannot(struct dw_run *r, const struct dw_value *from, const char *to)
{
	struct str text = from->kind == DW_ARRAY || from->kind == DW_OBJECT
				  ? STR("")
				  : str_first(dw_text(from, r->arena), 60);

	return dw_fail(r, "cannot coerce %s%s" STR_FMT "%s to %s", dw_kind_name(from),
		       text.len ? " (" : "", STR_ARG(text), text.len ? ")" : "", to);
}

/* Digits before and behind the point in `#,##0.00`. */
static void places(struct str format, unsigned *whole, unsigned *least, unsigned *most,
		   bool *grouped)
{
	bool behind = false;

	*whole = *least = *most = 0;
	*grouped = false;
	for (size_t i = 0; i < format.len; i++) {
		char c = format.at[i];

		if (c == '.')
			behind = true;
		else if (c == ',')
			*grouped = true;
		else if (behind && (c == '0' || c == '#'))
			*most += *most < 15;
		else if (c == '0')
			*whole += *whole < 30;
		if (behind && c == '0')
			*least += *least < 15;
	}
}

/* Blanks of the number's text between thousands. */
static void add_grouped(struct buf *b, struct str digits, bool grouped)
{
	for (size_t i = 0; i < digits.len; i++) {
		if (grouped && i && (digits.len - i) % 3 == 0)
			buf_add_char(b, ',');
		buf_add_char(b, digits.at[i]);
	}
}

static struct str format_number(struct dw_run *r, const struct dw_value *v,
				struct str format)
{
	unsigned whole, least, most;
	bool grouped;
	struct buf b;
	struct str text, digits, behind;
	double n = dw_number(v);

	places(format, &whole, &least, &most, &grouped);
	text = str_of(arena_printf(r->arena, "%.*f", (int)most, fabs(n)));
	digits = str_first(text, str_find(text, '.'));
	behind = str_from(text, digits.len + 1);
	while (behind.len > least && behind.at[behind.len - 1] == '0')
		behind.len--;
	buf_init(&b, 1024);
	if (n < 0)
		buf_add_char(&b, '-');
	for (size_t i = digits.len; i < whole; i++)
		buf_add_char(&b, '0');
	if (whole || !str_eq(digits, STR("0")))
		add_grouped(&b, digits, grouped);
	if (behind.len)
		buf_add_char(&b, '.');
	buf_add(&b, behind);
	text = arena_copy(r->arena, buf_str(&b));
	buf_release(&b);
	return text;
}

static bool to_string(struct dw_run *r, const struct dw_value *from,
		      const struct dw_value *options, struct dw_value *v)
{
	struct str format, text;
	struct dw_value date = *from;

	if (dw_is_error_type(from, r->arena, &text)) {
		*v = dw_string(text);
		return true;
	}
	if (from->kind == DW_NULL || from->kind == DW_FUNCTION ||
	    from->kind == DW_ARRAY || from->kind == DW_OBJECT)
		return cannot(r, from, "String");
	text = dw_text(from, r->arena);
	if (option(r, options, "format", &format)) {
		if (from->kind == DW_NUMBER)
			text = format_number(r, from, format);
		else if ((from->kind == DW_DATE || dw_date_parse(text, &date)) &&
			 !dw_date_format(&date, format, r->arena, &text))
			return dw_fail(r, "format " STR_FMT " is not known",
				       STR_ARG(format));
	}
	*v = dw_string(text);
	return true;
}

static bool number_of_text(struct dw_run *r, struct str text, struct dw_value *v)
{
	struct json j = { .kind = JSON_NUMBER, .text = str_trim(text) };

	if (str_starts(j.text, STR("+")))
		j.text = str_from(j.text, 1);
	if (!j.text.len || !json_to_double(&j, &v->real) || isnan(v->real) ||
	    isinf(v->real))
		return false;
	*v = dw_json(&j, r->arena);
	if (v->text.at &&
	    !(v->text.at[0] == '-' || (v->text.at[0] >= '1' && v->text.at[0] <= '9')))
		v->text = STR(""); /* "007" is 7 */
	return true;
}

/* A number that somebody formatted: "1,234.50", "$12". */
static struct str without_groups(struct str text, struct arena *a)
{
	char *plain = arena_alloc_dirty(a, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++)
		if (strchr("0123456789.-+eE", text.at[i]) && text.at[i])
			plain[len++] = text.at[i];
	return (struct str){ plain, len };
}

static bool to_number(struct dw_run *r, const struct dw_value *from,
		      const struct dw_value *options, struct dw_value *v)
{
	struct dw_value date = *from;
	struct str unit = STR("seconds"), format;

	if (from->kind == DW_NUMBER) {
		*v = *from;
		return true;
	}
	if (from->kind == DW_STRING &&
	    number_of_text(r,
			   option(r, options, "format", &format)
				   ? without_groups(from->text, r->arena)
				   : from->text,
			   v))
		return true;
	option(r, options, "unit", &unit);
	if (from->kind == DW_DATE) {
		*v = dw_integer(str_starts(unit, STR("milli")) ? dw_moment(&date)
							       : dw_moment(&date) / 1000);
		return true;
	}
	if (from->kind == DW_PERIOD) {
		*v = dw_real(str_starts(unit, STR("milli"))
				     ? (double)date.integer
				     : (double)date.integer / 1000);
		return true;
	}
	return cannot(r, from, "Number");
}

static bool to_boolean(struct dw_run *r, const struct dw_value *from, struct dw_value *v)
{
	if (from->kind != DW_BOOLEAN && from->kind != DW_STRING)
		return cannot(r, from, "Boolean");
	*v = from->kind == DW_BOOLEAN
		     ? *from
		     : dw_boolean(str_eq_nocase(from->text, STR("true")));
	return v->truth || from->kind == DW_BOOLEAN ||
	       str_eq_nocase(from->text, STR("false")) || cannot(r, from, "Boolean");
}

static bool date_of(struct dw_run *r, const struct dw_value *from,
		    const struct dw_value *options, struct dw_value *v)
{
	struct str format, unit = STR("seconds");

	*v = *from;
	if (from->kind == DW_DATE)
		return true;
	if (from->kind == DW_NUMBER && from->whole) {
		option(r, options, "unit", &unit);
		if (from->integer > 100000000000000 || from->integer < -100000000000000)
			return false;
		*v = dw_date_of(from->integer *
					(str_starts(unit, STR("milli")) ? 1 : 1000),
				0, DW_DATE_TIME);
		return true;
	}
	if (from->kind != DW_STRING)
		return false;
	if (option(r, options, "format", &format))
		return dw_date_parse_as(from->text, format, v);
	return dw_date_parse(from->text, v) && v->kind == DW_DATE;
}

static bool to_date(struct dw_run *r, const struct dw_value *from, enum dw_shape shape,
		    const struct dw_value *options, struct dw_value *v)
{
	static const char *const names[] = { "DateTime", "LocalDateTime", "Date", "Time",
					     "LocalTime" };
	const int64_t day = 86400000;

	if (!date_of(r, from, options, v))
		return cannot(r, from, names[shape]);
	if (shape == DW_DAY)
		v->integer -= ((v->integer % day) + day) % day;
	if (shape == DW_TIME || shape == DW_LOCAL_TIME)
		v->integer = ((v->integer % day) + day) % day;
	if (shape != DW_DATE_TIME && shape != DW_TIME)
		v->zone = 0;
	v->shape = (unsigned char)shape;
	return true;
}

static bool to_regex(struct dw_run *r, const struct dw_value *from, struct dw_value *v)
{
	struct fault why = { 0 };

	if (from->kind == DW_REGEX) {
		*v = *from;
		return true;
	}
	if (from->kind != DW_STRING)
		return cannot(r, from, "Regex");
	*v = (struct dw_value){ .kind = DW_REGEX, .text = from->text };
	v->regex = regex_compile(from->text, r->arena, &why);
	return v->regex || dw_fail(r, "%s", why.text);
}

static bool to_period(struct dw_run *r, const struct dw_value *from, struct dw_value *v)
{
	*v = *from;
	if (from->kind == DW_PERIOD ||
	    (from->kind == DW_STRING && dw_date_parse(from->text, v) &&
	     v->kind == DW_PERIOD))
		return true;
	return cannot(r, from, "Period");
}

bool dw_coerce(struct dw_run *r, const struct dw_value *value, enum dw_type_name to,
	       const struct dw_value *options, struct dw_value *v)
{
	const struct dw_value from = *value;

	switch (to) {
	case DW_TYPE_STRING:
	case DW_TYPE_KEY:
	case DW_TYPE_BINARY:
		return to_string(r, &from, options, v);
	case DW_TYPE_NUMBER:
		return to_number(r, &from, options, v);
	case DW_TYPE_BOOLEAN:
		return to_boolean(r, &from, v);
	case DW_TYPE_DATE_TIME:
	case DW_TYPE_LOCAL_DATE_TIME:
	case DW_TYPE_DATE:
	case DW_TYPE_TIME:
	case DW_TYPE_LOCAL_TIME:
		return to_date(r, &from, (enum dw_shape)(to - DW_TYPE_DATE_TIME), options,
			       v);
	case DW_TYPE_PERIOD:
		return to_period(r, &from, v);
	case DW_TYPE_REGEX:
		return to_regex(r, &from, v);
	case DW_TYPE_ARRAY:
		*v = from;
		return from.kind == DW_ARRAY || from.kind == DW_RANGE ||
		       cannot(r, &from, "Array");
	case DW_TYPE_OBJECT:
		*v = from;
		return from.kind == DW_OBJECT || cannot(r, &from, "Object");
	case DW_TYPE_NULL:
		*v = from;
		return from.kind == DW_NULL || cannot(r, &from, "Null");
	case DW_TYPE_ANY:
	case DW_TYPE_RANGE:
	case DW_TYPE_FUNCTION:
		break;
	}
	*v = from;
	return true;
}

static bool is_one(const struct dw_value *v, enum dw_type_name name)
{
	static const enum dw_kind kinds[] = {
		[DW_TYPE_NULL] = DW_NULL,     [DW_TYPE_BOOLEAN] = DW_BOOLEAN,
		[DW_TYPE_NUMBER] = DW_NUMBER, [DW_TYPE_STRING] = DW_STRING,
		[DW_TYPE_PERIOD] = DW_PERIOD, [DW_TYPE_REGEX] = DW_REGEX,
		[DW_TYPE_RANGE] = DW_RANGE,   [DW_TYPE_ARRAY] = DW_ARRAY,
		[DW_TYPE_OBJECT] = DW_OBJECT, [DW_TYPE_FUNCTION] = DW_FUNCTION,
		[DW_TYPE_KEY] = DW_STRING,    [DW_TYPE_BINARY] = DW_STRING,
	};

	if (name == DW_TYPE_ANY)
		return true;
	if (name >= DW_TYPE_DATE_TIME && name <= DW_TYPE_LOCAL_TIME)
		return v->kind == DW_DATE && v->shape == name - DW_TYPE_DATE_TIME;
	return v->kind == kinds[name] || (name == DW_TYPE_ARRAY && v->kind == DW_RANGE);
}

bool dw_is(const struct dw_value *v, const struct dw_type *t)
{
	for (; t; t = t->either)
		if (is_one(v, t->name))
			return true;
	return false;
}
