#include "oneway.h"

static enum flow start(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	exchange_detach(x, ((const struct oneway *)n)->endpoint, NULL, 0);
	return FLOW_DONE;
}

static const struct node_type oneway_type = {
	.name = "one way",
	.brief = "Sends a copy and does not wait.",
	.needs = NEEDS_BYTES,
	.run = start,
};

void oneway_init(struct oneway *o, const struct node *endpoint, struct where where)
{
	*o = (struct oneway){
		.node = { &oneway_type, where, NEEDS_BYTES },
		.endpoint = endpoint,
	};
}

bool is_out_only(struct exchange *x)
{
	const struct value v = properties_get(&x->message.properties[SCOPE_DEFAULT],
					      STR("OUT_ONLY"), NULL);

	return v.kind != VALUE_NULL &&
	       str_eq_nocase(value_text(v, &x->arena), STR("true"));
}
