/*
 * # m:each
 *
 * Runs what is inside once for each item of a list, with the item as the payload. Then
 * the payload is what it was before; variables keep what was done to them.
 *
 *	<m:each xmlns:m="urn:myelin" collection="#[payload.items]" counter="n">
 *	    <m:set to="vars.sum" expression="#[vars.sum + payload.price]"/>
 *	</m:each>
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

struct each_node {
	struct node node;
	const struct expr *collection;
	struct str counter, root;
	uint64_t batch;
	const struct node *steps;
};

struct cursor {
	struct moment before;
	const struct json *next;
	bool pairs; /* of an object: each as an object of one */
	int64_t count;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_EXPR(struct each_node, collection, "collection"), .required = true,
	  .doc = "What gives the list." },
	{ ATTR_STR(struct each_node, counter, "counter"), .fallback = "counter",
	  .doc = "The variable that counts, from 1." },
	{ ATTR_STR(struct each_node, root, "root"), .fallback = "rootMessage",
	  .doc = "The variable that holds the message from before." },
	{ ATTR_UINT(struct each_node, batch, "batch"), .fallback = "1", .least = 1,
	  .most = 1000000, .doc = "How many at a time; of more than one, as a list." },
	{ CONTENT_STEPS(struct each_node, steps), .doc = "What to run." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct each_node *n = self;

	(void)e;
	(void)b;
	mediator_needs(&n->node, NEEDS_VALUE);
	return true;
}

static const struct schema schema = {
	.element = "m:each",
	.doc = "Runs what is inside once for each item of a list.",
	.size = sizeof(struct each_node),
	.fields = fields,
	.check = check,
};

static struct json *item(const struct cursor *c, const struct json *j, struct arena *a)
{
	struct json *one = json_copy(a, j), *pair;

	if (!c->pairs)
		return one;
	pair = json_new(a, JSON_OBJECT);
	json_set(pair, j->key, one);
	return pair;
}

static const struct json *next_payload(const struct each_node *n, struct cursor *c,
				       struct arena *a)
{
	struct json *list;

	if (n->batch == 1) {
		const struct json *one = item(c, c->next, a);

		c->next = c->next->next;
		return one;
	}
	list = json_new(a, JSON_ARRAY);
	for (uint64_t i = 0; i < n->batch && c->next; i++, c->next = c->next->next)
		json_append(list, item(c, c->next, a));
	return list;
}

static void set(struct message *m, struct str name, struct value v)
{
	properties_set(&m->properties[SCOPE_VARIABLE], m->arena, name, v);
}

static enum flow step(const struct each_node *n, struct exchange *x, struct cursor *c)
{
	struct message *m = &x->message;

	moment_restore(&c->before, m);
	if (!c->next) {
		properties_remove(&m->properties[SCOPE_VARIABLE], m->arena, n->counter);
		properties_remove(&m->properties[SCOPE_VARIABLE], m->arena, n->root);
		return FLOW_DONE;
	}
	content_set_json(m, next_payload(n, c, &x->arena));
	message_set_media_type(m, STR("application/json"));
	set(m, n->counter, value_int(++c->count));
	exchange_push(x, n->steps);
	return FLOW_CHILD;
}

static enum flow run(const struct node *node, struct exchange *x, void *state)
{
	const struct each_node *n = (const struct each_node *)node;
	struct cursor *c = state;
	struct message *m = &x->message;
	struct fault why = { 0 };
	struct value list;
	const struct json *root;

	moment_take(&c->before, m);
	if (!expr_eval(n->collection, m, &list, &why))
		return exchange_fault_with(x, &why);
	if (list.kind == VALUE_NULL)
		return FLOW_DONE;
	if (list.kind != VALUE_JSON ||
	    (list.json->kind != JSON_ARRAY && list.json->kind != JSON_OBJECT)) {
		why.code_text = "MULE:EXPRESSION";
		why.text = "the collection is no list";
		return exchange_fault_with(x, &why);
	}
	c->pairs = list.json->kind == JSON_OBJECT;
	c->next = list.json->first;
	root = message_as_json(m, &x->arena, &why);
	if (root)
		set(m, n->root, (struct value){ .kind = VALUE_JSON, .json = root });
	return step(n, x, c);
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	return step((const struct each_node *)n, x, state);
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	moment_restore(&((struct cursor *)state)->before, &x->message);
	return FLOW_FAULT;
}

const struct node_type each_mediator = {
	.name = "m:each",
	.brief = "Runs what is inside once for each item of a list.",
	.schema = &schema,
	.needs = NEEDS_VALUE,
	.frame_size = sizeof(struct cursor),
	.run = run,
	.resume = go_on,
	.rescue = rescue,
};
