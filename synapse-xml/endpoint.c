/*
 * # endpoint
 *
 * An endpoint under a name, to be used by <endpoint key="…"/> and by groups.
 *
 *	<endpoint name="OrdersEP">
 *	    <http method="get" uri-template="http://localhost:8080/orders/{uri.var.id}"/>
 *	</endpoint>
 */
#include "synapse_xml.h"

struct definition {
	struct str name;
};

/* What stands in it, endpoint/ knows. */
static const struct field fields[] = {
	{ ATTR_STR(struct definition, name, "name"), .required = true,
	  .doc = "By which others find it." },
	{ NULL },
};

static const struct schema schema = {
	.element = "endpoint",
	.doc = "A way out, under a name.",
	.size = sizeof(struct definition),
	.fields = fields,
};

static bool compile(struct build *build, const struct element *e)
{
	struct binder *b = build_binder(build);
	const struct str name = element_value(e, STR("name"));
	const struct node *n;

	if (!name.len)
		return report_error(
			b->report, e->where,
			"<endpoint> needs an attribute 'name' to be found by");
	n = b->endpoint(b, e);
	return n && build_add_name(build, REF_ENDPOINT, name, n, e->where) &&
	       build_add_artifact(build, ARTIFACT_ENDPOINT, name, e, n);
}

const struct artifact_type endpoint_artifact = {
	.element = "endpoint",
	.kind = ARTIFACT_ENDPOINT,
	.brief = "A way out, under a name.",
	.schema = &schema,
	.compile = compile,
};
