/* What fits an input's schema, what it is complained with, and a schema's mistakes. */
#include <criterion/criterion.h>

#include "input_schema.h"

static struct arena a;

static void tear_down(void)
{
	arena_release(&a);
}

TestSuite(input_schema, .fini = tear_down);

/* Rows have ' where JSON has a quote. */
static struct json *parsed(const char *text)
{
	char *copy = arena_printf(&a, "%s", text);
	struct fault why = { 0 };
	struct json *j;

	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	j = json_parse(str_of(copy), &a, &why);
	cr_assert_not_null(j, "%s: %s", text, why.text);
	return j;
}

/* "field rule", one after the other; "" if it fits. */
static const char *verdict(const char *schema, const char *input)
{
	struct json *errors;
	const char *said = "";

	input_validate(parsed(schema), parsed(input), &a, &errors);
	for (const struct json *e = errors->first; e; e = e->next)
		said = arena_printf(&a, "%s%s" STR_FMT " " STR_FMT, said,
				    *said ? ", " : "",
				    STR_ARG(json_get(e, STR("field"))->text),
				    STR_ARG(json_get(e, STR("rule"))->text));
	return said;
}

Test(input_schema, each_type_takes_what_it_says)
{
	/* clang-format off */
	static const struct {
		const char *type, *good, *bad;
	} rows[] = {
		{ "string", "['', 'a b', 'ž']", "[1, true, {}, [], null]" },
		{ "nospaces_string", "['', 'ab']", "['a b', 'a\\tb', 'a\\n', 7]" },
		{ "email_string", "['a@b.cz', 'x.y+z@a.b.c']",
		  "['', 'a', '@b.cz', 'a@b', 'a@.cz', 'a@b.', 'a b@c.cz', 'a@b@c.cz', 1]" },
		{ "numberstring", "['1', '-1.5', '+7', '.5', '007']",
		  "[1, '', 'x', '1x', ' 1', '0x1', 'nan', 'inf', '1e3', '-', '.', '1.2.3']" },
		{ "number", "[0, 1.5, -2, 1e3, 123456789012345678901]", "['1', true, null]" },
		{ "float", "[1.5, 2]", "['1.5']" },
		{ "double", "[1.5, 2]", "['1.5']" },
		{ "integer", "[1, -7, 1.0, 1e3, 123456789012345678901]", "[1.5, '1', 1e-3]" },
		{ "uuid", "['123e4567-e89b-12d3-a456-426614174000']",
		  "['123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-42661417400g', 1]" },
		{ "array", "[[], [1, 'a']]", "[{}, 'a', null]" },
		{ "object", "[{}, {'a': 1}]", "[[], 'a', null]" },
		{ "boolean", "[true, false]", "[0, 'true', null]" },
		{ "any", "[0, 'a', [], {}, false]", "[null]" },
		{ "date", "['2026-11-21', '2026-11-21T09:05', '2026-11-21T09:05:07.123Z',"
			  " '2026-11-21 09:05:07+01:00', '2026-11-21T09:05:07-0530']",
		  "['2026-13-01', '2026-11-32', '2026-1-1', '21.11.2026', '2026-11-21x',"
		  " '2026-11-21T25:00', '2026-11-21T09:05+', 20261121, '']" },
		{ "array-string", "[[], ['a']]", "[['a', 1], 'a']" },
		{ "array-number", "[[], [1, 2.5]]", "[[1, '2'], 1]" },
		{ "array-float", "[[1.5]]", "[['1']]" },
		{ "array-double", "[[1.5]]", "[[null]]" },
		{ "array-uuid", "[['123e4567-e89b-12d3-a456-426614174000']]", "[['x']]" },
		{ "array-boolean", "[[true, false]]", "[[1]]" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *schema = arena_printf(&a, "{'f': '%s'}", rows[i].type);

		for (int bad = 0; bad < 2; bad++) {
			const struct json *all = parsed(bad ? rows[i].bad : rows[i].good);

			for (const struct json *v = all->first; v; v = v->next) {
				const struct str text = json_text(v, &a);
				const char *input = arena_printf(&a, "{'f': " STR_FMT "}",
								 STR_ARG(text));

				cr_expect_str_eq(verdict(schema, input),
						 bad ? "f type" : "", "%s " STR_FMT,
						 rows[i].type, STR_ARG(text));
			}
		}
	}
}

Test(input_schema, fields_keep_to_their_rules)
{
	/* clang-format off */
	static const struct {
		const char *schema, *input, *says;
	} rows[] = {
		{ "{'a': 'DataTypes.NUMBER', 'b': 'ARRAY_STRING'}", "{'a': 1, 'b': ['x']}", "" },
		{ "{'a': 'number'}", "{}", "a required" },
		{ "{'a': 'number', 'b': 'string'}", "{}", "a required, b required" },
		{ "{'a': {'type': 'number', 'required': false}}", "{}", "" },
		{ "{'a': {'type': 'number', 'default': 1}}", "{}", "" },
		{ "{'a': {'type': 'number', 'default': 1}}", "{'a': 'x'}", "a type" },
		{ "{'a': {'minlength': 2, 'maxlength': 3}}", "{'a': 'x'}", "a minlength" },
		{ "{'a': {'minlength': 2, 'maxlength': 3}}", "{'a': 'wxyz'}", "a maxlength" },
		{ "{'a': {'minlength': 2, 'maxlength': 3}}", "{'a': 'žšč'}", "" },
		{ "{'a': {'type': 'array', 'minlength': 1}}", "{'a': []}", "a minlength" },
		{ "{'a': {'type': 'array', 'maxlength': 1}}", "{'a': [1, 2]}", "a maxlength" },
		{ "{'a': {'type': 'number', 'min': 1, 'max': 5}}", "{'a': 0.9}", "a min" },
		{ "{'a': {'type': 'number', 'min': 1, 'max': 5}}", "{'a': 5}", "" },
		{ "{'a': {'type': 'number', 'min': 1, 'max': 5}}", "{'a': 5.1}", "a max" },
		{ "{'a': {'type': 'number', 'minlength': 1}}", "{'a': 5}", "" },
		{ "{'a': {'type': 'numberstring', 'max': 5}}", "{'a': '6'}", "a max" },
		{ "{'a': {'type': 'string', 'max': 5}}", "{'a': '6'}", "" },
		{ "{'a': {'enum': ['EUR', 'USD']}}", "{'a': 'CZK'}", "a enum" },
		{ "{'a': {'type': 'number', 'enum': [1, 2.50]}}", "{'a': 2.5}", "" },
		{ "{'a': {'type': 'number'}}", "{'a': null}", "a type" },
		{ "{'a': 'number'}", "{'a': 1, 'b': {'x': 1}}", "" },
		{ "{'a': {'street': 'string', 'zip': {'minlength': 5}}}",
		  "{'a': {'street': 'x', 'zip': '123'}}", "a.zip minlength" },
		{ "{'a': {'street': 'string', 'b': {'c': 'number'}}}",
		  "{'a': {'b': {'c': 'x'}}}", "a.street required, a.b.c type" },
		{ "{'a': {'street': 'string'}}", "{'a': 'x'}", "a type" },
		{ "{'a': {'type': 'object', 'required': false, 'properties': {'b': 'number'}}}",
		  "{}", "" },
		{ "{'a': {'type': 'object', 'properties': {'b': 'number'}}}",
		  "{'a': {'b': true}}", "a.b type" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *says = verdict(rows[i].schema, rows[i].input);

		cr_expect_str_eq(says, rows[i].says, "%s %s: %s", rows[i].schema,
				 rows[i].input, says);
	}
}

Test(input_schema, defaults_are_filled_in_at_every_depth)
{
	struct json *errors;
	const struct json *whole = input_validate(
		parsed("{'a': {'type': 'number', 'default': 1.50}, 'b': {'c': "
		       "{'default': "
		       "'x'}, 'd': 'number'}}"),
		parsed("{'b': {'d': 2}, 'e': 3}"), &a, &errors);

	cr_expect_eq(errors->count, 0);
	cr_expect_str_eq(json_text(whole, &a).at,
			 "{\"b\":{\"d\":2,\"c\":\"x\"},\"e\":3,\"a\":1.50}");
}

Test(input_schema, messages_say_what_is_wanted)
{
	struct json *errors;

	input_validate(parsed("{'a': {'enum': ['x', 'y']}, 'b': {'minlength': 3}}"),
		       parsed("{'a': 'z', 'b': 'q'}"), &a, &errors);
	cr_expect_str_eq(json_get(json_at(errors, 0), STR("message"))->text.at,
			 "a must be one of [\"x\",\"y\"]");
	cr_expect_str_eq(json_get(json_at(errors, 1), STR("message"))->text.at,
			 "b must have at least 3 characters");
}

Test(input_schema, its_own_mistakes_are_all_told)
{
	/* clang-format off */
	static const struct {
		const char *schema, *says;
	} rows[] = {
		{ "[]", "input must be a map of fields" },
		{ "{'a': 7}", "input field 'a' must be a type or a map" },
		{ "{'a': 'numbr'}", "input field 'a' has an unknown type" },
		{ "{'a': {'type': 7}}", "input field 'a' has an unknown type" },
		{ "{'a': {'requird': false}}", "has no rule 'requird'; did you mean 'required'?" },
		{ "{'a': {'typ': 'number'}}", "has no rule 'typ'; did you mean 'type'?" },
		{ "{'a': {'minlength': 'x'}}", "minlength of input field 'a' must be a number" },
		{ "{'a': {'required': 'no'}}", "required of input field 'a' must be true or false" },
		{ "{'a': {'enum': 'x'}}", "enum of input field 'a' must be a list" },
		{ "{'a': {'type': 'number', 'default': 'x'}}",
		  "default of input field 'a' must be number" },
		{ "{'a': {'b': {'c': 'numbr'}}}", "input field 'c' has an unknown type" },
		{ "{'a': {'b': 'string', 'type': {'x': 'number'}}}", "" },
		{ "{'a': 'number', 'b': {'street': 'string'}}", "" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct report r;
		bool fine;

		report_init(&r, &a);
		fine = input_schema_check(parsed(rows[i].schema), "f", &r);
		cr_expect_eq(fine, !*rows[i].says, "%s", rows[i].schema);
		if (!fine)
			cr_expect(strstr(r.first->text, rows[i].says), "%s says %s",
				  rows[i].schema, r.first->text);
	}
}
