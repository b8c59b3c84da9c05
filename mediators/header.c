/*
 * # header
 *
 * Sets or removes an HTTP header (scope="transport"), a SOAP header, or one of the
 * message's addresses: To, From, ReplyTo, FaultTo, RelatesTo, Action. To is where a
 * call or send without an endpoint goes.
 *
 *	<header name="Accept" value="application/json" scope="transport"/>
 *	<header name="To" expression="fn:concat('http://', $ctx:host, '/orders')"/>
 *	<header name="o:Trace" value="1" xmlns:o="urn:orders"/>
 *	<header><o:Trace xmlns:o="urn:orders">1</o:Trace></header>
 */
#include "common.h"
#include "conversion.h"
#include "mediators.h"
#include "message/content.h"

static const char logger[] = "org.apache.synapse.mediators.transform.HeaderMediator";

enum action { SET, REMOVE };

static const char *const scopes[] = { "default", "transport", NULL };
static const char *const actions[] = { "set", "remove", NULL };

/* What a header without a namespace may be called in the default scope. */
static const char *const addresses[] = { "To",      "From",    "Action",
					 "FaultTo", "ReplyTo", "RelatesTo" };

enum place { HTTP_HEADER, ADDRESS, SOAP_BLOCK, SOAP_EMBEDDED };

struct header_mediator {
	struct node node;
	struct str name, value, type;
	const struct expr *expression;
	unsigned scope, action;
	const struct element *element;
	/* worked out of the above */
	enum place place;
	bool has_value;
	struct str prefix, ns, local;
	struct str markup; /* of what is embedded */
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct header_mediator, name, "name"), .doc = "Of the header." },
	{ ATTR_STR(struct header_mediator, value, "value"), .doc = "A constant." },
	{ ATTR_EXPR(struct header_mediator, expression, "expression"),
	  .doc = "What is taken from the message." },
	{ ATTR_CHOICE(struct header_mediator, scope, "scope"), .choices = scopes,
	  .fallback = "default",
	  .wrong = "Only 'transport' or 'default' values are allowed for attribute scope "
		   "for a header mediator, Unsupported scope ",
	  .doc = "transport: an HTTP header; default: of SOAP and addresses." },
	{ ATTR_CHOICE(struct header_mediator, action, "action"), .choices = actions,
	  .fallback = "set", .doc = "Whether to set or to remove it." },
	{ ATTR_STR(struct header_mediator, type, "type"),
	  .doc = "OM: the value is XML." },
	{ CONTENT_XML(struct header_mediator, element),
	  .doc = "A SOAP header block as it is to be." },
	{ NULL },
};
/* clang-format on */

static bool is_address(struct str name)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		if (str_eq(name, str_of(addresses[i])))
			return true;
	return false;
}

static bool find_namespace(struct header_mediator *h, const struct element *e,
			   struct binder *b)
{
	const size_t colon = str_find(h->name, ':');

	if (colon == h->name.len)
		return report_error(b->report, e->where,
				    "Invalid SOAP header: " STR_FMT " specified at the "
				    "header mediator. All SOAP headers must be namespace "
				    "qualified.",
				    STR_ARG(h->name));
	h->prefix = str_first(h->name, colon);
	h->local = str_from(h->name, colon + 1);
	h->ns = element_namespace(e, h->prefix);
	return h->ns.at ||
	       report_error(b->report, e->where,
			    "Invalid namespace prefix '" STR_FMT "' in name attribute",
			    STR_ARG(h->prefix));
}

static bool find_place(struct header_mediator *h, const struct element *e,
		       struct binder *b)
{
	if (!h->name.len && h->element) {
		h->place = SOAP_EMBEDDED;
		h->markup = element_text(h->element, b->arena);
		return true;
	}
	if (!h->name.len)
		return report_error(b->report, e->where,
				    "A valid name attribute is required for the header "
				    "mediator");
	h->place = h->scope == 1         ? HTTP_HEADER
		   : is_address(h->name) ? ADDRESS
					 : SOAP_BLOCK;
	return h->place != SOAP_BLOCK || find_namespace(h, e, b);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct header_mediator *h = self;

	h->has_value = element_attribute(e, STR("value")) != NULL;
	if (!find_place(h, e, b))
		return false;
	mediator_needs_for(&h->node, h->expression);
	if (h->place == SOAP_BLOCK || h->place == SOAP_EMBEDDED)
		mediator_needs(&h->node, NEEDS_TREE);
	if (h->action == REMOVE || h->place == SOAP_EMBEDDED || h->has_value ||
	    h->expression)
		return true;
	return report_error(b->report, e->where,
			    "A 'value' or 'expression' attribute is required for a [set] "
			    "header mediator");
}

static const struct schema schema = {
	.element = "header",
	.doc = "Sets or removes a header of HTTP or SOAP, or an address.",
	.size = sizeof(struct header_mediator),
	.fields = fields,
	.check = check,
};

static enum flow find_value(const struct header_mediator *h, struct exchange *x,
			    struct str *value)
{
	struct fault why = { 0 };
	bool is_null = false;

	*value = h->value;
	if (h->has_value || !h->expression)
		return FLOW_DONE;
	if (!expr_text(h->expression, &x->message, value, &is_null, &why))
		return exchange_fault_with(x, &why);
	if (is_null) {
		exchange_log(x, LOG_WARN, logger,
			     "Setting %s header : " STR_FMT
			     " to empty as evaluated value is null",
			     h->place == HTTP_HEADER ? "HTTP" : "SOAP", STR_ARG(h->name));
		*value = STR("");
	}
	return FLOW_DONE;
}

static void set_address(struct message *m, struct str name, struct str value)
{
	if (str_eq(name, STR("To")))
		m->to = value;
	else
		message_set_property(m, SCOPE_DEFAULT, name, value_str(value));
}

static void remove_address(struct message *m, struct str name)
{
	if (str_eq(name, STR("To")))
		m->to = STR("");
	else
		message_remove_property(m, SCOPE_DEFAULT, name);
}

static void remove_blocks(const struct header_mediator *h, struct xml_tree *tree)
{
	struct xml_node *header = xml_soap_header(tree);
	struct xml_node *next;

	for (struct xml_node *n = header ? xml_first_child(header) : NULL; n; n = next) {
		next = xml_next(n);
		if (str_eq(xml_name(n), h->local) && str_eq(xml_namespace(n), h->ns))
			xml_remove(n);
	}
}

static bool add_markup(struct str markup, struct xml_node *parent, struct arena *a,
		       struct fault *why)
{
	struct xml_tree *tree = xml_parse(markup, SOAP_11, a, why);
	struct xml_node *block = tree ? xml_payload(tree) : NULL;

	if (block)
		xml_add_copy(parent, block);
	return block;
}

static bool add_block(const struct header_mediator *h, struct exchange *x,
		      struct xml_tree *tree, struct str value, struct fault *why)
{
	struct xml_node *header = xml_make_soap_header(tree);
	struct xml_node *block;

	if (h->place == SOAP_EMBEDDED)
		return add_markup(h->markup, header, &x->arena, why);
	block = xml_add_element(header, h->local, h->ns, h->prefix);
	if (str_eq_nocase(h->type, STR("OM")))
		return add_markup(value, block, &x->arena, why);
	xml_add_text(block, value);
	return true;
}

static enum flow change_soap(const struct header_mediator *h, struct exchange *x,
			     struct str value)
{
	struct fault why = { 0 };
	struct xml_tree *tree = content_edit_xml(&x->message, &why);

	if (!tree)
		return exchange_fault_with(x, &why);
	if (h->place == SOAP_BLOCK)
		remove_blocks(h, tree);
	if (h->action == SET && !add_block(h, x, tree, value, &why))
		return exchange_fault_with(x, &why);
	return FLOW_DONE;
}

static enum flow set_or_remove(const struct node *n, struct exchange *x, void *state)
{
	const struct header_mediator *h = (const struct header_mediator *)n;
	struct message *m = &x->message;
	struct str value = { 0 };

	(void)state;
	if (h->action == SET && find_value(h, x, &value) == FLOW_FAULT)
		return FLOW_FAULT;
	switch (h->place) {
	case HTTP_HEADER:
		if (h->action == SET)
			mediator_set_header(x, logger, h->name, value_str(value));
		else
			message_remove_property(m, SCOPE_TRANSPORT, h->name);
		return FLOW_DONE;
	case ADDRESS:
		if (h->action == SET)
			set_address(m, h->name, value);
		else
			remove_address(m, h->name);
		return FLOW_DONE;
	case SOAP_BLOCK:
	case SOAP_EMBEDDED:
		return change_soap(h, x, value);
	}
	return FLOW_DONE;
}

const struct node_type header_mediator = {
	.name = "header",
	.brief = "Sets or removes a header of HTTP or SOAP, or an address.",
	.schema = &schema,
	.run = set_or_remove,
};
