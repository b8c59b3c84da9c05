/*
 * json-eval(…): a JSON path into the payload, or into the JSON text that a property
 * holds ($ctx:name.path). Segments in {…} are put in when it is evaluated
 * (mediation.md §5.3).
 */
#include "expr/expr_priv.h"
#include "expr/jsonpath.h"

#include <string.h>

#include "base/log.h"
#include "message/content.h"

static const char logger[] = "org.apache.synapse.util.xpath.SynapseJsonPath";

struct json_eval {
	struct expr expr;
	bool of_property;
	enum scope scope;
	struct str name;             /* of the property */
	bool whole;                  /* the path is "$" alone */
	const struct jsonpath *path; /* NULL: it has segments to put in */
	const struct expr *segments; /* text of the path, put together */
};

/* The document to look into; NULL and no fault: there is none. */
static bool find_root(const struct json_eval *e, struct message *m,
		      const struct json **root, struct fault *why)
{
	struct value v;

	*root = NULL;
	*why = (struct fault){ 0 };
	if (!e->of_property) {
		*root = content_json(m, why);
		return *root || !why->text;
	}
	v = message_own_property(m, e->scope, e->name);
	if (v.kind == VALUE_JSON)
		*root = v.json;
	else if (v.kind != VALUE_NULL)
		*root = json_parse(value_text(v, m->arena), m->arena, NULL);
	return true;
}

static const struct jsonpath *path_of(const struct json_eval *e, struct message *m,
				      struct fault *why)
{
	struct str text;

	if (e->path)
		return e->path;
	if (!expr_text(e->segments, m, &text, NULL, why))
		return NULL;
	return jsonpath_compile(text, m->arena, why);
}

static bool find(const struct json_eval *e, struct message *m, const struct json **found,
		 struct fault *why)
{
	const struct json *root;
	const struct jsonpath *path;

	*found = NULL;
	if (!find_root(e, m, &root, why))
		return false;
	if (!root) {
		if (!e->of_property)
			log_line(LOG_WARN, logger, "Json Payload is empty.");
		return true;
	}
	path = path_of(e, m, why);
	return path && jsonpath_find(path, root, m->arena, found, why);
}

static bool eval(const struct expr *expr, struct message *m, struct value *v,
		 struct fault *why)
{
	const struct json *found;

	if (!find((const struct json_eval *)expr, m, &found, why))
		return false;
	*v = found ? value_json(found) : VALUE_NONE;
	return true;
}

/* An object with one of these members counts as that member (a quirk to keep). */
static const struct json *as_shown(const struct json *j)
{
	const struct json *member = json_get(j, STR("members"));

	if (!member)
		member = json_get(j, STR("elements"));
	return member ? member : j;
}

/* Nothing found is the empty text, not null. */
static bool text(const struct expr *expr, struct message *m, struct str *s, bool *is_null,
		 struct fault *why)
{
	const struct json_eval *e = (const struct json_eval *)expr;
	const struct json *found;

	*s = STR("");
	*is_null = false;
	if (!find(e, m, &found, why))
		return false;
	if (!found)
		return true;
	if (e->whole && found->source.len && found->kind != JSON_STRING)
		*s = found->source;
	else
		*s = value_text(value_json(as_shown(found)), m->arena);
	return true;
}

static const struct expr_ops ops = { eval, text, NULL };

/* $ctx:name.path and its like; what is left is the path, from "$". */
static bool read_property(struct json_eval *e, struct str *path, struct arena *a)
{
	static const struct {
		struct str prefix;
		enum scope scope;
	} scopes[] = {
		{ { "$ctx:", 5 }, SCOPE_DEFAULT },
		{ { "$trp:", 5 }, SCOPE_TRANSPORT },
		{ { "$axis2:", 7 }, SCOPE_AXIS2 },
		{ { "$func:", 6 }, SCOPE_FUNCTION },
		{ { "$var:", 5 }, SCOPE_VARIABLE },
		{ { "$operation:", 11 }, SCOPE_OPERATION },
	};

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		struct str rest;
		size_t len = 0;

		if (!str_starts(*path, scopes[i].prefix))
			continue;
		rest = str_from(*path, scopes[i].prefix.len);
		while (len < rest.len && rest.at[len] != '.' && rest.at[len] != '[')
			len++;
		e->of_property = true;
		e->scope = scopes[i].scope;
		e->name = arena_copy(a, str_first(rest, len));
		*path = str_of(
			arena_printf(a, "$" STR_FMT, STR_ARG(str_from(rest, len))));
		return true;
	}
	return false;
}

/* A brace that is no part of a text or a filter's value opens a segment. */
static bool has_segments(struct str path)
{
	return str_find(path, '{') < path.len &&
	       str_find_str(path, STR("[?")) == path.len;
}

/* "$.a{$ctx:n}.b": text, an expression, and the same again. */
struct segments {
	struct expr expr;
	struct str before;
	const struct expr *inner, *rest;
};

static bool segments_text(const struct expr *expr, struct message *m, struct str *s,
			  bool *is_null, struct fault *why)
{
	const struct segments *e = (const struct segments *)expr;
	struct str inner = STR(""), rest = STR("");

	*is_null = false;
	if (!expr_text(e->inner, m, &inner, NULL, why) ||
	    !expr_text(e->rest, m, &rest, NULL, why))
		return false;
	*s = str_of(arena_printf(m->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(e->before),
				 STR_ARG(inner), STR_ARG(rest)));
	return true;
}

static bool segments_eval(const struct expr *expr, struct message *m, struct value *v,
			  struct fault *why)
{
	bool is_null;

	v->kind = VALUE_STR;
	return segments_text(expr, m, &v->text, &is_null, why);
}

static const struct expr_ops segments_ops = { segments_eval, segments_text, NULL };

static const struct expr *compile_segments(struct str path, struct arena *a,
					   struct fault *why)
{
	struct segments *e = arena_new(a, struct segments);
	const size_t start = str_find(path, '{');
	const struct str behind = str_from(path, start + 1);
	const size_t end = str_find(behind, '}');

	if (start == path.len || end == behind.len)
		return expr_constant(path, a);
	e->expr.ops = &segments_ops;
	e->expr.source = e->before = str_first(path, start);
	e->inner = expr_compile(str_first(behind, end), NULL, a, why);
	e->rest = e->inner ? compile_segments(str_from(behind, end + 1), a, why) : NULL;
	if (!e->rest)
		return NULL;
	e->expr.needs = e->inner->needs > e->rest->needs ? e->inner->needs
							 : e->rest->needs;
	return &e->expr;
}

const struct expr *json_eval_compile(struct str source, struct arena *a,
				     struct fault *why)
{
	struct json_eval *e = arena_new(a, struct json_eval);
	struct str path = str_trim(arena_copy(a, source));

	e->expr.ops = &ops;
	e->expr.source = path;
	read_property(e, &path, a);
	if (str_ends(path, STR(".")))
		path.len--;
	if (!path.len || !strchr("$@", path.at[0]))
		path = str_of(arena_printf(a, "$." STR_FMT, STR_ARG(path)));
	e->whole = str_eq(path, STR("$"));
	e->expr.needs = e->of_property ? NEEDS_NOTHING : NEEDS_TREE;
	if (has_segments(path)) {
		e->segments = compile_segments(path, a, why);
		return e->segments ? &e->expr : NULL;
	}
	e->path = jsonpath_compile(path, a, why);
	if (e->path)
		return &e->expr;
	if (why)
		why->text = arena_printf(a, "%s, in the path '" STR_FMT "'", why->text,
					 STR_ARG(path));
	return NULL;
}
