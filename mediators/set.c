/*
 * # m:set
 *
 * Sets the payload, a variable or the attributes; or several of them, all worked out
 * from the message as it was before.
 *
 *	<m:set xmlns:m="urn:myelin" to="vars.httpStatus" value="503"/>
 *	<m:set xmlns:m="urn:myelin" to="payload" type="application/json"
 *	       expression="#[{id: payload.id}]"/>
 *	<m:set xmlns:m="urn:myelin">
 *	    <m:part to="payload" expression="#[payload.items]"/>
 *	    <m:part to="vars.count" expression="#[sizeOf(payload.items)]"/>
 *	</m:set>
 *
 * `remove="true"` takes a variable away.
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

struct part {
	struct str to, value, type;
	const struct expr *expression;
	bool remove;
};

struct set_node {
	struct node node;
	struct part one;
	struct items parts;
};

/* clang-format off */
#define PART(s, m)                                                                          \
	{ ATTR_STR(s, m to, "to"), .doc = "payload, attributes, or vars.NAME." },           \
	{ ATTR_STR(s, m value, "value"), .doc = "A text, as it stands." },                  \
	{ ATTR_EXPR(s, m expression, "expression"), .doc = "What gives the value." },       \
	{ ATTR_STR(s, m type, "type"), .doc = "Its media type; what the expression says." }, \
	{ ATTR_BOOL(s, m remove, "remove"), .doc = "Take the variable away." }

static const struct field part_fields[] = {
	PART(struct part, ),
	{ NULL },
};

static bool check_part(void *self, const struct element *e, struct binder *b);

static const struct schema part_schema = {
	.element = "m:part", .doc = "One of several.",
	.size = sizeof(struct part), .fields = part_fields, .check = check_part,
};

static const struct field fields[] = {
	PART(struct set_node, one.),
	{ CHILD_LIST(struct set_node, parts, "part"), .ours = true, .schema = &part_schema,
	  .doc = "Several at once." },
	{ NULL },
};
/* clang-format on */

static bool check_part(void *self, const struct element *e, struct binder *b)
{
	const struct part *p = self;

	if (!str_eq(p->to, STR("payload")) && !str_eq(p->to, STR("attributes")) &&
	    !(str_starts(p->to, STR("vars.")) && p->to.len > 5))
		return report_error(b->report, e->where,
				    "to=\"" STR_FMT
				    "\" is not payload, attributes or vars.NAME",
				    STR_ARG(p->to));
	if (!p->expression && !element_attribute(e, STR("value")) && !p->remove)
		return report_error(b->report, e->where,
				    "value or expression is missing");
	return true;
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct set_node *s = self;

	for (unsigned i = 0; i < s->parts.count; i++)
		mediator_needs_for(&s->node,
				   ((const struct part *)s->parts.at[i])->expression);
	if (s->parts.count && !s->one.to.len)
		return true;
	mediator_needs_for(&s->node, s->one.expression);
	return check_part(&s->one, e, b);
}

static const struct schema schema = {
	.element = "m:set",
	.doc = "Sets the payload, variables or the attributes.",
	.size = sizeof(struct set_node),
	.fields = fields,
	.check = check,
};

static bool evaluate(const struct part *p, struct message *m, struct value *v,
		     struct fault *why)
{
	*v = value_str(p->value.at ? p->value : STR(""));
	return !p->expression || expr_eval(p->expression, m, v, why);
}

/* What `vars.x` holds of a text that is JSON is its tree. */
static struct value typed(const struct part *p, struct value v, struct message *m)
{
	const struct str type = p->type.len || !p->expression ? p->type
							      : p->expression->media_type;
	struct fault ignored = { 0 };
	const struct json *tree = NULL;

	if (v.kind == VALUE_STR && str_find_str(type, STR("json")) < type.len)
		tree = json_parse(v.text, m->arena, &ignored);
	return tree ? (struct value){ .kind = VALUE_JSON, .json = tree } : v;
}

static struct str type_of(const struct part *p)
{
	if (p->type.len || !p->expression)
		return p->type;
	return p->expression->media_type;
}

/* "#[payload]": bytes and type stay what they are. */
static bool is_as_it_was(const struct part *p)
{
	return p->expression && !p->type.len &&
	       str_eq(str_trim(p->expression->source), STR("#[payload]"));
}

static bool apply(const struct part *p, struct value v, struct exchange *x,
		  struct fault *why)
{
	struct message *m = &x->message;

	if (str_eq(p->to, STR("payload"))) {
		m->error_payload = m->error;
		if (is_as_it_was(p))
			return true;
		return payload_become(m, v, type_of(p), why);
	}
	if (str_eq(p->to, STR("attributes"))) {
		message_attributes(m);
		m->attributes = v.kind == VALUE_JSON ? v.json
						     : json_new(m->arena, JSON_NULL);
		return true;
	}
	if (p->remove)
		properties_remove(&m->properties[SCOPE_VARIABLE], m->arena,
				  str_from(p->to, 5));
	else
		properties_set(&m->properties[SCOPE_VARIABLE], m->arena,
			       str_from(p->to, 5), typed(p, v, m));
	return true;
}

static enum flow set(const struct node *n, struct exchange *x, void *state)
{
	const struct set_node *s = (const struct set_node *)n;
	struct value *values = arena_alloc(&x->arena,
					   (s->parts.count + 1) * sizeof(*values));
	struct fault why = { 0 };
	bool fine = true;

	(void)state;
	for (unsigned i = 0; i < s->parts.count && fine; i++)
		fine = evaluate(s->parts.at[i], &x->message, &values[i], &why);
	for (unsigned i = 0; i < s->parts.count && fine; i++)
		fine = apply(s->parts.at[i], values[i], x, &why);
	if (fine && s->one.to.len)
		fine = evaluate(&s->one, &x->message, values, &why) &&
		       apply(&s->one, *values, x, &why);
	return fine ? FLOW_DONE : exchange_fault_with(x, &why);
}

const struct node_type set_mediator = {
	.name = "m:set",
	.brief = "Sets the payload, variables or the attributes.",
	.schema = &schema,
	.run = set,
};
