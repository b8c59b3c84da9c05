#include "message/xml_priv.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>

/*
 * A parser context is reused, a thread's own. Its dictionary of names only grows,
 * so that the context is thrown away when others have filled it with names.
 */
enum { MOST_NAMES = 4096 };

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
	xmlFreeParserCtxt(context);
}

static void start(void)
{
	xmlInitParser();
	xmlParserMaxDepth = 255; /* libxml2 lets one level more through than it says */
	pthread_key_create(&key, free_context);
}

/* A document type is where entities come from: we stop there. */
static void refuse_doctype(void *context, const xmlChar *name, const xmlChar *external,
			   const xmlChar *system)
{
	xmlParserCtxt *ctxt = context;

	(void)name;
	(void)external;
	(void)system;
	ctxt->_private = ctxt;
	xmlStopParser(ctxt);
}

static xmlParserCtxt *parser(void)
{
	xmlParserCtxt *ctxt;

	pthread_once(&once, start);
	ctxt = pthread_getspecific(key);
	if (ctxt && xmlDictSize(ctxt->dict) > MOST_NAMES) {
		xmlFreeParserCtxt(ctxt);
		ctxt = NULL;
	}
	if (!ctxt) {
		ctxt = xmlNewParserCtxt();
		ctxt->sax->internalSubset = refuse_doctype;
		pthread_setspecific(key, ctxt);
	}
	ctxt->_private = NULL;
	return ctxt;
}

void xml_parser_forget(void)
{
	pthread_once(&once, start);
	if (!pthread_getspecific(key))
		return;
	xmlFreeParserCtxt(pthread_getspecific(key));
	pthread_setspecific(key, NULL);
}

static const char *complaint(const xmlParserCtxt *ctxt, struct arena *a)
{
	const xmlError *error = xmlCtxtGetLastError((void *)(uintptr_t)ctxt);
	struct str text;

	if (ctxt->_private)
		return "a document type declaration is not allowed";
	if (!error || !error->message)
		return "it is no well-formed XML";
	text = str_trim(str_of(error->message));
	if (str_starts(text, STR("Excessive depth")))
		return "nested deeper than 256";
	return arena_copy(a, text).at;
}

static xmlDoc *read_text(struct str text, struct arena *a, struct fault *why)
{
	static const int options = XML_PARSE_NONET | XML_PARSE_NOERROR |
				   XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
				   XML_PARSE_BIG_LINES;
	xmlParserCtxt *ctxt = parser();
	xmlDoc *doc = NULL;

	if (text.len && text.len < INT32_MAX)
		doc = xmlCtxtReadMemory(ctxt, text.at, (int)text.len, NULL, NULL,
					options);
	if (doc && !ctxt->_private && xmlDocGetRootElement(doc))
		return doc;
	if (why)
		*why = (struct fault){
			.code = FAULT_BUILDING,
			.text = text.len ? complaint(ctxt, a) : "there is no text at all",
			.where = { NULL, (unsigned)ctxt->lastError.line },
		};
	xmlFreeDoc(doc);
	return NULL;
}

static void free_doc(void *doc)
{
	xmlFreeDoc(doc);
}

static struct xml_tree *keep(xmlDoc *doc, struct arena *a)
{
	arena_on_release(a, free_doc, doc);
	return (struct xml_tree *)doc;
}

static const xmlChar *soap_namespace(enum soap_version version)
{
	return BAD_CAST(version == SOAP_12 ? SOAP_12_NS : SOAP_11_NS);
}

/* An Envelope with an empty Body as the root; the old root is not part of it. */
static xmlNode *put_envelope(xmlDoc *doc, enum soap_version version)
{
	xmlNode *envelope = xmlNewDocNode(doc, NULL, BAD_CAST "Envelope", NULL);
	xmlNs *ns = xmlNewNs(envelope, soap_namespace(version), BAD_CAST "soapenv");

	xmlSetNs(envelope, ns);
	xmlDocSetRootElement(doc, envelope);
	return xmlNewChild(envelope, ns, BAD_CAST "Body", NULL);
}

static bool is_soap(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && n->ns && n->ns->href &&
	       xmlStrEqual(n->name, BAD_CAST name) &&
	       (xmlStrEqual(n->ns->href, BAD_CAST SOAP_11_NS) ||
		xmlStrEqual(n->ns->href, BAD_CAST SOAP_12_NS));
}

static xmlNode *soap_child(const xmlNode *envelope, const char *name)
{
	for (xmlNode *n = envelope->children; n; n = n->next)
		if (is_soap(n, name))
			return n;
	return NULL;
}

struct xml_tree *xml_parse(struct str text, enum soap_version around, struct arena *a,
			   struct fault *why)
{
	xmlDoc *doc = read_text(text, a, why);
	xmlNode *root;

	if (!doc)
		return NULL;
	root = xmlDocGetRootElement(doc);
	if (!is_soap(root, "Envelope")) {
		xmlNode *body = put_envelope(doc, around == SOAP_NONE ? SOAP_11 : around);

		xmlAddChild(body, root);
	} else if (!soap_child(root, "Body")) {
		xmlNewChild(root, root->ns, BAD_CAST "Body", NULL);
	}
	return keep(doc, a);
}

struct xml_tree *xml_empty(enum soap_version version, struct arena *a)
{
	xmlDoc *doc = xmlNewDoc(BAD_CAST "1.0");

	put_envelope(doc, version);
	return keep(doc, a);
}

struct xml_tree *xml_copy(const struct xml_tree *t, struct arena *a)
{
	return keep(xmlCopyDoc(doc_of(t), 1), a);
}

static xmlNode *copied_root(xmlDoc *doc, const xmlNode *n)
{
	xmlNode *copy = xmlDocCopyNode((xmlNode *)(uintptr_t)n, doc, 1);

	xmlDocSetRootElement(doc, copy);
	return copy;
}

/* Attributes and texts need an element to stand in. */
struct xml_node *xml_copy_node(const struct xml_node *n, struct arena *a)
{
	xmlDoc *doc = xmlNewDoc(BAD_CAST "1.0");
	const xmlNode *from = node_of(n);

	keep(doc, a);
	if (from->type == XML_DOCUMENT_NODE)
		from = xmlDocGetRootElement((xmlDoc *)node_of(n));
	if (from->type == XML_ELEMENT_NODE)
		return our_node(copied_root(doc, from));

	xmlNode *holder = xmlNewDocNode(doc, NULL, BAD_CAST "text", NULL);
	const struct str text = xml_own_text(n, a);

	xmlDocSetRootElement(doc, holder);
	xml_add_text(our_node(holder), text);
	return our_node(holder->children ? holder->children : holder);
}

enum soap_version xml_soap_version(const struct xml_tree *t)
{
	const xmlNode *root = xmlDocGetRootElement(doc_of(t));

	return xmlStrEqual(root->ns->href, BAD_CAST SOAP_12_NS) ? SOAP_12 : SOAP_11;
}

struct xml_node *xml_envelope(const struct xml_tree *t)
{
	return our_node(xmlDocGetRootElement(doc_of(t)));
}

struct xml_node *xml_soap_body(const struct xml_tree *t)
{
	return our_node(soap_child(xmlDocGetRootElement(doc_of(t)), "Body"));
}

struct xml_node *xml_soap_header(const struct xml_tree *t)
{
	return our_node(soap_child(xmlDocGetRootElement(doc_of(t)), "Header"));
}

struct xml_node *xml_payload(const struct xml_tree *t)
{
	const struct xml_node *body = xml_soap_body(t);

	return body ? xml_first_child(body) : NULL;
}

struct xml_node *xml_make_soap_header(struct xml_tree *t)
{
	xmlNode *envelope = xmlDocGetRootElement(doc_of(t)), *header;

	if (xml_soap_header(t))
		return xml_soap_header(t);
	header = xmlNewDocNode(doc_of(t), envelope->ns, BAD_CAST "Header", NULL);
	if (envelope->children)
		xmlAddPrevSibling(envelope->children, header);
	else
		xmlAddChild(envelope, header);
	return our_node(header);
}

void xml_set_soap_version(struct xml_tree *t, enum soap_version version)
{
	const xmlNode *envelope = xmlDocGetRootElement(doc_of(t));

	if (version == SOAP_NONE || xml_soap_version(t) == version)
		return;
	xmlFree((xmlChar *)(uintptr_t)envelope->ns->href);
	envelope->ns->href = xmlStrdup(soap_namespace(version));
}
