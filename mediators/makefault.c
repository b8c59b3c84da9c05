/*
 * # makefault
 *
 * Makes the message a SOAP fault, or with version pox a plain <Exception>. When it is
 * sent back, the status is 500 unless HTTP_SC says another.
 *
 *	<makefault version="soap11" response="true">
 *	    <code xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" value="s:Client"/>
 *	    <reason expression="fn:concat('no symbol ', $ctx:symbol)"/>
 *	    <detail>ask again</detail>
 *	</makefault>
 */
#include "common.h"
#include "mediators.h"
#include "message/content.h"

enum version { FAULT_SOAP11, FAULT_SOAP12, FAULT_POX };

static const char *const versions[] = { "soap11", "soap12", "pox", NULL };

static const char *const namespaces[] = {
	"http://schemas.xmlsoap.org/soap/envelope/",
	"http://www.w3.org/2003/05/soap-envelope",
};

struct said {
	struct str value, text;
	const struct expr *expression;
	const struct element *element;
	struct str markup;
	struct str local; /* of a code: without its prefix */
};

struct make_fault {
	struct node node;
	unsigned version;
	bool response, has_response;
	struct said *code, *reason, *detail;
	struct str role, place;
};

/* clang-format off */
static const struct field said_fields[] = {
	{ ATTR_STR(struct said, value, "value"), .doc = "A constant." },
	{ ATTR_EXPR(struct said, expression, "expression"),
	  .doc = "What is taken from the message." },
	{ NULL },
};

static const struct field detail_fields[] = {
	{ ATTR_EXPR(struct said, expression, "expression"),
	  .doc = "What is taken from the message." },
	{ TEXT_STR(struct said, text), .doc = "A constant." },
	{ CONTENT_XML(struct said, element), .doc = "... as XML." },
	{ NULL },
};
/* clang-format on */

static bool check_said(void *self, const struct element *e, struct binder *b)
{
	const struct said *said = self;

	if (said->value.len || said->expression)
		return true;
	return report_error(b->report, e->where,
			    "A 'value' or 'expression' attribute must specify the fault "
			    "%s",
			    str_eq(e->name, STR("code")) ? "code" : "reason");
}

static bool check_detail(void *self, const struct element *e, struct binder *b)
{
	struct said *said = self;

	(void)e;
	said->value = said->text;
	if (said->element)
		said->markup = element_text(said->element, b->arena);
	return true;
}

static const struct schema code_schema = {
	.element = "code",
	.doc = "Whose fault it is.",
	.size = sizeof(struct said),
	.fields = said_fields,
	.check = check_said,
};

static const struct schema reason_schema = {
	.element = "reason",
	.doc = "What went wrong, for people.",
	.size = sizeof(struct said),
	.fields = said_fields,
	.check = check_said,
};

static const struct schema detail_schema = {
	.element = "detail",
	.doc = "More about it.",
	.size = sizeof(struct said),
	.fields = detail_fields,
	.check = check_detail,
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_CHOICE(struct make_fault, version, "version"), .choices = versions,
	  .fallback = "soap11", .wrong = "Invalid SOAP version",
	  .doc = "Of the fault; pox is none of SOAP." },
	{ ATTR_BOOL(struct make_fault, response, "response"),
	  .doc = "Whether it is a response from now on." },
	{ CHILD_ONE(struct make_fault, code, "code", struct said),
	  .schema = &code_schema, .doc = "Whose fault it is." },
	{ CHILD_ONE(struct make_fault, reason, "reason", struct said),
	  .schema = &reason_schema, .doc = "What went wrong." },
	{ CHILD_ONE(struct make_fault, detail, "detail", struct said),
	  .schema = &detail_schema, .doc = "More about it." },
	{ CHILD_STR(struct make_fault, place, "node"), .doc = "The URI of who failed." },
	{ CHILD_STR(struct make_fault, role, "role"), .doc = "The URI of its role." },
	{ NULL },
};
/* clang-format on */

static const char *const codes[][6] = {
	{ "Client", "Server", "VersionMismatch", "MustUnderstand", NULL },
	{ "Sender", "Receiver", "VersionMismatch", "MustUnderstand",
	  "DataEncodingUnknown", NULL },
};

static bool check_code(struct make_fault *f, const struct element *e, struct binder *b)
{
	const struct str value = f->code->value;
	const size_t colon = str_find(value, ':');
	const struct str ns = element_namespace(element_child(e, STR("code")),
						str_first(value, colon));

	f->code->local = str_from(value, colon + 1);
	if (!value.len)
		return true;
	if (!str_eq(ns, str_of(namespaces[f->version])))
		return report_error(b->report, e->where,
				    "Invalid namespace prefix '" STR_FMT "' in code "
				    "attribute",
				    STR_ARG(str_first(value, colon)));
	for (const char *const *code = codes[f->version]; *code; code++)
		if (str_eq(f->code->local, str_of(*code)))
			return true;
	return report_error(b->report, e->where,
			    "code value=\"" STR_FMT "\" is no fault code of %s",
			    STR_ARG(value), versions[f->version]);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct make_fault *f = self;

	f->has_response = element_attribute(e, STR("response")) != NULL;
	if (!f->reason && f->version != FAULT_POX)
		return report_error(b->report, e->where,
				    "The fault reason is a required attribute for the "
				    "makefault mediator unless it is a pox fault");
	if (!f->code && f->version != FAULT_POX)
		return report_error(b->report, e->where,
				    "The fault code is a required attribute for the "
				    "makefault mediator unless it is a pox fault");
	return f->version == FAULT_POX || check_code(f, e, b);
}

static const struct schema schema = {
	.element = "makefault",
	.doc = "Makes the message a SOAP fault.",
	.size = sizeof(struct make_fault),
	.fields = fields,
	.check = check,
};

static bool text_of(const struct said *said, struct message *m, struct str *text,
		    struct fault *why)
{
	*text = said ? said->value : STR("");
	return !said || !said->expression ||
	       expr_text(said->expression, m, text, NULL, why);
}

/* What a fault says, once it is worked out. */
struct words {
	struct str code, reason, detail;
};

static bool find_words(const struct make_fault *f, struct message *m, struct words *w,
		       struct fault *why)
{
	if (!text_of(f->code, m, &w->code, why) ||
	    !text_of(f->reason, m, &w->reason, why) ||
	    !text_of(f->detail, m, &w->detail, why))
		return false;
	w->code = str_from(w->code, str_find(w->code, ':') + 1);
	if (f->code && f->code->local.len)
		w->code = f->code->local;
	if (f->detail && f->detail->markup.len)
		w->detail = f->detail->markup;
	return true;
}

static void tag(struct buf *to, const char *name, struct str text)
{
	if (!text.len)
		return;
	buf_printf(to, "<%s>", name);
	xml_escape(text, to);
	buf_printf(to, "</%s>", name);
}

static void detail_tag(struct buf *to, const char *name, const struct make_fault *f,
		       struct str text)
{
	if (!f->detail || !f->detail->markup.len) {
		tag(to, name, text);
		return;
	}
	buf_printf(to, "<%s>", name);
	buf_add(to, text);
	buf_printf(to, "</%s>", name);
}

static void write_soap11(const struct make_fault *f, const struct words *w,
			 struct buf *to)
{
	buf_printf(to, "<soapenv:Fault><faultcode>soapenv:" STR_FMT "</faultcode>",
		   STR_ARG(w->code));
	tag(to, "faultstring", w->reason);
	tag(to, "faultactor", f->role);
	detail_tag(to, "detail", f, w->detail);
	buf_add(to, STR("</soapenv:Fault>"));
}

static void write_soap12(const struct make_fault *f, const struct words *w,
			 struct buf *to)
{
	buf_printf(to,
		   "<soapenv:Fault><soapenv:Code><soapenv:Value>soapenv:" STR_FMT
		   "</soapenv:Value></soapenv:Code><soapenv:Reason>"
		   "<soapenv:Text xml:lang=\"en-US\">",
		   STR_ARG(w->code));
	xml_escape(w->reason, to);
	buf_add(to, STR("</soapenv:Text></soapenv:Reason>"));
	tag(to, "soapenv:Node", f->place);
	tag(to, "soapenv:Role", f->role);
	detail_tag(to, "soapenv:Detail", f, w->detail);
	buf_add(to, STR("</soapenv:Fault>"));
}

static void write_fault(const struct make_fault *f, const struct words *w, struct buf *to)
{
	if (f->version == FAULT_POX) {
		tag(to, "Exception", w->detail.len ? w->detail : w->reason);
		return;
	}
	buf_printf(to, "<soapenv:Envelope xmlns:soapenv=\"%s\"><soapenv:Body>",
		   namespaces[f->version]);
	if (f->version == FAULT_SOAP11)
		write_soap11(f, w, to);
	else
		write_soap12(f, w, to);
	buf_add(to, STR("</soapenv:Body></soapenv:Envelope>"));
}

static void set_status(struct message *m)
{
	const struct value quiet = message_property(m, SCOPE_AXIS2,
						    STR("FAULTS_AS_HTTP_200"));
	const struct value status = message_property(m, SCOPE_AXIS2, STR("HTTP_SC"));

	if (status.kind == VALUE_NULL && quiet.kind == VALUE_NULL)
		message_set_property(m, SCOPE_AXIS2, STR("HTTP_SC"), value_int(500));
	message_remove_property(m, SCOPE_AXIS2, STR("NO_ENTITY_BODY"));
}

static enum flow make(const struct node *n, struct exchange *x, void *state)
{
	const struct make_fault *f = (const struct make_fault *)n;
	struct message *m = &x->message;
	struct fault why = { 0 };
	struct words words;
	struct buf text;
	bool good;

	(void)state;
	if (!find_words(f, m, &words, &why))
		return exchange_fault_with(x, &why);
	buf_init(&text, 16 << 20);
	write_fault(f, &words, &text);
	good = content_set_xml(m, arena_copy(&x->arena, buf_str(&text)), &why);
	buf_release(&text);
	if (!good)
		return exchange_fault_with(x, &why);
	if (message_property(m, SCOPE_AXIS2, STR("messageType")).kind == VALUE_NULL)
		content_set_type(m, f->version == FAULT_POX ? STR("application/xml")
							    : STR("text/xml"));
	m->to = STR("");
	if (f->has_response)
		m->is_response = f->response;
	set_status(m);
	return FLOW_DONE;
}

const struct node_type makefault_mediator = {
	.name = "makefault",
	.brief = "Makes the message a SOAP fault.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.run = make,
};
