#include "message/message.h"

#include "message/content.h"
#include "message/message_priv.h"

static const char *const scope_names[SCOPES] = {
	"default",   "axis2", "transport", "operation", "axis2-client",
	"analytics", "trace", "variable",  "func",
};

bool scope_named(struct str name, enum scope *scope)
{
	if (str_eq(name, STR("synapse"))) {
		*scope = SCOPE_DEFAULT;
		return true;
	}
	for (unsigned i = 0; i < SCOPES; i++) {
		if (str_eq(name, str_of(scope_names[i]))) {
			*scope = (enum scope)i;
			return true;
		}
	}
	return false;
}

const char *scope_name(enum scope scope)
{
	return scope_names[scope];
}

void message_init(struct message *m, struct arena *a, const struct incoming *in,
		  const struct surroundings *around)
{
	*m = (struct message){ .arena = a, .incoming = in, .around = around };
	headers_init(&m->headers, a);
	body_init(&m->body, a);
}

void message_release(struct message *m)
{
	body_release(&m->body);
}

static void copy_properties(struct properties *to, const struct properties *from,
			    struct arena *a)
{
	for (unsigned i = 0; i < from->count; i++) {
		const struct property *p = &from->at[i];

		if (p->removed)
			properties_remove(to, a, arena_copy(a, p->name));
		else
			properties_set(to, a, arena_copy(a, p->name),
				       value_copy(p->value, a));
	}
}

static struct str copy_of(struct str s, struct arena *a)
{
	return s.at ? arena_copy(a, s) : s;
}

/* The views made on demand are made again when somebody asks for them. */
static void copy_content(struct content *to, const struct content *from, struct arena *a)
{
	*to = (struct content){ .kind = from->kind, .changed = from->changed };
	to->text = copy_of(from->text, a);
	if (from->json)
		to->json = json_clone(a, from->json);
	if (from->xml)
		to->xml = xml_copy(from->xml, a);
}

void message_clone(struct message *to, struct message *from, struct arena *a)
{
	const struct str bytes = body_bytes(&from->body);

	message_init(to, a, from->incoming, from->around);
	headers_clone(&to->headers, &from->headers, a);
	if (bytes.at)
		body_set(&to->body, arena_copy(a, bytes));
	copy_content(&to->content, &from->content, a);
	for (unsigned i = 0; i < SCOPES; i++)
		copy_properties(&to->properties[i], &from->properties[i], a);
	to->to = copy_of(from->to, a);
	to->is_response = from->is_response;
	to->after_call = from->after_call;
	if (from->attributes)
		to->attributes = json_clone(a, from->attributes);
	if (from->error)
		to->error = json_clone(a, from->error);
}

void message_become_reply(struct message *m, struct headers *headers, struct body *body)
{
	properties_clear(&m->properties[SCOPE_AXIS2]);
	m->headers = *headers;
	m->content = (struct content){ .kind = CONTENT_UNKNOWN };
	m->to = m->id = (struct str){ NULL, 0 };
	m->after_call = true;
	m->attributes = NULL;
	body_move(&m->body, body);
}

struct value message_own_property(struct message *m, enum scope scope, struct str name)
{
	struct value v;
	bool known;

	if (scope == SCOPE_TRANSPORT) {
		const struct str field = headers_get(&m->headers, name);

		return field.at ? value_str(field) : VALUE_NONE;
	}
	v = properties_get(&m->properties[scope], name, &known);
	return known ? v : message_knows(m, scope, name);
}

struct value message_property(struct message *m, enum scope scope, struct str name)
{
	struct value v = VALUE_NONE;

	if (scope == SCOPE_DEFAULT)
		v = message_special(m, name);
	if (v.kind == VALUE_NULL)
		v = message_own_property(m, scope, name);
	if (v.kind == VALUE_NULL && scope == SCOPE_DEFAULT && m->around &&
	    m->around->local_entry)
		v = m->around->local_entry(m->around->ctx, name, m->arena);
	return v;
}

static void set_header(struct message *m, struct str name, struct value value)
{
	const struct str text = value_text(value, m->arena);

	if (header_name_is_valid(name) && header_value_is_valid(text))
		headers_set(&m->headers, name, text);
	else
		headers_remove(&m->headers, name); /* what the client sent least of all */
}

void message_set_property(struct message *m, enum scope scope, struct str name,
			  struct value value)
{
	if (scope == SCOPE_TRANSPORT) {
		set_header(m, name, value);
		return;
	}
	if (scope == SCOPE_DEFAULT && value.kind == VALUE_NULL)
		return;
	properties_set(&m->properties[scope], m->arena, name, value);
	if (scope == SCOPE_AXIS2 && str_eq(name, STR("messageType"))) {
		properties_set(&m->properties[scope], m->arena, STR("ContentType"),
			       value);
		set_header(m, STR("Content-Type"), value);
	}
}

void message_remove_property(struct message *m, enum scope scope, struct str name)
{
	if (scope == SCOPE_TRANSPORT) {
		headers_remove(&m->headers, name);
		return;
	}
	if (scope == SCOPE_AXIS2 && str_eq(name, STR("TRANSPORT_HEADERS")))
		headers_init(&m->headers, m->arena);
	properties_remove(&m->properties[scope], m->arena, name);
}
