/*
 * # payloadFactory
 *
 * Makes a new payload from a template: JSON, XML or text. `$1`, `$2` … are the
 * arguments; `${…}` is evaluated in place. Strings are escaped, objects, arrays and
 * elements go in as they are.
 *
 *	<payloadFactory media-type="json">
 *	    <format>{"order": "$1", "lines": $2, "by": "${vars.user}"}</format>
 *	    <args>
 *	        <arg evaluator="json" expression="$.id"/>
 *	        <arg evaluator="json" expression="$.lines"/>
 *	    </args>
 *	</payloadFactory>
 *
 * The template may be a local entry: <format key="order-template"/>.
 */
#include "common.h"
#include "factory.h"
#include "mediators.h"
#include "message/content.h"

static const char logger[] =
	"org.apache.synapse.mediators.transform.PayloadFactoryMediator";

enum { PAYLOAD_MOST = 256 << 20 };

static const char *const media_names[] = { "xml", "json", "text", NULL };
static const char *const template_types[] = { "default", "freemarker", NULL };
static const char *const evaluators[] = { "xml", "json", NULL };

struct format {
	struct ref *key;
	struct str text;
	const struct element *element;
};

struct argument {
	struct factory_argument argument; /* first */
	struct str expression;
	unsigned evaluator;
};

struct arguments {
	struct items list;
};

struct payload_factory {
	struct node node;
	unsigned media, template_type;
	bool escape_controls;
	struct format *format;
	struct arguments *arguments;
	struct factory factory; /* without a key */
	struct factory_arguments filled;
};

/* clang-format off */
static const struct field format_fields[] = {
	{ ATTR_REF(struct format, key, "key"), .refers = REF_LOCAL_ENTRY,
	  .doc = "The local entry that holds the template." },
	{ TEXT_STR(struct format, text), .doc = "The template." },
	{ CONTENT_XML(struct format, element), .doc = "The template, as XML." },
	{ NULL },
};

static const struct schema format_schema = {
	.element = "format", .doc = "The template.",
	.size = sizeof(struct format), .fields = format_fields,
};

static const struct field argument_fields[] = {
	{ ATTR_STR(struct argument, argument.value, "value"), .doc = "A constant." },
	{ ATTR_STR(struct argument, expression, "expression"),
	  .doc = "What is taken from the message." },
	{ ATTR_CHOICE(struct argument, evaluator, "evaluator"), .choices = evaluators,
	  .fallback = "xml", .doc = "json: the expression is a JSON path." },
	{ ATTR_BOOL(struct argument, argument.literal, "literal"),
	  .doc = "Goes in as a string, whatever it looks like." },
	{ NULL },
};
/* clang-format on */

static bool check_argument(void *self, const struct element *e, struct binder *b)
{
	struct argument *a = self;
	struct fault why = { 0 };

	if (element_attribute(e, STR("value"))) {
		a->argument.literal = false;
		return true;
	}
	if (!a->expression.len)
		return report_error(b->report, e->where,
				    "Unsupported arg type. value or expression attribute "
				    "required");
	a->argument.is_json_path = a->evaluator == 1 ||
				   str_starts(a->expression, STR("json-eval(")) ||
				   str_starts(a->expression, STR("${"));
	if (a->evaluator == 0) {
		a->argument.expression = b->expr(b, a->expression, FORM_EXPR, e);
		return a->argument.expression != NULL;
	}
	a->argument.expression = expr_compile_json(a->expression, b->arena, &why);
	return a->argument.expression ||
	       report_error(b->report, e->where, "expression=\"" STR_FMT "\": %s",
			    STR_ARG(a->expression), why.text);
}

static const struct schema argument_schema = {
	.element = "arg",
	.doc = "An argument of the template.",
	.size = sizeof(struct argument),
	.fields = argument_fields,
	.check = check_argument,
};

/* clang-format off */
static const struct field arguments_fields[] = {
	{ CHILD_LIST(struct arguments, list, "arg"), .schema = &argument_schema,
	  .doc = "The first is $1." },
	{ NULL },
};

static const struct schema arguments_schema = {
	.element = "args", .doc = "The arguments of the template.",
	.size = sizeof(struct arguments), .fields = arguments_fields,
};

static const struct field fields[] = {
	{ ATTR_CHOICE(struct payload_factory, media, "media-type"),
	  .choices = media_names, .fallback = "xml", .doc = "What the payload is." },
	{ ATTR_CHOICE(struct payload_factory, template_type, "template-type"),
	  .any_case = true, .choices = template_types, .fallback = "default",
	  .doc = "The language of the template." },
	{ ATTR_BOOL(struct payload_factory, escape_controls, "escapeXmlChars"),
	  .doc = "Line ends and tabs of JSON that goes in are written as \\n, \\t." },
	{ CHILD_ONE(struct payload_factory, format, "format", struct format),
	  .schema = &format_schema, .required = true,
	  .complaint = "format element of payloadFactoryMediator is required",
	  .doc = "The template." },
	{ CHILD_ONE(struct payload_factory, arguments, "args", struct arguments),
	  .schema = &arguments_schema, .doc = "What $1, $2 … are." },
	{ NULL },
};
/* clang-format on */

static struct str namespace_of(const void *element, struct str prefix)
{
	return element_namespace(element, prefix);
}

static bool read_template(struct payload_factory *p, const struct element *e,
			  struct binder *b)
{
	const struct element *format = element_child(e, STR("format"));
	const struct expr_scope scope = { namespace_of, format };
	struct fault why = { 0 };
	struct str text = p->format->text;

	if (p->media == MEDIA_XML && p->format->element)
		text = element_text(p->format->element, b->arena);
	if (factory_read(&p->factory, text, &scope, b->arena, &why))
		return true;
	return report_error(b->report, format->where, "%s", why.text);
}

static void gather_arguments(struct payload_factory *p)
{
	if (!p->arguments)
		return;
	p->filled.at = (const struct factory_argument *const *)p->arguments->list.at;
	p->filled.count = p->arguments->list.count;
	for (unsigned i = 0; i < p->filled.count; i++)
		mediator_needs_for(&p->node, p->filled.at[i]->expression);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct payload_factory *p = self;

	if (p->template_type == 1)
		return report_error(b->report, e->where,
				    "template-type=\"freemarker\" is not known here; "
				    "write the format with $1 or ${} instead");
	gather_arguments(p);
	if (p->format->key)
		mediator_needs(&p->node, NEEDS_TREE); /* who knows what is in it */
	else if (!read_template(p, e, b))
		return false;
	mediator_needs(&p->node, p->factory.needs);
	return true;
}

static const struct schema schema = {
	.element = "payloadFactory",
	.doc = "Makes a new payload from a template.",
	.size = sizeof(struct payload_factory),
	.fields = fields,
	.check = check,
};

static struct str first_element(struct str text, struct arena *a, struct fault *why)
{
	const char *padded = arena_printf(a, "<pfPadding>" STR_FMT "</pfPadding>",
					  STR_ARG(text));
	struct xml_tree *tree = xml_parse(str_of(padded), SOAP_11, a, why);
	const struct xml_node *first = tree ? xml_first_child(xml_payload(tree)) : NULL;

	return first ? xml_text(first, a) : (struct str){ 0 };
}

/* Several elements: the first is the payload, as in the original. */
static bool set_xml(struct message *m, struct str text, struct fault *why)
{
	struct str first;

	if (content_set_xml(m, text, why))
		return true;
	first = first_element(text, m->arena, why);
	return first.len && content_set_xml(m, first, why);
}

static bool is_xml_type(struct message *m)
{
	const struct str type = value_text(
		message_property(m, SCOPE_AXIS2, STR("messageType")), m->arena);

	return str_eq(type, STR("application/xml")) || str_eq(type, STR("text/xml")) ||
	       str_eq(type, STR("application/soap+xml"));
}

static enum flow set_payload(const struct payload_factory *p, struct exchange *x,
			     struct str text)
{
	struct message *m = &x->message;
	struct fault why = { 0 };
	const struct json *json;

	switch ((enum media)p->media) {
	case MEDIA_XML:
		if (!set_xml(m, text, &why))
			return mediator_fault(
				x, logger,
				"Error creating SOAP Envelope from source " STR_FMT,
				STR_ARG(text));
		if (!is_xml_type(m))
			content_set_type(m, STR("application/xml"));
		break;
	case MEDIA_JSON:
		json = json_parse(text, m->arena, &why);
		if (!json)
			return mediator_fault(
				x, logger,
				"Error creating JSON Payload from source " STR_FMT,
				STR_ARG(text));
		content_set_json(m, json);
		content_set_type(m, STR("application/json"));
		break;
	case MEDIA_TEXT:
		content_set_text(m, text);
		content_set_type(m, STR("text/plain"));
		break;
	}
	message_remove_property(m, SCOPE_AXIS2, STR("NO_ENTITY_BODY"));
	return FLOW_DONE;
}

/* The template of a local entry, read anew: it may be computed. */
static enum flow find_template(const struct payload_factory *p, struct exchange *x,
			       struct factory *own)
{
	const struct surroundings *around = x->message.around;
	struct fault why = { 0 };
	struct value entry;
	struct str key;

	exchange_find(x, p->format->key, &key);
	entry = around->local_entry ? around->local_entry(around->ctx, key, &x->arena)
				    : VALUE_NONE;
	if (entry.kind == VALUE_NULL)
		return mediator_fault(x, logger, "Key " STR_FMT " not found ",
				      STR_ARG(key));
	if (!factory_read(own, str_trim(value_text(entry, &x->arena)), NULL, &x->arena,
			  &why))
		return exchange_fault_with(x, &why);
	return FLOW_DONE;
}

static enum flow fill(const struct payload_factory *p, const struct factory *template,
		      struct exchange *x, struct str *text)
{
	struct fault why = { 0 };
	struct buf buf;
	bool mismatch, good;

	buf_init(&buf, PAYLOAD_MOST);
	good = factory_fill(template, &p->filled, (enum media)p->media,
			    p->escape_controls, &x->message, &buf, &mismatch, &why);
	*text = arena_copy(&x->arena, str_trim(buf_str(&buf)));
	buf_release(&buf);
	if (mismatch)
		mediator_say(x, LOG_ERROR, logger,
			     "#replace. Mis-match detected between number of formatters "
			     "and arguments");
	return good ? FLOW_DONE : exchange_fault_with(x, &why);
}

static enum flow make_payload(const struct node *n, struct exchange *x, void *state)
{
	const struct payload_factory *p = (const struct payload_factory *)n;
	struct factory own = p->factory;
	struct str text;

	(void)state;
	if (p->format->key && find_template(p, x, &own) == FLOW_FAULT)
		return FLOW_FAULT;
	if (fill(p, &own, x, &text) == FLOW_FAULT)
		return FLOW_FAULT;
	return set_payload(p, x, text);
}

const struct node_type payloadFactory_mediator = {
	.name = "payloadFactory",
	.brief = "Makes a new payload from a template.",
	.schema = &schema,
	.run = make_payload,
};
