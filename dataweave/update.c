/*
 * `a update { case x at .b[0].c -> x + 1 }`: a copy of a value with something else at
 * the end of each way. What is not there stays away, unless the way ends in `!`.
 */
#include "dataweave/parser_priv.h"
#include "dataweave/run.h"

#define CHECK(x)                     \
	do {                         \
		if (!(x))            \
			return NULL; \
	} while (0)

/* --- reading --- */

static struct dw_node *step(struct dw_parser *p)
{
	const struct dw_token *t = dw_peek(p, 0);
	struct dw_node *n;

	if (dw_take_sign(p, "[")) {
		n = dw_node(p, DW_INDEX);
		CHECK(n->b = dw_expression(p));
		CHECK(dw_expect(p, "]"));
		return n;
	}
	n = dw_node(p, dw_is_sign(p, 0, ".*") ? DW_SELECT_ALL : DW_SELECT);
	if (!dw_take_sign(p, ".") && !dw_take_sign(p, ".*")) {
		dw_unexpected(p, "a way like .name or [0]");
		return NULL;
	}
	t = dw_peek(p, 0);
	if (t->kind == DW_TOKEN_STRING) {
		CHECK(n->b = dw_string_token(p));
	} else if (dw_take_sign(p, "(")) {
		CHECK(n->b = dw_expression(p));
		CHECK(dw_expect(p, ")"));
	} else if (t->kind == DW_TOKEN_NAME) {
		n->text = t->text;
		p->at++;
	} else {
		dw_unexpected(p, "a name");
		return NULL;
	}
	return n;
}

static struct dw_node *change(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_CHANGE), *one;
	struct dw_name *outside = p->names;
	struct str name = STR("$");

	if (!dw_take_word(p, "case")) {
		dw_unexpected(p, "'case'");
		return NULL;
	}
	if (dw_peek(p, 0)->kind == DW_TOKEN_NAME && dw_is_word(p, 1, "at")) {
		name = dw_peek(p, 0)->text;
		p->at += 2;
	}
	do {
		CHECK(one = step(p));
		dw_append(n, one);
	} while (dw_is_sign(p, 0, ".") || dw_is_sign(p, 0, "[") ||
		 dw_is_sign(p, 0, ".*"));
	n->recursive = dw_take_sign(p, "!");
	dw_bind(p, name);
	if (dw_take_word(p, "if"))
		CHECK(n->c = dw_guarded(p, dw_expression));
	CHECK(dw_expect(p, "->"));
	CHECK(n->b = dw_expression(p));
	p->names = outside;
	return n;
}

struct dw_node *dw_update(struct dw_parser *p, struct dw_node *of)
{
	struct dw_node *n = dw_make(p, DW_UPDATE, of, NULL), *one;

	while (!dw_take_sign(p, "}")) {
		CHECK(one = dw_nested(p, change));
		dw_append(n, one);
		dw_take_sign(p, ",");
	}
	return n;
}

/* --- running --- */

struct changing {
	const struct dw_node *change;
	const struct dw_scope *scope;
};

static bool walk(struct dw_run *r, const struct changing *c, const struct dw_node *way,
		 struct dw_value *v);

/* At the end of the way: what is there, by its name, gives what is to be there. */
static bool replace(struct dw_run *r, const struct changing *c, struct dw_value *v)
{
	const struct dw_scope *inside = dw_inside(r, *v, c->scope);
	const struct dw_tag *tag = v->tag;
	struct dw_value so;
	bool truth = true;

	if (c->change->c &&
	    (!dw_evaluate(r, c->change->c, inside, &so) || !dw_truth(r, &so, &truth)))
		return false;
	if (!truth)
		return true;
	if (!dw_evaluate(r, c->change->b, inside, v))
		return false;
	v->tag = tag;
	return true;
}

static struct dw_value copy(struct dw_run *r, const struct dw_value *of)
{
	const struct dw_list *l = dw_members(of, r->arena);
	struct dw_value to = dw_new(of->kind == DW_OBJECT ? DW_OBJECT : DW_ARRAY,
				    r->arena);

	for (size_t i = 0; i < l->count; i++)
		dw_add(&to, r->arena, l->at[i].key, l->at[i].value);
	to.tag = of->tag;
	return to;
}

static bool at_key(struct dw_run *r, const struct changing *c, const struct dw_node *way,
		   struct str key, struct dw_value *v)
{
	struct dw_value made = DW_NOTHING;
	bool found = false;

	if (v->kind == DW_NULL && c->change->recursive)
		*v = dw_new(DW_OBJECT, r->arena);
	if (v->kind != DW_OBJECT)
		return true;
	*v = copy(r, v);
	for (size_t i = 0; i < v->list->count; i++) {
		if (!str_eq(v->list->at[i].key, key) ||
		    (found && way->form != DW_SELECT_ALL))
			continue;
		found = true;
		if (!walk(r, c, way->next, &v->list->at[i].value))
			return false;
	}
	if (found || !c->change->recursive)
		return true;
	if (!walk(r, c, way->next, &made))
		return false;
	dw_add(v, r->arena, key, made);
	return true;
}

static bool at_index(struct dw_run *r, const struct changing *c,
		     const struct dw_node *way, int64_t index, struct dw_value *v)
{
	if (v->kind != DW_ARRAY && v->kind != DW_RANGE)
		return true;
	*v = copy(r, v);
	if (index < 0)
		index += (int64_t)v->list->count;
	return index < 0 || (uint64_t)index >= v->list->count ||
	       walk(r, c, way->next, &v->list->at[index].value);
}

static bool walk(struct dw_run *r, const struct changing *c, const struct dw_node *way,
		 struct dw_value *v)
{
	struct dw_value key;

	if (!way)
		return replace(r, c, v);
	key = dw_string(way->text);
	if (!dw_spend(r, 64 * dw_count(v)) ||
	    (way->b && !dw_evaluate(r, way->b, c->scope, &key)))
		return false;
	if (key.kind == DW_NUMBER && key.whole)
		return at_index(r, c, way, key.integer, v);
	return at_key(r, c, way, dw_text(&key, r->arena), v);
}

bool dw_run_update(struct dw_run *r, const struct dw_node *n,
		   const struct dw_scope *scope, struct dw_value *v)
{
	if (!dw_evaluate(r, n->a, scope, v))
		return false;
	for (const struct dw_node *one = n->parts; one; one = one->next) {
		const struct changing c = { one, scope };

		if (!walk(r, &c, one->parts, v))
			return false;
	}
	return true;
}
