#include "payload.h"

#include "expr/expr.h"

static void copy_properties(struct properties *to, const struct properties *from,
			    struct arena *a)
{
	*to = (struct properties){ 0 };
	for (unsigned i = 0; i < from->count; i++) {
		if (from->at[i].removed)
			properties_remove(to, a, from->at[i].name);
		else
			properties_set(to, a, from->at[i].name, from->at[i].value);
	}
}

void payload_save(struct payload *p, struct message *m)
{
	headers_copy(&p->headers, &m->headers, m->arena);
	copy_properties(&p->axis2, &m->properties[SCOPE_AXIS2], m->arena);
	p->content = m->content;
	p->bytes = body_bytes(&m->body);
}

void payload_restore_body(const struct payload *p, struct message *m)
{
	if (p->bytes.at)
		body_set(&m->body, p->bytes);
	else
		body_release(&m->body);
	m->content = p->content;
}

static void put_back(const struct properties *from, struct message *m, const char *name)
{
	const struct str key = str_of(name);
	const struct value v = properties_get(from, key, NULL);

	if (v.kind == VALUE_NULL)
		message_remove_property(m, SCOPE_AXIS2, key);
	else
		message_set_property(m, SCOPE_AXIS2, key, v);
}

void payload_restore(const struct payload *p, struct message *m)
{
	static const char *const names[] = { "messageType", "ContentType",
					     "NO_ENTITY_BODY" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put_back(&p->axis2, m, names[i]);
	m->headers = p->headers;
	payload_restore_body(p, m);
}

void payload_restore_context(const struct payload *p, struct message *m,
			     bool reply_headers)
{
	static const char *const names[] = { "HTTP_SC", "HTTP_SC_DESC", "messageType",
					     "ContentType", "NO_ENTITY_BODY" };
	const struct properties reply = m->properties[SCOPE_AXIS2];
	const struct str type = headers_get(&m->headers, STR("Content-Type"));

	copy_properties(&m->properties[SCOPE_AXIS2], &p->axis2, m->arena);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put_back(&reply, m, names[i]);
	if (reply_headers)
		return;
	m->headers = p->headers;
	if (type.at)
		headers_set(&m->headers, STR("Content-Type"), type);
}

struct value value_kept(struct value v, struct arena *a)
{
	struct xml_nodes *copy;

	if (v.kind != VALUE_XML)
		return v;
	copy = arena_new(a, struct xml_nodes);
	copy->count = v.xml->count;
	copy->at = arena_alloc(a, (copy->count + 1) * sizeof(*copy->at));
	for (size_t i = 0; i < copy->count; i++)
		copy->at[i] = xml_copy_node(v.xml->at[i], a);
	return (struct value){ .kind = VALUE_XML, .xml = copy };
}

/* A copy: the tree may change while the value is kept. */
static bool xml_payload_value(struct message *m, struct value *v, struct fault *why)
{
	struct xml_tree *tree = content_xml(m, why);
	struct xml_node *payload = tree ? xml_payload(tree) : NULL;

	if (payload)
		*v = (struct value){
			.kind = VALUE_XML,
			.xml = xml_nodes_of(xml_copy_node(payload, m->arena), m->arena),
		};
	return tree != NULL;
}

static bool json_payload_value(struct message *m, struct value *v, struct fault *why)
{
	const struct json *json = content_json(m, why);

	*v = (struct value){ .kind = VALUE_JSON, .json = json };
	return json != NULL;
}

bool payload_value(struct message *m, struct value *v, struct fault *why)
{
	*v = VALUE_NONE;
	if (!content_understand(m, why))
		return false;
	switch (m->content.kind) {
	case CONTENT_UNKNOWN:
	case CONTENT_NONE:
		return true;
	case CONTENT_JSON:
		return json_payload_value(m, v, why);
	case CONTENT_XML:
		return xml_payload_value(m, v, why);
	case CONTENT_TEXT:
	case CONTENT_BINARY:
		*v = value_str(m->content.text);
		return true;
	}
	return true;
}

static struct json *headers_json(const struct headers *h, struct arena *a)
{
	struct json *object = json_new(a, JSON_OBJECT);

	for (unsigned i = 0; i < h->count; i++)
		json_set(object, h->at[i].name, json_string(a, h->at[i].value));
	return object;
}

static struct json *status_json(struct message *m)
{
	struct json *object = json_new(m->arena, JSON_OBJECT);
	const struct value sc = message_property(m, SCOPE_AXIS2, STR("HTTP_SC"));

	if (sc.kind != VALUE_NULL)
		json_set(object, STR("statusCode"),
			 json_number(m->arena, value_text(sc, m->arena)));
	return object;
}

bool payload_as_object(struct message *m, struct value *v, struct fault *why)
{
	struct json *object = json_new(m->arena, JSON_OBJECT);
	struct value payload;

	if (!payload_value(m, &payload, why))
		return false;
	if (payload.kind == VALUE_JSON)
		json_set(object, STR("payload"), json_copy(m->arena, payload.json));
	else
		json_set(object, STR("payload"),
			 json_string(m->arena, value_text(payload, m->arena)));
	json_set(object, STR("headers"), headers_json(&m->headers, m->arena));
	json_set(object, STR("attributes"), status_json(m));
	*v = (struct value){ .kind = VALUE_JSON, .json = object };
	return true;
}

static bool put_json(struct message *m, struct value v, struct fault *why)
{
	const struct json *json = v.json;

	if (v.kind != VALUE_JSON)
		json = json_parse(value_text(v, m->arena), m->arena, why);
	if (!json)
		return false;
	content_set_json(m, json);
	return true;
}

static struct str current_type(struct message *m)
{
	return value_text(message_property(m, SCOPE_AXIS2, STR("messageType")), m->arena);
}

static bool put_as(struct message *m, struct value v, struct str type, struct fault *why)
{
	if (str_find_str(type, STR("json")) < type.len)
		return put_json(m, v, why);
	if (str_eq(type, STR("text/plain"))) {
		content_set_text(m, value_text(v, m->arena));
		return true;
	}
	if (v.kind == VALUE_JSON) {
		content_set_json(m, v.json);
		return true;
	}
	return content_set_xml(m, value_text(v, m->arena), why);
}

bool payload_put(struct message *m, struct value v, struct str media_type,
		 struct fault *why)
{
	const struct str current = current_type(m);
	const struct str type = media_type_of(media_type.len ? media_type : current,
					      m->arena);

	if (!put_as(m, v, type, why))
		return false;
	if (media_type.len && !str_eq(type, media_type_of(current, m->arena)))
		content_set_type(m, media_type);
	message_remove_property(m, SCOPE_AXIS2, STR("NO_ENTITY_BODY"));
	return true;
}
