/*
 * # m:say
 *
 * Writes one line to the log, as it is said here: no names, no separators.
 *
 *	<m:say xmlns:m="urn:myelin" level="WARN" message="trying the other one"/>
 *	<m:say xmlns:m="urn:myelin" expression="#['got $(payload.id)']" category="orders"/>
 *
 * Without a message, the payload and its attributes.
 */
#include "common.h"
#include "mediators.h"
#include "moment.h"

static const char *const levels[] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", NULL };

struct say_node {
	struct node node;
	unsigned level;
	struct str category, message;
	const struct expr *expression;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_CHOICE(struct say_node, level, "level"), .choices = levels, .any_case = true,
	  .fallback = "INFO", .doc = "The severity of the line." },
	{ ATTR_STR(struct say_node, category, "category"),
	  .fallback = "org.mule.runtime.core.internal.processor.LoggerMessageProcessor",
	  .doc = "The logger." },
	{ ATTR_STR(struct say_node, message, "message"), .doc = "The line." },
	{ ATTR_EXPR(struct say_node, expression, "expression"), .doc = "What gives the line." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct say_node *s = self;

	(void)e;
	(void)b;
	mediator_needs_for(&s->node, s->expression);
	if (!s->expression && !s->message.at)
		mediator_needs(&s->node, NEEDS_VALUE);
	return true;
}

static const struct schema schema = {
	.element = "m:say",
	.doc = "Writes one line to the log.",
	.size = sizeof(struct say_node),
	.fields = fields,
	.check = check,
};

static bool line(const struct say_node *s, struct exchange *x, struct str *text,
		 struct fault *why)
{
	const struct json *all;
	bool is_null = false;

	*text = s->message.at ? s->message : STR("");
	if (s->expression) {
		if (!expr_text(s->expression, &x->message, text, &is_null, why))
			return false;
		if (is_null)
			*text = STR("null");
		return true;
	}
	if (s->message.at)
		return true;
	all = message_as_json(&x->message, &x->arena, why);
	if (all)
		*text = json_text(all, &x->arena);
	return all != NULL;
}

static enum flow say(const struct node *n, struct exchange *x, void *state)
{
	const struct say_node *s = (const struct say_node *)n;
	const char *logger = arena_copy(&x->arena, s->category).at;
	struct fault why = { 0 };
	struct str text;

	(void)state;
	if (!log_is_on((enum log_level)s->level, logger))
		return FLOW_DONE;
	if (!line(s, x, &text, &why))
		return exchange_fault_with(x, &why);
	log_text((enum log_level)s->level, logger, text);
	return FLOW_DONE;
}

const struct node_type say_mediator = {
	.name = "m:say",
	.brief = "Writes one line to the log.",
	.schema = &schema,
	.run = say,
};
