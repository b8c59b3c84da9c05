/*
 * # sequence
 *
 * Mediators under a name, to be run by <sequence key="…"/>, as an API's sequence, or
 * as the onError of others.
 *
 *	<sequence name="CheckOrder" onError="Mend">
 *	    <log level="full"/>
 *	</sequence>
 */
#include "flow/sequence.h"

#include "synapse_xml.h"

struct definition {
	struct str name;
	struct ref *on_error;
	const struct node *steps;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct definition, name, "name"), .required = true,
	  .complaint = "A sequence mediator should be a named sequence or a reference to "
		       "another sequence (i.e. a name attribute or key attribute is "
		       "required)",
	  .doc = "By which others find it." },
	{ ATTR_REF(struct definition, on_error, "onError"), .refers = REF_SEQUENCE,
	  .doc = "The sequence that runs when a mediator of this one fails." },
	{ CONTENT_STEPS(struct definition, steps), .doc = "The mediators." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "sequence",
	.doc = "Mediators under a name.",
	.size = sizeof(struct definition),
	.fields = fields,
};

static bool compile(struct build *build, const struct element *e)
{
	struct definition *d = arena_new(build_arena(build), struct definition);
	struct sequence *s;

	if (!schema_bind(&schema, e, d, build_binder(build)))
		return false;
	s = arena_new(build_arena(build), struct sequence);
	*s = *(const struct sequence *)d->steps;
	s->name = d->name;
	s->on_error = d->on_error;
	return build_add_name(build, REF_SEQUENCE, d->name, s, e->where) &&
	       build_add_artifact(build, ARTIFACT_SEQUENCE, d->name, e, &s->node);
}

const struct artifact_type sequence_artifact = {
	.element = "sequence",
	.kind = ARTIFACT_SEQUENCE,
	.brief = "Mediators under a name.",
	.schema = &schema,
	.compile = compile,
};
