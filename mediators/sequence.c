/*
 * # sequence
 *
 * Runs a named sequence in place, then goes on. The name may be an expression in
 * braces, evaluated for each message.
 *
 *	<sequence key="CheckOrder"/>
 *	<sequence key="{$ctx:next}"/>
 *
 * A sequence may also be written in place, to give a few mediators an onError of
 * their own:
 *
 *	<sequence name="risky" onError="Mend">
 *	    <call><endpoint key="OrdersEP"/></call>
 *	</sequence>
 */
#include "common.h"
#include "flow/sequence.h"
#include "mediators.h"

static const char logger[] = "org.apache.synapse.mediators.base.SequenceMediator";

struct reference {
	struct node node;
	struct str name;
	struct ref *key;
	struct ref *on_error;
	const struct node *steps;
	const struct sequence *own; /* NULL: by key */
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_REF(struct reference, key, "key"), .refers = REF_SEQUENCE,
	  .doc = "The sequence to run, or an expression in {}." },
	{ ATTR_STR(struct reference, name, "name"),
	  .doc = "Of a sequence written in place." },
	{ ATTR_REF(struct reference, on_error, "onError"), .refers = REF_SEQUENCE,
	  .doc = "Runs if a mediator of this sequence fails; ends the message." },
	{ CONTENT_STEPS(struct reference, steps), .doc = "The mediators." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct reference *r = self;

	if (r->key && r->on_error)
		return report_error(b->report, e->where,
				    "A sequence mediator with a reference to another "
				    "sequence can not have 'ErrorHandler'");
	if (r->key)
		return true;
	if (!r->name.len)
		return report_error(b->report, e->where,
				    "A sequence mediator should be a named sequence or "
				    "a reference to another sequence (i.e. a name "
				    "attribute or key attribute is required)");

	struct sequence *own = arena_new(b->arena, struct sequence);

	*own = *(const struct sequence *)r->steps;
	own->node.where = e->where;
	own->name = r->name;
	own->on_error = r->on_error;
	r->own = own;
	return true;
}

static const struct schema schema = {
	.element = "sequence",
	.doc = "Runs a named sequence in place.",
	.size = sizeof(struct reference),
	.fields = fields,
	.check = check,
};

static enum flow enter(const struct node *n, struct exchange *x, void *state)
{
	const struct reference *r = (const struct reference *)n;
	const struct node *target;
	struct str key;

	(void)state;
	target = r->own ? &r->own->node : exchange_find(x, r->key, &key);
	if (!target)
		return mediator_fault(
			x, logger,
			"Sequence named Value {name ='null', keyValue ='" STR_FMT
			"'} cannot be found",
			STR_ARG(key));
	exchange_push(x, target);
	return FLOW_CHILD;
}

const struct node_type sequence_mediator = {
	.name = "sequence",
	.brief = "Runs a named sequence in place.",
	.schema = &schema,
	.run = enter,
};
