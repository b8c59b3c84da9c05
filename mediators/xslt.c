/*
 * # xslt
 *
 * Transforms the payload, or an element of it, with an XSLT 1.0 stylesheet of a local
 * entry. Properties are the stylesheet's parameters.
 *
 *	<xslt key="orders-to-invoice">
 *	    <property name="currency" value="EUR"/>
 *	</xslt>
 *
 * The stylesheet can neither read nor write files, nor reach the network.
 */
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include "common.h"
#include "mediators.h"
#include "message/content.h"

static const char logger[] = "org.apache.synapse.mediators.transform.XSLTMediator";

struct parameter {
	struct str name, value;
	const struct expr *expression;
};

struct xslt {
	struct node node;
	struct ref *key;
	const struct expr *source;
	struct items parameters;
};

/* clang-format off */
static const struct field parameter_fields[] = {
	{ ATTR_STR(struct parameter, name, "name"), .required = true,
	  .doc = "Of the stylesheet's parameter." },
	{ ATTR_STR(struct parameter, value, "value"), .doc = "A constant." },
	{ ATTR_EXPR(struct parameter, expression, "expression"),
	  .doc = "What is taken from the message." },
	{ NULL },
};

static const struct schema parameter_schema = {
	.element = "property", .doc = "A parameter of the stylesheet.",
	.size = sizeof(struct parameter), .fields = parameter_fields,
};

static const struct field fields[] = {
	{ ATTR_REF(struct xslt, key, "key"), .refers = REF_LOCAL_ENTRY, .required = true,
	  .complaint = "The 'key' attribute is required for the XSLT mediator",
	  .doc = "The local entry with the stylesheet." },
	{ ATTR_EXPR(struct xslt, source, "source"),
	  .doc = "The element to transform; without it, the payload." },
	{ CHILD_LIST(struct xslt, parameters, "property"), .schema = &parameter_schema,
	  .doc = "A parameter of the stylesheet." },
	{ ATTR_IGNORED("useCache") },
	{ CHILD_IGNORED("feature") },
	{ CHILD_IGNORED("attribute") },
	{ NULL },
};

static const struct schema schema = {
	.element = "xslt",
	.doc = "Transforms the payload with a stylesheet.",
	.size = sizeof(struct xslt),
	.fields = fields,
};
/* clang-format on */

static void ignore(void *ctx, const char *format, ...)
{
	(void)ctx;
	(void)format;
}

static void free_stylesheet(void *stylesheet)
{
	xsltFreeStylesheet(stylesheet);
}

static xsltStylesheet *parse_stylesheet(struct str text, struct arena *a)
{
	xmlDoc *doc = xmlReadMemory(text.at, (int)text.len, "stylesheet", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR |
					    XML_PARSE_NOWARNING);
	xsltStylesheet *stylesheet;

	if (!doc)
		return NULL;
	xsltSetGenericErrorFunc(NULL, ignore);
	stylesheet = xsltParseStylesheetDoc(doc);
	if (stylesheet)
		arena_on_release(a, free_stylesheet, stylesheet);
	else
		xmlFreeDoc(doc);
	return stylesheet;
}

static enum flow find_stylesheet(const struct xslt *t, struct exchange *x,
				 xsltStylesheet **stylesheet)
{
	const struct surroundings *around = x->message.around;
	struct value entry;
	struct str key;

	exchange_find(x, t->key, &key);
	entry = around->local_entry(around->ctx, key, &x->arena);
	if (entry.kind != VALUE_NULL)
		*stylesheet = parse_stylesheet(str_trim(value_text(entry, &x->arena)),
					       &x->arena);
	if (entry.kind != VALUE_NULL && *stylesheet)
		return FLOW_DONE;
	return mediator_fault(x, logger,
			      "Unable to perform XSLT transformation using : Value "
			      "{name ='null', keyValue ='" STR_FMT "'} reason : %s",
			      STR_ARG(key),
			      entry.kind == VALUE_NULL ? "there is no such entry"
						       : "it is no stylesheet");
}

static const char **find_parameters(const struct xslt *t, struct exchange *x,
				    struct fault *why)
{
	const char **list = arena_alloc(&x->arena,
					(t->parameters.count * 2 + 1) * sizeof(*list));

	for (unsigned i = 0; i < t->parameters.count; i++) {
		const struct parameter *p = t->parameters.at[i];
		struct str value = p->value;

		if (p->expression &&
		    !expr_text(p->expression, &x->message, &value, NULL, why))
			return NULL;
		list[2 * i] = arena_copy(&x->arena, p->name).at;
		list[2 * i + 1] = arena_copy(&x->arena, value).at;
	}
	return list;
}

static const struct xml_node *find_source(const struct xslt *t, struct exchange *x,
					  struct fault *why)
{
	struct xml_tree *tree = content_edit_xml(&x->message, why);
	struct value v = VALUE_NONE;

	if (!tree)
		return NULL;
	if (!t->source)
		return xml_payload(tree);
	if (!expr_eval(t->source, &x->message, &v, why) || v.kind != VALUE_XML ||
	    !v.xml->count || !xml_is_element(v.xml->at[0]))
		return NULL;
	return v.xml->at[0];
}

static bool forbid_all(xsltSecurityPrefs *prefs)
{
	static const xsltSecurityOption options[] = {
		XSLT_SECPREF_READ_FILE,        XSLT_SECPREF_WRITE_FILE,
		XSLT_SECPREF_READ_NETWORK,     XSLT_SECPREF_WRITE_NETWORK,
		XSLT_SECPREF_CREATE_DIRECTORY,
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (xsltSetSecurityPrefs(prefs, options[i], xsltSecurityForbid) != 0)
			return false;
	return true;
}

/* NULL: it failed. The caller frees it. */
static xmlDoc *run_stylesheet(xsltStylesheet *stylesheet, xmlDoc *source,
			      const char **parameters)
{
	xsltSecurityPrefs *prefs = xsltNewSecurityPrefs();
	xsltTransformContext *context = xsltNewTransformContext(stylesheet, source);
	xmlDoc *result = NULL;

	if (prefs && context && forbid_all(prefs) &&
	    xsltSetCtxtSecurityPrefs(prefs, context) == 0) {
		xsltSetTransformErrorFunc(context, NULL, ignore);
		xsltQuoteUserParams(context, parameters);
		result = xsltApplyStylesheetUser(stylesheet, source, NULL, NULL, NULL,
						 context);
		if (result && context->state != XSLT_STATE_OK) {
			xmlFreeDoc(result);
			result = NULL;
		}
	}
	xsltFreeTransformContext(context);
	xsltFreeSecurityPrefs(prefs);
	return result;
}

static struct str result_text(xmlDoc *result, xsltStylesheet *stylesheet, struct arena *a)
{
	xmlChar *text = NULL;
	int len = 0;
	struct str copy = { 0 };

	if (xsltSaveResultToString(&text, &len, result, stylesheet) == 0 && text)
		copy = arena_copy(a, (struct str){ (const char *)text, (size_t)len });
	xmlFree(text);
	return copy;
}

static bool transform(const struct xml_node *source, xsltStylesheet *stylesheet,
		      const char **parameters, struct arena *a, struct str *text)
{
	const struct str xml = xml_text(source, a);
	xmlDoc *doc = xmlReadMemory(xml.at, (int)xml.len, "payload", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR |
					    XML_PARSE_NOWARNING);
	xmlDoc *result = doc ? run_stylesheet(stylesheet, doc, parameters) : NULL;

	if (result)
		*text = result_text(result, stylesheet, a);
	xmlFreeDoc(result);
	xmlFreeDoc(doc);
	return result;
}

/* The result takes the place of what was transformed; text becomes a text payload. */
static enum flow put(const struct xslt *t, struct exchange *x,
		     const struct xml_node *source, struct str text)
{
	struct fault why = { 0 };
	struct xml_tree *tree = xml_parse(str_trim(text), SOAP_11, &x->arena, &why);
	struct xml_node *place = (struct xml_node *)source;

	if (!tree) {
		content_set_text(&x->message, text);
		return FLOW_DONE;
	}
	if (t->source) {
		xml_add_before(place, xml_payload(tree));
		xml_remove(place);
		return FLOW_DONE;
	}
	return content_set_xml(&x->message, xml_text(xml_payload(tree), &x->arena), &why)
		       ? FLOW_DONE
		       : exchange_fault_with(x, &why);
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	const struct xslt *t = (const struct xslt *)n;
	xsltStylesheet *stylesheet = NULL;
	struct fault why = { 0 };
	const char **parameters;
	const struct xml_node *source;
	struct str text = { 0 };

	(void)state;
	if (find_stylesheet(t, x, &stylesheet) == FLOW_FAULT)
		return FLOW_FAULT;
	parameters = find_parameters(t, x, &why);
	source = parameters ? find_source(t, x, &why) : NULL;
	if (why.text)
		return exchange_fault_with(x, &why);
	if (source && transform(source, stylesheet, parameters, &x->arena, &text))
		return put(t, x, source, text);
	return mediator_fault(x, logger,
			      "Unable to perform XSLT transformation using : Value "
			      "{name ='null', keyValue ='" STR_FMT "'} reason : %s",
			      STR_ARG(t->key->key),
			      source ? "the stylesheet failed" : "nothing to transform");
}

const struct node_type xslt_mediator = {
	.name = "xslt",
	.brief = "Transforms the payload with a stylesheet.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.run = run,
};
