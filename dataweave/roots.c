/* What expressions find without having made it: payload, attributes, vars, error … */
#include <unistd.h>

#include "dataweave/date.h"
#include "dataweave/run.h"
#include "dataweave/xml.h"
#include "message/attributes.h"
#include "message/content.h"

static struct str own_text(struct message *m)
{
	if (m->content.kind == CONTENT_TEXT || m->content.kind == CONTENT_BINARY)
		return m->content.text;
	if (m->content.kind == CONTENT_NONE)
		return STR("");
	return body_bytes(&m->body);
}

static bool is_json(struct str media_type)
{
	return str_eq(media_type, STR("application/json")) ||
	       str_eq(media_type, STR("text/json")) || str_ends(media_type, STR("+json"));
}

/* Text is text, unless what it is says that it has a structure. */
static bool payload_of_text(struct dw_run *r, struct str media_type, struct dw_value *v)
{
	struct str text = own_text(r->message);

	if (!text.len) {
		*v = is_json(media_type) || !media_type.len ? DW_NOTHING
							    : dw_string(STR(""));
		return true;
	}
	return dw_read(r, text, media_type, v);
}

static bool payload_of_xml(struct dw_run *r, struct dw_value *v)
{
	const struct xml_tree *t = content_xml(r->message, r->why);
	const struct xml_node *n = NULL;

	if (!t)
		return dw_fail(r, "%s", r->why->text);
	n = dw_xml_is_envelope(body_bytes(&r->message->body)) ? xml_envelope(t)
							      : xml_payload(t);
	if (n)
		*v = dw_xml(n, r->arena);
	return true;
}

static bool payload(struct dw_run *r, struct dw_value *v)
{
	struct message *m = r->message;
	struct str type = media_type_of(message_media_type(m), r->arena);
	const struct json *json;

	*v = DW_NOTHING;
	if (!content_understand_known(m, r->why)) {
		r->why->code_text = "MULE:EXPRESSION";
		return false;
	}
	switch (m->content.kind) {
	case CONTENT_UNKNOWN:
	case CONTENT_NONE:
		return true;
	case CONTENT_TEXT:
	case CONTENT_BINARY:
		return payload_of_text(r, type, v);
	case CONTENT_XML:
		return payload_of_xml(r, v);
	case CONTENT_JSON:
		break;
	}
	json = content_json(m, r->why);
	if (!json && r->why->text)
		return dw_fail(r, "%s", r->why->text);
	*v = dw_json(json, r->arena);
	return true;
}

static struct dw_value vars(struct dw_run *r)
{
	const struct properties *p = &r->message->properties[SCOPE_VARIABLE];
	struct dw_value o = dw_new(DW_OBJECT, r->arena);

	for (unsigned i = 0; i < p->count; i++)
		if (!p->at[i].removed)
			dw_add(&o, r->arena, p->at[i].name,
			       dw_take(p->at[i].value, r->arena));
	return o;
}

static struct dw_value member(struct dw_run *r, const struct json *o, const char *name)
{
	return dw_json(o ? json_get(o, str_of(name)) : NULL, r->arena);
}

/* "HTTP:TIMEOUT" as an object that prints as that. */
static struct dw_value error_type(struct dw_run *r, const struct dw_value *code)
{
	struct str text = code->kind == DW_STRING ? code->text : STR("MULE:UNKNOWN");
	size_t colon = str_find(text, ':');
	struct dw_value type = dw_new(DW_OBJECT, r->arena);

	if (colon == text.len) {
		dw_add(&type, r->arena, STR("namespace"), dw_string(STR("MULE")));
		dw_add(&type, r->arena, STR("identifier"), dw_string(text));
		return type;
	}
	dw_add(&type, r->arena, STR("namespace"), dw_string(str_first(text, colon)));
	dw_add(&type, r->arena, STR("identifier"), dw_string(str_from(text, colon + 1)));
	return type;
}

/* What was kept of a message: a payload that is a text of some type is read again. */
static struct dw_value kept_message(struct dw_run *r, const struct json *m)
{
	const struct json *type = m ? json_get(m, STR("mediaType")) : NULL;
	const struct json *text = m ? json_get(m, STR("payload")) : NULL;
	struct dw_value o = dw_new(DW_OBJECT, r->arena), body;
	struct fault before = *r->why;

	if (!type || !text || text->kind != JSON_STRING ||
	    !dw_read(r, text->text, type->text, &body)) {
		*r->why = before;
		return dw_json(m, r->arena);
	}
	for (const struct json *j = m->first; j; j = j->next)
		dw_add(&o, r->arena, j->key, j == text ? body : dw_json(j, r->arena));
	return o;
}

static struct dw_value error(struct dw_run *r)
{
	const struct json *e = r->message->error;
	const struct json *data = e ? json_get(e, STR("data")) : NULL;
	struct dw_value o = dw_new(DW_OBJECT, r->arena), code = member(r, e, "code");
	struct dw_value message;

	if (!e)
		return DW_NOTHING;
	message = kept_message(r, data ? json_get(data, STR("message")) : NULL);
	dw_add(&o, r->arena, STR("description"), member(r, e, "message"));
	dw_add(&o, r->arena, STR("detailedDescription"), member(r, e, "detail"));
	dw_add(&o, r->arena, STR("errorType"), error_type(r, &code));
	dw_add(&o, r->arena, STR("errorMessage"), message);
	dw_add(&o, r->arena, STR("muleMessage"), message);
	dw_add(&o, r->arena, STR("childErrors"), member(r, data, "children"));
	dw_add(&o, r->arena, STR("cause"), member(r, e, "message"));
	dw_add(&o, r->arena, STR("failingComponent"), member(r, e, "place"));
	dw_add(&o, r->arena, STR("exception"), member(r, e, "message"));
	return o;
}

static bool whole_message(struct dw_run *r, struct dw_value *v)
{
	struct dw_value o = dw_new(DW_OBJECT, r->arena), body;

	if (!dw_root(r, DW_PAYLOAD, &body))
		return false;
	dw_add(&o, r->arena, STR("payload"), body);
	dw_add(&o, r->arena, STR("attributes"),
	       dw_json(message_attributes(r->message), r->arena));
	*v = o;
	return true;
}

static struct dw_value with_name(struct dw_run *r, struct str name)
{
	struct dw_value o = dw_new(DW_OBJECT, r->arena);

	dw_add(&o, r->arena, STR("name"), dw_string(name));
	return o;
}

static struct dw_value server(struct dw_run *r)
{
	const struct timers *clock = r->message->around->clock;
	struct dw_value o = dw_new(DW_OBJECT, r->arena);
	char host[256] = "localhost";

	gethostname(host, sizeof(host) - 1);
	dw_add(&o, r->arena, STR("host"), dw_string(arena_copy(r->arena, str_of(host))));
	dw_add(&o, r->arena, STR("dateTime"),
	       dw_date_of((int64_t)clock->now + clock->wall, 0, DW_DATE_TIME));
	return o;
}

static bool make(struct dw_run *r, enum dw_root root, struct dw_value *v)
{
	*v = DW_NOTHING;
	switch (root) {
	case DW_PAYLOAD:
		return payload(r, v);
	case DW_ATTRIBUTES:
		*v = dw_json(message_attributes(r->message), r->arena);
		return true;
	case DW_VARS:
		*v = vars(r);
		return true;
	case DW_ERROR:
		*v = error(r);
		return true;
	case DW_MESSAGE:
		return whole_message(r, v);
	case DW_CORRELATION_ID:
		*v = dw_string(r->message->incoming->correlation);
		return true;
	case DW_APP:
	case DW_FLOW:
		*v = with_name(r, r->message->incoming->api);
		return true;
	case DW_SERVER:
		*v = server(r);
		return true;
	case DW_MULE:
		*v = dw_new(DW_OBJECT, r->arena);
		dw_add(v, r->arena, STR("version"), dw_string(STR("4.4.0")));
		return true;
	case DW_AUTHENTICATION:
	case DW_ITEM_SEQUENCE:
		return true;
	}
	return true;
}

bool dw_root(struct dw_run *r, enum dw_root root, struct dw_value *v)
{
	if (!r->has_root[root]) {
		if (!make(r, root, &r->roots[root]))
			return false;
		r->has_root[root] = true;
	}
	*v = r->roots[root];
	return true;
}
