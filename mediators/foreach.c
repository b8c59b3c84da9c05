/*
 * # foreach
 *
 * Runs a sequence on each element of a JSON array, or each XML element that an
 * expression finds, one after the other: the element is the payload, and what it has
 * become afterwards takes its place. Properties that are set inside stay.
 *
 *	<foreach expression="json-eval($.items)">
 *	    <sequence>
 *	        <payloadFactory media-type="json">
 *	            <format>{"code": "$1"}</format>
 *	            <args><arg evaluator="json" expression="$.sku"/></args>
 *	        </payloadFactory>
 *	    </sequence>
 *	</foreach>
 *
 * Property FOREACH_COUNTER (with `id`: id_FOREACH_COUNTER) counts them.
 */
#include "common.h"
#include "expr/jsonpath.h"
#include "mediators.h"
#include "payload.h"

static const char logger[] = "org.apache.synapse.mediators.builtin.ForEachMediator";

struct for_each {
	struct node node;
	const struct expr *expression;
	struct str id;
	struct ref *key;
	bool go_on;
	const struct node *steps;
	const struct jsonpath *path; /* of json-eval(…); NULL: XPath */
	struct str counter;          /* the property's name */
};

struct looping {
	const struct node *steps;
	struct json *root;       /* JSON: the payload, ours */
	struct json *array;      /* its part */
	const struct json *item; /* the next one */
	struct json *results;
	struct xml_tree *tree;      /* XML: the payload, ours */
	struct xml_node **elements; /* copies; */
	struct xml_node **parents;  /* where each of them stood */
	size_t count, next;
	bool waiting; /* for the body of what the sequence made */
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_EXPR(struct for_each, expression, "expression"), .required = true,
	  .complaint = "The 'expression' attribute is required for the configuration of a "
		       "foreach mediator",
	  .doc = "What finds the elements: json-eval(…) or XPath." },
	{ ATTR_STR(struct for_each, id, "id"), .doc = "Begins the names of its properties." },
	{ ATTR_REF(struct for_each, key, "sequence"), .refers = REF_SEQUENCE,
	  .doc = "The sequence to run instead of what is inside." },
	{ ATTR_BOOL(struct for_each, go_on, "continueLoopOnFailure"),
	  .doc = "An element whose sequence fails is left out." },
	{ CHILD_STEPS(struct for_each, steps, "sequence"), .doc = "The mediators." },
	{ NULL },
};
/* clang-format on */

static bool has_call(const struct element *sequence)
{
	element_each(child, sequence)
	{
		if (str_eq(child->name, STR("call")) ||
		    str_eq(child->name, STR("send")) ||
		    str_eq(child->name, STR("callout")))
			return true;
	}
	return false;
}

static bool compile_path(struct for_each *f, const struct element *e, struct binder *b)
{
	const struct str text = str_trim(element_value(e, STR("expression")));
	struct fault why = { 0 };

	if (!str_starts(text, STR("json-eval(")))
		return true;
	f->path = jsonpath_compile(str_first(str_from(text, 10), text.len - 11), b->arena,
				   &why);
	return f->path || report_error(b->report, e->where, "%s", why.text);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct for_each *f = self;
	const struct element *sequence = element_child(e, STR("sequence"));

	if (!f->key && !sequence)
		return report_error(b->report, e->where,
				    "A 'sequence' attribute or a <sequence> is required "
				    "for a foreach mediator");
	if (sequence && has_call(sequence))
		return report_error(b->report, e->where,
				    "Sequence cannot contain Call, Send or CallOut "
				    "mediators");
	f->counter = str_of(arena_printf(b->arena, STR_FMT "%sFOREACH_COUNTER",
					 STR_ARG(f->id), f->id.len ? "_" : ""));
	return compile_path(f, e, b);
}

static const struct schema schema = {
	.element = "foreach",
	.doc = "Runs a sequence on each element.",
	.size = sizeof(struct for_each),
	.fields = fields,
	.check = check,
};

/* Waits until the payload is whole and understood. */
static enum flow arrive(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_DONE;
}

static const struct node_type arrival_type = {
	.name = "foreach result",
	.brief = "Waits for a whole payload.",
	.needs = NEEDS_TREE,
	.run = arrive,
};

static const struct node arrival = { &arrival_type, { NULL, 0 }, NEEDS_TREE };

static void say_empty(struct exchange *x, const struct for_each *f)
{
	mediator_say(x, LOG_INFO, logger,
		     f->path ? "No elements found for the JSONPath : json-eval(" STR_FMT
			       ")"
			     : "No elements found for the xpath : " STR_FMT,
		     STR_ARG(f->expression->source));
}

static enum flow begin_json(const struct for_each *f, struct exchange *x,
			    struct looping *l)
{
	struct fault why = { 0 };
	const struct json *found = NULL;
	const struct json *payload = content_json(&x->message, &why);

	if (!payload)
		return exchange_fault_with(x, &why);
	l->root = json_copy(&x->arena, payload);
	if (!jsonpath_find(f->path, l->root, &x->arena, &found, &why))
		return exchange_fault_with(x, &why);
	if (!found || found->kind != JSON_ARRAY)
		return mediator_fault(x, logger,
				      "JSON element expressed by the path " STR_FMT
				      " is not a valid JSON array",
				      STR_ARG(f->expression->source));
	l->array = (struct json *)found;
	l->item = found->first;
	l->count = found->count;
	l->results = json_new(&x->arena, JSON_ARRAY);
	return FLOW_DONE;
}

static bool is_within(const struct xml_node *n, const struct xml_node *outer)
{
	while (n && n != outer)
		n = xml_parent(n);
	return n && outer;
}

/* In the order of the document; what is within another one goes with that. */
static void take_out(const struct xml_nodes *found, struct exchange *x, struct looping *l)
{
	struct xml_node **originals = arena_alloc(&x->arena,
						  found->count * sizeof(*originals));

	for (size_t i = 0; i < found->count; i++) {
		struct xml_node *n = found->at[i];

		if (!xml_is_element(n) || !xml_parent(n) ||
		    (l->count && is_within(n, originals[l->count - 1])))
			continue;
		originals[l->count] = n;
		l->elements[l->count] = xml_copy_node(n, &x->arena);
		l->parents[l->count++] = xml_parent(n);
	}
	for (size_t i = 0; i < l->count; i++)
		xml_remove(originals[i]);
}

/* The elements are taken out of the tree; results go to the end of where they were. */
static enum flow begin_xml(const struct for_each *f, struct exchange *x,
			   struct looping *l)
{
	struct fault why = { 0 };
	struct value v = VALUE_NONE;

	if (!content_edit_xml(&x->message, &why) ||
	    !expr_eval(f->expression, &x->message, &v, &why))
		return exchange_fault_with(x, &why);
	if (v.kind != VALUE_XML || !v.xml->count)
		return FLOW_DONE;
	l->elements = arena_alloc(&x->arena, v.xml->count * sizeof(*l->elements));
	l->parents = arena_alloc(&x->arena, v.xml->count * sizeof(*l->parents));
	take_out(v.xml, x, l);
	l->tree = content_edit_xml(&x->message, &why);
	return FLOW_DONE;
}

static void set_item(const struct for_each *f, struct exchange *x, struct looping *l)
{
	struct message *m = &x->message;
	struct fault why = { 0 };

	message_set_property(m, SCOPE_DEFAULT, f->counter,
			     value_int((int64_t)l->next + 1));
	if (f->path) {
		content_set_json(m, json_copy(&x->arena, l->item));
		l->item = l->item->next;
	} else {
		content_set_xml(m, xml_text(l->elements[l->next], &x->arena), &why);
	}
	l->next++;
}

static void put_together(const struct for_each *f, struct exchange *x, struct looping *l)
{
	struct json *next;
	struct str key;

	if (!f->path) {
		content_set_tree(&x->message, l->tree);
		return;
	}
	next = l->array->next;
	key = l->array->key;
	*l->array = *l->results;
	l->array->next = next;
	l->array->key = key;
	content_set_json(&x->message, json_copy(&x->arena, l->root));
}

static enum flow next_item(const struct for_each *f, struct exchange *x,
			   struct looping *l)
{
	l->waiting = false;
	if (l->next == l->count) {
		put_together(f, x, l);
		return FLOW_DONE;
	}
	set_item(f, x, l);
	exchange_push(x, l->steps);
	return FLOW_CHILD;
}

static enum flow begin(const struct node *n, struct exchange *x, void *state)
{
	const struct for_each *f = (const struct for_each *)n;
	struct looping *l = state;
	struct str key;

	l->steps = f->key ? exchange_find(x, f->key, &key) : f->steps;
	if (!l->steps)
		return mediator_fault(
			x, logger,
			"Sequence named Value {name ='null', keyValue ='" STR_FMT
			"'} cannot be found",
			STR_ARG(key));
	if ((f->path ? begin_json(f, x, l) : begin_xml(f, x, l)) == FLOW_FAULT)
		return FLOW_FAULT;
	if (!l->count) {
		say_empty(x, f);
		return FLOW_DONE;
	}
	return next_item(f, x, l);
}

static enum flow keep_result(const struct for_each *f, struct exchange *x,
			     struct looping *l)
{
	struct fault why = { 0 };
	const struct json *json;
	struct xml_tree *tree;

	if (f->path) {
		json = content_json(&x->message, &why);
		if (!json)
			return exchange_fault_with(x, &why);
		json_append(l->results, json_copy(&x->arena, json));
		return FLOW_DONE;
	}
	tree = content_xml(&x->message, &why);
	if (!tree)
		return exchange_fault_with(x, &why);
	if (xml_payload(tree) && l->parents[l->next - 1])
		xml_add_copy(l->parents[l->next - 1], xml_payload(tree));
	return FLOW_DONE;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct for_each *f = (const struct for_each *)n;
	struct looping *l = state;

	if (!l->count)
		return FLOW_DONE;
	if (!l->waiting) {
		l->waiting = true;
		exchange_push(x, &arrival);
		return FLOW_CHILD;
	}
	if (keep_result(f, x, l) == FLOW_FAULT)
		return FLOW_FAULT;
	return next_item(f, x, l);
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct for_each *f = (const struct for_each *)n;

	if (!f->go_on)
		return FLOW_FAULT;
	exchange_log(x, LOG_WARN, logger,
		     "Error occurred while mediating the sequence for the foreach "
		     "mediator, %s. Continuing with the remaining.",
		     x->fault.text);
	return next_item(f, x, state);
}

const struct node_type foreach_mediator = {
	.name = "foreach",
	.brief = "Runs a sequence on each element.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.frame_size = sizeof(struct looping),
	.run = begin,
	.resume = go_on,
	.rescue = rescue,
};
