#include "dataweave/language.h"

#include <stdlib.h>

#include "dataweave/run.h"
#include "message/attributes.h"

struct dataweave {
	struct expr expr;
	const struct dw_program *program;
};

static bool (*find_property)(const void *ctx, struct str name, struct str *value);
static const void *properties_ctx;

void dataweave_properties(bool (*find)(const void *ctx, struct str name,
				       struct str *value),
			  const void *ctx)
{
	find_property = find;
	properties_ctx = ctx;
}

struct dw_value dw_language_property(struct str name, struct arena *a)
{
	const char *in_environment = getenv(arena_copy(a, name).at);
	struct str value;

	if (find_property && find_property(properties_ctx, name, &value))
		return dw_string(arena_copy(a, value));
	return in_environment ? dw_string(str_of(in_environment)) : DW_NOTHING;
}

static bool run(const struct expr *e, struct message *m, struct dw_value *v,
		struct dw_run *r, struct fault *why)
{
	const struct dataweave *d = (const struct dataweave *)e;

	*r = (struct dw_run){
		.message = m, .arena = m->arena, .why = why, .program = d->program
	};
	if (dw_evaluate(r, d->program->body, NULL, v))
		return true;
	why->detail = arena_printf(m->arena, "%s, evaluating expression: \"" STR_FMT "\"",
				   why->text, STR_ARG(str_first(e->source, 500)));
	return false;
}

static bool is_json(struct str media_type)
{
	return str_eq(media_type, STR("application/json")) ||
	       str_eq(media_type, STR("text/json")) || str_ends(media_type, STR("+json"));
}

/* Does its output need writing, or is the tree as good? */
static bool is_tree(struct str media_type)
{
	return !media_type.len || str_eq(media_type, STR("application/java")) ||
	       str_eq(media_type, STR("application/dw")) || is_json(media_type);
}

static bool eval(const struct expr *e, struct message *m, struct value *v,
		 struct fault *why)
{
	const struct dataweave *d = (const struct dataweave *)e;
	struct dw_run r;
	struct dw_value result;
	struct str text;

	if (!run(e, m, &result, &r, why))
		return false;
	if (!is_tree(d->program->output.media_type)) {
		if (!dw_write(&r, &result, &d->program->output, &text))
			return false;
		*v = value_str(text);
		return true;
	}
	*v = dw_give(&result, m->arena);
	/* Written as JSON, a text gets its quotes, and null is null. */
	if (d->program->output.skip_null ||
	    (v->kind != VALUE_JSON && is_json(d->program->output.media_type)))
		*v = value_json(
			dw_to_json(&result, m->arena, d->program->output.skip_null, 0));
	return true;
}

static bool text(const struct expr *e, struct message *m, struct str *s, bool *is_null,
		 struct fault *why)
{
	const struct dataweave *d = (const struct dataweave *)e;
	struct dw_run r;
	struct dw_value result;

	if (!run(e, m, &result, &r, why))
		return false;
	*is_null = result.kind == DW_NULL;
	if (!is_tree(d->program->output.media_type) ||
	    (result.kind == DW_STRING && is_json(d->program->output.media_type)))
		return dw_write(&r, &result, &d->program->output, s);
	*s = dw_text(&result, m->arena);
	return true;
}

static bool truth(const struct expr *e, struct message *m, bool *b, struct fault *why)
{
	struct dw_run r;
	struct dw_value result;

	return run(e, m, &result, &r, why) && dw_truth(&r, &result, b);
}

static const struct expr_ops ops = { .eval = eval, .text = text, .truth = truth };

const struct expr *dataweave_compile(struct str source, struct arena *a,
				     struct fault *why)
{
	struct dataweave *d = arena_new(a, struct dataweave);
	struct str inner = str_trim(source);

	if (str_starts(inner, STR("#[")) && str_ends(inner, STR("]")))
		inner = str_first(str_from(inner, 2), inner.len - 3);
	d->program = dw_parse(arena_copy(a, inner), a, why);
	if (!d->program)
		return NULL;
	d->expr.ops = &ops;
	d->expr.source = arena_copy(a, source);
	d->expr.needs = d->program->uses_payload ? NEEDS_VALUE : NEEDS_NOTHING;
	d->expr.media_type = d->program->output.media_type;
	return &d->expr;
}

void dataweave_register(void)
{
	static const struct expr_language language = { .begins = "#[",
						       .compile = dataweave_compile };

	expr_add_language(&language);
}
