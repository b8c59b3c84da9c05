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

/* One without a name is found by its file's: FooBar of "endpoints/FooBar.xml". */
static struct str name_of(const struct element *e, struct report *r)
{
	const struct str given = element_value(e, STR("name"));
	struct str file = str_of(e->where.file), folder;

	if (given.len)
		return given;
	while (str_find(file, '/') < file.len)
		str_cut(&file, '/', &folder);
	file = str_first(file, str_find(file, '.'));
	report_warning(r, e->where,
		       "<endpoint> has no name; its file's is taken: '" STR_FMT "'",
		       STR_ARG(file));
	return file;
}

static bool compile(struct build *build, const struct element *e)
{
	struct binder *b = build_binder(build);
	const struct str name = name_of(e, b->report);
	const struct node *n;

	n = b->endpoint(b, e);
	return n && build_add_name(build, REF_ENDPOINT, name, n, e->where) &&
	       build_add_artifact(build, ARTIFACT_ENDPOINT, name, e, n);
}

const struct artifact_type endpoint_artifact = {
	.element = "endpoint",
	.kind = ARTIFACT_ENDPOINT,
	.brief = "A way out, under a name.",
	.schema = &endpoint_schema,
	.compile = compile,
};
