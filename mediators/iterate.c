/*
 * # iterate
 *
 * Sends each element of a JSON array, or each XML element an expression finds, on its
 * way as a message of its own. An <aggregate> that follows joins what they bring.
 *
 *	<iterate expression="json-eval($.items)" id="it">
 *	    <target><sequence><call><endpoint key="Price"/></call></sequence></target>
 *	</iterate>
 */
#include "branches.h"
#include "common.h"
#include "mediators.h"
#include "payload.h"
#include "target.h"

static const char logger[] = "org.apache.synapse.mediators.eip.splitter.IterateMediator";

struct iterate {
	struct node node;
	const struct expr *expression;
	struct str id;
	bool go_on;
	struct items targets;
};

struct iterating {
	struct branches *branches;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_EXPR(struct iterate, expression, "expression"), .required = true,
	  .complaint = "XPATH expression is required for an IterateMediator under the "
		       "\"expression\" attribute",
	  .doc = "What finds the elements." },
	{ ATTR_STR(struct iterate, id, "id"), .doc = "Of the aggregate that joins them." },
	{ ATTR_BOOL(struct iterate, go_on, "continueParent"),
	  .doc = "Whether the flow goes on beside them." },
	{ ATTR_IGNORED("sequential") },
	{ CHILD_LIST(struct iterate, targets, "target"), .schema = &target_schema,
	  .doc = "The way for them to go." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct iterate *it = self;
	const struct node *rest;

	if (it->targets.count != 1)
		return report_error(b->report, e->where,
				    "Target for an iterate mediator is required :: "
				    "missing target");
	if (!branch_rest(b, e, &rest))
		return false;
	target_init(it->targets.at[0], rest, e->where);
	return true;
}

static const struct schema schema = {
	.element = "iterate",
	.doc = "Sends each element on its way.",
	.size = sizeof(struct iterate),
	.fields = fields,
	.check = check,
};

static enum flow start_json(const struct iterate *it, struct exchange *x,
			    struct iterating *state, const struct json *array)
{
	const struct target *t = it->targets.at[0];
	unsigned index = 0;

	if (array->kind != JSON_ARRAY)
		return mediator_fault(x, logger,
				      "JSON element expressed by the path " STR_FMT
				      " is not a valid JSON array",
				      STR_ARG(it->expression->source));
	state->branches = branches_new(x, (unsigned)array->count);
	for (const struct json *item = array->first; item; item = item->next) {
		content_set_json(&x->message, json_copy(&x->arena, item));
		branches_start(state->branches, x, &t->body, index++, it->id);
	}
	return FLOW_DONE;
}

static enum flow start_xml(const struct iterate *it, struct exchange *x,
			   struct iterating *state, const struct xml_nodes *found)
{
	const struct target *t = it->targets.at[0];
	struct str *texts = arena_alloc(&x->arena, (found->count + 1) * sizeof(*texts));
	struct fault why = { 0 };
	unsigned count = 0;

	for (size_t i = 0; i < found->count; i++)
		if (xml_is_element(found->at[i]))
			texts[count++] = xml_text(found->at[i], &x->arena);
	state->branches = branches_new(x, count);
	for (unsigned i = 0; i < count; i++) {
		if (!content_set_xml(&x->message, texts[i], &why))
			return exchange_fault_with(x, &why);
		branches_start(state->branches, x, &t->body, i, it->id);
	}
	return FLOW_DONE;
}

static enum flow start_all(const struct iterate *it, struct exchange *x,
			   struct iterating *state)
{
	struct fault why = { 0 };
	struct value v = VALUE_NONE;

	if (!expr_eval(it->expression, &x->message, &v, &why))
		return exchange_fault_with(x, &why);
	if (v.kind == VALUE_JSON)
		return start_json(it, x, state, v.json);
	if (v.kind == VALUE_XML)
		return start_xml(it, x, state, v.xml);
	return FLOW_DONE;
}

static enum flow split(const struct node *n, struct exchange *x, void *state)
{
	const struct iterate *it = (const struct iterate *)n;
	struct iterating *iterating = state;
	struct payload before;
	enum flow flow;

	payload_save(&before, &x->message);
	flow = start_all(it, x, iterating);
	payload_restore(&before, &x->message);
	if (flow == FLOW_FAULT)
		return flow;
	if (!iterating->branches)
		iterating->branches = branches_new(x, 0);
	return it->go_on ? FLOW_DONE : branches_look(iterating->branches);
}

static enum flow look(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	return branches_look(((struct iterating *)state)->branches);
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct iterating *iterating = state;

	(void)n;
	(void)x;
	if (iterating->branches)
		branches_leave(iterating->branches);
}

const struct node_type iterate_mediator = {
	.name = "iterate",
	.brief = "Sends each element on its way.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.frame_size = sizeof(struct iterating),
	.run = split,
	.resume = look,
	.leave = leave,
};
