#include "target.h"

#include "common.h"

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_REF(struct target, sequence, "sequence"), .refers = REF_SEQUENCE,
	  .doc = "The sequence to run." },
	{ CHILD_STEPS(struct target, steps, "sequence"), .doc = "The mediators." },
	{ CHILD_ENDPOINT(struct target, endpoint, "endpoint"),
	  .doc = "Where to send it." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	const struct target *t = self;

	if (t->sequence || t->steps || t->endpoint)
		return true;
	return report_error(b->report, e->where,
			    "<target> needs a sequence or an <endpoint>");
}

const struct schema target_schema = {
	.element = "target",
	.doc = "A way for a copy of the message to go.",
	.size = sizeof(struct target),
	.fields = fields,
	.check = check,
};

static enum flow run_by_key(const struct node *n, struct exchange *x, void *state)
{
	const struct target *t = (const struct target *)((const char *)n -
							 offsetof(struct target, by_key));
	const struct node *steps;
	struct str key;

	(void)state;
	steps = exchange_find(x, t->sequence, &key);
	if (!steps)
		return mediator_fault(x, "org.apache.synapse.mediators.eip.Target",
				      "Couldn't find the sequence named : " STR_FMT,
				      STR_ARG(key));
	exchange_push(x, steps);
	return FLOW_CHILD;
}

static const struct node_type by_key_type = {
	.name = "target",
	.brief = "Runs the sequence of a key.",
	.run = run_by_key,
};

void target_init(struct target *t, const struct node *rest, struct where where)
{
	const struct node *steps = t->steps ? t->steps : t->endpoint;

	if (t->sequence) {
		t->by_key = (struct node){ &by_key_type, where, NEEDS_NOTHING };
		steps = &t->by_key;
	}
	branch_body_init(&t->body, steps, rest, where);
}
