/*
 * # call-template
 *
 * Runs a sequence template with values for its parameters; in it, `$func:name` or
 * get-property('func', 'name') reads them.
 *
 *	<call-template target="Greet">
 *	    <with-param name="who" value="{$ctx:customer}"/>
 *	    <with-param name="how" value="Hello"/>
 *	</call-template>
 */
#include "common.h"
#include "mediators.h"
#include "payload.h"
#include "template.h"

static const char logger[] = "org.apache.synapse.mediators.template.InvokeMediator";

enum { NO_VALUE = 500101 };

struct with_param {
	struct str name;
	const struct expr *value;
};

struct call_template {
	struct node node;
	struct ref *target;
	struct ref *on_error;
	struct items params;
};

struct calling {
	bool entered, handling;
	struct properties before; /* the parameters of who calls */
};

/* clang-format off */
static const struct field param_fields[] = {
	{ ATTR_STR(struct with_param, name, "name"), .required = true,
	  .complaint = "Call template mediator parameters should have non empty name.",
	  .doc = "Of the parameter." },
	{ ATTR_VALUE(struct with_param, value, "value"),
	  .doc = "A constant, or an expression in {}." },
	{ NULL },
};

static const struct schema param_schema = {
	.element = "with-param", .doc = "A value for a parameter.",
	.size = sizeof(struct with_param), .fields = param_fields,
};

static const struct field fields[] = {
	{ ATTR_REF(struct call_template, target, "target"), .refers = REF_TEMPLATE,
	  .required = true,
	  .complaint = "EIP Invoke mediator should have a target template specified.",
	  .doc = "The template." },
	{ ATTR_REF(struct call_template, on_error, "onError"), .refers = REF_SEQUENCE,
	  .doc = "Runs if the template fails; ends the message." },
	{ CHILD_LIST(struct call_template, params, "with-param"),
	  .schema = &param_schema, .doc = "A value for a parameter." },
	{ NULL },
};

static const struct schema schema = {
	.element = "call-template",
	.doc = "Runs a sequence template.",
	.size = sizeof(struct call_template),
	.fields = fields,
};
/* clang-format on */

static const struct with_param *given(const struct call_template *c, struct str name)
{
	for (unsigned i = 0; i < c->params.count; i++) {
		const struct with_param *p = c->params.at[i];

		if (str_eq(p->name, name))
			return p;
	}
	return NULL;
}

/* XML stays XML; all else is text. */
static bool evaluate(const struct with_param *p, struct exchange *x, struct value *v,
		     struct fault *why)
{
	struct str text = { 0 };
	bool is_null = false;

	*v = VALUE_NONE;
	if (!p->value)
		return true;
	if (!p->value->is_constant && !expr_eval(p->value, &x->message, v, why))
		return false;
	if (v->kind == VALUE_XML && v->xml->count && xml_is_element(v->xml->at[0])) {
		*v = value_kept(*v, &x->arena);
		return true;
	}
	if (!expr_text(p->value, &x->message, &text, &is_null, why))
		return false;
	*v = is_null ? VALUE_NONE : value_str(text);
	return true;
}

static enum flow complain_missing(struct exchange *x, const struct parameter *p,
				  const struct template *t)
{
	const struct fault why = {
		.code = NO_VALUE,
		.text = arena_printf(&x->arena,
				     "Neither a value nor default value is provided for "
				     "mandatory parameter: " STR_FMT
				     " in seq-template " STR_FMT,
				     STR_ARG(p->name), STR_ARG(t->name)),
	};

	mediator_say(x, LOG_ERROR, logger, "%s", why.text);
	return exchange_fault_with(x, &why);
}

/* The values are found before any of them is set: they may be the caller's own. */
static enum flow gather(const struct call_template *c, const struct template *t,
			struct exchange *x, struct properties *values)
{
	for (unsigned i = 0; i < t->parameters.count; i++) {
		const struct parameter *p = t->parameters.at[i];
		const struct with_param *with = given(c, p->name);
		struct fault why = { 0 };
		struct value v = VALUE_NONE;

		if (with && !evaluate(with, x, &v, &why))
			return exchange_fault_with(x, &why);
		if (v.kind == VALUE_NULL && p->mandatory)
			return complain_missing(x, p, t);
		if (v.kind == VALUE_NULL && p->has_fallback)
			v = value_str(p->fallback);
		if (v.kind != VALUE_NULL)
			properties_set(values, &x->arena, p->name, v);
	}
	return FLOW_DONE;
}

static enum flow call(const struct node *n, struct exchange *x, void *state)
{
	const struct call_template *c = (const struct call_template *)n;
	struct calling *calling = state;
	struct properties *scope = &x->message.properties[SCOPE_FUNCTION];
	struct properties values = { 0 };
	const struct template *t;
	struct str key;

	t = exchange_find(x, c->target, &key);
	if (!t)
		return mediator_fault(x, logger,
				      "Sequence template " STR_FMT " cannot be found",
				      STR_ARG(key));
	if (gather(c, t, x, &values) == FLOW_FAULT)
		return FLOW_FAULT;
	calling->before = *scope;
	calling->entered = true;
	*scope = values;
	exchange_push(x, &t->body.node);
	return FLOW_CHILD;
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct calling *calling = state;

	(void)n;
	if (calling->entered)
		x->message.properties[SCOPE_FUNCTION] = calling->before;
	calling->entered = false;
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct call_template *c = (const struct call_template *)n;
	struct calling *calling = state;
	const struct node *handler;
	struct str key;

	if (!c->on_error || calling->handling)
		return FLOW_FAULT;
	handler = exchange_find(x, c->on_error, &key);
	if (!handler)
		return FLOW_FAULT;
	leave(n, x, state);
	calling->handling = true;
	return exchange_handle(x, handler, key);
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct calling *calling = state;

	(void)n;
	return calling->handling ? exchange_handled(x) : FLOW_DONE;
}

static enum flow stopped(const struct node *n, struct exchange *x, void *state)
{
	const struct calling *calling = state;

	(void)n;
	return calling->handling ? exchange_handled(x) : FLOW_STOP;
}

const struct node_type call_template_mediator = {
	.name = "call-template",
	.brief = "Runs a sequence template.",
	.schema = &schema,
	.frame_size = sizeof(struct calling),
	.run = call,
	.resume = go_on,
	.rescue = rescue,
	.stopped = stopped,
	.leave = leave,
};
