#include "deploy/deployment.h"
#include "mediators.h"
#include "run.h"

static struct str member(const struct json *object, struct str name)
{
	const struct json *j = object ? json_get(object, name) : NULL;

	return j && j->kind == JSON_STRING ? j->text : STR("");
}

/* The first of the product whose header the request has. */
static void find_in_headers(struct bringing *b, struct exchange *x)
{
	const struct deployment *d = (const struct deployment *)(const void *)x->names;
	const struct str product = callable_run(x, "product");
	const struct artifact *a = d ? deployment_artifacts(d) : NULL;

	for (; a && !b->session; a = a->next) {
		const struct session *s = (const struct session *)a->node;

		if (!s || s->node.type != &session_mediator || !s->header.len ||
		    !str_eq(s->product, product))
			continue;
		b->token = headers_get(&x->message.headers, s->header);
		if (b->token.len)
			b->session = s;
	}
}

static void show(const struct session *s, const struct json *claims, struct exchange *x)
{
	struct json *all = json_new(&x->arena, JSON_OBJECT);

	json_set(all, s->tag, json_copy(&x->arena, claims));
	callable_set(x, "session", all);
}

enum flow run_judge_session(struct bringing *b, struct exchange *x)
{
	const struct json *claims = NULL;

	if (b->fetch.started && !fetch_is_over(&b->fetch))
		return FLOW_WAIT;
	switch (session_judge(b->session, b->token, b->fetch.document, x, &claims)) {
	case TOKEN_GOOD:
		show(b->session, claims, x);
		return FLOW_DONE;
	case TOKEN_BAD:
		break;
	case TOKEN_UNKNOWN_KEY:
		if (fetch_start(&b->fetch, &b->session->issuer, x))
			return FLOW_WAIT;
		break;
	}
	return callable_fault(x, "INVALID_SESSION", "the session's token is not valid",
			      NULL);
}

enum flow run_find_session(struct bringing *b, struct exchange *x,
			   const struct json *request)
{
	const struct json *given = json_get(request, STR("session"));
	struct str tag = member(given, STR("tag"));

	b->token = member(given, STR("token"));
	if (given && given->kind == JSON_STRING) {
		tag = str_first(given->text, str_find(given->text, ':'));
		b->token = str_from(given->text, tag.len + 1);
	}
	if (tag.len)
		b->session = callable_find(x, "session", tag);
	else
		find_in_headers(b, x);
	/* Nobody said how to verify it: it is not mapped either. */
	return b->session ? run_judge_session(b, x) : FLOW_DONE;
}
