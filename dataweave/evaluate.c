#include <stdarg.h>

#include "dataweave/builtin.h"

bool dw_fail(struct dw_run *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r->why->text = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	r->why->code = FAULT_MEDIATION;
	r->why->code_text = "MULE:EXPRESSION";
	return false;
}

bool dw_spend(struct dw_run *r, uint64_t bytes)
{
	r->bytes += bytes;
	return r->bytes <= DW_MOST_BYTES ||
	       dw_fail(r, "the expression makes too much data");
}

struct dw_scope *dw_inside(struct dw_run *r, struct dw_value v,
			   const struct dw_scope *outer)
{
	struct dw_scope *s = arena_new(r->arena, struct dw_scope);

	s->value = v;
	s->outer = outer;
	r->bytes += sizeof(*s);
	return s;
}

bool dw_truth(struct dw_run *r, const struct dw_value *v, bool *truth)
{
	*truth = v->kind == DW_BOOLEAN
			 ? v->truth
			 : v->kind == DW_STRING && str_eq(v->text, STR("true"));
	if (v->kind == DW_BOOLEAN || *truth ||
	    (v->kind == DW_STRING && str_eq(v->text, STR("false"))))
		return true;
	return dw_fail(r, "a condition must be true or false, not %s", dw_kind_name(v));
}

static bool condition(struct dw_run *r, const struct dw_node *n,
		      const struct dw_scope *scope, bool *truth)
{
	struct dw_value v;

	*truth = true;
	return !n || (dw_evaluate(r, n, scope, &v) && dw_truth(r, &v, truth));
}

bool dw_text_of(struct dw_run *r, const struct dw_value *v, const char *what,
		struct str *text)
{
	if (dw_is_error_type(v, r->arena, text))
		return true;
	if (v->kind == DW_ARRAY || v->kind == DW_OBJECT || v->kind == DW_NULL ||
	    v->kind == DW_FUNCTION || v->kind == DW_RANGE)
		return dw_fail(r, "%s takes text, not %s", what, dw_kind_name(v));
	*text = dw_text(v, r->arena);
	return true;
}

static bool text(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		 struct dw_value *v)
{
	struct buf b;
	bool fine = true;

	buf_init(&b, DW_MOST_BYTES);
	for (const struct dw_node *part = n->parts; part && fine; part = part->next) {
		fine = dw_evaluate(r, part, scope, v);
		if (fine)
			buf_add(&b, dw_text(v, r->arena));
	}
	fine = fine && dw_spend(r, b.len);
	*v = dw_string(arena_copy(r->arena, buf_str(&b)));
	buf_release(&b);
	return fine;
}

static bool build_array(struct dw_run *r, const struct dw_node *n,
			const struct dw_scope *scope, struct dw_value *v)
{
	struct dw_value list = dw_new(DW_ARRAY, r->arena);

	for (const struct dw_node *part = n->parts; part; part = part->next) {
		struct dw_value item;
		bool truth;

		if (!condition(r, part->c, scope, &truth))
			return false;
		if (!truth)
			continue;
		if (!dw_evaluate(r, part->a, scope, &item))
			return false;
		dw_add(&list, r->arena, STR(""), item);
	}
	*v = list;
	return true;
}

/* Attributes and namespace are the key's: written here, or those of a key that is
 * handed on. What the value had where it came from stays there. */
static const struct dw_tag *tag_of(struct dw_run *r, const struct dw_value *key,
				   struct dw_list *attributes)
{
	struct dw_tag *tag;

	if (!attributes)
		return key->tag;
	tag = arena_new(r->arena, struct dw_tag);
	if (key->tag)
		*tag = *key->tag;
	tag->attributes = attributes;
	return tag;
}

static bool add_pair(struct dw_run *r, const struct dw_node *n,
		     const struct dw_scope *scope, struct dw_value *object)
{
	struct dw_value key, value, attributes = { .list = NULL };

	if (!dw_evaluate(r, n->a, scope, &key) ||
	    !dw_text_of(r, &key, "a key", &key.text) ||
	    !dw_evaluate(r, n->b, scope, &value))
		return false;
	if (n->d && !dw_evaluate(r, n->d, scope, &attributes))
		return false;
	value.tag = tag_of(r, &key, attributes.list);
	dw_add(object, r->arena, key.text, value);
	return true;
}

/* (object) or (array of objects): their members come in. */
static bool add_members(struct dw_run *r, const struct dw_value *from,
			struct dw_value *object)
{
	struct dw_list *l = dw_members(from, r->arena);

	if (from->kind == DW_NULL)
		return true;
	if (from->kind != DW_OBJECT && from->kind != DW_ARRAY)
		return dw_fail(r, "an object cannot take %s in", dw_kind_name(from));
	for (size_t i = 0; i < l->count; i++) {
		if (from->kind == DW_ARRAY) {
			if (l->at[i].value.kind != DW_OBJECT)
				return dw_fail(r, "an object cannot take %s in",
					       dw_kind_name(&l->at[i].value));
			add_members(r, &l->at[i].value, object);
			continue;
		}
		dw_add(object, r->arena, l->at[i].key, l->at[i].value);
	}
	return dw_spend(r, l->count * 64);
}

static bool build_object(struct dw_run *r, const struct dw_node *n,
			 const struct dw_scope *scope, struct dw_value *v)
{
	struct dw_value object = dw_new(DW_OBJECT, r->arena);

	for (const struct dw_node *part = n->parts; part; part = part->next) {
		struct dw_value from;
		bool truth, fine;

		if (!condition(r, part->c, scope, &truth))
			return false;
		if (!truth)
			continue;
		if (part->form == DW_PAIR)
			fine = add_pair(r, part, scope, &object);
		else
			fine = dw_evaluate(r, part->a, scope, &from) &&
			       add_members(r, &from, &object);
		if (!fine)
			return false;
	}
	*v = object;
	return true;
}

static bool local(const struct dw_node *n, const struct dw_scope *scope,
		  struct dw_value *v)
{
	for (unsigned i = 0; i < n->index; i++)
		scope = scope->outer;
	*v = scope->value;
	return true;
}

static bool minus(struct dw_run *r, struct dw_value *v)
{
	if (v->kind != DW_NUMBER && !dw_coerce(r, v, DW_TYPE_NUMBER, NULL, v))
		return false;
	if (v->whole && v->integer != INT64_MIN)
		*v = dw_integer(-v->integer);
	else
		*v = dw_real(-dw_number(v));
	return true;
}

static bool negated(struct dw_run *r, struct dw_value *v)
{
	bool truth;

	if (!dw_truth(r, v, &truth))
		return false;
	*v = dw_boolean(!truth);
	return true;
}

static bool prefixed(struct dw_run *r, const struct dw_node *n,
		     const struct dw_scope *scope, struct dw_value *v)
{
	return dw_evaluate(r, n->a, scope, v) &&
	       (n->form == DW_MINUS ? minus : negated)(r, v);
}

static bool logic(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		  struct dw_value *v)
{
	bool truth;

	if (!condition(r, n->a, scope, &truth))
		return false;
	if (truth == (n->form == DW_AND) && !condition(r, n->b, scope, &truth))
		return false;
	*v = dw_boolean(truth);
	return true;
}

static bool binary(struct dw_run *r, const struct dw_node *n,
		   const struct dw_scope *scope, struct dw_value *v)
{
	struct dw_value a, b;

	return dw_evaluate(r, n->a, scope, &a) && dw_evaluate(r, n->b, scope, &b) &&
	       dw_operate(r, n->operation, &a, &b, v);
}

static bool choice(struct dw_run *r, const struct dw_node *n,
		   const struct dw_scope *scope, struct dw_value *v)
{
	bool truth;

	return condition(r, n->a, scope, &truth) &&
	       dw_evaluate(r, truth ? n->b : n->c, scope, v);
}

/* A text that matches is, from there on, the list of its groups. */
static bool groups_fit(struct dw_run *r, const struct dw_value *regex,
		       const struct dw_scope **scope, bool *fits)
{
	struct dw_value args[2] = { (*scope)->value, *regex }, groups;

	*fits = args[0].kind == DW_STRING || args[0].kind == DW_NUMBER;
	if (!*fits)
		return true;
	if (!dw_builtin_named(STR("match"))->call(r, args, 2, &groups))
		return false;
	*fits = dw_count(&groups) > 0;
	*scope = dw_inside(r, groups, (*scope)->outer);
	return true;
}

static bool case_fits(struct dw_run *r, const struct dw_node *n,
		      const struct dw_scope **scope, bool *fits)
{
	struct dw_value pattern;

	*fits = !n->type || dw_is(&(*scope)->value, n->type);
	if (*fits && n->a) {
		if (!dw_evaluate(r, n->a, *scope, &pattern))
			return false;
		if (pattern.kind != DW_REGEX)
			*fits = dw_equal(&(*scope)->value, &pattern, r->arena);
		else if (!groups_fit(r, &pattern, scope, fits))
			return false;
	}
	return !*fits || condition(r, n->c, *scope, fits);
}

/* The first of a list or an object and the rest of it, each under a name. False: there
 * is no first. */
static bool take_apart(struct dw_run *r, const struct dw_node *n,
		       const struct dw_value *subject, const struct dw_scope **scope)
{
	struct dw_list *l = dw_members(subject, r->arena);
	const bool object = n->index == 3;
	struct dw_value tail;

	if ((subject->kind == DW_OBJECT) != object || !l->count)
		return false;
	tail = dw_new(object ? DW_OBJECT : DW_ARRAY, r->arena);
	for (size_t i = 1; i < l->count; i++)
		dw_add(&tail, r->arena, l->at[i].key, l->at[i].value);
	if (object)
		*scope = dw_inside(r, dw_key(&l->at[0]), *scope);
	*scope = dw_inside(r, l->at[0].value, *scope);
	*scope = dw_inside(r, tail, *scope);
	return true;
}

static bool match(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		  struct dw_value *v)
{
	struct dw_value subject;

	if (!dw_evaluate(r, n->a, scope, &subject))
		return false;
	for (const struct dw_node *c = n->parts; c; c = c->next) {
		const struct dw_scope *inside = dw_inside(r, subject, scope);
		bool fits = !c->index || take_apart(r, c, &subject, &inside);

		if (fits && !case_fits(r, c, &inside, &fits))
			return false;
		if (!dw_spend(r, c->index ? 64 * dw_count(&subject) : 0))
			return false;
		if (fits)
			return dw_evaluate(r, c->b, inside, v);
	}
	return dw_fail(r, "no case matches %s", dw_kind_name(&subject));
}

static bool lambda(struct dw_run *r, const struct dw_node *n,
		   const struct dw_scope *scope, struct dw_value *v)
{
	struct dw_function *f = arena_new(r->arena, struct dw_function);

	f->lambda = n;
	f->scope = scope;
	*v = (struct dw_value){ .kind = DW_FUNCTION, .function = f };
	return true;
}

/* A variable sees what is around it, a function also itself. */
static bool let(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		struct dw_value *v)
{
	struct dw_scope *inside = dw_inside(r, DW_NOTHING, scope);

	if (!dw_evaluate(r, n->a, n->recursive ? inside : scope, &inside->value))
		return false;
	return dw_evaluate(r, n->b, inside, v);
}

enum { MOST_ARGUMENTS = 16 };

static bool arguments(struct dw_run *r, const struct dw_node *n,
		      const struct dw_scope *scope, struct dw_value *args)
{
	unsigned i = 0;

	if (n->count > MOST_ARGUMENTS)
		return dw_fail(r, "too many arguments");
	for (const struct dw_node *part = n->parts; part; part = part->next)
		if (!dw_evaluate(r, part, scope, &args[i++]))
			return false;
	return true;
}

static bool call_lambda(struct dw_run *r, const struct dw_function *f,
			const struct dw_value *args, unsigned count, struct dw_value *v)
{
	const struct dw_scope *scope = f->scope;
	const struct dw_node *fallback = f->lambda->parts;

	for (unsigned i = 0; i < f->lambda->index; i++) {
		struct dw_value value = i < count ? args[i] : DW_NOTHING;

		if (i >= count && fallback && !dw_evaluate(r, fallback, scope, &value))
			return false;
		scope = dw_inside(r, value, scope);
		fallback = fallback ? fallback->next : NULL;
	}
	if (!dw_evaluate(r, f->lambda->a, scope, v))
		return false;
	if (f->lambda->reorders && v->kind == DW_FUNCTION)
		return dw_call(r, v, args, count, v);
	return true;
}

static bool call_builtin(struct dw_run *r, const struct dw_builtin *b,
			 const struct dw_value *args, unsigned count, struct dw_value *v)
{
	struct dw_value own[MOST_ARGUMENTS];

	if (count > b->most)
		count = b->most;
	if (count < b->least)
		return dw_fail(r, "%s takes %u arguments", b->name, b->least);
	for (unsigned i = 0; i < count; i++)
		own[i] = args[i];
	return b->call(r, own, count, v);
}

bool dw_call(struct dw_run *r, const struct dw_value *function,
	     const struct dw_value *args, unsigned count, struct dw_value *v)
{
	struct dw_value f = *function;

	if (f.kind != DW_FUNCTION)
		return dw_fail(r, "%s is not a function", dw_kind_name(&f));
	if (f.function->builtin)
		return call_builtin(r, f.function->builtin, args, count, v);
	return call_lambda(r, f.function, args, count, v);
}

static bool call(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		 struct dw_value *v)
{
	struct dw_value args[MOST_ARGUMENTS], f;

	if (!arguments(r, n, scope, args))
		return false;
	if (n->form == DW_BUILTIN)
		return call_builtin(r, n->builtin, args, n->count, v);
	return dw_evaluate(r, n->a, scope, &f) && dw_call(r, &f, args, n->count, v);
}

static bool cast(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		 struct dw_value *v)
{
	struct dw_value from, options = DW_NOTHING;

	if (!dw_evaluate(r, n->a, scope, &from))
		return false;
	if (n->type->options && !dw_evaluate(r, n->type->options, scope, &options))
		return false;
	return dw_coerce(r, &from, n->type->name, &options, v);
}

static bool default_to(struct dw_run *r, const struct dw_node *n,
		       const struct dw_scope *scope, struct dw_value *v)
{
	if (!dw_evaluate(r, n->a, scope, v))
		return false;
	return v->kind != DW_NULL || dw_evaluate(r, n->b, scope, v);
}

static bool selected(struct dw_run *r, const struct dw_node *n,
		     const struct dw_scope *scope, struct dw_value *v)
{
	bool found;

	if (n->form == DW_HAS) {
		if (!dw_select(r, n->a, scope, v, &found))
			return false;
		*v = dw_boolean(found);
		return true;
	}
	if (n->form == DW_MUST) {
		if (!dw_select(r, n->a, scope, v, &found))
			return false;
		return found ||
		       dw_fail(r, "there is no '" STR_FMT "'", STR_ARG(n->a->text));
	}
	return dw_select(r, n, scope, v, &found);
}

static bool is_of_type(struct dw_run *r, const struct dw_node *n,
		       const struct dw_scope *scope, struct dw_value *v)
{
	if (!dw_evaluate(r, n->a, scope, v))
		return false;
	*v = dw_boolean(dw_is(v, n->type));
	return true;
}

static bool form(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		 struct dw_value *v)
{
	switch (n->form) {
	case DW_LITERAL:
		*v = n->value;
		return true;
	case DW_TEXT:
		return text(r, n, scope, v);
	case DW_BUILD_ARRAY:
		return build_array(r, n, scope, v);
	case DW_BUILD_OBJECT:
		return build_object(r, n, scope, v);
	case DW_LOCAL:
		return local(n, scope, v);
	case DW_ROOT:
		return dw_root(r, (enum dw_root)n->index, v);
	case DW_SELECT:
	case DW_SELECT_ALL:
	case DW_SELECT_DEEP:
	case DW_SELECT_ATTRIBUTE:
	case DW_SELECT_META:
	case DW_INDEX:
	case DW_FILTER:
	case DW_HAS:
	case DW_MUST:
		return selected(r, n, scope, v);
	case DW_MINUS:
	case DW_NOT:
		return prefixed(r, n, scope, v);
	case DW_AND:
	case DW_OR:
		return logic(r, n, scope, v);
	case DW_DEFAULT:
		return default_to(r, n, scope, v);
	case DW_BINARY:
		return binary(r, n, scope, v);
	case DW_IF:
		return choice(r, n, scope, v);
	case DW_MATCH:
		return match(r, n, scope, v);
	case DW_LAMBDA:
		return lambda(r, n, scope, v);
	case DW_CALL:
	case DW_BUILTIN:
		return call(r, n, scope, v);
	case DW_LET:
		return let(r, n, scope, v);
	case DW_AS:
		return cast(r, n, scope, v);
	case DW_IS:
		return is_of_type(r, n, scope, v);
	case DW_UPDATE:
		return dw_run_update(r, n, scope, v);
	case DW_PAIR:
	case DW_PART:
	case DW_CASE:
	case DW_CHANGE:
		break;
	}
	return dw_fail(r, "this is no value");
}

bool dw_evaluate(struct dw_run *r, const struct dw_node *n, const struct dw_scope *scope,
		 struct dw_value *v)
{
	bool fine;

	if (++r->steps > DW_MOST_STEPS)
		return dw_fail(r, "the expression takes too long");
	if (r->bytes > DW_MOST_BYTES)
		return dw_fail(r, "the expression makes too much data");
	if (r->depth >= DW_MOST_DEPTH)
		return dw_fail(r, "the expression calls itself too deep");
	r->depth++;
	fine = form(r, n, scope, v);
	r->depth--;
	return fine;
}
