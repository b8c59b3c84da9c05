#include "common.h"
#include "enrich.h"
#include "expr/jsonpath.h"
#include "message/content.h"

/* A copy of the payload that may be changed; NULL: *why. */
static struct json *own_payload(struct message *m, struct fault *why)
{
	const struct json *json = content_json(m, why);

	return json ? json_copy(m->arena, json) : NULL;
}

/* Finds a place in a tree of our own, which may be changed there. */
static struct json *find(const struct jsonpath *path, struct json *root, struct arena *a,
			 struct fault *why)
{
	const struct json *found = NULL;

	return jsonpath_find(path, root, a, &found, why) ? (struct json *)found : NULL;
}

static const struct json *text_as_json(struct str text, struct arena *a)
{
	struct fault no = { 0 };
	const struct json *json = json_parse(str_trim(text), a, &no);

	return json ? json : json_string(a, text);
}

static const struct json *property_as_json(const struct enrich_source *s,
					   struct exchange *x)
{
	const struct value v = message_property(&x->message, SCOPE_DEFAULT, s->property);
	const struct str text = value_text(v, &x->arena);

	if (v.kind == VALUE_NULL)
		return NULL;
	if (v.kind == VALUE_JSON)
		return v.json;
	return v.kind == VALUE_STR && !str_starts(str_trim(text), STR("{")) &&
			       !str_starts(str_trim(text), STR("["))
		       ? json_string(&x->arena, text)
		       : text_as_json(text, &x->arena);
}

static const struct json *source_json(const struct enrich *en, struct exchange *x,
				      struct json *root, struct fault *why)
{
	const struct enrich_source *s = en->source;
	struct str text = { 0 };

	switch ((enum enrich_type)s->type) {
	case ENRICH_CUSTOM:
		return find(s->path, root, &x->arena, why);
	case ENRICH_BODY:
		return root;
	case ENRICH_PROPERTY:
		return property_as_json(s, x);
	case ENRICH_INLINE:
		return enrich_inline(s, x, &text, why) ? text_as_json(text, &x->arena)
						       : NULL;
	case ENRICH_ENVELOPE:
	case ENRICH_KEY:
		break;
	}
	return NULL;
}

/* The value becomes another one, its place and key stay. */
static void become(struct json *place, const struct json *value, struct arena *a)
{
	struct json *next = place->next;
	const struct str key = place->key;

	*place = *json_copy(a, value);
	place->next = next;
	place->key = key;
}

static void merge(struct json *object, const struct json *from, struct arena *a)
{
	for (const struct json *member = from->first; member; member = member->next)
		json_set(object, member->key, json_copy(a, member));
}

static bool put_inside(struct json *place, const struct json *value, struct arena *a)
{
	if (place->kind == JSON_ARRAY)
		json_append(place, json_copy(a, value));
	else if (place->kind == JSON_OBJECT && value->kind == JSON_OBJECT)
		merge(place, value, a);
	else
		return false;
	return true;
}

/* What was changed below has no source text any more, up to the root. */
static void forget_sources(struct json *j)
{
	j->source = (struct str){ 0 };
	for (struct json *member = j->first; member; member = member->next)
		forget_sources(member);
}

static enum flow put_custom(const struct enrich *en, struct exchange *x,
			    struct json *root, const struct json *value)
{
	struct fault why = { 0 };
	struct json *place = find(en->target->path, root, &x->arena, &why);

	if (why.text)
		return exchange_fault_with(x, &why);
	if (!place)
		return mediator_fault(x, enrich_logger,
				      "Invalid Target object to be enrich.");
	if (en->target->action == ENRICH_SIBLING) {
		mediator_say(x, LOG_ERROR, enrich_logger,
			     "Action sibling is not supported for JSON payloads");
		return FLOW_DONE;
	}
	if (en->target->action == ENRICH_REPLACE)
		become(place, value, &x->arena);
	else if (!put_inside(place, value, &x->arena))
		mediator_say(x, LOG_ERROR, enrich_logger,
			     "only arrays and objects take a child");
	forget_sources(root);
	content_set_json(&x->message, root);
	return FLOW_DONE;
}

static void put_body(struct exchange *x, const struct json *value)
{
	if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY)
		content_set_json(&x->message, json_copy(&x->arena, value));
	else
		mediator_say(x, LOG_ERROR, enrich_logger,
			     "Unsupported JSON payload : " STR_FMT
			     ".Only JSON arrays and objects can be enriched to the body",
			     STR_ARG(json_text(value, &x->arena)));
}

static void put_property(const struct enrich *en, struct exchange *x,
			 const struct json *value)
{
	struct message *m = &x->message;
	const struct value old = message_property(m, SCOPE_DEFAULT, en->target->property);
	struct str text = json_text(value, &x->arena);

	if (value->kind == JSON_STRING)
		text = value->text;
	if (en->target->action == ENRICH_CHILD && old.kind != VALUE_NULL) {
		struct fault no = { 0 };
		struct json *array = json_parse(value_text(old, &x->arena), &x->arena,
						&no);

		if (array && array->kind == JSON_ARRAY) {
			json_append(array, json_copy(&x->arena, value));
			array->source = (struct str){ 0 };
			text = json_text(array, &x->arena);
		}
	}
	message_set_property(m, SCOPE_DEFAULT, en->target->property, value_str(text));
}

/* Renames a member to the source's text. */
static enum flow put_key(const struct enrich *en, struct exchange *x, struct json *root,
			 const struct json *value)
{
	struct fault why = { 0 };
	struct json *parent = find(en->target->parent, root, &x->arena, &why);
	struct json *member = parent ? (struct json *)json_get(parent, en->target->member)
				     : NULL;

	if (!member)
		return mediator_fault(x, enrich_logger,
				      "Invalid Target object to be enrich.");
	member->key = value_text((struct value){ .kind = VALUE_JSON, .json = value },
				 &x->arena);
	forget_sources(root);
	content_set_json(&x->message, root);
	return FLOW_DONE;
}

enum flow enrich_json(const struct enrich *en, struct exchange *x)
{
	struct fault why = { 0 };
	struct json *root = own_payload(&x->message, &why);
	const struct json *value = root ? source_json(en, x, root, &why) : NULL;

	if (why.text)
		return exchange_fault_with(x, &why);
	if (!value)
		return mediator_fault(x, enrich_logger,
				      "Failed to get the source for Enriching : ");
	switch ((enum enrich_type)en->target->type) {
	case ENRICH_CUSTOM:
		return put_custom(en, x, root, json_copy(&x->arena, value));
	case ENRICH_BODY:
		put_body(x, value);
		return FLOW_DONE;
	case ENRICH_PROPERTY:
		put_property(en, x, value);
		return FLOW_DONE;
	case ENRICH_KEY:
		return put_key(en, x, root, value);
	case ENRICH_ENVELOPE:
	case ENRICH_INLINE:
		break;
	}
	return FLOW_DONE;
}

/* --- removing --- */

static bool ignores_missing(struct exchange *x)
{
	const struct value v = message_property(
		&x->message, SCOPE_DEFAULT,
		STR("synapse.jsonpath.ignore.not.found.error"));

	return str_eq_nocase(value_text(v, &x->arena), STR("true"));
}

static bool remove_below(struct json *container, const struct json *gone)
{
	if (json_remove(container, gone))
		return true;
	for (struct json *member = container->first; member; member = member->next)
		if (remove_below(member, gone))
			return true;
	return false;
}

static enum flow complain_missing(const struct enrich *en, struct exchange *x)
{
	if (!ignores_missing(x))
		return mediator_fault(x, enrich_logger, "No results for path: " STR_FMT,
				      STR_ARG(en->source->xpath));
	mediator_say(x, LOG_INFO, enrich_logger,
		     "No matching elements were found for the given JSONPath: " STR_FMT
		     ". Therefore, no elements were removed.",
		     STR_ARG(en->source->xpath));
	return FLOW_DONE;
}

static enum flow remove_paths(const struct enrich *en, struct exchange *x,
			      struct json *root)
{
	for (const struct jsonpath *const *p = en->source->paths; *p; p++) {
		struct fault why = { 0 };
		struct json *found = find(*p, root, &x->arena, &why);

		if (why.text)
			return exchange_fault_with(x, &why);
		if (!found)
			return complain_missing(en, x);
		if (jsonpath_is_definite(*p)) {
			remove_below(root, found);
			continue;
		}
		mediator_say(x, LOG_WARN, enrich_logger,
			     "only paths that lead to one place can be removed");
	}
	forget_sources(root);
	return FLOW_DONE;
}

static struct json *removal_root(const struct enrich *en, struct exchange *x,
				 struct fault *why)
{
	if (en->target->type != ENRICH_PROPERTY)
		return own_payload(&x->message, why);

	const struct value v = message_property(&x->message, SCOPE_DEFAULT,
						en->target->property);

	return json_parse(value_text(v, &x->arena), &x->arena, why);
}

enum flow enrich_remove(const struct enrich *en, struct exchange *x)
{
	struct fault why = { 0 };
	struct json *root;

	if (!en->source->paths)
		return enrich_xml(en, x);
	root = removal_root(en, x, &why);
	if (!root)
		return exchange_fault_with(x, &why);
	if (remove_paths(en, x, root) == FLOW_FAULT)
		return FLOW_FAULT;
	if (en->target->type == ENRICH_PROPERTY)
		message_set_property(&x->message, SCOPE_DEFAULT, en->target->property,
				     value_str(json_text(root, &x->arena)));
	else
		content_set_json(&x->message, root);
	return FLOW_DONE;
}
