/*
 * Definitions: things of our namespace that are run by name, as artifacts of their own
 * (<m:action>, <m:fallback>, <m:feature> …). What each is, its mediator says.
 */
#include "healthcheck.h"
#include "mediators.h"
#include "synapse_xml.h"

/* Where it looks, and how often, others say as well. */
static void deploy_check(struct build *build, void *check)
{
	healthcheck_deploy(build, check);
}

static bool compile(struct build *build, const struct element *e)
{
	struct binder *b = build_binder(build);
	const struct str name = element_value(e, STR("name"));
	const struct node *n = compile_mediator(b, e);

	if (!n || !build_add_name(build, REF_DEFINITION, name, n, e->where))
		return false;
	if (n->type == &healthcheck_mediator)
		build_when_linked(build, deploy_check, (void *)(uintptr_t)n);
	return build_add_artifact(build, ARTIFACT_OTHER, name, e, n);
}

/* clang-format off */
#define DEFINITION(word, what)                                      \
	const struct artifact_type word##_definition = {            \
		.element = "m:" #word,                              \
		.kind = ARTIFACT_OTHER,                             \
		.brief = what,                                      \
		.compile = compile,                                 \
	}
/* clang-format on */

DEFINITION(action, "One HTTP call of an app, under a name.");
DEFINITION(cache, "Where results of runs are kept for a while.");
DEFINITION(contact, "Makes a connection to an address and closes it.");
DEFINITION(fallback, "Runs its options in order until one succeeds.");
DEFINITION(feature, "Runs steps one after the other.");
DEFINITION(healthcheck, "Runs something at intervals and remembers whether it worked.");
DEFINITION(product, "The environments a product has.");
DEFINITION(session, "How the token of a user's session is verified.");
DEFINITION(steps, "Steps under a name, to be run where an action may be.");
