/*
 * # m:action
 *
 * One HTTP call of an app, under a name: what fallbacks and features are made of. The
 * payload is its input, an object; the reply's body is its output. Which of its
 * addresses is called, the env of the run says.
 *
 *	<m:action xmlns:m="urn:myelin" name="shop/action/stripe/create-charge"
 *	          app="stripe" method="POST" resource="/v1/charges" success="200..299">
 *	    <m:at env="prd" url="http://localhost:9101">
 *	        <endpoint name="stripe.prd"><http uri-template="{+uri.var.duct}"/></endpoint>
 *	    </m:at>
 *	    <m:headers>duct-in:{"Idempotency-Key": "$Run{id}"}</m:headers>
 *	</m:action>
 *
 * Members of the input go where their prefix says (`body:`, `params:`, `query:`,
 * `headers:`), else where `sections` declares the name, else into the query of GET,
 * HEAD and DELETE and the body of all others; an input of only `body`, `params`,
 * `query` and `headers` is taken as these. What is not a success faults with HTTP_503,
 * CONNECT_FAILED, TIMEOUT and the like.
 */
#include "action.h"

#include "mediators.h"

static const struct field at_fields[] = {
	{ ATTR_STR(struct action_at, env, "env"), .required = true,
	  .doc = "The environment this address is of; * is all others." },
	{ ATTR_STR(struct action_at, url, "url"), .required = true,
	  .doc = "What `resource` is appended to." },
	{ CHILD_JSON(struct action_at, header_text, "headers"),
	  .doc = "Headers of this environment, as JSON." },
	{ CHILD_ENDPOINT(struct action_at, endpoint, "endpoint"), .required = true,
	  .doc = "Sends to {+uri.var.duct}, with the method of the action." },
	{ NULL },
};

static bool check_at(void *self, const struct element *e, struct binder *b)
{
	struct action_at *at = self;

	if (at->header_text.len)
		at->headers = callable_json(at->header_text, e, b);
	return !at->header_text.len || at->headers;
}

static const struct schema at_schema = {
	.element = "m:at",
	.doc = "Where an action is in one environment.",
	.size = sizeof(struct action_at),
	.fields = at_fields,
	.check = check_at,
};

static const struct field fields[] = {
	{ ATTR_STR(struct action, name, "name"), .required = true,
	  .doc = "product/action/app/tag." },
	{ ATTR_STR(struct action, app, "app"), .doc = "Whose action it is." },
	{ ATTR_STR(struct action, method, "method"), .fallback = "GET",
	  .doc = "The method." },
	{ ATTR_STR(struct action, resource, "resource"), .fallback = "/",
	  .doc = "The path; {name} and :name are filled from params." },
	{ ATTR_STR(struct action, success, "success"), .fallback = "200..299",
	  .doc = "Statuses that are a success: numbers and ranges." },
	{ ATTR_CODES(struct action, no_retry, "noRetry"),
	  .doc = "Statuses after which a fallback does not try it again." },
	{ ATTR_CODES(struct action, abort_on, "abortOn"),
	  .doc = "Statuses after which a fallback tries nothing else." },
	{ ATTR_UINT(struct action, timeout, "timeout"), .fallback = "30000", .least = 1,
	  .most = 3600 * 1000, .doc = "For each attempt, in ms." },
	{ CHILD_LIST(struct action, at, "at"), .ours = true, .schema = &at_schema,
	  .doc = "Its addresses." },
	{ CHILD_JSON(struct action, section_text, "sections"),
	  .doc = "JSON { body, query, params, headers }: which names belong where, "
		 "which of them are required, and what they are by default." },
	{ CHILD_VALUE(struct action, headers, "headers"), .ours = true,
	  .doc = "Headers to send, as a mapping." },
	{ CHILD_VALUE(struct action, data, "data"), .ours = true,
	  .doc = "JSON { variable, constant, auth } of its app, as a mapping." },
	{ NULL },
};

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct action *action = self;

	action->node.needs = NEEDS_TREE;
	action->reply = (struct node){ &action_reply_type, e->where, NEEDS_BYTES };
	if (action->section_text.len)
		action->sections = callable_json(action->section_text, e, b);
	if (action->sections)
		action->defaults = action_defaults(action, b->arena);
	return !action->section_text.len || action->sections;
}

static const struct schema schema = {
	.element = "m:action",
	.doc = "One HTTP call of an app, under a name.",
	.size = sizeof(struct action),
	.fields = fields,
	.check = check,
};

struct acting {
	bool replied;
};

bool action_names_env(const struct action *action, struct str env)
{
	const struct action_at *at = action_at_env(action, env);

	return at && str_eq(at->env, env) && !str_eq(env, STR("*"));
}

const struct action_at *action_at_env(const struct action *action, struct str env)
{
	const struct action_at *everywhere = NULL;

	for (unsigned i = 0; i < action->at.count; i++) {
		const struct action_at *at = action->at.at[i];

		if (str_eq(at->env, env))
			return at;
		if (str_eq(at->env, STR("*")))
			everywhere = at;
	}
	return everywhere;
}

static enum flow start(const struct node *n, struct exchange *x, void *state)
{
	const struct action *action = (const struct action *)n;
	const struct action_at *at = action_at_env(action, callable_run(x, "env"));
	struct fault why = { 0 };
	const struct json *input = content_json(&x->message, &why);

	(void)state;
	if (!at)
		return callable_fault(x, "INVALID_ENV",
				      arena_printf(&x->arena,
						   STR_FMT " has no address in this env",
						   STR_ARG(action->app)),
				      NULL);
	if (!action_show_data(action, x) || !action_write_request(action, at, input, x))
		return FLOW_FAULT;
	exchange_push(x, at->endpoint);
	return FLOW_CHILD;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct action *action = (const struct action *)n;
	struct acting *acting = state;

	if (acting->replied)
		return FLOW_DONE;
	acting->replied = true;
	exchange_push(x, &action->reply);
	return FLOW_CHILD;
}

/* What a failure of the endpoint is called here (frontends.md §1.3). */
static const char *word_for(const char *kind)
{
	static const struct {
		const char *kind, *word;
	} words[] = {
		{ "dns", "CONNECT_FAILED" },
		{ "connect_refused", "CONNECT_FAILED" },
		{ "connect_timeout", "CONNECT_TIMEOUT" },
		{ "tls", "TLS_FAILED" },
		{ "deadline", "TIMEOUT" },
		{ "idle_timeout", "TIMEOUT" },
		{ "protocol", "BAD_RESPONSE" },
		{ "pool_full", "OVERLOADED" },
		{ "reset", "IO_FAILED" },
		{ "closed_early", "IO_FAILED" },
	};

	for (size_t i = 0; kind && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(kind, words[i].kind) == 0)
			return words[i].word;
	return "IO_FAILED";
}

static enum flow name_failure(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)state;
	if (x->fault.code_text)
		return FLOW_FAULT;

	const char *text = x->fault.detail ? x->fault.detail : x->fault.text;

	return callable_fault(x, word_for(x->fault.kind), text, NULL);
}

const struct node_type action_mediator = {
	.name = "m:action",
	.brief = "One HTTP call of an app, under a name.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.frame_size = sizeof(struct acting),
	.run = start,
	.resume = go_on,
	.rescue = name_failure,
};
