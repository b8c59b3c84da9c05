/*
 * Synapse XML, the house language: its front end, and what its elements mean.
 *
 * The daemon and the tools hand both to the loader (deploy/deployment.h). As it takes
 * any XML that is not plainly something else, it is to be asked after the others.
 */
#ifndef SYNAPSE_XML_H
#define SYNAPSE_XML_H

#include "deploy/compile.h"

extern const struct front_end synapse_xml;
extern const struct vocabulary synapse_vocabulary;

/* The kinds of artifacts, each in its file. */
extern const struct artifact_type api_artifact;
extern const struct artifact_type sequence_artifact;
extern const struct artifact_type endpoint_artifact;
extern const struct artifact_type local_entry_artifact;
extern const struct artifact_type definitions_artifact;
extern const struct artifact_type template_artifact;

/* Words of our own that are artifacts too; definition.c. */
extern const struct artifact_type action_definition;
extern const struct artifact_type contact_definition;
extern const struct artifact_type cache_definition;
extern const struct artifact_type fallback_definition;
extern const struct artifact_type feature_definition;
extern const struct artifact_type healthcheck_definition;
extern const struct artifact_type product_definition;
extern const struct artifact_type session_definition;
extern const struct artifact_type steps_definition;

#endif
