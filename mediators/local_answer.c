#include "local_answer.h"

#include "message/content.h"

static const char challenge[] =
	"Bearer realm=\"Choreo Connect\", error=\"invalid_token\", "
	"error_description=\"The provided token is invalid\"";

static void begin(struct exchange *x, uint64_t status)
{
	struct message *m = &x->message;

	headers_init(&m->headers, m->arena);
	content_set_none(m);
	message_remove_property(m, SCOPE_AXIS2, STR("HTTP_SC_DESC"));
	message_set_property(m, SCOPE_AXIS2, STR("HTTP_SC"), value_int((int64_t)status));
	if (status == 401)
		headers_set(&m->headers, STR("WWW-Authenticate"), str_of(challenge));
}

static void put(struct json *j, struct arena *a, const char *name, struct str text)
{
	json_set(j, str_of(name), json_string(a, arena_copy(a, text)));
}

void local_answer_set(struct exchange *x, const struct local_answer *a)
{
	struct arena *arena = x->message.arena;
	const bool enforcer = a->shape == SHAPE_ENFORCER;
	struct json *j;

	begin(x, a->status);
	if (a->shape == SHAPE_NONE)
		return;
	j = json_new(arena, JSON_OBJECT);
	put(j, arena, enforcer ? "error_message" : "message", a->message);
	put(j, arena, "code", a->code);
	put(j, arena, enforcer ? "error_description" : "description", a->description);
	content_set_json(&x->message, j);
	content_set_type(&x->message, STR("application/json"));
}

void local_answer_set_json(struct exchange *x, struct str text)
{
	struct fault why = { 0 };

	begin(x, 200);
	content_set_json(&x->message, json_parse(text, x->message.arena, &why));
	content_set_type(&x->message, STR("application/json"));
}

void local_answer_set_text(struct exchange *x, uint64_t status, struct str type,
			   struct str text)
{
	begin(x, status);
	content_set_text(&x->message, arena_copy(x->message.arena, text));
	content_set_type(&x->message, type);
}

void local_answer_set_bytes(struct exchange *x, uint64_t status, struct str type,
			    struct str bytes)
{
	struct message *m = &x->message;

	begin(x, status);
	m->content = (struct content){ .kind = CONTENT_UNKNOWN };
	body_set(&m->body, bytes);
	headers_set(&m->headers, STR("Content-Type"), type);
}

enum flow local_answer_unauthorized(struct exchange *x, const char *description)
{
	const struct local_answer a = {
		.status = 401,
		.shape = SHAPE_ENFORCER,
		.code = STR("900901"),
		.message = STR("Invalid Credentials"),
		.description = str_of(arena_printf(
			x->message.arena,
			"%s%sMake sure you have provided the correct security "
			"credentials",
			description, *description ? " " : "")),
	};

	local_answer_set(x, &a);
	return mediator_answer(x);
}
