#include "expr/expr.h"

#include <stdarg.h>

#include "expr/expr_priv.h"

bool expr_fail(struct fault *why, struct arena *a, const char *fmt, ...)
{
	va_list ap;

	if (!why)
		return false;
	*why = (struct fault){ .code = FAULT_MEDIATION };
	va_start(ap, fmt);
	why->text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return false;
}

static bool eval_constant(const struct expr *e, struct message *m, struct value *v,
			  struct fault *why)
{
	(void)m;
	(void)why;
	*v = value_str(e->source);
	return true;
}

static const struct expr_ops constant_ops = { .eval = eval_constant };

const struct expr *expr_constant(struct str text, struct arena *a)
{
	struct expr *e = arena_new(a, struct expr);

	e->ops = &constant_ops;
	e->source = arena_copy(a, text);
	e->is_constant = true;
	return e;
}

static bool is_synapse(struct str text)
{
	return str_starts(text, STR("${")) && str_ends(text, STR("}"));
}

/* Without `before` characters at the start and the last one. */
static struct str inside(struct str text, size_t before)
{
	return str_first(str_from(text, before), text.len - before - 1);
}

/* The readers below take NUL for the end of a text. */
static bool has_nul(struct str text, struct arena *a, struct fault *why)
{
	if (str_find(text, '\0') == text.len)
		return false;
	expr_fail(why, a, "an expression has a NUL character in it");
	return true;
}

const struct expr *expr_compile(struct str text, const struct expr_scope *scope,
				struct arena *a, struct fault *why)
{
	const struct expr_language *language;

	text = str_trim(text);
	if (has_nul(text, a, why))
		return NULL;
	language = expr_language_of(text);
	if (language)
		return language->compile(text, a, why);
	if (str_starts(text, STR("json-eval(")))
		return json_eval_compile(inside(text, 10), a, why);
	if (is_synapse(text))
		return synapse_compile(inside(text, 2), scope, a, why);
	if (!text.len || str_starts(text, STR("${"))) {
		expr_fail(why, a,
			  text.len ? "'" STR_FMT "' has no } at its end"
				   : "an expression is empty" STR_FMT,
			  STR_ARG(text));
		return NULL;
	}
	return xpath_compile(text, scope, a, why);
}

const struct expr *expr_compile_json(struct str text, struct arena *a, struct fault *why)
{
	text = str_trim(text);
	if (has_nul(text, a, why))
		return NULL;
	if (str_starts(text, STR("json-eval(")))
		text = inside(text, 10);
	return json_eval_compile(text, a, why);
}

const struct expr *expr_compile_value(struct str text, const struct expr_scope *scope,
				      struct arena *a, struct fault *why)
{
	const struct str trimmed = str_trim(text);
	const struct expr_language *language = expr_language_of(trimmed);

	if (language)
		return language->compile(trimmed, a, why);
	if (is_synapse(trimmed))
		return expr_compile(trimmed, scope, a, why);
	if (trimmed.len < 3 || trimmed.at[0] != '{' || !str_ends(trimmed, STR("}")))
		return expr_constant(text, a);
	text = inside(trimmed, 1);
	/* {{…}} is looked at later in the original; there is no sooner or later here. */
	if (text.len > 2 && text.at[0] == '{' && str_ends(text, STR("}")))
		text = inside(text, 1);
	return expr_compile(text, scope, a, why);
}

/* Text between expressions, then an expression; NULL at the end. */
struct piece {
	struct str text;
	const struct expr *expr;
	struct piece *next;
};

struct template
{
	struct expr expr;
	struct piece *first;
};

static bool template_text(const struct expr *e, struct message *m, struct str *s,
			  bool *is_null, struct fault *why)
{
	const struct template *t = (const struct template *)e;
	struct buf b;
	struct str part;

	*is_null = false;
	buf_init(&b, SIZE_MAX / 2);
	for (const struct piece *p = t->first; p; p = p->next) {
		buf_add(&b, p->text);
		if (!p->expr)
			continue;
		if (!expr_text(p->expr, m, &part, NULL, why)) {
			buf_release(&b);
			return false;
		}
		buf_add(&b, part);
	}
	*s = arena_copy(m->arena, buf_str(&b));
	buf_release(&b);
	return true;
}

static bool template_eval(const struct expr *e, struct message *m, struct value *v,
			  struct fault *why)
{
	bool is_null;

	v->kind = VALUE_STR;
	return template_text(e, m, &v->text, &is_null, why);
}

static const struct expr_ops template_ops = { template_eval, template_text, NULL };

/* The text up to the next ${…}, and that. *rest is what follows; NULL: *why. */
static struct piece *cut_piece(struct str *rest, const struct expr_scope *scope,
			       struct arena *a, struct fault *why)
{
	struct piece *p = arena_new(a, struct piece);
	const size_t start = str_find_str(*rest, STR("${"));
	const struct str behind = str_from(*rest, start + 2);
	const size_t end = str_find(behind, '}');

	if (end == behind.len || end == 0) {
		p->text = *rest;
		*rest = (struct str){ NULL, 0 };
		return p;
	}
	p->text = str_first(*rest, start);
	p->expr = synapse_compile(str_first(behind, end), scope, a, why);
	*rest = str_from(behind, end + 1);
	return p->expr ? p : NULL;
}

const struct expr *expr_compile_template(struct str text, const struct expr_scope *scope,
					 struct arena *a, struct fault *why)
{
	struct template *t = arena_new(a, struct template);
	struct piece **last = &t->first;
	struct str rest = arena_copy(a, text);

	if (str_find_str(text, STR("${")) == text.len)
		return expr_constant(text, a);
	if (has_nul(text, a, why))
		return NULL;
	t->expr.ops = &template_ops;
	t->expr.source = rest;
	while (rest.len) {
		struct piece *p = cut_piece(&rest, scope, a, why);

		if (!p)
			return NULL;
		if (p->expr && p->expr->needs > t->expr.needs)
			t->expr.needs = p->expr->needs;
		*last = p;
		last = &p->next;
	}
	return &t->expr;
}

bool expr_eval(const struct expr *e, struct message *m, struct value *v,
	       struct fault *why)
{
	return e->ops->eval(e, m, v, why);
}

bool expr_text(const struct expr *e, struct message *m, struct str *s, bool *is_null,
	       struct fault *why)
{
	struct value v;
	bool null;

	if (!is_null)
		is_null = &null;
	if (e->ops->text)
		return e->ops->text(e, m, s, is_null, why);
	if (!e->ops->eval(e, m, &v, why))
		return false;
	*is_null = v.kind == VALUE_NULL;
	*s = value_text(v, m->arena);
	return true;
}

bool expr_truth(const struct expr *e, struct message *m, bool *b, struct fault *why)
{
	struct str s;

	if (e->ops->truth)
		return e->ops->truth(e, m, b, why);
	if (!expr_text(e, m, &s, NULL, why))
		return false;
	*b = str_eq_nocase(s, STR("true"));
	return true;
}
