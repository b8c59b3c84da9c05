/*
 * XPath 1.0 through libxml2, with the variables and functions of Synapse
 * (mediation.md §5.2).
 *
 * An XPath that libxml2 has compiled changes while it is evaluated (it remembers the
 * functions it found), so that it cannot be shared. Each expression has a few: who
 * evaluates takes one out and puts it back, and compiles one more if none is there.
 */
#include <stdatomic.h>

#include <pthread.h>

#include "expr/expr_priv.h"
#include "expr/xpath_priv.h"
#include "message/content.h"

enum { SPARES = 4, MOST_OPERATIONS = 10000000 };

struct xpath {
	struct expr expr;
	struct shortcut shortcut;
	const char *text;
	xmlNs **namespaces;
	int namespace_count;
	_Atomic(xmlXPathCompExpr *) spares[SPARES];
};

/* What each thread keeps for its evaluations. */
struct bench {
	xmlXPathContext *context;
	xmlDoc *empty; /* for expressions that look at no tree */
};

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_bench(void *thing)
{
	struct bench *b = thing;

	xmlXPathFreeContext(b->context);
	xmlFreeDoc(b->empty);
	xmlFree(b);
}

static void make_key(void)
{
	pthread_key_create(&key, free_bench);
}

static void keep_quiet(void *context, xmlError *error)
{
	(void)context;
	(void)error;
}

static void say_nothing(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

static xmlXPathFunction find_function(void *context, const xmlChar *name,
				      const xmlChar *ns)
{
	return xpath_function(context, name, ns != NULL);
}

static xmlXPathObject *find_variable(void *run, const xmlChar *name, const xmlChar *ns);

static struct bench *bench(void)
{
	struct bench *b;

	pthread_once(&once, make_key);
	b = pthread_getspecific(key);
	if (b)
		return b;
	xmlSetGenericErrorFunc(NULL, say_nothing);
	b = xmlMalloc(sizeof(*b));
	b->empty = xmlNewDoc(BAD_CAST "1.0");
	xmlDocSetRootElement(b->empty,
			     xmlNewDocNode(b->empty, NULL, BAD_CAST "none", NULL));
	b->context = xmlXPathNewContext(b->empty);
	b->context->error = keep_quiet;
	b->context->opLimit = MOST_OPERATIONS;
	xmlXPathRegisterFuncLookup(b->context, find_function, b->context);
	pthread_setspecific(key, b);
	return b;
}

struct xpath_run *xpath_run_of(xmlXPathParserContext *ctxt)
{
	return ctxt->context->userData;
}

static xmlXPathObject *node_set(const struct xml_nodes *nodes)
{
	xmlXPathObject *set = xmlXPathNewNodeSet(NULL);

	for (size_t i = 0; i < nodes->count; i++)
		xmlXPathNodeSetAdd(set->nodesetval, (xmlNode *)nodes->at[i]);
	return set;
}

static xmlXPathObject *text_object(struct str s)
{
	xmlChar *chars = xmlStrndup(BAD_CAST(s.len ? s.at : ""), (int)s.len);

	return xmlXPathWrapString(chars);
}

xmlXPathObject *xpath_object(struct value v)
{
	struct arena scratch = { 0 };
	xmlXPathObject *object;

	switch (v.kind) {
	case VALUE_NULL:
		break;
	case VALUE_BOOL:
		return xmlXPathNewBoolean(v.truth);
	case VALUE_INT:
		return xmlXPathNewFloat((double)v.number);
	case VALUE_DOUBLE:
		return xmlXPathNewFloat(v.real);
	case VALUE_STR:
		return text_object(v.text);
	case VALUE_JSON:
		object = text_object(value_text(v, &scratch));
		arena_release(&scratch);
		return object;
	case VALUE_XML:
		return node_set(v.xml);
	}
	return xmlXPathNewNodeSet(NULL);
}

/* $body, $header, $env. */
static xmlXPathObject *tree_variable(struct message *m, struct str name)
{
	struct fault ignored;
	struct xml_tree *t = content_xml(m, &ignored);
	struct xml_node *n = NULL;

	if (t && str_eq(name, STR("body")))
		n = xml_soap_body(t);
	else if (t && str_eq(name, STR("header")))
		n = xml_soap_header(t);
	else if (t && str_eq(name, STR("env")))
		n = xml_envelope(t);
	return n ? xmlXPathNewNodeSet((xmlNode *)n) : NULL;
}

static xmlXPathObject *find_variable(void *data, const xmlChar *name, const xmlChar *ns)
{
	struct xpath_run *run = data;
	struct message *m = run->message;
	const struct str local = arena_copy(m->arena, str_of((const char *)name));
	const struct str prefix = str_of((const char *)ns);
	xmlXPathObject *object = NULL;
	struct value v;

	if (!ns)
		object = tree_variable(m, local);
	else if (xpath_variable(m, prefix, local, &v))
		object = xpath_object(v);
	if (!object && !ns && str_eq(local, STR("header")))
		object = xmlXPathNewNodeSet(NULL);
	if (!object)
		run->complaint = arena_printf(m->arena, "there is no variable $%s%s%s",
					      ns ? (const char *)ns : "", ns ? ":" : "",
					      (const char *)name);
	return object;
}

static xmlXPathCompExpr *compile(xmlXPathContext *context, const char *text)
{
	xmlResetError(&context->lastError);
	return xmlXPathCtxtCompile(context, BAD_CAST text);
}

static xmlXPathCompExpr *take_spare(struct xpath *e)
{
	for (unsigned i = 0; i < SPARES; i++) {
		xmlXPathCompExpr *c = atomic_exchange(&e->spares[i], NULL);

		if (c)
			return c;
	}
	return compile(bench()->context, e->text);
}

static void put_spare(struct xpath *e, xmlXPathCompExpr *c)
{
	for (unsigned i = 0; i < SPARES && c; i++)
		c = atomic_exchange(&e->spares[i], c);
	xmlXPathFreeCompExpr(c);
}

/* Nodes of a result, in the order of the document; namespaces are none of ours. */
static struct value nodes_value(xmlNodeSet *set, struct arena *a)
{
	struct xml_nodes *nodes = arena_new(a, struct xml_nodes);
	const int count = set ? set->nodeNr : 0;

	xmlXPathNodeSetSort(set);
	nodes->at = arena_alloc(a, ((size_t)count + 1) * sizeof(*nodes->at));
	for (int i = 0; i < count; i++)
		if (set->nodeTab[i]->type != XML_NAMESPACE_DECL)
			nodes->at[nodes->count++] = (struct xml_node *)set->nodeTab[i];
	return value_xml(nodes);
}

static struct value value_of(const xmlXPathObject *o, struct arena *a)
{
	if (o->type == XPATH_NODESET)
		return nodes_value(o->nodesetval, a);
	if (o->type == XPATH_BOOLEAN)
		return value_bool(o->boolval);
	if (o->type == XPATH_NUMBER)
		return value_double(o->floatval);
	return value_str(arena_copy(a, str_of((const char *)o->stringval)));
}

/* libxml2 keeps a number and a place, and prints the words for them. */
static const char *words_for(const xmlError *error)
{
	switch (error->code - XML_XPATH_EXPRESSION_OK) {
	case XPATH_UNFINISHED_LITERAL_ERROR:
		return "a text in quotes does not end";
	case XPATH_UNDEF_PREFIX_ERROR:
		return "a prefix is not declared";
	case XPATH_UNKNOWN_FUNC_ERROR:
		return "there is no such function";
	case XPATH_INVALID_ARITY:
		return "a function has too few or too many arguments";
	case XPATH_INVALID_TYPE:
		return "a value is not of the kind that is needed here";
	case XPATH_OP_LIMIT_EXCEEDED:
		return "it takes too many steps";
	case XPATH_RECURSION_LIMIT_EXCEEDED:
		return "it is nested too deeply";
	default:
		return "it is not well formed";
	}
}

static bool complain(const struct xpath *e, const struct xpath_run *run,
		     const xmlXPathContext *context, struct fault *why)
{
	const char *detail = run->complaint;
	struct arena *a = run->message->arena;

	if (!detail)
		detail = words_for(&context->lastError);
	expr_fail(why, a, "Evaluation of the XPath expression %s resulted in an error",
		  e->text);
	if (why)
		why->detail = arena_printf(a, "%s: %s", why->text, detail);
	return false;
}

/* Where it starts: the Envelope, if it looks at a tree. False: *why. */
static bool place(const struct xpath *e, struct message *m, struct bench *b,
		  struct fault *why)
{
	const struct xml_tree *t;

	b->context->doc = b->empty;
	b->context->node = xmlDocGetRootElement(b->empty);
	if (e->expr.needs == NEEDS_NOTHING)
		return true;
	t = content_xml(m, why);
	if (!t)
		return false;
	b->context->doc = (xmlDoc *)(uintptr_t)t;
	b->context->node = (xmlNode *)xml_envelope(t);
	return true;
}

static bool evaluate(const struct xpath *e, struct message *m, struct value *v,
		     struct fault *why)
{
	struct bench *b = bench();
	xmlXPathContext *context = b->context;
	struct xpath_run run = { .message = m };
	xmlXPathCompExpr *compiled;
	xmlXPathObject *object;

	if (!place(e, m, b, why))
		return false;
	compiled = take_spare((struct xpath *)(uintptr_t)e);
	context->namespaces = e->namespaces;
	context->nsNr = e->namespace_count;
	context->userData = &run;
	xmlXPathRegisterVariableLookup(context, find_variable, &run);
	context->opCount = 0;
	xmlResetError(&context->lastError);
	object = xmlXPathCompiledEval(compiled, context);
	put_spare((struct xpath *)(uintptr_t)e, compiled);
	context->namespaces = NULL;
	context->nsNr = 0;
	if (!object || run.complaint) {
		xmlXPathFreeObject(object);
		return complain(e, &run, context, why);
	}
	*v = value_of(object, m->arena);
	xmlXPathFreeObject(object);
	return true;
}

static bool eval(const struct expr *expr, struct message *m, struct value *v,
		 struct fault *why)
{
	const struct xpath *e = (const struct xpath *)expr;
	const struct shortcut *s = &e->shortcut;

	switch (s->kind) {
	case SHORTCUT_LITERAL:
		*v = value_str(s->first);
		return true;
	case SHORTCUT_VARIABLE:
		if (xpath_variable(m, s->first, s->second, v))
			return true;
		break;
	case SHORTCUT_PROPERTY:
		*v = xpath_get_property(m, s->has_first, s->first, s->second);
		return true;
	case SHORTCUT_NONE:
		break;
	}
	return evaluate(e, m, v, why);
}

/* XPath's boolean(), not Java's parseBoolean(): the text "false" is true. */
static bool truth(const struct expr *e, struct message *m, bool *b, struct fault *why)
{
	struct value v;

	*b = false;
	if (!eval(e, m, &v, why))
		return false;
	switch (v.kind) {
	case VALUE_NULL:
		break;
	case VALUE_BOOL:
		*b = v.truth;
		break;
	case VALUE_INT:
		*b = v.number != 0;
		break;
	case VALUE_DOUBLE:
		*b = v.real < 0 || v.real > 0;
		break;
	case VALUE_STR:
	case VALUE_JSON:
		*b = value_text(v, m->arena).len > 0;
		break;
	case VALUE_XML:
		*b = v.xml->count > 0;
		break;
	}
	return true;
}

static const struct expr_ops ops = { eval, NULL, truth };

static xmlNs *new_namespace(struct str prefix, struct str uri, struct arena *a)
{
	xmlNs *ns = arena_new(a, xmlNs);

	ns->type = XML_NAMESPACE_DECL;
	ns->prefix = BAD_CAST arena_copy(a, prefix).at;
	ns->href = BAD_CAST arena_copy(a, uri).at;
	return ns;
}

/*
 * Prefixes of variables mean themselves; of names, what the definition declares.
 * Of functions any will do: their local name decides.
 */
static void bind_prefixes(struct xpath *e, const struct prefix *prefixes,
			  const struct expr_scope *scope, struct arena *a)
{
	size_t count = 0;

	for (const struct prefix *p = prefixes; p; p = p->next)
		count++;
	e->namespaces = arena_alloc(a, (count + 1) * sizeof(*e->namespaces));
	for (const struct prefix *p = prefixes; p; p = p->next) {
		struct str uri = { NULL, 0 };

		if (p->role != PREFIX_VARIABLES && scope && scope->namespace)
			uri = scope->namespace(scope->ctx, p->name);
		if (!uri.at && p->role != PREFIX_NAMES)
			uri = p->name;
		if (uri.at)
			e->namespaces[e->namespace_count++] = new_namespace(p->name, uri,
									    a);
	}
}

static void release(void *thing)
{
	struct xpath *e = thing;

	for (unsigned i = 0; i < SPARES; i++)
		xmlXPathFreeCompExpr(atomic_exchange(&e->spares[i], NULL));
}

static void refuse(const struct xpath *e, const xmlError *error, struct arena *a,
		   struct fault *why)
{
	const size_t at = error->int1 > 0 ? (size_t)error->int1 : 0;
	const struct str rest = str_from(e->expr.source, at);

	expr_fail(why, a, "the XPath '%s' cannot be read: %s, at %s" STR_FMT "%s",
		  e->text, words_for(error), rest.len ? "'" : "its end",
		  STR_ARG(str_first(rest, 24)), rest.len ? "'" : "");
}

const struct expr *xpath_compile(struct str text, const struct expr_scope *scope,
				 struct arena *a, struct fault *why)
{
	struct xpath *e = arena_new(a, struct xpath);
	xmlXPathContext *context = bench()->context;
	xmlXPathCompExpr *compiled;
	struct xpath_facts facts;

	e->expr.ops = &ops;
	e->expr.source = arena_copy(a, text);
	e->text = e->expr.source.at;
	compiled = compile(context, e->text);
	if (!compiled) {
		refuse(e, &context->lastError, a, why);
		return NULL;
	}
	atomic_store(&e->spares[0], compiled);
	arena_on_release(a, release, e);
	xpath_look_over(e->expr.source, a, &facts);
	e->shortcut = facts.shortcut;
	e->expr.needs = facts.needs_tree ? NEEDS_TREE : NEEDS_NOTHING;
	bind_prefixes(e, facts.prefixes, scope, a);
	return &e->expr;
}
