#include "action.h"

enum { SHOWN_BODY = 1024 };

/* "200..299,404": is this status in it? */
static bool is_success(struct str list, uint64_t status)
{
	struct str one;

	while (str_cut(&list, ',', &one)) {
		const size_t dots = str_find_str(one, STR(".."));
		uint64_t least, most;

		if (!str_to_uint(str_trim(str_first(one, dots)), &least))
			continue;
		most = least;
		if (dots < one.len)
			str_to_uint(str_trim(str_from(one, dots + 2)), &most);
		if (status >= least && status <= most)
			return true;
	}
	return false;
}

static enum flow refuse(struct exchange *x, uint64_t status, struct str body)
{
	struct json *data = json_new(&x->arena, JSON_OBJECT);
	const char *code = arena_printf(&x->arena, "HTTP_%u", (unsigned)status);

	json_set(data, STR("status"), json_int(&x->arena, (int64_t)status));
	json_set(data, STR("body"),
		 json_string(&x->arena,
			     arena_copy(&x->arena, str_first(body, SHOWN_BODY))));
	return callable_fault(
		x, code,
		arena_printf(&x->arena, "the provider answered %u", (unsigned)status),
		data);
}

/* The reply's body is the output: JSON if it is that, else a text. */
static enum flow read_reply(const struct node *n, struct exchange *x, void *state)
{
	const struct action *action =
		(const struct action *)(const void *)((const char *)n -
						      offsetof(struct action, reply));
	struct message *m = &x->message;
	const struct value sc = message_own_property(m, SCOPE_AXIS2, STR("HTTP_SC"));
	const struct str body = body_bytes(&m->body);
	struct fault why = { 0 };
	const struct json *output;

	(void)state;
	if (!body.at)
		return callable_fault(x, "IO_FAILED", "the reply did not come whole",
				      NULL);
	if (!is_success(action->success, (uint64_t)sc.number))
		return refuse(x, (uint64_t)sc.number, body);
	output = body.len ? json_parse(body, &x->arena, &why)
			  : json_new(&x->arena, JSON_NULL);
	if (!output)
		output = json_string(&x->arena, body);
	callable_put(x, output);
	return FLOW_DONE;
}

const struct node_type action_reply_type = {
	.name = "action's reply",
	.brief = "Reads what an action came back with.",
	.needs = NEEDS_BYTES,
	.run = read_reply,
};
