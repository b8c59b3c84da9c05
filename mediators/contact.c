/*
 * # m:contact
 *
 * Makes a connection to an address and closes it, under a name: what health checks of
 * type tcp run. It faults with CONNECT_FAILED when nobody takes the connection.
 *
 *	<m:contact xmlns:m="urn:myelin" name="shop/action/db/probe"
 *	           url="http://localhost:5432" timeout="1000"/>
 *
 * Only host and port of the address count.
 */
#include "callable.h"
#include "endpoint/cluster.h"
#include "mediators.h"

struct contacting {
	struct node node;
	struct str name;
	struct contact contact;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct contacting, name, "name"), .required = true,
	  .doc = "product/action/tag." },
	{ ATTR_STR(struct contacting, contact.url, "url"), .required = true,
	  .doc = "http://host:port." },
	{ ATTR_UINT(struct contacting, contact.timeout, "timeout"), .fallback = "10000",
	  .least = 1, .most = 3600 * 1000, .doc = "How long it may take, in ms." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct contacting *c = self;

	(void)b;
	c->contact.node = (struct node){ &contact_type, e->where, NEEDS_NOTHING };
	return true;
}

static const struct schema schema = {
	.element = "m:contact",
	.doc = "Makes a connection to an address and closes it.",
	.size = sizeof(struct contacting),
	.fields = fields,
	.check = check,
};

static enum flow start(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	exchange_push(x, &((const struct contacting *)n)->contact.node);
	return FLOW_CHILD;
}

static enum flow name_failure(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)state;
	return callable_fault(x, "CONNECT_FAILED", x->fault.text, NULL);
}

const struct node_type contact_mediator = {
	.name = "m:contact",
	.brief = "Makes a connection to an address and closes it.",
	.schema = &schema,
	.run = start,
	.rescue = name_failure,
};
