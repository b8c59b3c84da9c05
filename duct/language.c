#include "duct/duct.h"

struct duct_expr {
	struct expr expr;
	const struct duct *root;
	bool output;
};

static bool eval(const struct expr *e, struct message *m, struct value *v,
		 struct fault *why)
{
	const struct duct_expr *d = (const struct duct_expr *)e;
	bool missing;
	const struct json *j = duct_map(d->root, m, d->output, &missing, why);

	if (j)
		*v = value_json(j);
	return j != NULL;
}

static const struct expr_ops ops = { .eval = eval };

static const struct expr *compile(struct str text, struct arena *a, struct fault *why)
{
	const bool output = str_starts(text, STR("duct-out:"));
	struct duct_expr *d = arena_new(a, struct duct_expr);
	const struct json *mapping = json_parse(str_from(text, str_find(text, ':') + 1),
						a, why);

	if (!mapping)
		return NULL;
	*d = (struct duct_expr){ .expr = { .ops = &ops, .source = text },
				 .output = output };
	d->root = duct_compile(mapping, a, why);
	return d->root ? &d->expr : NULL;
}

static const struct expr_language in = { .begins = "duct-in:", .compile = compile };
static const struct expr_language out = { .begins = "duct-out:", .compile = compile };

void duct_register(void)
{
	expr_add_language(&in);
	expr_add_language(&out);
}
