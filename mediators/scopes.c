/*
 * # m:scopes
 *
 * Goes on if the token that <m:jwt> believed has one of these scopes; else the answer is
 * 403 900910.
 *
 *	<m:scopes xmlns:m="urn:myelin" any="menu:read menu:all"/>
 */
#include "local_answer.h"
#include "mediators.h"

struct scopes {
	struct node node;
	struct str any;
};

static const struct field fields[] = {
	{ ATTR_STR(struct scopes, any, "any"), .required = true,
	  .doc = "Scopes, blanks between them: one of them is enough." },
	{ NULL },
};

static const struct schema schema = {
	.element = "m:scopes",
	.doc = "Goes on if the token has one of these scopes.",
	.size = sizeof(struct scopes),
	.fields = fields,
};

static bool has_word(struct str words, struct str wanted)
{
	struct str word;

	while (str_cut(&words, ' ', &word))
		if (word.len && str_eq(word, wanted))
			return true;
	return false;
}

static enum flow refuse(struct exchange *x)
{
	const struct str target = x->message.incoming->target;
	const struct local_answer a = {
		.status = 403,
		.shape = SHAPE_ENFORCER,
		.code = STR("900910"),
		.message = STR("The access token does not allow you to access the "
			       "requested resource"),
		.description = str_of(arena_printf(
			x->message.arena,
			"User is NOT authorized to access the Resource: " STR_FMT
			". Scope validation failed.",
			STR_ARG(str_first(target, str_find(target, '?'))))),
	};

	local_answer_set(x, &a);
	return mediator_answer(x);
}

/* Its issuer says that it is an API key: those have no scopes. */
static bool is_key(struct exchange *x)
{
	const struct value type = message_own_property(&x->message, SCOPE_DEFAULT,
						       STR("jwt.type"));

	return type.kind == VALUE_STR && (str_eq_nocase(type.text, STR("apiKey")) ||
					  str_eq_nocase(type.text, STR("InternalKey")));
}

static enum flow check(const struct node *n, struct exchange *x, void *state)
{
	const struct scopes *s = (const struct scopes *)n;
	const struct value had = message_own_property(&x->message, SCOPE_DEFAULT,
						      STR("jwt.scope"));
	struct str rest = s->any, one;

	(void)state;
	if (is_key(x))
		return FLOW_DONE;
	while (had.kind == VALUE_STR && str_cut(&rest, ' ', &one))
		if (one.len && has_word(had.text, one))
			return FLOW_DONE;
	return refuse(x);
}

const struct node_type scopes_mediator = {
	.name = "m:scopes",
	.brief = "Goes on if the token has one of these scopes.",
	.schema = &schema,
	.run = check,
};
