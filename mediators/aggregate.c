/*
 * # aggregate
 *
 * Joins the messages that clone or iterate split: what an expression finds in each
 * goes into one, in the order they come. When enough of them came, or the time is
 * over, onComplete runs with it; the others end here.
 *
 *	<aggregate id="it">
 *	    <completeCondition timeout="10">
 *	        <messageCount min="2" max="3"/>
 *	    </completeCondition>
 *	    <onComplete expression="json-eval($.price)"><respond/></onComplete>
 *	</aggregate>
 */
#include "branches.h"
#include "common.h"
#include "mediators.h"
#include "message/content.h"

enum { SECOND = 1000 };

static const char logger[] =
	"org.apache.synapse.mediators.eip.aggregator.AggregateMediator";

static const char *const element_types[] = { "root", "child", NULL };

struct message_count {
	const struct expr *min, *max;
};

struct condition {
	uint64_t timeout; /* s; 0: none */
	struct message_count *count;
};

struct on_complete {
	const struct expr *expression;
	struct ref *sequence;
	struct str enclosing;
	unsigned element_type;
	const struct node *steps;
};

struct aggregate {
	struct node node;
	struct str id;
	struct condition *condition;
	struct on_complete *done;
	struct branch_body late; /* runs when the time is over */
	struct node finish;      /* ... its only step */
};

/* What one aggregate has of the branches so far; theirs. */
struct gathered {
	const struct aggregate *aggregate;
	struct branches *branches;
	struct message first;
	struct json *json;
	struct buf xml;
	struct timers *timers;
	struct timer timer;
	unsigned count;
	bool complete, is_json;
	struct gathered *next;
};

/* clang-format off */
static const struct field count_fields[] = {
	{ ATTR_VALUE(struct message_count, min, "min"), .fallback = "-1",
	  .doc = "That many are enough." },
	{ ATTR_VALUE(struct message_count, max, "max"), .fallback = "-1",
	  .doc = "With that many it is complete." },
	{ NULL },
};

static const struct schema count_schema = {
	.element = "messageCount", .doc = "How many messages are enough.",
	.size = sizeof(struct message_count), .fields = count_fields,
};

static const struct field condition_fields[] = {
	{ ATTR_UINT(struct condition, timeout, "timeout"), .least = 0, .most = 86400,
	  .doc = "After that many seconds it is complete with what there is." },
	{ CHILD_ONE(struct condition, count, "messageCount", struct message_count),
	  .schema = &count_schema, .doc = "How many messages are enough." },
	{ NULL },
};

static const struct schema condition_schema = {
	.element = "completeCondition", .doc = "When it is complete.",
	.size = sizeof(struct condition), .fields = condition_fields,
};

static const struct field done_fields[] = {
	{ ATTR_EXPR(struct on_complete, expression, "expression"), .required = true,
	  .doc = "What is taken of each message." },
	{ ATTR_REF(struct on_complete, sequence, "sequence"), .refers = REF_SEQUENCE,
	  .doc = "The sequence to run instead of what is inside." },
	{ ATTR_STR(struct on_complete, enclosing, "enclosingElementProperty"),
	  .doc = "The property whose element is put around it." },
	{ ATTR_CHOICE(struct on_complete, element_type, "aggregateElementType"),
	  .choices = element_types, .fallback = "root",
	  .doc = "child: the members of the objects are joined." },
	{ CONTENT_STEPS(struct on_complete, steps), .doc = "The mediators." },
	{ NULL },
};

static const struct schema done_schema = {
	.element = "onComplete", .doc = "What runs with the joined message.",
	.size = sizeof(struct on_complete), .fields = done_fields,
};

static const struct field fields[] = {
	{ ATTR_STR(struct aggregate, id, "id"), .doc = "Of the clone or iterate." },
	{ CHILD_ONE(struct aggregate, condition, "completeCondition", struct condition),
	  .schema = &condition_schema, .doc = "When it is complete." },
	{ CHILD_ONE(struct aggregate, done, "onComplete", struct on_complete),
	  .schema = &done_schema, .required = true, .doc = "What runs then." },
	{ NULL },
};
/* clang-format on */

static enum flow finish_late(const struct node *n, struct exchange *x, void *state);

static const struct node_type finish_type = {
	.name = "aggregate timeout",
	.brief = "Completes an aggregate whose time is over.",
	.run = finish_late,
};

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct aggregate *a = self;

	(void)b;
	a->finish = (struct node){ &finish_type, e->where, NEEDS_NOTHING };
	branch_body_init(&a->late, &a->finish, NULL, e->where);
	return true;
}

static const struct schema schema = {
	.element = "aggregate",
	.doc = "Joins the messages that clone or iterate split.",
	.size = sizeof(struct aggregate),
	.fields = fields,
	.check = check,
};

static void release(void *thing)
{
	struct gathered *g = thing;

	timer_clear(g->timers, &g->timer);
	buf_release(&g->xml);
	message_release(&g->first);
}

/* The time is over: what there is, is it. */
static void expire(void *ctx)
{
	struct gathered *g = ctx;
	struct branches *b = g->branches;

	b->waiting--;
	if (!b->parent || g->complete)
		return;
	if (g->count)
		branches_start(b, b->parent, &g->aggregate->late, g->count,
			       g->aggregate->id);
	exchange_wake(b->parent);
}

static struct gathered *gathered_of(const struct aggregate *a, struct branches *b,
				    struct exchange *x)
{
	struct gathered *g = b->gathered;

	while (g && g->aggregate != a)
		g = g->next;
	if (g)
		return g;
	g = arena_new(&b->arena, struct gathered);
	g->aggregate = a;
	g->branches = b;
	g->timers = &x->engine->timers;
	g->json = json_new(&b->arena, JSON_ARRAY);
	buf_init(&g->xml, 256 << 20);
	message_clone(&g->first, &x->message, &b->arena);
	g->next = b->gathered;
	b->gathered = g;
	arena_on_release(&b->arena, release, g);
	timer_init(&g->timer, expire, g);
	return g;
}

static bool add_json(struct gathered *g, const struct json *found, struct fault *why)
{
	struct arena *a = &g->branches->arena;
	struct arena scratch = { 0 };
	const struct str text = arena_copy(a, json_text(found, &scratch));
	struct json *copy = json_parse(text, a, why);

	arena_release(&scratch);
	g->is_json = true;
	if (copy)
		json_append(g->json, copy);
	return copy;
}

static void add_xml(struct gathered *g, const struct xml_nodes *found)
{
	for (size_t i = 0; i < found->count; i++)
		if (xml_is_element(found->at[i]))
			xml_write(found->at[i], &g->xml);
}

static enum flow add(struct gathered *g, struct exchange *x)
{
	const struct expr *e = g->aggregate->done->expression;
	struct fault why = { 0 };
	struct value v = VALUE_NONE;

	if (!expr_eval(e, &x->message, &v, &why))
		return exchange_fault_with(x, &why);
	if (v.kind == VALUE_JSON && !add_json(g, v.json, &why))
		return exchange_fault_with(x, &why);
	if (v.kind == VALUE_XML)
		add_xml(g, v.xml);
	if (v.kind == VALUE_NULL || (v.kind == VALUE_XML && !v.xml->count))
		mediator_say(x, LOG_WARN, logger,
			     "Could not find matching elements to aggregate.");
	g->count++;
	return FLOW_DONE;
}

static bool is_reached(const struct expr *limit, struct exchange *x, unsigned count)
{
	struct fault why = { 0 };
	struct str text = { 0 };
	int64_t n = -1;

	if (limit && expr_text(limit, &x->message, &text, NULL, &why))
		str_to_int(str_trim(text), &n);
	return n > 0 && count >= (uint64_t)n;
}

static bool is_complete(const struct gathered *g, struct exchange *x)
{
	const struct condition *c = g->aggregate->condition;

	if (g->count >= g->branches->total)
		return true;
	return c && c->count &&
	       (is_reached(c->count->min, x, g->count) ||
		is_reached(c->count->max, x, g->count));
}

/* Objects become one; a name that is there already stands for a list. */
static struct json *joined(const struct gathered *g, struct arena *a)
{
	struct json *object = json_new(a, JSON_OBJECT);

	for (const struct json *part = g->json->first; part; part = part->next)
		for (const struct json *m = part->first; m; m = m->next) {
			const struct json *old = json_get(object, m->key);
			struct json *list = json_new(a, JSON_ARRAY);

			if (!old) {
				json_set(object, m->key, json_copy(a, m));
				continue;
			}
			if (old->kind == JSON_ARRAY)
				list = json_copy(a, old);
			else
				json_append(list, json_copy(a, old));
			json_append(list, json_copy(a, m));
			json_set(object, m->key, list);
		}
	return object;
}

static const struct xml_node *enclosing_element(const struct gathered *g,
						struct message *m)
{
	const struct value v = message_property(m, SCOPE_DEFAULT,
						g->aggregate->done->enclosing);

	return v.kind == VALUE_XML && v.xml->count ? v.xml->at[0] : NULL;
}

static void put_json(const struct gathered *g, struct message *m)
{
	const bool joins = g->aggregate->done->element_type == 1;
	const struct xml_node *around = enclosing_element(g, m);
	struct json *result = joins ? joined(g, m->arena) : json_copy(m->arena, g->json);
	struct json *outer;

	if (around) {
		outer = json_new(m->arena, JSON_OBJECT);
		json_set(outer, arena_copy(m->arena, xml_name(around)), result);
		result = outer;
	}
	content_set_json(m, json_parse(arena_copy(m->arena, json_text(result, m->arena)),
				       m->arena, &(struct fault){ 0 }));
	content_set_type(m, STR("application/json"));
}

static bool put_xml(const struct gathered *g, struct message *m, struct fault *why)
{
	const struct xml_node *around = enclosing_element(g, m);
	const struct str parts = buf_str(&g->xml);
	struct xml_tree *tree;
	const char *text;

	text = arena_printf(m->arena, "<parts>" STR_FMT "</parts>", STR_ARG(parts));
	tree = xml_parse(str_of(text), SOAP_11, m->arena, why);
	if (!tree || !content_edit_xml(m, why))
		return false;

	struct xml_node *place = xml_soap_body(content_edit_xml(m, why));
	const struct xml_node *part = xml_first_child(xml_payload(tree));

	xml_clear(place);
	if (around)
		place = xml_add_copy(place, around);
	for (; part; part = xml_next(part))
		xml_add_copy(place, part);
	return true;
}

static void stop_timer(struct gathered *g)
{
	if (!timer_is_set(&g->timer))
		return;
	timer_clear(g->timers, &g->timer);
	g->branches->waiting--;
}

/* The message becomes the joined one, and onComplete runs. */
static enum flow complete(struct gathered *g, struct exchange *x)
{
	const struct on_complete *done = g->aggregate->done;
	const struct node *steps = done->steps;
	struct fault why = { 0 };
	struct message joined_message;
	struct str key;

	g->complete = true;
	stop_timer(g);
	message_clone(&joined_message, &g->first, &x->arena);
	joined_message.incoming = x->message.incoming;
	joined_message.around = x->message.around;
	message_release(&x->message);
	x->message = joined_message;
	if (g->is_json)
		put_json(g, &x->message);
	else if (!put_xml(g, &x->message, &why))
		return exchange_fault_with(x, &why);
	if (done->sequence)
		steps = exchange_find(x, done->sequence, &key);
	if (!steps)
		return mediator_fault(x, logger,
				      "Sequence named " STR_FMT " cannot be found",
				      STR_ARG(key));
	exchange_push(x, steps);
	return FLOW_CHILD;
}

static enum flow finish_late(const struct node *n, struct exchange *x, void *state)
{
	const struct aggregate *a = (const struct aggregate *)((const char *)n -
							       offsetof(struct aggregate,
									finish));
	struct gathered *g = gathered_of(a, x->group, x);

	(void)state;
	return g->complete ? FLOW_STOP : complete(g, x);
}

static void set_timer(struct gathered *g)
{
	const struct condition *c = g->aggregate->condition;

	if (!c || !c->timeout || g->count > 1 || !g->branches->parent)
		return;
	g->branches->waiting++;
	timer_set(g->timers, &g->timer, g->timers->now + c->timeout * SECOND);
}

static enum flow gather(const struct node *n, struct exchange *x, void *state)
{
	const struct aggregate *a = (const struct aggregate *)n;
	struct gathered *g;

	(void)state;
	if (!x->group)
		return FLOW_DONE;
	g = gathered_of(a, x->group, x);
	if (g->complete)
		return FLOW_STOP;
	if (add(g, x) == FLOW_FAULT)
		return FLOW_FAULT;
	set_timer(g);
	return is_complete(g, x) ? complete(g, x) : FLOW_STOP;
}

const struct node_type aggregate_mediator = {
	.name = "aggregate",
	.brief = "Joins the messages that clone or iterate split.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.run = gather,
};
