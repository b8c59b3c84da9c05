/*
 * # definitions
 *
 * Several artifacts in one file; they are deployed together or not at all.
 *
 *	<definitions xmlns="http://ws.apache.org/ns/synapse">
 *	    <sequence name="fault"><respond/></sequence>
 *	    <endpoint name="OrdersEP"><address uri="http://localhost:8080"/></endpoint>
 *	</definitions>
 */
#include "synapse_xml.h"

struct definition {
	const struct element *artifacts;
};

static const struct field fields[] = {
	{ CONTENT_XML(struct definition, artifacts), .doc = "The artifacts." },
	{ NULL },
};

static const struct schema schema = {
	.element = "definitions",
	.doc = "Several artifacts in one file.",
	.size = sizeof(struct definition),
	.fields = fields,
};

static bool compile(struct build *build, const struct element *e)
{
	struct definition d = { NULL };
	bool fine = schema_bind(&schema, e, &d, build_binder(build));

	element_each(child, e)
	{
		fine = build_element(build, child) && fine;
	}
	return fine;
}

const struct artifact_type definitions_artifact = {
	.element = "definitions",
	.kind = ARTIFACT_OTHER,
	.brief = "Several artifacts in one file.",
	.schema = &schema,
	.compile = compile,
};
