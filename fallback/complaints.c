/* What is wrong with a definition that was sent, told by the place it has in it. */
#include "fallback/rest.h"

/* "options[0].input.amount" of the first value at a line; NULL: there is none. */
static const char *path_at(const struct json *j, unsigned line, const char *path,
			   struct arena *a)
{
	unsigned i = 0;

	if (j->line == line)
		return path;
	for (const struct json *m = j->first; m; m = m->next, i++) {
		const char *below = j->kind == JSON_ARRAY
					    ? arena_printf(a, "%s[%u]", path, i)
					    : arena_printf(a, "%s%s" STR_FMT, path,
							   *path ? "." : "",
							   STR_ARG(m->key));
		const char *found = path_at(m, line, below, a);

		if (found)
			return found;
	}
	return NULL;
}

/* Is it about what was sent? Its file is named KIND.TAG.json. */
static bool is_about(const struct complaint *c, const struct fallback_change *change,
		     struct arena *a)
{
	struct str rest, product, kind;

	if (!c->where.file)
		return true;
	rest = change->name;
	str_cut(&rest, '/', &product);
	str_cut(&rest, '/', &kind);
	return str_ends(
		str_of(c->where.file),
		str_of(arena_printf(a, "/" STR_FMT "/" STR_FMT "." STR_FMT ".json",
				    STR_ARG(product), STR_ARG(kind), STR_ARG(rest))));
}

static void add(struct json *fields, const char *path, const char *text, struct arena *a)
{
	struct json *field = json_new(a, JSON_OBJECT);

	json_set(field, STR("field"), json_string(a, str_of(path)));
	json_set(field, STR("rule"), json_string(a, STR("definition")));
	json_set(field, STR("message"), json_string(a, arena_copy(a, str_of(text))));
	json_append(fields, field);
}

static struct json *with_fields(struct json *fields, struct arena *a)
{
	struct json *body = fallback_error(a, "INVALID_INPUT",
					   "the definition is not valid");
	struct json *error = json_copy(a, json_get(body, STR("error")));

	json_set(error, STR("fields"), fields);
	json_set(body, STR("error"), error);
	return body;
}

struct json *fallback_wrong_field(struct arena *a, const char *field, const char *message)
{
	struct json *fields = json_new(a, JSON_ARRAY);

	add(fields, field, message, a);
	return with_fields(fields, a);
}

struct json *fallback_complaints(struct arena *a, const struct report *r,
				 const struct fallback_change *change)
{
	struct json *fields = json_new(a, JSON_ARRAY);
	struct fault why = { 0 };
	const struct json *lines = NULL;

	if (change->definition)
		lines = json_parse(
			fallback_definition_text(change->name, change->definition, a), a,
			&why);
	for (const struct complaint *c = r->first; c; c = c->next) {
		const bool about = is_about(c, change, a);
		const char *path = about && lines ? path_at(lines, c->where.line, "", a)
						  : NULL;

		if (c->severity == SEVERITY_ERROR && (about || !lines))
			add(fields, path ? path : "", c->text, a);
	}
	return with_fields(fields, a);
}
