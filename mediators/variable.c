/*
 * # variable
 *
 * Sets or removes a variable of the message. Variables travel with the message through
 * calls; `${vars.name}` and `$var:name` read them.
 *
 *	<variable name="total" type="DOUBLE" expression="${payload.sum * 1.19}"/>
 *	<variable name="state" type="STRING" value="new"/>
 *	<variable name="state" action="remove"/>
 *
 * With a type, what an expression finds must be of it; without, it is kept as it is.
 */
#include "common.h"
#include "conversion.h"
#include "mediators.h"
#include "payload.h"

static const char logger[] = "org.apache.synapse.mediators.v2.VariableMediator";

enum action { SET, REMOVE };

static const char *const actions[] = { "set", "remove", NULL };

struct variable {
	struct node node;
	struct str name, text, type_name;
	const struct expr *expression;
	unsigned action;
	/* worked out of the above */
	bool has_value, has_type;
	enum conversion type;
	struct value constant;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct variable, name, "name"), .required = true,
	  .complaint = "The 'name' attribute is required for the configuration of a "
		       "variable mediator",
	  .doc = "Of the variable." },
	{ ATTR_STR(struct variable, type_name, "type"),
	  .doc = "STRING, BOOLEAN, INTEGER, LONG, DOUBLE, JSON or XML." },
	{ ATTR_STR(struct variable, text, "value"), .doc = "A constant." },
	{ ATTR_EXPR(struct variable, expression, "expression"),
	  .doc = "What is taken from the message." },
	{ ATTR_CHOICE(struct variable, action, "action"), .choices = actions,
	  .fallback = "set", .doc = "Whether to set or to remove it." },
	{ NULL },
};
/* clang-format on */

static bool complain_type(const struct variable *v, const struct element *e,
			  struct binder *b)
{
	return report_error(b->report, e->where,
			    "Unknown type : " STR_FMT " for the variable mediator or the "
			    "variable value cannot be converted into the specified type.",
			    STR_ARG(v->type_name));
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct variable *v = self;

	v->has_value = element_attribute(e, STR("value")) != NULL;
	v->has_type = v->type_name.len > 0;
	mediator_needs_for(&v->node, v->expression);
	if (v->action == REMOVE)
		return true;
	if (!v->has_value && !v->expression)
		return report_error(b->report, e->where,
				    "'value' or 'expression' attributes is required for "
				    "a variable mediator when action is SET");
	if (v->has_type && !conversion_named(v->type_name, &v->type))
		return complain_type(v, e, b);
	if (v->has_value && v->type != CONVERT_OM &&
	    !convert(v->text, v->type, CONVERT_CONSTANT, b->arena, &v->constant))
		return complain_type(v, e, b);
	return true;
}

static const struct schema schema = {
	.element = "variable",
	.doc = "Sets or removes a variable of the message.",
	.size = sizeof(struct variable),
	.fields = fields,
	.check = check,
};

static bool is_number(struct value v)
{
	return v.kind == VALUE_INT || v.kind == VALUE_DOUBLE ||
	       (v.kind == VALUE_JSON && v.json->kind == JSON_NUMBER);
}

static bool is_truth(struct value v)
{
	return v.kind == VALUE_BOOL ||
	       (v.kind == VALUE_JSON &&
		(v.json->kind == JSON_TRUE || v.json->kind == JSON_FALSE));
}

/* Checked, not coerced: "12" is no INTEGER. */
static bool is_of(enum conversion type, struct value v)
{
	switch (type) {
	case CONVERT_BOOLEAN:
		return is_truth(v);
	case CONVERT_INTEGER:
	case CONVERT_SHORT:
	case CONVERT_LONG:
	case CONVERT_FLOAT:
	case CONVERT_DOUBLE:
		return is_number(v);
	case CONVERT_JSON:
		return v.kind == VALUE_JSON || is_number(v) || is_truth(v);
	case CONVERT_STRING:
	case CONVERT_OM:
		return true;
	}
	return true;
}

static bool coerce(const struct variable *v, struct value found, struct arena *a,
		   struct value *to)
{
	if (!is_of(v->type, found))
		return false;
	if (v->type == CONVERT_JSON) {
		*to = found;
		return true;
	}
	return convert(value_text(found, a), v->type, CONVERT_EVALUATED, a, to);
}

static enum flow evaluate(const struct variable *v, struct exchange *x, struct value *to)
{
	struct fault why = { 0 };
	struct str text = { 0 };
	bool is_null = false;
	struct value found = VALUE_NONE;

	*to = VALUE_NONE;
	if (v->has_type && (v->type == CONVERT_STRING || v->type == CONVERT_OM)) {
		if (!expr_text(v->expression, &x->message, &text, &is_null, &why))
			return exchange_fault_with(x, &why);
		if (is_null)
			return FLOW_DONE;
		found = value_str(text);
	} else if (!expr_eval(v->expression, &x->message, &found, &why)) {
		return exchange_fault_with(x, &why);
	}
	if (!v->has_type || found.kind == VALUE_NULL) {
		*to = value_kept(found, &x->arena);
		return FLOW_DONE;
	}
	if (coerce(v, found, &x->arena, to))
		return FLOW_DONE;
	return mediator_fault(x, logger,
			      "Expression '" STR_FMT "' result does not match the "
			      "expected data type '" STR_FMT "'",
			      STR_ARG(v->expression->source), STR_ARG(v->type_name));
}

static enum flow set_or_remove(const struct node *n, struct exchange *x, void *state)
{
	const struct variable *v = (const struct variable *)n;
	struct message *m = &x->message;
	struct value value = v->constant;

	(void)state;
	if (v->action == REMOVE) {
		message_remove_property(m, SCOPE_VARIABLE, v->name);
		return FLOW_DONE;
	}
	if (!v->has_value && evaluate(v, x, &value) == FLOW_FAULT)
		return FLOW_FAULT;
	if (v->has_value && v->type == CONVERT_OM &&
	    !convert(v->text, CONVERT_OM, CONVERT_CONSTANT, &x->arena, &value))
		return mediator_fault(x, logger,
				      "the value of variable " STR_FMT " is no XML",
				      STR_ARG(v->name));
	if (value.kind != VALUE_NULL)
		message_set_property(m, SCOPE_VARIABLE, v->name, value);
	return FLOW_DONE;
}

const struct node_type variable_mediator = {
	.name = "variable",
	.brief = "Sets or removes a variable of the message.",
	.schema = &schema,
	.run = set_or_remove,
};
