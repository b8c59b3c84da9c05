#include "common.h"
#include "enrich.h"
#include "message/content.h"

/* What is taken: copies of nodes, or text. */
struct taken {
	struct xml_nodes nodes;
	struct str text;
};

static void take_node(struct taken *t, const struct xml_node *n, struct arena *a)
{
	t->nodes = *xml_nodes_of(n ? xml_copy_node(n, a) : NULL, a);
	t->nodes.count = n ? 1 : 0;
}

/* Text that is XML counts as its element. */
static void take_text(struct taken *t, struct str text, struct arena *a)
{
	struct fault no = { 0 };
	struct xml_tree *tree = NULL;

	if (str_starts(str_trim(text), STR("<")))
		tree = xml_parse(str_trim(text), SOAP_11, a, &no);
	if (tree && xml_payload(tree))
		take_node(t, xml_payload(tree), a);
	else
		t->text = text;
}

static void take_value(struct taken *t, struct value v, struct arena *a)
{
	v = value_kept(v, a);
	if (v.kind == VALUE_XML)
		t->nodes = *v.xml;
	else if (v.kind != VALUE_NULL)
		take_text(t, value_text(v, a), a);
}

static bool take(const struct enrich_source *s, struct exchange *x, struct taken *t,
		 struct fault *why)
{
	struct message *m = &x->message;
	struct xml_tree *tree = content_xml(m, why);
	struct value v = VALUE_NONE;
	struct str text;

	if (!tree)
		return false;
	switch ((enum enrich_type)s->type) {
	case ENRICH_CUSTOM:
		if (!expr_eval(s->expression, m, &v, why))
			return false;
		take_value(t, v, &x->arena);
		return true;
	case ENRICH_ENVELOPE:
		take_node(t, xml_envelope(tree), &x->arena);
		return true;
	case ENRICH_BODY:
		take_node(t, xml_payload(tree), &x->arena);
		return true;
	case ENRICH_PROPERTY:
		take_value(t, message_property(m, SCOPE_DEFAULT, s->property), &x->arena);
		return true;
	case ENRICH_INLINE:
		if (!enrich_inline(s, x, &text, why))
			return false;
		take_text(t, text, &x->arena);
		return true;
	case ENRICH_KEY:
		break;
	}
	return true;
}

static void put_at_element(struct xml_node *place, const struct taken *t, unsigned action)
{
	for (size_t i = 0; i < t->nodes.count; i++) {
		if (action == ENRICH_CHILD)
			xml_add_copy(place, t->nodes.at[i]);
		else if (action == ENRICH_SIBLING)
			xml_add_after(place, t->nodes.at[i]);
		else
			xml_add_before(place, t->nodes.at[i]);
	}
	if (action == ENRICH_REPLACE && t->nodes.count)
		xml_remove(place);
	else if (!t->nodes.count && action == ENRICH_REPLACE)
		xml_set_text(place, t->text);
	else if (!t->nodes.count && action == ENRICH_CHILD)
		xml_add_text(place, t->text);
}

static struct str text_of(const struct taken *t, struct arena *a)
{
	return t->nodes.count ? xml_nodes_text(&t->nodes, a) : t->text;
}

static enum flow put_custom(const struct enrich *en, struct exchange *x,
			    const struct taken *t)
{
	struct message *m = &x->message;
	struct fault why = { 0 };
	struct value v = VALUE_NONE;

	if (!en->target->expression || !content_edit_xml(m, &why))
		return mediator_fault(x, enrich_logger,
				      "Invalid Target object to be enrich.");
	if (!expr_eval(en->target->expression, m, &v, &why))
		return exchange_fault_with(x, &why);
	if (v.kind != VALUE_XML || !v.xml->count)
		return mediator_fault(x, enrich_logger,
				      "Invalid Target object to be enrich.");
	if (xml_is_element(v.xml->at[0]))
		put_at_element(v.xml->at[0], t, en->target->action);
	else
		xml_set_text(v.xml->at[0], text_of(t, &x->arena));
	return FLOW_DONE;
}

static bool looks_like_json(struct str text)
{
	return str_starts(text, STR("{")) || str_starts(text, STR("["));
}

static bool put_json_text(struct exchange *x, const struct taken *t)
{
	struct fault no = { 0 };
	const struct str text = str_trim(t->text);
	const struct json *json = NULL;

	if (!t->nodes.count && looks_like_json(text))
		json = json_parse(text, &x->arena, &no);
	if (json)
		content_set_json(&x->message, json);
	return json;
}

static enum flow put_body(const struct enrich *en, struct exchange *x,
			  const struct taken *t)
{
	struct fault why = { 0 };
	struct xml_tree *tree;
	struct xml_node *body, *payload;

	if (put_json_text(x, t))
		return FLOW_DONE;
	tree = content_edit_xml(&x->message, &why);
	if (!tree)
		return exchange_fault_with(x, &why);
	body = xml_soap_body(tree);
	payload = xml_payload(tree);
	if (payload && en->target->action == ENRICH_SIBLING) {
		put_at_element(payload, t, ENRICH_SIBLING);
		return FLOW_DONE;
	}
	if (en->target->action == ENRICH_REPLACE)
		xml_clear(body);
	else if (payload)
		body = payload;
	put_at_element(body, t, ENRICH_CHILD);
	return FLOW_DONE;
}

static enum flow put_envelope(struct exchange *x, const struct taken *t)
{
	struct fault why = { 0 };
	const bool is_envelope = t->nodes.count &&
				 str_eq(xml_name(t->nodes.at[0]), STR("Envelope"));

	if (!is_envelope)
		return mediator_fault(x, enrich_logger, "A SOAPEnvelope is expected");
	if (!content_set_xml(&x->message, xml_text(t->nodes.at[0], &x->arena), &why))
		return exchange_fault_with(x, &why);
	return FLOW_DONE;
}

static void put_property(const struct enrich *en, struct exchange *x,
			 const struct taken *t)
{
	struct message *m = &x->message;
	const struct value old = message_property(m, SCOPE_DEFAULT, en->target->property);
	struct xml_nodes *nodes = arena_new(&x->arena, struct xml_nodes);
	struct taken before = { 0 };

	if (en->target->action == ENRICH_CHILD)
		take_value(&before, old, &x->arena);
	if (before.nodes.count) {
		put_at_element(before.nodes.at[0], t, ENRICH_CHILD);
		*nodes = before.nodes;
	} else {
		*nodes = t->nodes;
	}
	message_set_property(m, SCOPE_DEFAULT, en->target->property,
			     nodes->count
				     ? (struct value){ .kind = VALUE_XML, .xml = nodes }
				     : value_str(t->text));
}

static bool is_nothing(const struct taken *t)
{
	return !t->nodes.count && !t->text.at;
}

enum flow enrich_xml(const struct enrich *en, struct exchange *x)
{
	struct taken t = { 0 };
	struct fault why = { 0 };

	if (!take(en->source, x, &t, &why))
		return exchange_fault_with(x, &why);
	if (is_nothing(&t)) {
		if (en->source->type == ENRICH_CUSTOM)
			mediator_say(x, LOG_ERROR, enrich_logger,
				     "Specified node by xpath cannot be found.");
		mediator_say(x, LOG_ERROR, enrich_logger,
			     "Cannot Enrich message from an empty source.");
		return FLOW_DONE;
	}
	switch ((enum enrich_type)en->target->type) {
	case ENRICH_CUSTOM:
		return put_custom(en, x, &t);
	case ENRICH_BODY:
		return put_body(en, x, &t);
	case ENRICH_ENVELOPE:
		return put_envelope(x, &t);
	case ENRICH_PROPERTY:
		put_property(en, x, &t);
		return FLOW_DONE;
	case ENRICH_INLINE:
	case ENRICH_KEY:
		break;
	}
	return FLOW_DONE;
}
