/*
 * # m:refuse
 *
 * Answers here and now, with a status and one of two small bodies: `router` has the
 * members code, message, description; `enforcer` has error_message, code,
 * error_description. Without a code there is no body. Nothing after it runs.
 *
 *	<m:refuse xmlns:m="urn:myelin" status="404" code="404" message="Not Found"
 *	          description="The requested resource is not available."/>
 */
#include "local_answer.h"
#include "mediators.h"

struct refuse {
	struct node node;
	uint64_t status;
	unsigned shape; /* index into shapes */
	struct str code, message, description, allow;
};

static const char *const shapes[] = { "router", "enforcer", NULL };

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_UINT(struct refuse, status, "status"), .required = true, .least = 200,
	  .most = 599, .doc = "Of the answer." },
	{ ATTR_CHOICE(struct refuse, shape, "shape"), .fallback = "router",
	  .choices = shapes, .doc = "Which members the body has." },
	{ ATTR_STR(struct refuse, code, "code"), .doc = "Its code; without, no body." },
	{ ATTR_STR(struct refuse, message, "message"), .doc = "Its message." },
	{ ATTR_STR(struct refuse, description, "description"), .doc = "Its description." },
	{ ATTR_STR(struct refuse, allow, "allow"), .doc = "The header Allow." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:refuse",
	.doc = "Answers here and now.",
	.size = sizeof(struct refuse),
	.fields = fields,
};

static enum flow refuse(const struct node *n, struct exchange *x, void *state)
{
	const struct refuse *r = (const struct refuse *)n;
	const struct local_answer a = {
		.status = r->status,
		.shape = !r->code.len ? SHAPE_NONE
			 : r->shape   ? SHAPE_ENFORCER
				      : SHAPE_ROUTER,
		.code = r->code,
		.message = r->message,
		.description = r->description,
	};

	(void)state;
	local_answer_set(x, &a);
	if (r->allow.len)
		headers_set(&x->message.headers, STR("Allow"), r->allow);
	return mediator_answer(x);
}

const struct node_type refuse_mediator = {
	.name = "m:refuse",
	.brief = "Answers here and now.",
	.schema = &schema,
	.run = refuse,
};
