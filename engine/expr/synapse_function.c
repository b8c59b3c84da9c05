/* Functions of ${…} on texts, types, time and the message (mediation.md §5.5). */
#include "base/base64.h"
#include "base/date.h"
#include "base/url.h"
#include "base/utf8.h"
#include "expr/regex.h"
#include "expr/synapse_priv.h"

static bool text_of(struct run *r, struct value v, struct str *s)
{
	if (v.kind != VALUE_STR)
		return run_fail(r, "Non-string argument: " STR_FMT,
				STR_ARG(text_of_value(r, v)));
	*s = v.text;
	return true;
}

static bool texts_of(struct run *r, const struct value *args, unsigned count,
		     struct str *to)
{
	for (unsigned i = 0; i < count; i++)
		if (!text_of(r, args[i], &to[i]))
			return false;
	return true;
}

static bool length(struct run *r, const struct value *args, unsigned count,
		   struct value *v)
{
	(void)count;
	if (args[0].kind == VALUE_STR)
		*v = value_int((int64_t)utf8_length(args[0].text));
	else if (args[0].kind == VALUE_JSON && args[0].json->kind == JSON_ARRAY)
		*v = value_int((int64_t)args[0].json->count);
	else
		return run_fail(r, "length() is of texts and arrays");
	return true;
}

static bool to_upper(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	(void)count;
	*v = value_str(utf8_upper(text_of_value(r, args[0]), r->arena));
	return true;
}

static bool to_lower(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	(void)count;
	*v = value_str(utf8_lower(text_of_value(r, args[0]), r->arena));
	return true;
}

/* Java's: all control characters are blanks. */
static bool trim(struct run *r, const struct value *args, unsigned count, struct value *v)
{
	struct str s;

	(void)count;
	if (!text_of(r, args[0], &s))
		return false;
	while (s.len && (unsigned char)s.at[0] <= ' ')
		s = str_from(s, 1);
	while (s.len && (unsigned char)s.at[s.len - 1] <= ' ')
		s.len--;
	*v = value_str(s);
	return true;
}

static bool sub_string(struct run *r, const struct value *args, unsigned count,
		       struct value *v)
{
	const int64_t start = args[1].number;
	int64_t end, len;
	struct str s;
	size_t from;

	if (!text_of(r, args[0], &s))
		return false;
	if (args[1].kind != VALUE_INT || (count == 3 && args[2].kind != VALUE_INT))
		return run_fail(r, "Non-integer argument of subString()");
	len = (int64_t)utf8_length(s);
	end = count == 3 ? args[2].number : len;
	if (start < 0 || end > len || start > end)
		return run_fail(r, "the range of subString() is outside of the text");
	from = utf8_offset(s, (size_t)start);
	s = str_from(s, from);
	*v = value_str(str_first(s, utf8_offset(s, (size_t)(end - start))));
	return true;
}

static bool char_at(struct run *r, const struct value *args, unsigned count,
		    struct value *v)
{
	struct value range[3] = { args[0], args[1], args[1] };

	(void)count;
	if (args[1].kind == VALUE_INT && args[1].number < INT64_MAX)
		range[2].number++;
	return sub_string(r, range, 3, v);
}

static bool starts_with(struct run *r, const struct value *args, unsigned count,
			struct value *v)
{
	struct str s[2];

	if (!texts_of(r, args, count, s))
		return false;
	*v = value_bool(str_starts(s[0], s[1]));
	return true;
}

static bool ends_with(struct run *r, const struct value *args, unsigned count,
		      struct value *v)
{
	struct str s[2];

	if (!texts_of(r, args, count, s))
		return false;
	*v = value_bool(str_ends(s[0], s[1]));
	return true;
}

static bool contains(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	struct str s[2];

	if (!texts_of(r, args, count, s))
		return false;
	*v = value_bool(!s[1].len || str_find_str(s[0], s[1]) < s[0].len);
	return true;
}

static bool replace(struct run *r, const struct value *args, unsigned count,
		    struct value *v)
{
	struct str s[3], rest;
	struct buf b;

	if (!texts_of(r, args, count, s))
		return false;
	*v = value_str(s[0]);
	if (!s[1].len)
		return true;
	buf_init(&b, SIZE_MAX / 2);
	for (rest = s[0];;) {
		const size_t at = str_find_str(rest, s[1]);

		buf_add(&b, str_first(rest, at));
		if (at >= rest.len)
			break;
		buf_add(&b, s[2]);
		rest = str_from(rest, at + s[1].len);
	}
	*v = value_str(arena_copy(r->arena, buf_str(&b)));
	buf_release(&b);
	return true;
}

static void drop_empty_ends(struct json *array)
{
	while (array->last && !array->last->text.len)
		json_remove(array, array->last);
}

/* As String.split(): empty texts at the end are dropped. */
static bool split(struct run *r, const struct value *args, unsigned count,
		  struct value *v)
{
	struct json *array = json_new(r->arena, JSON_ARRAY);
	struct fault why = { 0 };
	const struct regex *regex;
	struct str s[2], found;
	size_t from = 0;

	if (!texts_of(r, args, count, s))
		return false;
	regex = regex_compile(s[1], r->arena, &why);
	if (!regex)
		return run_fail(r, "%s", why.text);
	while (regex_find(regex, s[0], from, &found) && found.len) {
		const size_t at = (size_t)(found.at - s[0].at);

		json_append(array, json_string(r->arena, str_first(str_from(s[0], from),
								   at - from)));
		from = at + found.len;
	}
	json_append(array, json_string(r->arena, str_from(s[0], from)));
	if (array->count > 1)
		drop_empty_ends(array);
	*v = value_json(array);
	return true;
}

static bool index_of(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	struct str s[2], rest;
	size_t from = 0, at;

	if (!texts_of(r, args, 2, s))
		return false;
	if (count == 3 && args[2].kind != VALUE_INT)
		return run_fail(r, "Non-integer argument of indexOf()");
	if (count == 3 && args[2].number > 0)
		from = utf8_offset(s[0], (size_t)args[2].number);
	rest = str_from(s[0], from);
	at = s[1].len ? str_find_str(rest, s[1]) : 0;
	if (s[1].len && at == rest.len)
		*v = value_int(-1);
	else
		*v = value_int((int64_t)utf8_length(str_first(s[0], from + at)));
	return true;
}

static bool encode_base64(struct run *r, const struct value *args, unsigned count,
			  struct value *v)
{
	(void)count;
	*v = value_str(base64_encode(text_of_value(r, args[0]), r->arena));
	return true;
}

static bool decode_base64(struct run *r, const struct value *args, unsigned count,
			  struct value *v)
{
	struct str bytes;

	(void)count;
	if (!base64_decode(text_of_value(r, args[0]), true, r->arena, &bytes))
		return run_fail(r, "the text is not Base64");
	*v = value_str(bytes);
	return true;
}

static bool encode_url(struct run *r, const struct value *args, unsigned count,
		       struct value *v)
{
	(void)count;
	*v = value_str(url_encode(text_of_value(r, args[0]), ".-_", r->arena));
	return true;
}

static bool decode_url(struct run *r, const struct value *args, unsigned count,
		       struct value *v)
{
	const struct str s = text_of_value(r, args[0]);

	(void)count;
	if (!url_is_decodable(s))
		return run_fail(r, "the text is not URL encoded");
	*v = value_str(url_decode_form(s, r->arena));
	return true;
}

static bool is_string(struct run *r, const struct value *args, unsigned count,
		      struct value *v)
{
	(void)r;
	(void)count;
	*v = value_bool(args[0].kind == VALUE_STR);
	return true;
}

static bool is_number(struct run *r, const struct value *args, unsigned count,
		      struct value *v)
{
	(void)r;
	(void)count;
	*v = value_bool(is_int32(args[0]) || args[0].kind == VALUE_DOUBLE);
	return true;
}

static bool is_kind(struct run *r, struct value arg, enum json_kind kind)
{
	const struct json *j = json_of_value(r, arg);

	return j && j->kind == kind;
}

static bool is_array(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	(void)count;
	*v = value_bool(is_kind(r, args[0], JSON_ARRAY));
	return true;
}

static bool is_object(struct run *r, const struct value *args, unsigned count,
		      struct value *v)
{
	(void)count;
	*v = value_bool(is_kind(r, args[0], JSON_OBJECT));
	return true;
}

static bool to_string(struct run *r, const struct value *args, unsigned count,
		      struct value *v)
{
	(void)count;
	*v = value_str(text_of_value(r, args[0]));
	return true;
}

static bool to_integer(struct run *r, const struct value *args, unsigned count,
		       struct value *v)
{
	const struct str s = text_of_value(r, args[0]);

	(void)count;
	v->kind = VALUE_INT;
	if (str_to_int(s, &v->number) && is_int32(*v))
		return true;
	return run_fail(r, "For input string: \"" STR_FMT "\"", STR_ARG(s));
}

static bool to_float(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	const struct str s = str_trim(text_of_value(r, args[0]));

	(void)count;
	v->kind = VALUE_DOUBLE;
	if (str_to_double(s, &v->real))
		return true;
	return run_fail(r, "For input string: \"" STR_FMT "\"", STR_ARG(s));
}

static bool to_boolean(struct run *r, const struct value *args, unsigned count,
		       struct value *v)
{
	(void)count;
	*v = value_bool(str_eq_nocase(text_of_value(r, args[0]), STR("true")));
	return true;
}

static bool to_json(struct run *r, struct value arg, enum json_kind kind, struct value *v)
{
	const struct json *j = json_of_value(r, arg);

	if (!j || j->kind != kind)
		return run_fail(r, "Argument cannot be converted to a JSON %s",
				kind == JSON_ARRAY ? "array" : "object");
	*v = value_json(j);
	return true;
}

static bool to_array(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	(void)count;
	return to_json(r, args[0], JSON_ARRAY, v);
}

static bool to_object(struct run *r, const struct value *args, unsigned count,
		      struct value *v)
{
	(void)count;
	return to_json(r, args[0], JSON_OBJECT, v);
}

static bool negate(struct run *r, const struct value *args, unsigned count,
		   struct value *v)
{
	(void)count;
	if (args[0].kind != VALUE_BOOL)
		return run_fail(r, "Non-boolean argument of not()");
	*v = value_bool(!args[0].truth);
	return true;
}

static bool now(struct run *r, const struct value *args, unsigned count, struct value *v)
{
	const struct timers *clock = r->message->around->clock;

	(void)args;
	(void)count;
	*v = value_int(clock ? (int64_t)clock->now + clock->wall : 0);
	return true;
}

/* (milliseconds, pattern) or (text, its pattern, pattern). */
static bool format_date(struct run *r, const struct value *args, unsigned count,
			struct value *v)
{
	const struct str from = text_of_value(r, args[0]);
	const struct str pattern = text_of_value(r, args[count - 1]);
	int64_t moment = 0;
	const bool read = count == 2 ? str_to_int(from, &moment)
				     : java_date_parse(from, text_of_value(r, args[1]),
						       &moment);

	if (!read)
		return run_fail(r, "'" STR_FMT "' is not such a date", STR_ARG(from));
	if (!java_date_is_known(pattern))
		return run_fail(r, "'" STR_FMT "' is no pattern of a date",
				STR_ARG(pattern));
	*v = value_str(java_date_format(moment, pattern, r->arena));
	return true;
}

/* Local entries stand in for the registry. */
static bool registry(struct run *r, const struct value *args, unsigned count,
		     struct value *v)
{
	const struct surroundings *around = r->message->around;
	const struct str name = text_of_value(r, args[0]);

	(void)count;
	*v = around->local_entry ? around->local_entry(around->ctx, name, r->arena)
				 : VALUE_NONE;
	if (v->kind == VALUE_NULL)
		return run_fail(r, "the registry has no '" STR_FMT "'", STR_ARG(name));
	return true;
}

/* The two that are worked out with the evaluator's help. */
static bool worked_out_elsewhere(struct run *r, const struct value *args, unsigned count,
				 struct value *v)
{
	(void)args;
	(void)count;
	*v = VALUE_NONE;
	return run_fail(r, "this function needs its arguments as they are written");
}

static const struct function functions[] = {
	{ "length", 1, 1, length },
	{ "toUpper", 1, 1, to_upper },
	{ "toLower", 1, 1, to_lower },
	{ "trim", 1, 1, trim },
	{ "subString", 2, 3, sub_string },
	{ "charAt", 2, 2, char_at },
	{ "startsWith", 2, 2, starts_with },
	{ "endsWith", 2, 2, ends_with },
	{ "contains", 2, 2, contains },
	{ "replace", 3, 3, replace },
	{ "split", 2, 2, split },
	{ "indexOf", 2, 3, index_of },
	{ "base64encode", 1, 2, encode_base64 },
	{ "base64decode", 1, 2, decode_base64 },
	{ "urlEncode", 1, 2, encode_url },
	{ "urlDecode", 1, 2, decode_url },
	{ "isString", 1, 1, is_string },
	{ "isNumber", 1, 1, is_number },
	{ "isArray", 1, 1, is_array },
	{ "isObject", 1, 1, is_object },
	{ "string", 1, 1, to_string },
	{ "integer", 1, 1, to_integer },
	{ "float", 1, 1, to_float },
	{ "boolean", 1, 1, to_boolean },
	{ "array", 1, 1, to_array },
	{ "object", 1, 1, to_object },
	{ "not", 1, 1, negate },
	{ "now", 0, 0, now },
	{ "formatDateTime", 2, 3, format_date },
	{ "registry", 1, 2, registry },
	{ "exists", 1, 1, worked_out_elsewhere },
	{ "xpath", 1, 2, worked_out_elsewhere },
};

const struct function *function_of(struct str name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (str_eq(name, str_of(functions[i].name)))
			return &functions[i];
	return number_function_of(name);
}
