/*
 * # m:cors
 *
 * Lets pages of other origins ask: preflights are answered here, and what its steps
 * answer gets the Access-Control headers if the request's Origin is allowed.
 *
 *	<m:cors xmlns:m="urn:myelin" origins="https://shop.example">
 *	    <call><endpoint key="Orders"/></call>
 *	    <respond/>
 *	</m:cors>
 */
#include "local_answer.h"
#include "mediators.h"

struct cors {
	struct node node;
	struct str origins, methods, headers, expose;
	bool credentials;
	const struct node *steps;
};

struct visit {
	struct str origin; /* allowed; empty: none */
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct cors, origins, "origins"), .fallback = "*",
	  .doc = "Those allowed, blanks between them; * is any." },
	{ ATTR_STR(struct cors, methods, "methods"),
	  .fallback = "GET, PUT, POST, DELETE, PATCH, OPTIONS", .doc = "Methods allowed." },
	{ ATTR_STR(struct cors, headers, "headers"),
	  .fallback = "authorization, Access-Control-Allow-Origin, Content-Type, "
		      "SOAPAction, apikey, testKey, Internal-Key",
	  .doc = "Request headers allowed." },
	{ ATTR_STR(struct cors, expose, "expose"), .doc = "Headers a page may read." },
	{ ATTR_BOOL(struct cors, credentials, "credentials"),
	  .doc = "May cookies and credentials be sent?" },
	{ CONTENT_STEPS(struct cors, steps), .doc = "What is run." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:cors",
	.doc = "Lets pages of other origins ask.",
	.size = sizeof(struct cors),
	.fields = fields,
};

static bool allows(const struct cors *c, struct str origin)
{
	struct str rest = c->origins, one;

	if (!origin.len || !header_value_is_valid(origin))
		return false;
	while (str_cut(&rest, ' ', &one))
		if (str_eq(one, STR("*")) || str_eq_nocase(one, origin))
			return true;
	return false;
}

static void set(struct exchange *x, const char *name, struct str value)
{
	if (value.len)
		headers_set(&x->message.headers, str_of(name), value);
}

static void add_headers(const struct cors *c, struct exchange *x, const struct visit *v)
{
	if (!v->origin.len)
		return;
	set(x, "Access-Control-Allow-Origin", v->origin);
	set(x, "Access-Control-Expose-Headers", c->expose);
	if (c->credentials)
		set(x, "Access-Control-Allow-Credentials", STR("true"));
}

static enum flow answer_preflight(const struct cors *c, struct exchange *x,
				  const struct visit *v)
{
	const struct local_answer ok = { .status = 200 };

	local_answer_set(x, &ok);
	add_headers(c, x, v);
	set(x, "Access-Control-Allow-Methods", c->methods);
	set(x, "Access-Control-Allow-Headers", c->headers);
	return mediator_answer(x);
}

static enum flow begin(const struct node *n, struct exchange *x, void *state)
{
	const struct cors *c = (const struct cors *)n;
	const struct headers *h = &x->message.headers;
	const struct str origin = headers_get(h, STR("Origin"));
	struct visit *v = state;

	if (allows(c, origin))
		v->origin = origin;
	if (v->origin.len && str_eq(x->message.incoming->method, STR("OPTIONS")) &&
	    headers_get(h, STR("Access-Control-Request-Method")).len)
		return answer_preflight(c, x, v);
	exchange_push(x, c->steps);
	return FLOW_CHILD;
}

static enum flow resume(const struct node *n, struct exchange *x, void *state)
{
	add_headers((const struct cors *)n, x, state);
	return FLOW_DONE;
}

static enum flow stopped(const struct node *n, struct exchange *x, void *state)
{
	add_headers((const struct cors *)n, x, state);
	return FLOW_STOP;
}

const struct node_type cors_mediator = {
	.name = "m:cors",
	.brief = "Lets pages of other origins ask.",
	.schema = &schema,
	.frame_size = sizeof(struct visit),
	.run = begin,
	.resume = resume,
	.stopped = stopped,
};
