/*
 * # property
 *
 * Sets a property of the message, or removes it: a constant, what an expression
 * finds, or XML written inside. With a pattern only the group of a full match is kept.
 *
 *	<property name="orderId" expression="json-eval($.id)"/>
 *	<property name="HTTP_SC" value="404" scope="axis2" type="INTEGER"/>
 *	<property name="number" expression="$trp:X-Order" pattern="order-(\d+)" group="1"/>
 *	<property name="X-Secret" scope="transport" action="remove"/>
 *
 * Scopes: default travels with the message through calls; axis2 and transport (the
 * headers) belong to one request or reply; operation is shared by both directions.
 * Some axis2 properties change what is sent: HTTP_SC, messageType, REST_URL_POSTFIX …
 */
#include "common.h"
#include "conversion.h"
#include "expr/regex.h"
#include "mediators.h"

static const char logger[] = "org.apache.synapse.mediators.builtin.PropertyMediator";

enum action { SET, REMOVE };

static const char *const actions[] = { "set", "remove", NULL };

/* Not all of these are scopes of a message: see place. */
static const char *const scopes[] = {
	"default",      "synapse",   "axis2",    "transport",
	"axis2-client", "operation", "registry", "system",
	"analytics",    "trace",     NULL
};

struct property_mediator {
	struct node node;
	const struct expr *name;
	struct str text;
	const struct expr *expression;
	const struct element *element;
	struct str type_name, scope_name, pattern_text;
	unsigned action;
	int64_t group;
	/* worked out of the above */
	enum conversion type;
	enum scope scope;
	bool has_value, nowhere; /* nowhere: a scope that keeps nothing */
	struct str markup;       /* the child, written out */
	struct value constant;
	const struct regex *pattern;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_VALUE(struct property_mediator, name, "name"), .required = true,
	  .complaint = "The 'name' attribute is required for the configuration of a "
		       "property mediator",
	  .doc = "Of the property; an expression in {} is evaluated each time." },
	{ ATTR_STR(struct property_mediator, text, "value"), .doc = "A constant." },
	{ ATTR_EXPR(struct property_mediator, expression, "expression"),
	  .doc = "What is taken from the message." },
	{ ATTR_STR(struct property_mediator, type_name, "type"), .fallback = "STRING",
	  .doc = "STRING, INTEGER, BOOLEAN, DOUBLE, FLOAT, LONG, SHORT, OM or JSON." },
	{ ATTR_STR(struct property_mediator, scope_name, "scope"),
	  .fallback = "default",
	  .doc = "default, axis2, axis2-client, transport, operation, registry, system, "
		 "analytics or trace." },
	{ ATTR_CHOICE(struct property_mediator, action, "action"), .choices = actions,
	  .fallback = "set", .doc = "Whether to set or to remove it." },
	{ ATTR_STR(struct property_mediator, pattern_text, "pattern"),
	  .doc = "A regular expression the whole value must match." },
	{ ATTR_INT(struct property_mediator, group, "group"),
	  .doc = "Which group of the pattern is the value; 0 is all of it." },
	{ CONTENT_XML(struct property_mediator, element), .doc = "The value, as XML." },
	{ NULL },
};
/* clang-format on */

static bool find_scope(struct property_mediator *p, const struct element *e,
		       struct binder *b)
{
	for (size_t i = 0; scopes[i]; i++)
		if (str_eq(p->scope_name, str_of(scopes[i]))) {
			p->nowhere = !scope_named(p->scope_name, &p->scope);
			return true;
		}
	return report_error(b->report, e->where,
			    "Only 'axis2' or 'transport' or 'axis2-client' or 'default' "
			    "or 'operation' or 'registry' or 'system' or 'analytics' or "
			    "'trace' values are allowed for attribute scope for a "
			    "property mediator, Unsupported scope " STR_FMT,
			    STR_ARG(p->scope_name));
}

static bool complain_type(const struct property_mediator *p, const struct element *e,
			  struct binder *b)
{
	static const char conversion_names[] =
		" There are STRING, INTEGER, SHORT, LONG, FLOAT, DOUBLE, BOOLEAN, OM, "
		"JSON.";
	enum conversion type;

	return report_error(b->report, e->where,
			    "Unknown type : " STR_FMT " for the property mediator or the "
			    "property value cannot be converted into the specified type."
			    "%s",
			    STR_ARG(p->type_name),
			    conversion_named(p->type_name, &type) ? ""
								  : conversion_names);
}

static bool compile_pattern(struct property_mediator *p, const struct element *e,
			    struct binder *b)
{
	struct fault why = { 0 };

	if (!p->pattern_text.at) {
		if (element_attribute(e, STR("group")))
			return report_error(b->report, e->where,
					    "group is only allowed when a pattern is "
					    "specified");
		return true;
	}
	if (p->group < 0)
		return report_error(b->report, e->where,
				    "group can have a positive value only");
	p->pattern = regex_compile(p->pattern_text, b->arena, &why);
	return p->pattern ||
	       report_error(b->report, e->where, "pattern=\"" STR_FMT "\": %s",
			    STR_ARG(p->pattern_text), why.text);
}

/* What the pattern leaves of a text: "" if it does not match all of it. */
static struct str cut(const struct property_mediator *p, struct str text)
{
	struct str group;

	if (!p->pattern)
		return text;
	return regex_matches(p->pattern, text, (unsigned)p->group, &group) ? group
									   : STR("");
}

static bool convert_constant(struct property_mediator *p, const struct element *e,
			     struct binder *b)
{
	const struct str text = cut(p, p->text);

	if (p->type == CONVERT_OM)
		return true;
	return convert(text, p->type, CONVERT_CONSTANT, b->arena, &p->constant) ||
	       complain_type(p, e, b);
}

static void read_needs(struct property_mediator *p)
{
	static const char *const building[] = { "messageType", "DISABLE_CHUNKING",
						"FORCE_HTTP_1.0" };

	mediator_needs_for(&p->node, p->name);
	mediator_needs_for(&p->node, p->expression);
	if (p->scope != SCOPE_AXIS2 || p->nowhere || p->action == REMOVE)
		return;
	for (size_t i = 0; i < sizeof(building) / sizeof(building[0]); i++)
		if (str_eq(p->name->source, str_of(building[i])))
			mediator_needs(&p->node, NEEDS_TREE);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct property_mediator *p = self;
	const struct element *child = element_first(e->children);

	p->has_value = element_attribute(e, STR("value")) != NULL;
	if (!find_scope(p, e, b))
		return false;
	read_needs(p);
	if (p->action == REMOVE)
		return true;
	if (!p->has_value && !child && !p->expression)
		return report_error(b->report, e->where,
				    "Either a child element or one of 'value', "
				    "'expression' attributes is required for a property "
				    "mediator when action is SET");
	if (!conversion_named(p->type_name, &p->type))
		return complain_type(p, e, b);
	if (!compile_pattern(p, e, b))
		return false;
	if (p->has_value)
		return convert_constant(p, e, b);
	if (child)
		p->markup = element_text(child, b->arena);
	return true;
}

static const struct schema schema = {
	.element = "property",
	.doc = "Sets or removes a property of the message.",
	.size = sizeof(struct property_mediator),
	.fields = fields,
	.check = check,
};

static enum flow wrong_type(const struct property_mediator *p, struct exchange *x)
{
	return mediator_fault(x, logger,
			      "Unknown type : " STR_FMT " for the property mediator or "
			      "the property value cannot be converted into the "
			      "specified type.",
			      STR_ARG(p->type_name));
}

static enum flow evaluate(const struct property_mediator *p, struct exchange *x,
			  struct value *v)
{
	struct fault why = { 0 };
	struct str text = { 0 };
	bool is_null = false;

	if (!expr_text(p->expression, &x->message, &text, &is_null, &why))
		return exchange_fault_with(x, &why);
	*v = VALUE_NONE;
	if (is_null)
		return FLOW_DONE;
	return convert(cut(p, text), p->type, CONVERT_EVALUATED, &x->arena, v)
		       ? FLOW_DONE
		       : wrong_type(p, x);
}

static enum flow find_value(const struct property_mediator *p, struct exchange *x,
			    struct value *v)
{
	*v = p->constant;
	if (p->has_value && p->type != CONVERT_OM)
		return FLOW_DONE;
	if (p->has_value || p->markup.len)
		return convert(p->has_value ? cut(p, p->text) : p->markup, CONVERT_OM,
			       CONVERT_EVALUATED, &x->arena, v)
			       ? FLOW_DONE
			       : wrong_type(p, x);
	return evaluate(p, x, v);
}

/* A null value keeps the old one, but for headers, which it empties. */
static void put(struct exchange *x, enum scope scope, struct str name, struct value v)
{
	struct message *m = &x->message;

	if (scope == SCOPE_TRANSPORT) {
		mediator_set_header(x, logger, name, v);
		return;
	}
	if (v.kind == VALUE_NULL)
		return;
	message_set_property(m, scope, name, v);
	if (scope == SCOPE_DEFAULT && v.kind == VALUE_STR &&
	    str_eq(name, STR("RESPONSE")))
		m->is_response = str_eq_nocase(v.text, STR("true"));
}

static void take_away(struct message *m, enum scope scope, struct str name)
{
	if (scope == SCOPE_AXIS2 && str_eq(name, STR("TRANSPORT_HEADERS")))
		headers_init(&m->headers, m->arena);
	else
		message_remove_property(m, scope, name);
}

static enum flow find_name(const struct property_mediator *p, struct exchange *x,
			   struct str *name)
{
	struct fault why = { 0 };

	if (!expr_text(p->name, &x->message, name, NULL, &why))
		return exchange_fault_with(x, &why);
	if (!name->len)
		mediator_say(x, LOG_WARN, logger,
			     "Evaluated value for {" STR_FMT "} is empty",
			     STR_ARG(p->name->source));
	return FLOW_DONE;
}

static enum flow set_or_remove(const struct node *n, struct exchange *x, void *state)
{
	const struct property_mediator *p = (const struct property_mediator *)n;
	struct str name;
	struct value v;

	(void)state;
	if (find_name(p, x, &name) == FLOW_FAULT)
		return FLOW_FAULT;
	if (p->action == REMOVE) {
		if (!p->nowhere)
			take_away(&x->message, p->scope, name);
		return FLOW_DONE;
	}
	if (find_value(p, x, &v) == FLOW_FAULT)
		return FLOW_FAULT;
	if (!p->nowhere && name.len)
		put(x, p->scope, name, v);
	return FLOW_DONE;
}

const struct node_type property_mediator = {
	.name = "property",
	.brief = "Sets or removes a property of the message.",
	.schema = &schema,
	.run = set_or_remove,
};
