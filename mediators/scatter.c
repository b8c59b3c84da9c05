/*
 * # m:scatter
 *
 * Runs its routes at the same time, each on a copy of the message, and waits for all.
 * The payload is then an object of the messages they ended with, "0", "1" …; a variable
 * that one of them changed has its value, one that several changed is a list of theirs.
 * When any fails, the error is MULE:COMPOSITE_ROUTING, and error.data.message.payload
 * has `results` and `failures`.
 *
 *	<m:scatter xmlns:m="urn:myelin" timeout="5000">
 *	    <m:route><call><endpoint key="A"/></call></m:route>
 *	    <m:route><call><endpoint key="B"/></call></m:route>
 *	</m:scatter>
 *
 * With `collection`, the one route runs for each item of it, with the item as payload;
 * the payload is then a list of messages.
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

struct route {
	const struct node *steps;
};

struct scatter_node {
	struct node node;
	struct items routes;
	const struct expr *collection;
	uint64_t timeout, most;
};

struct branch {
	struct gathering *of;
	struct exchange *x; /* NULL: not begun, or over */
	const struct json *item;
	bool begun, over;
	const struct json *result, *failure;
};

struct gathering {
	const struct scatter_node *node;
	struct exchange *x;
	struct branch *branches;
	unsigned count, begun, over;
	struct timer timer;
	bool expired;
	struct json *changed; /* name: list of the values branches gave it */
};

enum { MOST_BRANCHES = 10000 };

/* clang-format off */
static const struct field route_fields[] = {
	{ CONTENT_STEPS(struct route, steps), .doc = "What to run." },
	{ NULL },
};

static const struct schema route_schema = {
	.element = "m:route", .doc = "One of the ways.",
	.size = sizeof(struct route), .fields = route_fields,
};

static const struct field fields[] = {
	{ CHILD_LIST(struct scatter_node, routes, "route"), .ours = true, .required = true,
	  .schema = &route_schema, .doc = "They run at the same time." },
	{ ATTR_EXPR(struct scatter_node, collection, "collection"),
	  .doc = "The items to run the one route for." },
	{ ATTR_UINT(struct scatter_node, timeout, "timeout"),
	  .doc = "Milliseconds for each; 0: no limit." },
	{ ATTR_UINT(struct scatter_node, most, "most"), .doc = "How many at a time; 0: all." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct scatter_node *s = self;

	(void)e;
	(void)b;
	mediator_needs(&s->node, s->collection ? NEEDS_VALUE : NEEDS_BYTES);
	return true;
}

static const struct schema schema = {
	.element = "m:scatter",
	.doc = "Runs its routes at the same time and waits for all.",
	.size = sizeof(struct scatter_node),
	.fields = fields,
	.check = check,
};

static struct json *json_of(struct value v, struct arena *a)
{
	if (v.kind == VALUE_JSON)
		return json_clone(a, v.json);
	if (v.kind == VALUE_NULL)
		return json_new(a, JSON_NULL);
	if (v.kind == VALUE_BOOL)
		return json_bool(a, v.truth);
	if (v.kind == VALUE_INT || v.kind == VALUE_DOUBLE)
		return json_number(a, value_text(v, a));
	return json_string(a, arena_copy(a, value_text(v, a)));
}

static bool is_same(struct value a, struct value b, struct arena *arena)
{
	return a.kind == b.kind && str_eq(value_text(a, arena), value_text(b, arena));
}

/* What it changed of the variables all began with. */
static void note_changes(struct gathering *g, const struct message *m)
{
	const struct properties *before = &g->x->message.properties[SCOPE_VARIABLE];
	const struct properties *after = &m->properties[SCOPE_VARIABLE];
	struct arena *a = &g->x->arena;

	for (unsigned i = 0; i < after->count; i++) {
		const struct str name = after->at[i].name;
		struct json *list;

		if (after->at[i].removed ||
		    is_same(properties_get(before, name, NULL), after->at[i].value, a))
			continue;
		list = (struct json *)json_get(g->changed, name);
		if (!list) {
			list = json_new(a, JSON_ARRAY);
			json_set(g->changed, arena_copy(a, name), list);
			list = (struct json *)json_get(g->changed, name);
		}
		json_append(list, json_of(after->at[i].value, a));
	}
}

static struct json *error_of(struct arena *a, const char *type, const char *text)
{
	const struct str whole = arena_copy(a, str_of(type ? type : "MULE:UNKNOWN"));
	const size_t colon = str_find(whole, ':');
	struct json *e = json_new(a, JSON_OBJECT), *t = json_new(a, JSON_OBJECT);

	json_set(t, STR("namespace"), json_string(a, str_first(whole, colon)));
	json_set(t, STR("identifier"), json_string(a, str_from(whole, colon + 1)));
	json_set(e, STR("description"),
		 json_string(a, arena_copy(a, str_of(text ? text : ""))));
	json_set(e, STR("errorType"), t);
	return e;
}

static void take_result(struct branch *b)
{
	struct gathering *g = b->of;
	struct fault why = { 0 };

	b->over = true;
	g->over++;
	if (b->x->flow == FLOW_FAULT) {
		b->failure = error_of(&g->x->arena, b->x->fault.code_text,
				      b->x->fault.text);
		return;
	}
	b->result = message_as_json(&b->x->message, &g->x->arena, &why);
	if (!b->result)
		b->failure = error_of(&g->x->arena, "MULE:EXPRESSION", why.text);
	note_changes(g, &b->x->message);
}

static void done(struct exchange *child, void *ctx)
{
	struct branch *b = ctx;

	(void)child;
	take_result(b);
	exchange_wake(b->of->x);
}

static const struct node *steps_of(const struct scatter_node *s, unsigned i)
{
	return ((const struct route *)s->routes.at[s->collection ? 0 : i])->steps;
}

static void begin_branches(struct gathering *g)
{
	const uint64_t most = g->node->most ? g->node->most : g->count;

	for (; g->begun < g->count && g->begun - g->over < most; g->begun++) {
		struct branch *b = &g->branches[g->begun];

		b->begun = true;
		b->x = exchange_child(g->x, steps_of(g->node, g->begun), done, b);
		if (!b->item)
			continue;
		content_set_json(&b->x->message, json_clone(&b->x->arena, b->item));
		message_set_media_type(&b->x->message, STR("application/json"));
	}
}

static void expire(void *ctx)
{
	struct gathering *g = ctx;

	g->expired = true;
	exchange_wake(g->x);
}

static bool take_items(struct gathering *g, struct fault *why)
{
	struct value v;
	unsigned i = 0;

	g->count = g->node->routes.count;
	if (g->node->collection) {
		if (!expr_eval(g->node->collection, &g->x->message, &v, why))
			return false;
		g->count = v.kind == VALUE_JSON ? (unsigned)v.json->count : 0;
	}
	if (g->count > MOST_BRANCHES) {
		why->text = "too many items to run at the same time";
		return false;
	}
	g->branches = arena_alloc(&g->x->arena, (g->count + 1) * sizeof(*g->branches));
	for (; i < g->count; i++)
		g->branches[i].of = g;
	i = 0;
	if (g->node->collection && g->count)
		for (const struct json *j = v.json->first; j; j = j->next)
			g->branches[i++].item = j;
	return true;
}

static enum flow finish(struct gathering *g);

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	struct gathering *g = state;
	struct fault why = { 0 };

	g->node = (const struct scatter_node *)n;
	g->x = x;
	g->changed = json_new(&x->arena, JSON_OBJECT);
	timer_init(&g->timer, expire, g);
	if (!take_items(g, &why))
		return exchange_fault_with(x, &why);
	if (!g->count)
		return finish(g);
	if (g->node->timeout)
		timer_set(&x->engine->timers, &g->timer,
			  x->engine->timers.now + g->node->timeout);
	begin_branches(g);
	return FLOW_WAIT;
}

static void end_late_ones(struct gathering *g)
{
	for (unsigned i = 0; i < g->count; i++) {
		struct branch *b = &g->branches[i];

		if (b->over)
			continue;
		if (b->x)
			exchange_cancel(b->x);
		b->over = true;
		b->failure = error_of(&g->x->arena, "MULE:TIMEOUT",
				      "Timeout while processing route/part");
		g->over++;
	}
}

static struct json *object_of(struct gathering *g, bool failures)
{
	struct json *o = json_new(&g->x->arena, JSON_OBJECT);

	for (unsigned i = 0; i < g->count; i++) {
		const struct json *one = failures ? g->branches[i].failure
						  : g->branches[i].result;

		if (one)
			json_set(o, str_of(arena_printf(&g->x->arena, "%u", i)),
				 json_copy(&g->x->arena, one));
	}
	return o;
}

static enum flow fail(struct gathering *g, const struct json *failures)
{
	struct arena *a = &g->x->arena;
	struct json *data = json_new(a, JSON_OBJECT), *message = json_new(a, JSON_OBJECT);
	struct json *payload = json_new(a, JSON_OBJECT),
		    *children = json_new(a, JSON_ARRAY);
	struct fault why = { .code_text = "MULE:COMPOSITE_ROUTING", .data = data };
	const char *text = "Exception(s) were found for route(s):";

	for (const struct json *f = failures->first; f; f = f->next) {
		json_append(children, json_copy(a, f));
		text = arena_printf(a, "%s Route " STR_FMT ": " STR_FMT, text,
				    STR_ARG(f->key),
				    STR_ARG(json_get(f, STR("description"))->text));
	}
	json_set(payload, STR("results"), object_of(g, false));
	json_set(payload, STR("failures"), object_of(g, true));
	json_set(message, STR("payload"), payload);
	json_set(message, STR("attributes"), json_new(a, JSON_NULL));
	json_set(data, STR("message"), message);
	json_set(data, STR("children"), children);
	why.text = text;
	return exchange_fault_with(g->x, &why);
}

static struct json *list_of(struct gathering *g)
{
	struct json *list = json_new(&g->x->arena, JSON_ARRAY);

	for (unsigned i = 0; i < g->count; i++)
		json_append(list, json_copy(&g->x->arena, g->branches[i].result));
	return list;
}

static enum flow finish(struct gathering *g)
{
	struct message *m = &g->x->message;
	const struct json *failures = object_of(g, true);

	if (failures->count)
		return fail(g, failures);
	message_attributes(m);
	content_set_json(m, g->node->collection ? list_of(g) : object_of(g, false));
	message_set_media_type(m, STR("application/json"));
	for (const struct json *c = g->changed->first; c; c = c->next)
		properties_set(&m->properties[SCOPE_VARIABLE], m->arena, c->key,
			       (struct value){ .kind = VALUE_JSON,
					       .json = c->count == 1 ? c->first : c });
	return FLOW_DONE;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	struct gathering *g = state;

	(void)n;
	(void)x;
	if (g->expired)
		end_late_ones(g);
	else
		begin_branches(g);
	return g->over == g->count ? finish(g) : FLOW_WAIT;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct gathering *g = state;

	(void)n;
	if (!g->x)
		return;
	timer_clear(&x->engine->timers, &g->timer);
	for (unsigned i = 0; i < g->begun; i++) {
		if (!g->branches[i].over)
			exchange_cancel(g->branches[i].x);
		exchange_free(g->branches[i].x);
	}
}

const struct node_type scatter_mediator = {
	.name = "m:scatter",
	.brief = "Runs its routes at the same time and waits for all.",
	.schema = &schema,
	.frame_size = sizeof(struct gathering),
	.run = run,
	.resume = go_on,
	.leave = leave,
};
