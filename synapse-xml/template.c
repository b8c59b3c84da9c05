/*
 * # template
 *
 * A sequence with parameters, to be run by <call-template target="…"/>.
 *
 *	<template name="Greet">
 *	    <parameter name="who" isMandatory="true"/>
 *	    <parameter name="how" defaultValue="Hello"/>
 *	    <sequence>
 *	        <log level="custom">
 *	            <property name="greeting" expression="fn:concat($func:how, $func:who)"/>
 *	        </log>
 *	    </sequence>
 *	</template>
 *
 * Or an endpoint with parameters: <endpoint name="OrdersEP" template="Retried"
 * uri="http://localhost:8080/orders"/> is a copy of its <endpoint>, where each value that
 * is all `$name`, `$uri` or `$` and a parameter's name gives way to what the copy says.
 *
 *	<template name="Retried">
 *	    <parameter name="delay"/>
 *	    <endpoint name="$name">
 *	        <address uri="$uri">
 *	            <markForSuspension><retryDelay>$delay</retryDelay></markForSuspension>
 *	        </address>
 *	    </endpoint>
 *	</template>
 */
#include "template.h"

#include "synapse_xml.h"

struct definition {
	struct str name;
	struct ref *on_error;
	struct items parameters;
	const struct node *steps;
	const struct element *endpoint;
};

/* clang-format off */
static const struct field parameter_fields[] = {
	{ ATTR_STR(struct parameter, name, "name"), .required = true,
	  .doc = "By which the mediators find it." },
	{ ATTR_STR(struct parameter, fallback, "defaultValue"),
	  .doc = "Its value where none is given." },
	{ ATTR_BOOL(struct parameter, mandatory, "isMandatory"),
	  .doc = "Must be given; the default does not count then." },
	{ NULL },
};
/* clang-format on */

static bool check_parameter(void *self, const struct element *e, struct binder *b)
{
	struct parameter *p = self;

	(void)b;
	p->has_fallback = element_attribute(e, STR("defaultValue")) != NULL;
	return true;
}

static const struct schema parameter_schema = {
	.element = "parameter",
	.doc = "A value that is given when it is called.",
	.size = sizeof(struct parameter),
	.fields = parameter_fields,
	.check = check_parameter,
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct definition, name, "name"), .required = true,
	  .doc = "By which call-template finds it." },
	{ ATTR_REF(struct definition, on_error, "onError"), .refers = REF_SEQUENCE,
	  .doc = "The sequence that runs when a mediator in it fails." },
	{ CHILD_LIST(struct definition, parameters, "parameter"),
	  .schema = &parameter_schema, .doc = "A value that is given." },
	{ CHILD_STEPS(struct definition, steps, "sequence"), .doc = "The mediators." },
	{ CHILD_XML(struct definition, endpoint, "endpoint"), .doc = "Or an endpoint." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "template",
	.doc = "A sequence or an endpoint with parameters.",
	.size = sizeof(struct definition),
	.fields = fields,
};

static bool compile(struct build *build, const struct element *e)
{
	struct definition *d = arena_new(build_arena(build), struct definition);
	struct template *t = arena_new(build_arena(build), struct template);

	if (!schema_bind(&schema, e, d, build_binder(build)))
		return false;
	if (d->endpoint)
		return build_add_name(build, REF_ENDPOINT_TEMPLATE, d->name, e,
				      e->where) &&
		       build_add_artifact(build, ARTIFACT_TEMPLATE, d->name, e, NULL);
	if (!d->steps)
		return report_error(build_report(build), e->where,
				    "a template needs a <sequence> or an <endpoint>");
	t->name = d->name;
	t->parameters = d->parameters;
	t->body = *(const struct sequence *)d->steps;
	t->body.name = d->name;
	if (d->on_error)
		t->body.on_error = d->on_error;
	return build_add_name(build, REF_TEMPLATE, d->name, t, e->where) &&
	       build_add_artifact(build, ARTIFACT_TEMPLATE, d->name, e, NULL);
}

const struct artifact_type template_artifact = {
	.element = "template",
	.kind = ARTIFACT_TEMPLATE,
	.brief = "A sequence or an endpoint with parameters.",
	.schema = &schema,
	.compile = compile,
};
