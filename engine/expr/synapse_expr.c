/*
 * Synapse expressions, ${…} (mediation.md §5.5), behind the door of expr.h. What
 * cannot be evaluated is the empty text and a warning; mediation goes on
 * (decisions.md §3).
 */
#include "expr/expr_priv.h"
#include "expr/synapse_priv.h"

#include "base/log.h"

static const char logger[] =
	"org.apache.synapse.util.synapse.expression.SynapseExpression";

struct synapse {
	struct expr expr;
	const struct term *term;
};

static void warn(const struct synapse *e, const struct run *r)
{
	log_line(LOG_WARN, logger, "Error evaluating expression: " STR_FMT " cause : %s",
		 STR_ARG(e->expr.source), r->error ? r->error : "unknown");
}

static bool eval(const struct expr *expr, struct message *m, struct value *v,
		 struct fault *why)
{
	const struct synapse *e = (const struct synapse *)expr;
	struct run r = { .message = m, .arena = m->arena };

	(void)why;
	if (!term_value(&r, e->term, v)) {
		warn(e, &r);
		*v = value_str(STR(""));
	}
	if (v->kind == VALUE_JSON && v->json->kind == JSON_NULL)
		*v = VALUE_NONE;
	return true;
}

/* Quotes around a whole text are taken off. */
static struct str without_quotes(struct str s)
{
	if (s.len > 1 && (s.at[0] == '"' || s.at[0] == '\'') &&
	    s.at[s.len - 1] == s.at[0])
		return str_first(str_from(s, 1), s.len - 2);
	return s;
}

static bool text(const struct expr *expr, struct message *m, struct str *s, bool *is_null,
		 struct fault *why)
{
	struct value v;
	bool is_text;

	*is_null = false;
	if (!eval(expr, m, &v, why))
		return false;
	is_text = v.kind == VALUE_STR ||
		  (v.kind == VALUE_JSON && v.json->kind == JSON_STRING);
	*s = value_text(v, m->arena);
	if (is_text)
		*s = without_quotes(*s);
	return true;
}

static const struct expr_ops ops = { eval, text, NULL };

const struct expr *synapse_compile(struct str source, const struct expr_scope *scope,
				   struct arena *a, struct fault *why)
{
	struct synapse *e = arena_new(a, struct synapse);
	struct fault ignored;
	struct parser p = { .arena = a, .scope = scope, .why = why ? why : &ignored };

	*p.why = (struct fault){ 0 };
	p.rest = str_trim(arena_copy(a, source));
	e->expr.ops = &ops;
	e->expr.source = p.rest;
	e->term = parse_expression(&p);
	if (!e->term)
		return NULL;
	parse_blanks(&p);
	if (p.rest.len) {
		expr_fail(why, a,
			  "Parse error: leftover input after parsing expression "
			  "in " STR_FMT,
			  STR_ARG(e->expr.source));
		return NULL;
	}
	e->expr.needs = p.needs_tree ? NEEDS_TREE : NEEDS_NOTHING;
	return &e->expr;
}
