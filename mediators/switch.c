/*
 * # switch
 *
 * Runs the first case whose regular expression matches all of a value, else the
 * default.
 *
 *	<switch source="$ctx:kind">
 *	    <case regex="gold|silver"><property name="fast" value="true"/></case>
 *	    <default><property name="fast" value="false"/></default>
 *	</switch>
 */
#include "common.h"
#include "expr/regex.h"
#include "mediators.h"

static const char logger[] = "org.apache.synapse.config.xml.SwitchCase";

struct one_case {
	struct str pattern;
	const struct node *steps;
	const struct regex *regex;
};

struct switch_mediator {
	struct node node;
	const struct expr *source;
	struct items cases;
	const struct node *otherwise;
};

/* clang-format off */
static const struct field case_fields[] = {
	{ ATTR_STR(struct one_case, pattern, "regex"), .required = true,
	  .complaint = "The 'regex' attribute is required for a switch case definition",
	  .doc = "A regular expression that all of the value must match." },
	{ CONTENT_STEPS(struct one_case, steps), .doc = "The mediators." },
	{ NULL },
};
/* clang-format on */

static bool check_case(void *self, const struct element *e, struct binder *b)
{
	struct one_case *c = self;
	struct fault why = { 0 };

	c->regex = regex_compile(c->pattern, b->arena, &why);
	return c->regex || report_error(b->report, e->where, "regex=\"" STR_FMT "\": %s",
					STR_ARG(c->pattern), why.text);
}

static const struct schema case_schema = {
	.element = "case",
	.doc = "What runs if the value matches.",
	.size = sizeof(struct one_case),
	.fields = case_fields,
	.check = check_case,
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_EXPR(struct switch_mediator, source, "source"), .required = true,
	  .complaint = "A 'source' XPath attribute is required for a switch mediator",
	  .doc = "The value." },
	{ CHILD_LIST(struct switch_mediator, cases, "case"), .schema = &case_schema,
	  .doc = "What runs if the value matches." },
	{ CHILD_STEPS(struct switch_mediator, otherwise, "default"),
	  .doc = "What runs if no case matches." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct switch_mediator *s = self;

	(void)e;
	(void)b;
	mediator_needs_for(&s->node, s->source);
	return true;
}

static const struct schema schema = {
	.element = "switch",
	.doc = "Runs the first case that matches a value.",
	.size = sizeof(struct switch_mediator),
	.fields = fields,
	.check = check,
};

static const struct node *find_case(const struct switch_mediator *s, struct exchange *x,
				    struct str value, bool is_null)
{
	for (unsigned i = 0; i < s->cases.count; i++) {
		const struct one_case *c = s->cases.at[i];

		if (!is_null && regex_matches(c->regex, value, 0, NULL))
			return c->steps;
		if (is_null && !s->otherwise)
			exchange_log(x, LOG_WARN, logger,
				     "Provided character sequence for switch case "
				     "condition is 'null'. Switch case will not be "
				     "executed.");
	}
	return s->otherwise;
}

static enum flow choose(const struct node *n, struct exchange *x, void *state)
{
	const struct switch_mediator *s = (const struct switch_mediator *)n;
	const struct node *steps;
	struct fault why = { 0 };
	struct str value = { 0 };
	bool is_null = false;

	(void)state;
	if (!expr_text(s->source, &x->message, &value, &is_null, &why))
		return exchange_fault_with(x, &why);
	steps = find_case(s, x, value, is_null);
	if (!steps)
		return FLOW_DONE;
	exchange_push(x, steps);
	return FLOW_CHILD;
}

const struct node_type switch_mediator = {
	.name = "switch",
	.brief = "Runs the first case that matches a value.",
	.schema = &schema,
	.run = choose,
};
