/*
 * # propertyGroup
 *
 * Sets several properties, one after the other.
 *
 *	<propertyGroup>
 *	    <property name="a" value="1"/>
 *	    <property name="b" expression="$ctx:a"/>
 *	</propertyGroup>
 */
#include "common.h"
#include "mediators.h"

struct group {
	struct node node;
	const struct node *steps;
};

static const struct field fields[] = {
	{ CONTENT_STEPS(struct group, steps), .doc = "The <property> mediators." },
	{ NULL },
};

static bool check(void *self, const struct element *e, struct binder *b)
{
	bool good = true;

	(void)self;
	element_each(child, e)
	{
		if (!str_eq(child->name, STR("property")))
			good = report_error(b->report, child->where,
					    "<propertyGroup> takes <property> only, "
					    "not <" STR_FMT ">",
					    STR_ARG(child->name));
	}
	return good;
}

static const struct schema schema = {
	.element = "propertyGroup",
	.doc = "Sets several properties, one after the other.",
	.size = sizeof(struct group),
	.fields = fields,
	.check = check,
};

static enum flow run_all(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	exchange_push(x, ((const struct group *)n)->steps);
	return FLOW_CHILD;
}

const struct node_type propertyGroup_mediator = {
	.name = "propertyGroup",
	.brief = "Sets several properties, one after the other.",
	.schema = &schema,
	.run = run_all,
};
