/*
 * # call
 *
 * Sends the message to an endpoint, waits for the reply, and goes on with it: its
 * status (axis2 property HTTP_SC), headers and body take the place of the message's.
 * Statuses of 400 and more are no faults. Without an endpoint it goes to the To
 * address.
 *
 *	<call>
 *	    <endpoint key="StockEP"/>
 *	</call>
 *
 * `source` says what to send instead of the body; with `target` the reply goes into
 * a property or variable, and the message stays as it was:
 *
 *	<call>
 *	    <source type="custom" contentType="application/json">json-eval($.order)</source>
 *	    <target type="property">stock</target>
 *	    <endpoint key="StockEP"/>
 *	</call>
 *
 * While property OUT_ONLY is "true", a copy is sent and the flow goes on at once.
 * `blocking` takes statuses that are no success as faults, and keeps the headers and
 * axis2 properties of the request.
 */
#include "common.h"
#include "mediators.h"
#include "message/content.h"
#include "oneway.h"
#include "payload.h"

enum source_type { SOURCE_BODY, SOURCE_CUSTOM, SOURCE_PROPERTY, SOURCE_INLINE };
enum target_type { TARGET_BODY, TARGET_PROPERTY, TARGET_VARIABLE };

static const char *const source_types[] = { "body", "custom", "property", "inline",
					    NULL };
static const char *const target_types[] = { "body", "property", "variable", NULL };

struct source {
	unsigned type;
	struct str content_type;
	struct str text;
	const struct element *xml;
	const struct expr *expression; /* of custom */
	struct str markup;             /* of inline: the element, written out */
};

struct target {
	unsigned type;
	struct str name;
};

struct call;

/* Runs when the reply is whole: puts it where the target says. */
struct capture {
	struct node node;
	const struct target *target;
};

struct call {
	struct node node;
	const struct node *endpoint;
	struct source *source;
	struct target *target;
	bool blocking;
	struct capture capture;
	struct oneway oneway;
};

enum stage { CALLING, CAPTURING, NOT_WAITING };

struct calling {
	enum stage stage;
	struct payload before; /* of a blocking call, or with a target */
};

/* clang-format off */
static const struct field source_fields[] = {
	{ ATTR_CHOICE(struct source, type, "type"), .choices = source_types,
	  .fallback = "custom", .doc = "Where the payload to send comes from." },
	{ ATTR_STR(struct source, content_type, "contentType"),
	  .doc = "Its media type; the message's own if left out." },
	{ TEXT_STR(struct source, text),
	  .doc = "An expression, a property's name, or the payload itself." },
	{ CONTENT_XML(struct source, xml), .doc = "The payload itself, as XML." },
	{ NULL },
};

static const struct field target_fields[] = {
	{ ATTR_CHOICE(struct target, type, "type"), .choices = target_types,
	  .fallback = "body", .doc = "Where the reply goes." },
	{ TEXT_STR(struct target, name), .doc = "Of the property or variable." },
	{ NULL },
};
/* clang-format on */

static bool check_source(void *self, const struct element *e, struct binder *b)
{
	struct source *source = self;
	const struct element *child = element_first(e->children);

	if (source->type == SOURCE_CUSTOM) {
		source->expression = b->expr(b, source->text, FORM_EXPR, e);
		return source->expression != NULL;
	}
	if (source->type == SOURCE_INLINE && child)
		source->markup = element_text(child, b->arena);
	return true;
}

static bool check_target(void *self, const struct element *e, struct binder *b)
{
	const struct target *target = self;

	if (target->type == TARGET_BODY || target->name.len)
		return true;
	return report_error(b->report, e->where, "<target> needs the name of a %s",
			    target_types[target->type]);
}

static const struct schema source_schema = {
	.element = "source",
	.doc = "What to send instead of the body.",
	.size = sizeof(struct source),
	.fields = source_fields,
	.check = check_source,
};

static const struct schema target_schema = {
	.element = "target",
	.doc = "Where the reply goes instead of into the body.",
	.size = sizeof(struct target),
	.fields = target_fields,
	.check = check_target,
};

/* clang-format off */
static const struct field fields[] = {
	{ CHILD_ENDPOINT(struct call, endpoint, "endpoint"),
	  .doc = "Where to; without it, the To address." },
	{ ATTR_BOOL(struct call, blocking, "blocking"),
	  .doc = "Statuses that are no success are faults; request headers are kept." },
	{ CHILD_ONE(struct call, source, "source", struct source),
	  .schema = &source_schema, .doc = "What to send instead of the body." },
	{ CHILD_ONE(struct call, target, "target", struct target),
	  .schema = &target_schema, .doc = "Where the reply goes." },
	{ ATTR_IGNORED("initAxis2ClientOptions") },
	{ ATTR_IGNORED("axis2xml") },
	{ ATTR_IGNORED("repository") },
	{ NULL },
};
/* clang-format on */

static enum flow capture_reply(const struct node *n, struct exchange *x, void *state)
{
	const struct target *target = ((const struct capture *)n)->target;
	struct message *m = &x->message;
	struct fault why = { 0 };
	struct value reply;

	(void)state;
	if (target->type == TARGET_VARIABLE) {
		if (!payload_as_object(m, &reply, &why))
			return exchange_fault_with(x, &why);
		message_set_property(m, SCOPE_VARIABLE, target->name, reply);
		return FLOW_DONE;
	}
	if (!payload_value(m, &reply, &why))
		return exchange_fault_with(x, &why);
	message_set_property(m, SCOPE_DEFAULT, target->name, reply);
	return FLOW_DONE;
}

static const struct node_type capture_type = {
	.name = "call target",
	.brief = "Puts a reply into a property or variable.",
	.needs = NEEDS_TREE,
	.run = capture_reply,
};

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct call *call = self;

	if (call->source || call->target)
		mediator_needs(&call->node, NEEDS_TREE);
	if (call->target && call->target->type == TARGET_BODY)
		call->target = NULL;
	if (call->target)
		call->capture = (struct capture){
			.node = { &capture_type, e->where, NEEDS_TREE },
			.target = call->target,
		};
	if (!call->endpoint)
		call->endpoint = default_endpoint(b, e);
	oneway_init(&call->oneway, call->endpoint, e->where);
	return call->endpoint != NULL;
}

static const struct schema schema = {
	.element = "call",
	.doc = "Sends the message to an endpoint and goes on with the reply.",
	.size = sizeof(struct call),
	.fields = fields,
	.check = check,
};

static bool source_value(const struct source *source, struct message *m, struct value *v,
			 struct fault *why)
{
	switch ((enum source_type)source->type) {
	case SOURCE_BODY:
		return true;
	case SOURCE_CUSTOM:
		return expr_eval(source->expression, m, v, why);
	case SOURCE_PROPERTY:
		*v = message_property(m, SCOPE_DEFAULT, source->text);
		return true;
	case SOURCE_INLINE:
		*v = value_str(source->markup.len ? source->markup : source->text);
		return true;
	}
	return true;
}

static bool put_source(const struct source *source, struct exchange *x)
{
	struct fault why = { 0 };
	struct value v = VALUE_NONE;
	struct message *m = &x->message;

	if (source->type == SOURCE_BODY)
		return true;
	if (source_value(source, m, &v, &why) &&
	    payload_put(m, v, source->content_type, &why))
		return true;
	exchange_fault_with(x, &why);
	return false;
}

static enum flow place_call(const struct node *n, struct exchange *x, void *state)
{
	const struct call *call = (const struct call *)n;
	struct calling *calling = state;

	if (is_out_only(x)) {
		calling->stage = NOT_WAITING;
		exchange_push(x, &call->oneway.node);
		return FLOW_CHILD;
	}
	if (call->target || call->blocking)
		payload_save(&calling->before, &x->message);
	if (call->source && !put_source(call->source, x))
		return FLOW_FAULT;
	exchange_push(x, call->endpoint);
	return FLOW_CHILD;
}

/* Statuses a blocking sender takes for an answer (endpoints.md §11.3). */
static bool is_listed(struct exchange *x, const char *property, struct str status)
{
	struct str list = value_text(
		message_property(&x->message, SCOPE_AXIS2, str_of(property)), &x->arena);
	struct str one;

	while (str_cut(&list, ',', &one))
		if (str_eq(str_trim(one), status))
			return true;
	return false;
}

static bool is_success(struct exchange *x, struct str status)
{
	uint64_t code = 0;

	if (!str_to_uint(status, &code))
		return true;
	if (is_listed(x, "error.http.status.codes", status) ||
	    is_listed(x, "ERROR_HTTP_STATUS_CODES", status))
		return false;
	if (is_listed(x, "non.error.http.status.codes", status) ||
	    is_listed(x, "NON_ERROR_HTTP_STATUS_CODES", status))
		return true;
	return (code >= 200 && code < 300) ||
	       ((code == 500 || code == 400 || code == 409) &&
		x->message.body.state != BODY_EMPTY);
}

static enum flow refuse(struct exchange *x, struct str status)
{
	struct message *m = &x->message;
	const struct str reason = value_text(
		message_property(m, SCOPE_AXIS2, STR("HTTP_SC_DESC")), &x->arena);
	const struct fault why = {
		.code = FAULT_BLOCKING_CALL,
		.text = arena_printf(&x->arena,
				     "Transport error: " STR_FMT " Error: " STR_FMT,
				     STR_ARG(status), STR_ARG(reason)),
		.kind = "status",
	};

	message_set_property(m, SCOPE_DEFAULT, STR("blocking.sender.error"),
			     value_str(STR("true")));
	return exchange_fault_with(x, &why);
}

/* A blocking call stays in the request's context, unless told otherwise. */
static enum flow end_blocking(struct exchange *x, const struct payload *before)
{
	struct message *m = &x->message;
	const struct str status = value_text(
		message_property(m, SCOPE_AXIS2, STR("HTTP_SC")), &x->arena);
	const struct str preserve = value_text(
		message_property(m, SCOPE_DEFAULT,
				 STR("BLOCKING_SENDER_PRESERVE_REQ_HEADERS")),
		&x->arena);

	message_set_property(m, SCOPE_AXIS2, STR("HTTP_SC"), value_str(status));
	if (!is_success(x, status))
		return refuse(x, status);
	payload_restore_context(before, m, str_eq_nocase(preserve, STR("false")));
	return FLOW_DONE;
}

static enum flow take_reply(const struct node *n, struct exchange *x, void *state)
{
	const struct call *call = (const struct call *)n;
	struct calling *calling = state;

	if (calling->stage == NOT_WAITING)
		return FLOW_DONE;
	if (calling->stage == CAPTURING) {
		payload_restore(&calling->before, &x->message);
		return FLOW_DONE;
	}
	if (call->blocking && end_blocking(x, &calling->before) == FLOW_FAULT)
		return FLOW_FAULT;
	if (!call->target)
		return FLOW_DONE;
	calling->stage = CAPTURING;
	exchange_push(x, &call->capture.node);
	return FLOW_CHILD;
}

const struct node_type call_mediator = {
	.name = "call",
	.brief = "Sends the message to an endpoint and goes on with the reply.",
	.schema = &schema,
	.frame_size = sizeof(struct calling),
	.run = place_call,
	.resume = take_reply,
};
