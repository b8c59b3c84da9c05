/* What Synapse elements mean: the mediators, the artifacts, and what is refused. */
#include "mediators.h"
#include "synapse_xml.h"

static const struct artifact_type *const artifacts[] = {
	&api_artifact,           &sequence_artifact,
	&endpoint_artifact,      &local_entry_artifact,
	&definitions_artifact,   &action_definition,
	&cache_definition,       &contact_definition,
	&fallback_definition,    &feature_definition,
	&healthcheck_definition, &product_definition,
	&session_definition,     &steps_definition,
	&template_artifact,      NULL,
};

#define JAVA                                                                     \
	"is Java code, which does not run here: use other mediators, or put it " \
	"behind a service and <call> that"
#define LATER "is not supported yet"

/* clang-format off */
static const struct refused refused[] = {
	{ "class", JAVA },
	{ "pojoCommand", JAVA },
	{ "ejb", JAVA },
	{ "bean", JAVA },
	{ "spring", JAVA },
	{ "annotatedCommand", JAVA },
	{ "script", LATER ": use payloadFactory, property and filter" },
	{ "datamapper", LATER ": use payloadFactory" },
	{ "smooks", JAVA },
	{ "bpel", JAVA },
	{ "event", LATER },
	{ "publishEvent", LATER },
	{ "enqueue", LATER ": there are no priority executors" },
	{ "builder", LATER },
	{ "cache", LATER },
	{ "callout", LATER ": use <call>, which does not block" },
	{ "conditionalRouter", LATER ": use <switch> or <filter>" },
	{ "dataServiceCall", LATER ": use <call> with the data service's address" },
	{ "dblookup", LATER },
	{ "dbreport", LATER },
	{ "entitlementService", LATER },
	{ "fastXSLT", LATER },
	{ "jsontransform", LATER },
	{ "ntlm", LATER },
	{ "oauthService", LATER },
	{ "rewrite", LATER ": use <header name=\"To\"/>" },
	{ "router", LATER ": use <switch> or <filter>" },
	{ "rule", LATER },
	{ "scatter-gather", LATER },
	{ "store", LATER },
	{ "throttle", LATER },
	{ "transaction", LATER },
	{ "validate", LATER },
	{ "xquery", LATER },
	{ "ainoLog", "is an extension of a third party, which is not here" },
	{ ".", "is a connector's operation, and connectors are not supported yet: use "
	       "<call> with an <endpoint>" },
	{ "proxy", LATER ": use an <api>" },
	{ "task", LATER },
	{ "messageStore", LATER },
	{ "messageProcessor", LATER },
	{ "inboundEndpoint", LATER ": use an <api>" },
	{ "eventSource", LATER },
	{ "priorityExecutor", LATER },
	{ "priority-executor", LATER },
	{ "registry", "has no meaning here: keys name artifacts and local entries" },
	{ "taskManager", LATER },
	{ "import", "brings in a connector, and connectors are not supported yet" },
	{ "data", LATER ": a data service" },
	{ NULL },
};
/* clang-format on */

const struct vocabulary synapse_vocabulary = {
	.mediators = mediators,
	.artifacts = artifacts,
	.refused = refused,
};
