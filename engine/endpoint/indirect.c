/* An endpoint by its key: whoever has the name when a message comes (endpoints.md §9.5).
 */
#include "endpoint/endpoint_priv.h"

static const char *text_of_missing(const struct indirect *indirect, struct str key,
				   struct exchange *x)
{
	if (indirect->key->kind != REF_ENDPOINT_TEMPLATE)
		return arena_printf(&x->arena,
				    "Couldn't find the endpoint with the key : " STR_FMT,
				    STR_ARG(key));
	exchange_log(x, LOG_WARN, "org.apache.synapse.endpoints.TemplateEndpoint",
		     "Template " STR_FMT " cannot be found for the endpoint " STR_FMT,
		     STR_ARG(key), STR_ARG(endpoint_name(&indirect->base)));
	return arena_printf(&x->arena,
			    "Couldn't find the endpoint with the name " STR_FMT
			    " & template : " STR_FMT,
			    STR_ARG(endpoint_name(&indirect->base)), STR_ARG(key));
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	const struct indirect *indirect = (const struct indirect *)n;
	struct str key;
	const struct node *target = exchange_find(x, indirect->key, &key);
	const struct fault why = {
		.code = FAULT_NO_ENDPOINT,
		.text = target ? NULL : text_of_missing(indirect, key, x),
		.kind = "no_endpoint",
	};

	(void)state;
	if (!target)
		return exchange_fault_with(x, &why);
	exchange_push(x, target);
	return FLOW_CHILD;
}

const struct node_type indirect_endpoint_type = {
	.name = "endpoint",
	.brief = "The endpoint that a key names.",
	.run = run,
};
