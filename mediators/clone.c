/*
 * # clone
 *
 * Sends copies of the message on several ways at the same time. With
 * continueParent="true" the flow goes on beside them; else the first copy that
 * responds answers the client, and an <aggregate> that follows joins what they bring.
 *
 *	<clone id="both">
 *	    <target><sequence><call><endpoint key="A"/></call></sequence></target>
 *	    <target><sequence><call><endpoint key="B"/></call></sequence></target>
 *	</clone>
 */
#include "branches.h"
#include "common.h"
#include "mediators.h"
#include "target.h"

struct clone {
	struct node node;
	struct str id;
	bool go_on;
	struct items targets;
};

struct cloning {
	struct branches *branches;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct clone, id, "id"), .doc = "Of the aggregate that joins them." },
	{ ATTR_BOOL(struct clone, go_on, "continueParent"),
	  .doc = "Whether the flow goes on beside the copies." },
	{ ATTR_IGNORED("sequential") },
	{ CHILD_LIST(struct clone, targets, "target"), .schema = &target_schema,
	  .doc = "A way for a copy to go." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct clone *c = self;
	const struct node *rest;

	if (!c->targets.count)
		return report_error(b->report, e->where,
				    "<clone> needs at least one <target>");
	if (!branch_rest(b, e, &rest))
		return false;
	for (unsigned i = 0; i < c->targets.count; i++)
		target_init(c->targets.at[i], rest, e->where);
	return true;
}

static const struct schema schema = {
	.element = "clone",
	.doc = "Sends copies of the message on several ways.",
	.size = sizeof(struct clone),
	.fields = fields,
	.check = check,
};

static enum flow split(const struct node *n, struct exchange *x, void *state)
{
	const struct clone *c = (const struct clone *)n;
	struct cloning *cloning = state;

	cloning->branches = branches_new(x, c->targets.count);
	for (unsigned i = 0; i < c->targets.count; i++) {
		const struct target *t = c->targets.at[i];

		branches_start(cloning->branches, x, &t->body, i, c->id);
	}
	return c->go_on ? FLOW_DONE : FLOW_WAIT;
}

static enum flow look(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	return branches_look(((struct cloning *)state)->branches);
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct cloning *cloning = state;

	(void)n;
	(void)x;
	if (cloning->branches)
		branches_leave(cloning->branches);
}

const struct node_type clone_mediator = {
	.name = "clone",
	.brief = "Sends copies of the message on several ways.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.frame_size = sizeof(struct cloning),
	.run = split,
	.resume = look,
	.leave = leave,
};
