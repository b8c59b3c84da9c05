#include "moment.h"

#include "base/buf.h"
#include "base/url.h"

static void copy_properties(struct properties *to, const struct properties *from,
			    struct arena *a)
{
	*to = (struct properties){ 0 };
	for (unsigned i = 0; i < from->count; i++)
		if (!from->at[i].removed)
			properties_set(to, a, from->at[i].name, from->at[i].value);
}

void moment_take(struct moment *s, struct message *m)
{
	s->attributes = message_attributes(m);
	headers_copy(&s->headers, &m->headers, m->arena);
	copy_properties(&s->axis2, &m->properties[SCOPE_AXIS2], m->arena);
	copy_properties(&s->variables, &m->properties[SCOPE_VARIABLE], m->arena);
	s->content = m->content;
	s->bytes = body_bytes(&m->body);
	s->has_body = m->body.state != BODY_EMPTY;
	if (s->has_body && !s->bytes.at)
		body_keep(&m->body, NULL); /* in a file: it can be sent again */
	s->to = m->to;
	s->after_call = m->after_call;
	s->error_payload = m->error_payload;
}

void moment_restore(const struct moment *s, struct message *m)
{
	headers_copy(&m->headers, &s->headers, m->arena);
	copy_properties(&m->properties[SCOPE_AXIS2], &s->axis2, m->arena);
	/* A body in a file stays, unless a reply took its place: then it is gone. */
	if (s->bytes.at || !s->has_body || m->attributes != s->attributes)
		body_release(&m->body);
	if (s->bytes.at)
		body_set(&m->body, s->bytes);
	m->content = s->content;
	m->attributes = s->attributes;
	m->to = s->to;
	m->after_call = s->after_call;
	m->error_payload = s->error_payload;
}

void moment_restore_variables(const struct moment *s, struct message *m)
{
	copy_properties(&m->properties[SCOPE_VARIABLE], &s->variables, m->arena);
}

static bool is_json(struct str media_type)
{
	return str_eq(media_type, STR("application/json")) ||
	       str_eq(media_type, STR("text/json")) || str_ends(media_type, STR("+json"));
}

/* name=value&…; a list gives its name again and again. */
static struct str form_bytes(const struct json *object, struct arena *a)
{
	struct buf b;
	struct str bytes;

	buf_init(&b, SIZE_MAX);
	for (const struct json *m = object->first; m; m = m->next) {
		const bool list = m->kind == JSON_ARRAY;

		for (const struct json *one = list ? m->first : m; one;
		     one = list ? one->next : NULL)
			buf_printf(&b, "%s" STR_FMT "=" STR_FMT, b.len ? "&" : "",
				   STR_ARG(url_encode_form(m->key, a)),
				   STR_ARG(url_encode_form(value_text(value_json(one), a),
							   a)));
	}
	bytes = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return bytes;
}

/* A structure is written as JSON, or as a form; whatever else it is to be, nobody can. */
static bool structure_bytes(struct message *m, const struct json *j, struct str *type,
			    struct str *bytes, struct fault *why)
{
	const struct str plain = media_type_of(*type, m->arena);

	if (str_eq(plain, STR("application/x-www-form-urlencoded")) &&
	    j->kind == JSON_OBJECT) {
		*bytes = form_bytes(j, m->arena);
		return true;
	}
	if (str_ends(plain, STR("/xml")) || str_ends(plain, STR("+xml")) ||
	    str_ends(plain, STR("/csv"))) {
		why->code_text = "MULE:TRANSFORMATION";
		why->text = arena_printf(m->arena,
					 "an object cannot be written as " STR_FMT,
					 STR_ARG(plain));
		return false;
	}
	if (!type->len || str_eq(plain, STR("application/java")) ||
	    str_eq(plain, STR("*/*")))
		*type = STR("application/json");
	*bytes = j->source.len ? j->source : json_text(j, m->arena);
	return true;
}

/* A value that is a text alone is that text, unless it is to be JSON. */
static bool json_bytes(struct message *m, const struct json *j, struct str *type,
		       struct str *bytes, struct fault *why)
{
	if (j->kind == JSON_ARRAY || j->kind == JSON_OBJECT ||
	    is_json(media_type_of(*type, m->arena)))
		return structure_bytes(m, j, type, bytes, why);
	*type = type->len ? *type : STR("text/plain");
	*bytes = j->kind == JSON_NULL ? STR("") : value_text(value_json(j), m->arena);
	return true;
}

static bool xml_bytes(struct message *m, struct str *bytes, struct fault *why)
{
	struct xml_tree *tree = content_xml(m, why);
	struct xml_node *payload = tree ? xml_payload(tree) : NULL;

	*bytes = payload ? xml_text(payload, m->arena) : STR("");
	return tree != NULL;
}

bool payload_is_body(const struct message *m)
{
	return m->body.state != BODY_EMPTY && !m->content.changed &&
	       m->content.kind != CONTENT_NONE;
}

bool payload_on_wire(struct message *m, struct str *bytes, struct str *media_type,
		     struct fault *why)
{
	*media_type = message_media_type(m);
	*bytes = STR("");
	switch (m->content.kind) {
	case CONTENT_UNKNOWN:
		*bytes = body_bytes(&m->body);
		if (bytes->at || m->body.state == BODY_EMPTY)
			return true;
		why->text = "the payload is too large to be kept in memory";
		return false;
	case CONTENT_NONE:
		return true;
	case CONTENT_JSON:
		if (!m->content.changed && body_bytes(&m->body).at) {
			*bytes = body_bytes(&m->body);
			return true;
		}
		if (!content_json(m, why))
			return false;
		return json_bytes(m, m->content.json, media_type, bytes, why);
	case CONTENT_XML:
		if (!m->content.changed && body_bytes(&m->body).at) {
			*bytes = body_bytes(&m->body);
			return true;
		}
		return xml_bytes(m, bytes, why);
	case CONTENT_TEXT:
	case CONTENT_BINARY:
		*bytes = m->content.text;
		if (!media_type->len)
			*media_type = STR("text/plain");
		return true;
	}
	return true;
}

static const char *default_type(struct value v)
{
	switch (v.kind) {
	case VALUE_NULL:
		return "";
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_DOUBLE:
	case VALUE_STR:
		return "text/plain";
	case VALUE_JSON:
		return v.json->kind == JSON_ARRAY || v.json->kind == JSON_OBJECT
			       ? "application/json"
			       : "text/plain";
	case VALUE_XML:
		return "application/xml";
	}
	return "";
}

static const struct json *as_json(struct value v, struct str media_type,
				  struct message *m)
{
	struct fault ignored = { 0 };

	switch (v.kind) {
	case VALUE_JSON:
		return v.json->kind == JSON_STRING &&
				       !is_json(media_type_of(media_type, m->arena))
			       ? NULL
			       : v.json;
	case VALUE_BOOL:
		return json_bool(m->arena, v.truth);
	case VALUE_INT:
	case VALUE_DOUBLE:
		return json_number(m->arena, value_text(v, m->arena));
	case VALUE_STR:
		return is_json(media_type_of(media_type, m->arena))
			       ? json_parse(v.text, m->arena, &ignored)
			       : NULL;
	case VALUE_NULL:
	case VALUE_XML:
		break;
	}
	return NULL;
}

/* One element is itself; what a list of nodes says is its text. */
static struct str xml_of(struct value v, struct arena *a)
{
	return v.xml->count == 1 && xml_is_element(v.xml->at[0])
		       ? xml_text(v.xml->at[0], a)
		       : value_text(v, a);
}

bool payload_become(struct message *m, struct value v, struct str media_type,
		    struct fault *why)
{
	const struct json *tree = as_json(v, media_type, m);

	message_attributes(m);
	if (v.kind == VALUE_NULL && !media_type.len)
		content_set_none(m);
	else if (v.kind == VALUE_XML && !content_set_xml(m, xml_of(v, m->arena), why))
		return false;
	else if (tree)
		content_set_json(m, tree);
	else if (v.kind != VALUE_XML)
		content_set_text(m, value_text(v, m->arena));
	message_set_media_type(m, media_type.len ? media_type : str_of(default_type(v)));
	return true;
}

/* XML and what is only text stay text: their media type is handed over with them. */
static const struct json *payload_json(struct message *m, struct arena *a,
				       struct fault *why)
{
	struct fault ignored = { 0 };
	const struct json *payload = NULL;
	struct str bytes, type;

	if (!content_understand_known(m, why))
		return NULL;
	switch (m->content.kind) {
	case CONTENT_UNKNOWN:
	case CONTENT_NONE:
		return json_new(a, JSON_NULL);
	case CONTENT_JSON:
		return content_json(m, why);
	case CONTENT_XML:
		return payload_on_wire(m, &bytes, &type, why) ? json_string(a, bytes)
							      : NULL;
	case CONTENT_TEXT:
	case CONTENT_BINARY:
		break;
	}
	if (is_json(media_type_of(message_media_type(m), m->arena)))
		payload = json_parse(m->content.text, m->arena, &ignored);
	return payload ? payload : json_string(m->arena, m->content.text);
}

struct json *message_as_json(struct message *m, struct arena *a, struct fault *why)
{
	struct json *o = json_new(a, JSON_OBJECT);
	const struct json *payload = payload_json(m, a, why);

	if (!payload)
		return NULL;
	json_set(o, STR("payload"), json_clone(a, payload));
	json_set(o, STR("attributes"), json_clone(a, message_attributes(m)));
	json_set(o, STR("mediaType"),
		 json_string(a, arena_copy(a, message_media_type(m))));
	return o;
}
