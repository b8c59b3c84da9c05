/*
 * # m:product
 *
 * The environments a product has, beside those that its apps have addresses in: a run
 * in one of them is no mistake, though it may find nobody to call.
 *
 *	<m:product xmlns:m="urn:myelin" name="shop/product/shop" tag="shop" envs="prd dev"/>
 */
#include "common.h"
#include "mediators.h"
#include "run.h"

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct product, name, "name"), .required = true,
	  .doc = "product/product/product." },
	{ ATTR_STR(struct product, product, "product"), .doc = "Itself." },
	{ ATTR_STR(struct product, tag, "tag"), .required = true, .doc = "Its tag." },
	{ ATTR_STR(struct product, envs, "envs"), .required = true,
	  .doc = "Its environments, blanks between." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:product",
	.doc = "The environments a product has.",
	.size = sizeof(struct product),
	.fields = fields,
};

bool product_has_env(const struct product *p, struct str env)
{
	struct str rest = p->envs, one;

	while (env.len && str_cut(&rest, ' ', &one))
		if (str_eq(one, env))
			return true;
	return false;
}

const struct node_type product_mediator = {
	.name = "m:product",
	.brief = "The environments a product has.",
	.schema = &schema,
	.run = mediator_pass,
};
