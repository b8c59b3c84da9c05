/*
 * # m:cache
 *
 * Where results of runs are kept for a while, under a name (a run asks for it: `cache`).
 *
 *	<m:cache xmlns:m="urn:myelin" name="shop/cache/payments" tag="payments"
 *	         expiry="60000"/>
 */
#include "common.h"
#include "mediators.h"
#include "run.h"

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct cache, name, "name"), .required = true,
	  .doc = "product/cache/tag." },
	{ ATTR_STR(struct cache, tag, "tag"), .required = true, .doc = "Its tag." },
	{ ATTR_STR(struct cache, product, "product"), .doc = "Whose it is." },
	{ CHILD_IGNORED("definition"), .ours = true,
	  .doc = "What it was translated from, for those who ask." },
	{ ATTR_IGNORED("revision"), .doc = "Of the definition; it counts its changes." },
	{ ATTR_UINT(struct cache, expiry, "expiry"), .required = true, .least = 1,
	  .most = 366ll * 24 * 3600 * 1000, .doc = "For how long, in ms." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct cache *c = self;

	(void)e;
	c->store = b->shared ? b->shared->store : NULL;
	return true;
}

static const struct schema schema = {
	.element = "m:cache",
	.doc = "Where results of runs are kept for a while.",
	.size = sizeof(struct cache),
	.fields = fields,
	.check = check,
};

const struct node_type cache_mediator = {
	.name = "m:cache",
	.brief = "Where results of runs are kept for a while.",
	.schema = &schema,
	.run = mediator_pass,
};
