/*
 * # filter
 *
 * Runs what is inside when the message is like that: when an expression is true, or
 * when what one finds matches all of a regular expression. With <then> and <else>,
 * one of them.
 *
 *	<filter xpath="//total &gt; 100">
 *	    <then><property name="big" value="true"/></then>
 *	    <else sequence="SmallOrder"/>
 *	</filter>
 *
 *	<filter source="$trp:Accept" regex=".*json.*">
 *	    <property name="messageType" value="application/json" scope="axis2"/>
 *	</filter>
 */
#include "common.h"
#include "expr/regex.h"
#include "mediators.h"

static const char logger[] = "org.apache.synapse.mediators.filters.FilterMediator";

struct branch {
	struct ref *sequence;
	const struct node *steps;
};

struct filter {
	struct node node;
	const struct expr *xpath, *source;
	struct str pattern;
	struct branch *then, *otherwise;
	const struct node *steps;
	const struct regex *regex; /* of source; NULL: by xpath */
};

/* clang-format off */
static const struct field branch_fields[] = {
	{ ATTR_REF(struct branch, sequence, "sequence"), .refers = REF_SEQUENCE,
	  .doc = "The sequence to run instead of what is inside." },
	{ CONTENT_STEPS(struct branch, steps), .doc = "The mediators." },
	{ NULL },
};

static const struct schema then_schema = {
	.element = "then", .doc = "What runs if it is so.",
	.size = sizeof(struct branch), .fields = branch_fields,
};

static const struct schema else_schema = {
	.element = "else", .doc = "What runs if it is not so.",
	.size = sizeof(struct branch), .fields = branch_fields,
};

static const struct field fields[] = {
	{ ATTR_EXPR(struct filter, xpath, "xpath"),
	  .wrong = "Invalid attribute value specified for xpath",
	  .doc = "Is it true?" },
	{ ATTR_EXPR(struct filter, source, "source"),
	  .wrong = "Invalid attribute values for source and/or regex specified",
	  .doc = "What to compare with the regular expression." },
	{ ATTR_STR(struct filter, pattern, "regex"),
	  .doc = "A regular expression that all of it must match." },
	{ CHILD_ONE(struct filter, then, "then", struct branch),
	  .schema = &then_schema, .doc = "What runs if it is so." },
	{ CHILD_ONE(struct filter, otherwise, "else", struct branch),
	  .schema = &else_schema, .doc = "What runs if it is not so." },
	{ CONTENT_STEPS(struct filter, steps),
	  .doc = "What runs if it is so, without <then>." },
	{ NULL },
};
/* clang-format on */

static bool check_regex(struct filter *f, const struct element *e, struct binder *b)
{
	struct fault why = { 0 };

	if (!f->source || !element_attribute(e, STR("regex")))
		return report_error(b->report, e->where,
				    "An xpath or (source, regex) attributes are required "
				    "for a filter");
	if (!str_trim(f->pattern).len)
		return report_error(b->report, e->where,
				    "Invalid attribute values for source and/or regex "
				    "specified");
	f->regex = regex_compile(f->pattern, b->arena, &why);
	return f->regex || report_error(b->report, e->where, "regex=\"" STR_FMT "\": %s",
					STR_ARG(f->pattern), why.text);
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct filter *f = self;

	if (f->otherwise && !f->then)
		return report_error(b->report, e->where,
				    "Unknown mediator referenced by configuration "
				    "element : {" SYNAPSE_NS "}else");
	mediator_needs_for(&f->node, f->xpath ? f->xpath : f->source);
	return f->xpath || check_regex(f, e, b);
}

static const struct schema schema = {
	.element = "filter",
	.doc = "Runs what is inside when the message is like that.",
	.size = sizeof(struct filter),
	.fields = fields,
	.check = check,
};

static bool is_so(const struct filter *f, struct message *m, bool *so, struct fault *why)
{
	struct str text = { 0 };
	bool is_null = false;

	if (f->xpath)
		return expr_truth(f->xpath, m, so, why);
	if (!expr_text(f->source, m, &text, &is_null, why))
		return false;
	*so = !is_null && regex_matches(f->regex, text, 0, NULL);
	return true;
}

static enum flow run_branch(const struct branch *branch, const char *which,
			    struct exchange *x)
{
	const struct node *steps = branch->steps;
	struct str key;

	if (branch->sequence)
		steps = exchange_find(x, branch->sequence, &key);
	if (!steps)
		return mediator_fault(x, logger,
				      "Couldn't find the referred %s sequence with key "
				      ": " STR_FMT,
				      which, STR_ARG(key));
	exchange_push(x, steps);
	return FLOW_CHILD;
}

static enum flow choose(const struct node *n, struct exchange *x, void *state)
{
	const struct filter *f = (const struct filter *)n;
	struct fault why = { 0 };
	bool so = false;

	(void)state;
	if (!is_so(f, &x->message, &so, &why))
		return exchange_fault_with(x, &why);
	if (so && f->then)
		return run_branch(f->then, "then", x);
	if (!so)
		return f->otherwise ? run_branch(f->otherwise, "else", x) : FLOW_DONE;
	exchange_push(x, f->steps);
	return FLOW_CHILD;
}

const struct node_type filter_mediator = {
	.name = "filter",
	.brief = "Runs what is inside when the message is like that.",
	.schema = &schema,
	.run = choose,
};
